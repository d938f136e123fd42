"""What magazines set among their text and is no part of it: where an article goes on, and what is
quoted from it in big letters.

Each needs two witnesses: the words of a jump and its place, alone on its line and set otherwise or
apart; the size of a quotation and its words, which the text has too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.domain import Reason
from pipeline.language.vocabulary import JUMP
from pipeline.pdf.lines import Line, Page, left_out
from pipeline.structure.evidence import body_size

SET_OFF = 1.2  # times the size of the text
FEWEST_SIGNS = 24  # of a quotation: fewer letters may stand anywhere
FEWEST_WORDS = 5
SAME_SIZE_PT = 0.6
STEP = 1.8  # heights, from one line of a quotation to the next
_JUMP_LINES = 2


def without_asides(pages: Sequence[Page]) -> list[Page]:
    """The pages without them; told as unread."""
    lines = [line for page in pages for line in page.lines]
    usual = body_size(lines)
    text = _letters([line for line in lines if line.size < SET_OFF * usual])
    return [
        _without(_without(page, _jumps(page), Reason.LABEL), _quotes(page, usual, text))
        for page in pages
    ]


def _letters(lines: Sequence[Line]) -> str:
    return "".join(sign for line in lines for sign in line.text.casefold() if sign.isalnum())


def _jumps(page: Page) -> list[Line]:
    """Lines that say where to go on, one or two, set otherwise than what is before them."""
    found: list[Line] = []
    for place, line in enumerate(page.lines):
        for count in range(1, _JUMP_LINES + 1):
            part = page.lines[place : place + count]
            words = " ".join(each.text for each in part)
            if JUMP.match(words) and _is_apart(page.lines[place - 1] if place else None, line):
                found += part
    return found


def _is_apart(before: Line | None, line: Line) -> bool:
    if before is None or before.block != line.block:
        return True
    looks = [(each.font, round(each.size), each.is_bold, each.is_italic) for each in (before, line)]
    return looks[0] != looks[1]


def _quotes(page: Page, usual: float, text: str) -> list[Line]:
    """What is set big, and stands in the text too."""
    return [
        line
        for part in _big_parts(page, usual)
        for line in part
        if sum(each.words for each in part) >= FEWEST_WORDS
        and len(_letters(part)) >= FEWEST_SIGNS
        and _letters(part) in text
    ]


def _big_parts(page: Page, usual: float) -> Iterator[list[Line]]:
    part: list[Line] = []
    for line in page.lines:
        if part and not _goes_on(part[-1], line):
            yield part
            part = []
        if line.size >= SET_OFF * usual:
            part.append(line)
    if part:
        yield part


def _goes_on(above: Line, line: Line) -> bool:
    is_alike = abs(above.size - line.size) < SAME_SIZE_PT and above.is_bold == line.is_bold
    return is_alike and 0 < line.y0 - above.y0 < STEP * above.height


def _without(page: Page, lines: Sequence[Line], reason: Reason = Reason.REPEATED) -> Page:
    if not lines:
        return page
    kept = tuple(line for line in page.lines if not any(line is gone for gone in lines))
    return replace(page, lines=kept, unread=(*page.unread, *left_out(lines, reason)))
