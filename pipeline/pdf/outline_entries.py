"""A file's own outline as it stands in it: whether the pages bear it out, `structure` finds out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

MAX_ENTRIES = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An outline's line: level from 1, title, page from 0, and the height it points to."""

    level: int
    title: str
    page: int
    y: float | None


def entries_of(pdf: Any) -> list[Entry]:
    """The outline's entries that point into the document, in order."""
    entries = []
    try:
        rows = pdf.get_toc(simple=False)[:MAX_ENTRIES]
    except (RuntimeError, ValueError, IndexError, TypeError, AttributeError):
        return []  # a broken outline is none
    for row in rows:
        level, title, page, target = row[0], row[1], row[2], row[3] if len(row) > 3 else {}
        title = re.sub(r"\s+", " ", unicodedata.normalize("NFC", str(title))).strip()
        if title and 1 <= page <= pdf.page_count:
            point = target.get("to") if isinstance(target, dict) else None
            y = float(point.y) if point is not None and point.y else None
            entries.append(Entry(level=level, title=title, page=page - 1, y=y))
    return entries
