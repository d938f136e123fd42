"""Pages whose text is turned: set sideways in the file, and often shown upright all the same.

A stamp in a margin is turned too, and a table that lies on its side. So turned text is read only
where it is most of a page's text, and on many pages of the document.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from pipeline.domain import Reason
from pipeline.pdf.lines import Box, Page, left_out, moved

Json = dict[str, Any]
SLANT = 0.1  # sine of the angle up to which text is as good as straight
MANY = 0.3  # of the pages


def quarters_of(line: Json) -> int | None:
    """By how many quarters, clockwise, a line of MuPDF's is turned; None: by something else."""
    cos, sin = line["dir"]
    if abs(sin) <= SLANT:
        return 0 if cos >= 0 else 2
    if abs(cos) <= SLANT:
        return 1 if sin > 0 else 3
    return None


def main_quarters(blocks: Iterable[Json]) -> int:
    """By how much most of a page's visible text is turned."""
    signs: Counter[int] = Counter({0: 0})
    for block in blocks:
        for line in block["lines"]:
            quarters = quarters_of(line)
            if quarters is not None:
                signs[quarters] += sum(
                    len(span["text"]) for span in line["spans"] if span.get("is_visible")
                )
    return max(signs, key=lambda quarters: (signs[quarters], quarters == 0))


def straightened(blocks: Iterable[Json], quarters: int, page: Page) -> list[Json]:
    """The lines that are turned so, on a page that is turned back."""
    return [
        {
            "lines": [
                {
                    **line,
                    "dir": (1.0, 0.0),
                    "spans": [_turned(s, quarters, page) for s in line["spans"]],
                }
                for line in block["lines"]
                if quarters_of(line) == quarters
            ]
        }
        for block in blocks
    ]


def _turned(span: Json, quarters: int, page: Page) -> Json:
    if not all(map(math.isfinite, span["bbox"])):
        return span
    return {**span, "bbox": turned_box(span["bbox"], quarters, page)}


def turned_box(box: Box, quarters: int, page: Page) -> Box:
    """A box on a page that is turned back by so many quarters."""
    x0, y0, x1, y1 = box
    width, height = page.width, page.height
    for _ in range(quarters):
        x0, y0, x1, y1 = y0, width - x1, y1, width - x0
        width, height = height, width
    return x0, y0, x1, y1


def turned_page(page: Page, quarters: int) -> Page:
    """The same page, without its lines, as its turned text has it upright."""
    width, height = (page.height, page.width) if quarters % 2 else (page.width, page.height)
    return replace(
        page,
        lines=(),
        turned=(),
        unread=(),
        width=width,
        height=height,
        turn=(page.turn + quarters) % 4,
        quarters=quarters,
    )


def faced(pages: Sequence[Page]) -> list[Page]:
    """The pages as they are read: turned where much of the document is, else without what is."""
    turned = sum(bool(page.turned) for page in pages)
    is_turned = turned > 0 and turned >= MANY * sum(bool(p.lines or p.turned) for p in pages)
    return [_faced(page, is_turned=is_turned) if page.turned else page for page in pages]


def _faced(page: Page, *, is_turned: bool) -> Page:
    upright = turned_page(page, page.quarters)
    if is_turned:
        former = (*page.unread, *left_out(page.lines, Reason.TURNED))
        boxes = [moved(unread.box, page, upright) for unread in former]
        unread = [replace(u, box=box) for u, box in zip(former, boxes, strict=True)]
        return replace(upright, lines=page.turned, unread=tuple(unread), trouble=page.trouble)
    out = [
        replace(unread, box=moved(unread.box, upright, page))
        for unread in left_out(page.turned, Reason.TURNED)
    ]
    return replace(page, turned=(), quarters=0, unread=(*page.unread, *out))
