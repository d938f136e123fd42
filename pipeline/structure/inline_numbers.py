"""Numbers inside lines that are no part of the text, as marks of notes and numbers of verses are:
how they are taken out and told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.domain import Reason
from pipeline.pdf.lines import Line, Page, Unread

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@dataclass(frozen=True, slots=True)
class InlineNumber:
    """`word`: the one that it stands at, in small letters; empty where there is none."""

    line: Line
    start: int
    end: int
    value: int
    word: str


def value_of(figures: str) -> int:
    """Of figures on the line or raised."""
    return int(figures.translate(_RAISED))


def without_numbers(
    pages: Sequence[Page], numbers: Sequence[InlineNumber], reason: Reason
) -> list[Page]:
    """The pages, these numbers taken out of their lines and told as unread for that reason."""
    by_line: dict[int, list[InlineNumber]] = defaultdict(list)
    for number in numbers:
        by_line[id(number.line)].append(number)
    found = []
    for page in pages:
        gone = [number for line in page.lines for number in by_line.get(id(line), ())]
        if gone:
            lines = tuple(_without(line, by_line.get(id(line), ())) for line in page.lines)
            told = (_unread(number, reason) for number in gone)
            page = replace(page, lines=lines, unread=(*page.unread, *told))
        found.append(page)
    return found


def _without(line: Line, numbers: Sequence[InlineNumber]) -> Line:
    text = line.text
    for number in reversed(numbers):
        text = text[: number.start] + text[number.end :]
    return replace(line, text=text) if numbers else line


def _unread(number: InlineNumber, reason: Reason) -> Unread:
    """Its box, as if all signs of the line were equally wide."""
    x0, y0, x1, y1 = number.line.box
    step = (x1 - x0) / len(number.line.text)
    text = number.line.text[number.start : number.end]
    box = (x0 + step * number.start, y0, x0 + step * number.end, y1)
    return Unread(text=text, box=box, reason=reason)
