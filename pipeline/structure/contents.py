"""Tables of contents: their entries look and are numbered like headings, and are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from pipeline.language.vocabulary import CONTENTS
from pipeline.pdf.lines import Line
from pipeline.structure.lists import is_contents_line

FEWEST_ENTRIES = 4
ENTRY_SHARE = 0.5  # of a table's rows; the others are titles of two lines
SAME_ROW = 0.4  # of a line's height
_NUMBERED = re.compile(r"\S\D*\s(\d{1,4}|[ivxl]{1,6})$")
_PAGE = re.compile(r"^(?:[.\s…·]*)(\d{1,4}|[ivxl]{1,6})$")


def contents_lines(lines: Sequence[Line], repeated: frozenset[int]) -> frozenset[int]:
    """The numbers of the lines of tables of contents, without the heading above them: on a page,
    from "Contents", or from where the one on the page before went on, to the last of at least
    four entries. An entry ends in a page number, or has one beside it."""
    found: set[int] = set()
    goes_on = False
    for _, group in groupby(lines, key=lambda line: line.page):
        page = [line for line in group if line.number not in repeated]
        table = _table(page, goes_on=goes_on)
        found.update(line.number for line in table)
        goes_on = bool(table) and table[-1] is page[-1]
    return frozenset(found)


def _table(page: Sequence[Line], *, goes_on: bool) -> Sequence[Line]:
    titles = [place for place, line in enumerate(page) if CONTENTS.match(line.text)]
    start = 0 if goes_on else titles[0] + 1 if titles else None
    numbers = dict(_page_numbers(page))
    if start is None:
        leaders = [place for place in numbers if is_contents_line(page[place].text)]
        start = leaders[0] if len(leaders) >= FEWEST_ENTRIES else len(page)
    entries = _rising({place: n for place, n in numbers.items() if place >= start})
    while entries and not _is_table(page, start, entries):
        entries.pop()
    return page[start : entries[-1] + 1] if entries else []


def _is_table(page: Sequence[Line], start: int, entries: Sequence[int]) -> bool:
    rows = sum(not _PAGE.match(line.text) for line in page[start : entries[-1] + 1])
    return len(entries) >= FEWEST_ENTRIES and len(entries) >= ENTRY_SHARE * rows


def _page_numbers(page: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """The places on the page where an entry ends, and the page number there."""
    for place, line in enumerate(page):
        alone = _PAGE.match(line.text)
        if alone is not None:
            if place and _is_beside(page[place - 1], line):
                yield place, _value(alone.group(1))
            continue
        at_end = _NUMBERED.search(line.text)
        if at_end is not None:
            yield place, _value(at_end.group(1))


def _is_beside(left: Line, right: Line) -> bool:
    apart = abs((left.y0 + left.y1) - (right.y0 + right.y1)) / 2
    return right.x0 > left.x1 and apart < SAME_ROW * max(left.height, right.height)


def _value(text: str) -> int:
    """Roman ones stand before all others."""
    return int(text) if text.isdecimal() else 0


def _rising(numbers: Mapping[int, int]) -> list[int]:
    """The entries up to the first whose page number falls back: behind it the table is over."""
    entries: list[int] = []
    last = 0
    for place, number in numbers.items():
        if number < last:
            break
        entries.append(place)
        last = number
    return entries
