"""What magazines set among their text and is no part of it: where an article goes on, and what is
quoted from it in big letters.

Each needs two witnesses: the words of a jump and its place, alone on its line and set otherwise or
apart; the size of a quotation, its marks or, in a magazine, its stop, and its words, which the text
has too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.domain import Reason
from pipeline.language.vocabulary import JUMP
from pipeline.pdf.lines import Line, Page, left_out
from pipeline.structure.lists import is_contents_line
from pipeline.structure.numbering import number_of

SET_OFF = 1.2  # times the size of the text
FEWEST_SIGNS = 24  # of a quotation: fewer letters may stand anywhere
FEWEST_WORDS, SENTENCE_WORDS, FEWEST_LINES = 5, 8, 2
SAME_SIZE_PT = 0.6
STEP = 1.8  # heights, from one line of a quotation to the next
_OPENS = re.compile(r"[“\"„«»‘‹「『]")
_CLOSES = re.compile(r"[”\"’»«“」』][.,]?$")
_NO_LETTER = re.compile(r"[\W_]+")
_JUMP_LINES, MOST_SIGNS = 2, 60


def without_asides(pages: Sequence[Page], usual: float, *, is_magazine: bool) -> Sequence[Page]:
    """The pages without them; told as unread. `usual`: the size of the text."""
    jumps, quotes = [_jumps(page) for page in pages], _quotes(pages, usual, is_magazine)
    if not any(jumps) and not any(quotes):
        return pages
    return [
        _without(_without(page, jump, Reason.LABEL), quote)
        for page, jump, quote in zip(pages, jumps, quotes, strict=True)
    ]


def _letters(lines: Sequence[Line]) -> str:
    return _NO_LETTER.sub("", "".join(line.text for line in lines).casefold())


def _jumps(page: Page) -> list[Line]:
    """Lines that say where to go on, one or two, set otherwise than what is before them."""
    found: list[Line] = []
    for place, line in enumerate(page.lines):
        if len(line.text) > MOST_SIGNS:
            continue
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


def _quotes(pages: Sequence[Page], usual: float, is_magazine: bool) -> list[list[Line]]:
    """By page what is set big, and stands in the text too."""
    big = [
        [part for part in _big_parts(page, usual) if _is_said(part, is_magazine=is_magazine)]
        for page in pages
    ]
    if not any(big):
        return [[] for _ in pages]
    lines = [line for page in pages for line in page.lines]
    text = _letters([line for line in lines if line.size < SET_OFF * usual and not _is_entry(line)])
    return [[line for part in parts if _letters(part) in text for line in part] for parts in big]


def _is_said(part: Sequence[Line], *, is_magazine: bool) -> bool:
    """In quotation marks, or in a magazine a sentence that ends, over several lines: a heading is
    neither, but for some books' that end in stops."""
    words = sum(line.words for line in part)
    if words < FEWEST_WORDS or len(_letters(part)) < FEWEST_SIGNS:
        return False
    if not is_magazine:  # whose titles and speeches may be in quotation marks
        return False
    is_marked = _OPENS.match(part[0].text) and _CLOSES.search(part[-1].text)
    is_sentence = (
        len(part) >= FEWEST_LINES and words >= SENTENCE_WORDS and part[-1].text[-1] in ".…。"
    )
    return number_of(part[0].text) is None and bool(is_marked or is_sentence)


def _is_entry(line: Line) -> bool:
    """Of contents, which have the words of headings."""
    return line.text[-1:].isdecimal() or is_contents_line(line.text)


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
