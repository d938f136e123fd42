"""Verse: lines that end where the poet ended them, and not where the page does.

Joined like those of a paragraph they would run into each other. Witnesses: the next line's first
word would have had room, again and again, or all are far too short for the page; and lines begin
with capitals, or end in stops.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.pdf.lines import Line, Page
from pipeline.structure.lists import is_list_item

FEWEST = 4  # lines of a poem
LINE_GAP, STANZA_GAP = 1.25, 3.0  # heights of a line, within a stanza and between two
INDENT_EM, SAME_PT = 4.0, 3.0
OTHER_SIZE_PT = 0.6
ROOM, MORE_ROOM = 0.25, 0.6  # of the lines, in the poem's own width; in scripts without capitals
STOPS = 0.4  # of the lines end in a stop or a comma; of a paragraph's it is a sixth
CAPITALS = 0.8  # of the lines begin so
SHORT, MOSTLY = 0.75, 0.9  # of the page's width that text may fill; of the lines
FEWEST_EARLY, EARLY = 2, 0.1  # lines that end in no stop, with room
FEWEST_WORDS, MOST_WORDS, MOST_SIGNS = 3, 12, 72  # of the usual line
_STOP = re.compile(r"[.,;:!?…—–][\"”’»“)]*$")
_LETTER = re.compile(r"[^\W\d_]")
_BROKEN = re.compile(r"[^\W\d_][-\u00ad]$")


def with_verses(pages: Sequence[Page], lines: Sequence[Line]) -> list[Line]:
    """The lines, those of poems marked as such."""
    widths = {page.number: page.width for page in pages}
    verses: set[int] = set()
    for poem in _poems(list(_stanzas(lines)), widths):
        verses.update(line.number for line in poem)
    if not verses:
        return list(lines)
    return [replace(line, is_verse=True) if line.number in verses else line for line in lines]


def _stanzas(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines of one look that stand close below each other."""
    stanza: list[Line] = []
    for line in lines:
        if stanza and not _goes_on(stanza[-1], line, LINE_GAP):
            yield stanza
            stanza = []
        stanza.append(line)
    if stanza:
        yield stanza


def _poems(stanzas: Sequence[list[Line]], widths: Mapping[int, float]) -> Iterator[Sequence[Line]]:
    """Stanzas at one left edge are one poem, if they are one; else each may be one for itself."""
    run: list[list[Line]] = []
    for stanza in [*stanzas, []]:
        if run and not (stanza and _is_next(run[-1], stanza)):
            whole = [line for part in run for line in part]
            width = widths[whole[0].page]
            if _is_poem(whole, width, is_whole=True):
                yield whole
            else:
                yield from (part for part in run if _is_poem(part, width, is_whole=False))
            run = []
        run.append(stanza)


def _is_next(above: Sequence[Line], stanza: Sequence[Line]) -> bool:
    lefts = [min(line.x0 for line in part) for part in (above, stanza)]
    return abs(lefts[0] - lefts[1]) < SAME_PT and _goes_on(above[-1], stanza[0], STANZA_GAP)


def _goes_on(above: Line, line: Line, gap: float) -> bool:
    is_alike = abs(above.size - line.size) < OTHER_SIZE_PT and above.is_bold == line.is_bold
    is_below = above.page == line.page and 0 < line.y0 - above.y0 < gap * above.height
    is_in_column = abs(line.x0 - above.x0) < INDENT_EM * line.size
    return is_alike and is_below and is_in_column


def _is_poem(run: Sequence[Line], width: float, *, is_whole: bool) -> bool:
    """`is_whole`: all that stands at its edge. There what is short for the page is a witness; a
    paragraph alone may be a column's."""
    if len(run) < FEWEST:
        return False
    if len(sorted((line.text for line in run), key=len)[len(run) // 2]) > MOST_SIGNS:
        return False
    words = sorted(line.words for line in run)[len(run) // 2]
    if not FEWEST_WORDS <= words <= MOST_WORDS:
        return False
    if any(_BROKEN.search(line.text) or is_list_item(line.text) or line.is_mono for line in run):
        return False
    stops = sum(_STOP.search(line.text) is not None for line in run) >= STOPS * len(run)
    room = _room(run)
    if _is_caseless(run):
        return room >= MORE_ROOM
    is_worded = stops or _capitals(run) >= CAPITALS * len(run)
    is_short = is_whole and _are_short(run, width)
    return (is_worded and (room >= ROOM or is_short)) or (is_short and _break_early(run))


def _first_letters(run: Sequence[Line]) -> list[str]:
    return [first[0] for line in run if (first := _LETTER.search(line.text))]


def _is_caseless(run: Sequence[Line]) -> bool:
    return all(letter.lower() == letter.upper() for letter in _first_letters(run))


def _capitals(run: Sequence[Line]) -> int:
    return sum(letter.isupper() for letter in _first_letters(run))


def _room(run: Sequence[Line]) -> float:
    """How many of the lines, 0..1, had room for the first word of the next one."""
    edge = max(line.x1 for line in run)
    had = sum(line.x1 + _first_word(after) < edge for line, after in pairwise(run))
    return had / (len(run) - 1)


def _first_word(line: Line) -> float:
    """The width of a line's first word with the gap before it; of a sign where none is parted."""
    first = line.text.split()[0]
    signs = 1 if not first.isascii() and len(first) == len(line.text) else len(first) + 1
    return (line.x1 - line.x0) * signs / len(line.text)


def _are_short(run: Sequence[Line], width: float) -> bool:
    """All far from the right edge that text would have on a page with even margins."""
    left = min(line.x0 for line in run)
    edge = left + SHORT * (width - 2 * left)
    return sum(line.x1 < edge for line in run) >= MOSTLY * len(run)


def _break_early(run: Sequence[Line]) -> bool:
    """Whether lines end before the next word though no sentence does, as a paragraph's never do."""
    edge = max(line.x1 for line in run)
    inner = [(a, b) for a, b in pairwise(run) if not _STOP.search(a.text)]
    early = sum(line.x1 + _first_word(after) < edge for line, after in inner)
    return early >= FEWEST_EARLY and early >= EARLY * len(inner)
