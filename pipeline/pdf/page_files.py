"""Pages as files: what reading children hand to each other.

Pages stand one a line, each written as soon as it is read: what a child has done outlives it, and
no answer grows with the book. All of it is JSON; nothing is unpickled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from operator import attrgetter
from pathlib import Path
from typing import Any

from pipeline.domain import Reason
from pipeline.errors import DamagedPdf
from pipeline.pdf.lines import Line, Page, Trouble, Unread

MOST_BROKEN = 50  # pages that cannot be read, before the whole is given up
_LINE = tuple(field.name for field in fields(Line))
_PAGE = tuple(
    field.name for field in fields(Page) if field.name not in ("lines", "unread", "turned")
)
_UNREAD = tuple(field.name for field in fields(Unread))
_of_line, _of_page, _of_unread = attrgetter(*_LINE), attrgetter(*_PAGE), attrgetter(*_UNREAD)


def row_of(page: Page) -> str:
    """A page as a line of its file. Numbers come back exactly as they were."""
    lines, turned = map(_of_line, page.lines), map(_of_line, page.turned)
    unread = map(_of_unread, page.unread)
    return json.dumps([_of_page(page), [*lines], [*turned], [*unread]]) + "\n"


def page_from(row: str) -> Page:
    """Raises `ValueError`, `TypeError` for a line that is no page."""
    page, lines, turned, unread = json.loads(row)
    values = dict(zip(_PAGE, page, strict=True))
    trouble = values.pop("trouble")
    return Page(
        **values,
        trouble=None if trouble is None else Trouble(trouble),
        lines=tuple(_line_from(line) for line in lines),
        turned=tuple(_line_from(line) for line in turned),
        unread=tuple(
            Unread(text=text, box=tuple(box), reason=Reason(reason)) for text, box, reason in unread
        ),
    )


def _line_from(row: Sequence[Any]) -> Line:
    values = dict(zip(_LINE, row, strict=True))
    ink = values.pop("ink")
    return Line(**values, ink=tuple(ink) if ink else None)


def pages_in(files: Sequence[Path]) -> Iterator[Page]:
    """The pages in these files, as they come; where a child broke off its last line is lost."""
    for path in files:
        if not path.is_file():
            continue
        with path.open(encoding="ascii") as file:
            for row in file:
                if row.endswith("\n"):
                    yield page_from(row)


def in_order(pages: Iterable[Page], count: int) -> list[Page]:
    """All `count` pages, whoever read them and when; one that nobody could read is empty. Raises
    `DamagedPdf` where too many are missing, or all."""
    read = {page.number: page for page in pages}
    missing = count - len(read)
    if missing > MOST_BROKEN or missing == count:
        raise DamagedPdf
    nothing = Page(number=0, width=0.0, height=0.0, lines=())
    return [read.get(number) or replace(nothing, number=number) for number in range(count)]
