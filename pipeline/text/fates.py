"""The fate of every line: read in a passage, or left out for a reason; and where it stands.

Whoever leaves lines out says so here. What no passage has and nobody left out is told as
unexplained (`pipeline.chapters.account`), and a test fails.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.domain import WHOLE_PAGE, Reason, Spot, Stretch
from pipeline.pdf.direction import is_right_to_left
from pipeline.pdf.lines import Box, Line, Page, shown
from pipeline.text.traced import Cut, Traced

_WORD = re.compile(r"\S+")


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


@dataclass(frozen=True, slots=True)
class Fate:
    """Why a line is not read. `works`: how many things of their kind begin with it."""

    reason: Reason
    works: int = 0


class Fates:
    """Of one way of reading a document; another way begins anew."""

    def __init__(
        self,
        pages: Iterable[Page] = (),
        dropped: Mapping[int, Reason] | None = None,
        works: Mapping[int, int] | None = None,
    ) -> None:
        """`dropped`: what is left out whatever the chapters, by line number; `works`: how many
        things begin there."""
        self._pages = {page.number: page for page in pages}
        begun = works or {}
        self.of_line = {
            number: Fate(reason, begun.get(number, 0)) for number, reason in (dropped or {}).items()
        }
        self.cuts: dict[int, list[Cut]] = defaultdict(list)  # by line

    def leave_out(self, lines: Iterable[Line], reason: Reason, works: int = 0) -> None:
        """Lines for a reason; what they have been left out for already stays theirs."""
        for line in lines:
            if line.number not in self.of_line:
                self.of_line[line.number] = Fate(reason, works)
                works = 0

    def leave_out_passage(self, lines: Iterable[int], reason: Reason) -> None:
        """What was a passage already, by the numbers of its lines."""
        for number in lines:
            self.of_line.setdefault(number, Fate(reason))

    def note(self, cuts: Iterable[Cut]) -> None:
        """What was cut out of lines that are read."""
        for cut in cuts:
            self.cuts[cut.line].append(cut)

    def note_heading(self, lines: Sequence[Line], title: str) -> None:
        """The words of a heading's lines that its title does not say: its number."""
        said = _letters(title)
        for line in lines:
            for match in _WORD.finditer(line.text):
                letters = _letters(match.group())
                if letters and letters not in said:
                    cut = Cut(line.number, match.start(), match.group(), Reason.LABEL)
                    self.cuts[line.number].append(cut)

    def stretches(self, text: Traced, lines: Sequence[Line]) -> tuple[Stretch, ...]:
        """Where the signs of a passage stand."""
        by_number = {line.number: line for line in lines}
        ends = [piece.start for piece in text.pieces[1:]] + [len(text.text)]
        return tuple(
            Stretch(piece.start, spot)
            for piece, end in zip(text.pieces, ends, strict=True)
            for spot in self.spots(by_number[piece.line], piece.at, piece.at + end - piece.start)
        )

    def spots(self, line: Line, start: int = 0, end: int | None = None) -> tuple[Spot, ...]:
        """Where a line's signs from `start` to `end` stand: none or one, for a page without size
        has no places."""
        page = self._pages.get(line.page)
        if page is None or not page.width or not page.height:
            return ()
        length = max(1, len(line.text))
        first, last = start / length, 1.0 if end is None else min(1.0, end / length)
        if is_right_to_left(line.text):
            first, last = 1.0 - last, 1.0 - first
        x0, y0, x1, y1 = line.box
        width = x1 - x0
        return (spot_of((x0 + first * width, y0, x0 + last * width, y1), page),)


def spot_of(box: Box, page: Page) -> Spot:
    """A box in the points of a page as it was drawn, on the page as it is shown."""
    x0, y0, x1, y1 = (min(1.0, max(0.0, share)) for share in shown(box, page))
    left, top = math.floor(x0 * WHOLE_PAGE), math.floor(y0 * WHOLE_PAGE)
    right, bottom = math.ceil(x1 * WHOLE_PAGE), math.ceil(y1 * WHOLE_PAGE)
    return Spot(page=page.number + 1, x=left, y=top, w=max(0, right - left), h=max(0, bottom - top))
