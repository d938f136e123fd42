"""Which pages cannot be read as they stand in the file, and what recognition made of them.

A page with a picture and no text of its own is a scan; a scan with a good layer of text is read
like any page. Recognised rows become the same lines as extracted text, so that all that follows
(headings, running heads, hyphens) works unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from statistics import median
from typing import Any

from pipeline.domain import Reason
from pipeline.pdf.columns import Box, columns_of, gaps
from pipeline.pdf.gibberish import broken_share, is_gibberish, is_nonsense
from pipeline.pdf.glyphs import clean_text
from pipeline.pdf.lines import Line, Page, Trouble, Unread, left_out, moved

Json = dict[str, Any]
FEW_CHARACTERS = 30  # a page with fewer is a picture, or empty
EDGE = 0.08  # of the height: there stand running heads and the stamps of archives
PICTURE = 0.5  # of the page, by pictures: with no text that is a scan
OUTLINES = 400  # painted shapes: with no text those are letters drawn as outlines
POOR = 0.15  # of the words of a layer that are no words
CONFIDENT = 0.85  # mean confidence of a page that is read
LEAST_CONFIDENT = 0.6  # of a box that is read, on such a page
LETTERS = 0.55  # of the signs of a page that is read: less is a drawing with labels
ALIKE = 0.13  # sizes nearer to the text's are the text's: they were measured
BOLD = 1.2  # strokes thicker than the text's
APART = 1.35  # of the usual distance of two lines: then a block ends
FONT, BOLD_FONT = "Recognised", "Recognised-Bold"
_RULE = re.compile(r"^[\W_]+$")


def is_bare(page: Page) -> bool:
    """Whether a page has no text but what may stand at its edges."""
    inner = (
        len(line.text)
        for line in page.lines
        if EDGE * page.height < (line.y0 + line.y1) / 2 < (1 - EDGE) * page.height
    )
    return bool(sum(inner) < FEW_CHARACTERS)


def trouble_of(found: Page, page: Any, *, is_layer: bool) -> Trouble | None:
    """What is wrong with the text of a PyMuPDF page. `is_layer`: it has no ink of its own."""
    if is_bare(found):
        if found.picture_share > PICTURE or (not found.lines and _is_outlined(page)):
            return Trouble.SCAN
        return None
    text = "\n".join(line.text for line in found.lines)
    if is_nonsense(text):
        return Trouble.GIBBERISH
    return Trouble.POOR if is_layer and broken_share(text) > POOR else None


def _is_outlined(page: Any) -> bool:
    return bool(sum(kind == "fill-path" for kind, *_ in page.get_bboxlog()) >= OUTLINES)


def marked(pages: Sequence[Page]) -> list[Page]:
    """Where the document as a whole is nonsense, each of its pages is."""
    text = "\n".join(line.text for page in pages if page.trouble is None for line in page.lines)
    if not is_gibberish(text[:60_000]):
        return list(pages)
    return [
        replace(page, trouble=Trouble.GIBBERISH) if page.lines and page.trouble is None else page
        for page in pages
    ]


def to_recognise(pages: Sequence[Page]) -> list[int]:
    return [page.number for page in pages if page.trouble is not None]


def readable(pages: Sequence[Page], recognised: Mapping[str, Json]) -> list[Page]:
    """The pages with what was recognised, by page number, in place of what could not be read.
    What still cannot is empty, and knows why."""
    usual = _usual([row for answer in recognised.values() for row in _rows(answer)])
    return [_readable(page, recognised.get(str(page.number)), usual) for page in pages]


@dataclass(frozen=True, slots=True)
class _Look:
    """Size and thickness of strokes of the text of all recognised pages."""

    size: float
    stroke: float


def _usual(rows: Sequence[Sequence[Any]]) -> _Look:
    """By the middle sign, not the middle row."""
    return _Look(_middle([(row[6], len(row[4])) for row in rows]),
                 _middle([(row[7], len(row[4])) for row in rows]))  # fmt: skip


def _middle(weighted: Sequence[tuple[float, int]]) -> float:
    ordered = sorted(weighted)
    sums = list(accumulate(weight for _, weight in ordered))
    half = sums[-1] / 2 if sums else 0.0
    return next((value for (value, _), s in zip(ordered, sums, strict=True) if s >= half), 10.0)


def _rows(answer: Json) -> list[list[Any]]:
    return [row for row in answer.get("rows", []) if not _RULE.match(row[4])]


def _readable(page: Page, answer: Json | None, usual: _Look) -> Page:
    if page.trouble is None:
        return page
    if page.trouble is Trouble.POOR and (answer is None or not _is_legible(answer)):
        return replace(page, trouble=None)  # better than nothing
    if answer is None:
        return _unread(page, page.trouble, Reason.SCAN)
    if not _is_legible(answer):
        return _unread(page, Trouble.ILLEGIBLE, Reason.ILLEGIBLE)
    return _recognised(page, answer, usual)


def _unread(page: Page, trouble: Trouble, reason: Reason) -> Page:
    return replace(
        page,
        lines=(),
        unread=(*page.unread, *left_out(page.lines, reason)),
        trouble=trouble,
    )


def _is_legible(answer: Json) -> bool:
    return not answer.get("is_hopeless") and _is_confident(_rows(answer))


def _recognised(page: Page, answer: Json, usual: _Look) -> Page:
    """The page with what was recognised in place of what the file says; both are accounted for."""
    rows = _rows(answer)
    clear = [row for row in rows if row[5] >= LEAST_CONFIDENT]
    unclear = [row for row in rows if row[5] < LEAST_CONFIDENT]
    is_prose = _is_prose(rows)
    found = replace(
        page,
        width=float(answer["width"]),
        height=float(answer["height"]),
        turn=int(answer.get("turn", 0)),
        lines=_lines(page.number, clear, usual) if is_prose else (),
        picture_share=0.0,  # what it was of is known now
        trouble=None,
    )
    former = (*page.unread, *left_out(page.lines, Reason.RECOGNISED))
    return replace(
        found,
        unread=(
            *(replace(unread, box=moved(unread.box, page, found)) for unread in former),
            *(_unread_row(row, Reason.ILLEGIBLE) for row in unclear),
            *(_unread_row(row, Reason.FIGURE) for row in ([] if is_prose else clear)),
        ),
    )


def _unread_row(row: Sequence[Any], reason: Reason) -> Unread:
    x0, y0, x1, y1 = map(float, row[:4])
    return Unread(text=clean_text(row[4]), box=(x0, y0, x1, y1), reason=reason)


def _is_confident(rows: Sequence[Sequence[Any]]) -> bool:
    """By the width of what was seen, since of unknown letters few signs come. A page with hardly
    anything on it is a picture, which needs no confidence."""
    if sum(len(row[4]) for row in rows) < FEW_CHARACTERS and len(rows) < 5:
        return True
    width = sum(row[2] - row[0] for row in rows) or 1.0
    confidence = sum(row[5] * (row[2] - row[0]) for row in rows) / width
    return bool(confidence >= CONFIDENT) and not is_nonsense("\n".join(row[4] for row in rows))


def _is_prose(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether there are words, and not a few labels in a picture."""
    signs = "".join("".join(row[4].split()) for row in rows)
    return sum(sign.isalpha() for sign in signs) >= LETTERS * max(1, len(signs))


