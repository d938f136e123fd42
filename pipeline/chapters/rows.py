"""All text of a document, line by line, and what of each is not read.

A line is read if a chapter has it; else somebody left it out and told the fates why. A line of
which neither holds is unexplained: a fault of ours, which tests look for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.chapters.sections import lines_of
from pipeline.domain import WHOLE_PAGE, Chapter, Omission, Reason, Spot
from pipeline.pdf.lines import Line, Page, Trouble
from pipeline.text.fates import Fate, Fates, spot_of

UNKNOWN = Fate(Reason.UNEXPLAINED)
_OF_TROUBLE = {Trouble.ILLEGIBLE: Reason.ILLEGIBLE}  # any other: not tried to be recognised


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line, or text that is part of none, and what is left out of it: nothing, all, or words."""

    omissions: tuple[Omission, ...] = ()
    line: Line | None = None
    is_read: bool = False
    page: int = 0  # 1-based
    text: str = ""


def rows_of(
    pages: Sequence[Page], lines: Sequence[Line], chapters: Sequence[Chapter], fates: Fates
) -> list[Row]:
    """All text of the document, page by page."""
    read = {number for chapter in chapters for number in lines_of(chapter)}
    by_page: dict[int, list[Line]] = {}
    for line in lines:
        by_page.setdefault(line.page, []).append(line)
    rows: list[Row] = []
    for page in pages:
        rows += _rows_of_page(page)
        for line in by_page.get(page.number, ()):
            found = _cuts(line, fates) if line.number in read else (_omission(line, fates),)
            is_read = line.number in read
            rows.append(
                Row(omissions=found, line=line, is_read=is_read, page=line.page + 1, text=line.text)
            )
    return rows


def _rows_of_page(page: Page) -> Iterator[Row]:
    """What never became a line, and a page that could not be read at all."""
    number = page.number + 1
    if page.trouble is not None:
        whole = Spot(page=number, x=0, y=0, w=WHOLE_PAGE, h=WHOLE_PAGE)
        reason = _OF_TROUBLE.get(page.trouble, Reason.SCAN)
        yield Row(
            page=number, omissions=(Omission(page=number, place=whole, reason=reason, works=1),)
        )
    for unread in sorted(page.unread, key=lambda unread: unread.box[1]):
        omission = Omission(
            page=number,
            place=spot_of(unread.box, page) if page.width and page.height else None,
            text=unread.text,
            words=len(unread.text.split()),
            reason=unread.reason,
        )
        yield Row(page=number, text=unread.text, omissions=(omission,))


def _omission(line: Line, fates: Fates) -> Omission:
    fate = fates.of_line.get(line.number, UNKNOWN)
    places = fates.spots(line)
    return Omission(
        page=line.page + 1,
        place=places[0] if places else None,
        text=line.text,
        words=len(line.text.split()),
        reason=fate.reason,
        works=fate.works,
    )


def _cuts(line: Line, fates: Fates) -> tuple[Omission, ...]:
    """The words that were cut out of a line that is read. A word that loses only part of itself
    is read: "word[12]" is."""
    found: list[Omission] = []
    rest = line.text
    for cut in sorted(fates.cuts.get(line.number, ()), key=lambda cut: cut.at, reverse=True):
        before = len(rest.split())
        rest = rest[: cut.at] + rest[cut.at + len(cut.text) :]
        places = fates.spots(line, cut.at, cut.at + len(cut.text))
        found.append(
            Omission(
                page=line.page + 1,
                place=places[0] if places else None,
                text=cut.text.strip(),
                words=max(0, before - len(rest.split())),
                reason=cut.reason,
                works=cut.works,
            )
        )
    return tuple(reversed(found))
