"""Drop caps: the big first letter of a paragraph, set beside its first lines, is put back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.pdf.lines import Line, Page, around

BIG = 1.8  # times the size of the text it begins
NEAR_EM = 1.6  # of that text: between the letter and the line beside it
NEARBY_LINES = 6  # how far in the order a line may stand from its letter
WHOLE_WORD_EM = 0.3  # from this gap on "A" and "I" are words of their own
_INITIAL = re.compile(r"^[“\"‘'«„¿¡]?[^\W\d_]$")


def with_initials(page: Page) -> Page:
    """The page with each drop cap at the head of the line that it begins."""
    lines = list(page.lines)
    for initial in [line for line in lines if _INITIAL.match(line.text)]:
        place = _place_of_first_line(lines, initial)
        if place is not None:
            lines[place] = _begun(lines[place], initial)
            lines.remove(initial)
    return replace(page, lines=tuple(lines)) if len(lines) != len(page.lines) else page


def _place_of_first_line(lines: Sequence[Line], initial: Line) -> int | None:
    """The topmost line of text right of the letter that reaches into its height."""
    at = next(place for place, line in enumerate(lines) if line is initial)
    around = range(max(0, at - NEARBY_LINES), min(len(lines), at + NEARBY_LINES + 1))
    everywhere = range(len(lines))  # letters may be drawn before or after all text of a page
    beside = [place for place in around if _stands_beside(initial, lines[place])] or [
        place for place in everywhere if _stands_beside(initial, lines[place])
    ]
    return min(beside, key=lambda place: lines[place].y0, default=None)


def _stands_beside(initial: Line, line: Line) -> bool:
    if line is initial or initial.size < BIG * line.size or len(line.text) < 2:
        return False
    gap = line.x0 - initial.x1
    middle = (line.y0 + line.y1) / 2
    return -0.5 * line.size < gap < NEAR_EM * line.size and initial.y0 <= middle <= initial.y1


def _begun(line: Line, initial: Line) -> Line:
    letter = initial.text[-1]
    gap = line.x0 - initial.x1
    is_word = letter in "AIOÀÓ" and gap > WHOLE_WORD_EM * line.size and line.text[:1].islower()
    glue = " " if is_word else ""
    ink = around([initial.box, line.box])
    return replace(line, text=f"{initial.text}{glue}{line.text}", ink=ink)