def _lines(number: int, rows: Sequence[Sequence[Any]], usual: _Look) -> tuple[Line, ...]:
    boxes = [
        Box(index=index, x0=row[0], y0=row[1], x1=row[2], y1=row[3])
        for index, row in enumerate(rows)
    ]
    lines: list[Line] = []
    block = 0
    for column in columns_of(boxes):
        found = [_line(number, [rows[box.index] for box in line], usual) for line in column]
        for line, is_apart in zip(found, _breaks(found, gaps(column)), strict=True):
            block += is_apart
            lines.append(replace(line, block=block))
    return tuple(lines)


def _breaks(lines: Sequence[Line], distances: Sequence[float]) -> list[bool]:
    """For each line of a column, whether a block begins with it."""
    usual = median(distances) if distances else 0.0
    looks = [(line.size, line.is_bold) for line in lines]
    return [True] + [
        distance > APART * usual or before != after
        for distance, before, after in zip(distances, looks, looks[1:], strict=False)
    ]


def _line(number: int, rows: Sequence[Sequence[Any]], usual: _Look) -> Line:
    main = max(rows, key=lambda row: len(row[4]))
    size = main[6] if abs(main[6] - usual.size) > ALIKE * usual.size else usual.size
    is_bold = main[7] > BOLD * usual.stroke
    return Line(
        page=number,
        block=0,
        text=clean_text(" ".join(row[4] for row in rows)),
        x0=min(row[0] for row in rows),
        y0=min(row[1] for row in rows),
        x1=max(row[2] for row in rows),
        y1=max(row[3] for row in rows),
        size=round(float(size) * 2) / 2,
        font=BOLD_FONT if is_bold else FONT,
        is_bold=is_bold,
    )
