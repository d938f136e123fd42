"""Lines that look alike and follow each other: what a heading, or a piece of text, is made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.numbering import number_of
from pipeline.pages import Line


@dataclass(frozen=True, slots=True)
class Unit:
    """Consecutive lines that look alike: a heading, or a piece of body text."""

    lines: tuple[Line, ...]

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def last(self) -> Line:
        return self.lines[-1]

    @property
    def text(self) -> str:
        return joined_heading([line.text for line in self.lines])

    @property
    def style(self) -> tuple[str, float, bool]:
        return (self.first.font, self.first.size, self.text.isupper())


def joined_heading(texts: Sequence[str]) -> str:
    """A heading's lines as one; a word broken at a line's end is mended."""
    whole = texts[0]
    for text in texts[1:]:
        if re.search(r"[a-zà-ÿ]-$", whole) and text[:1].islower():
            whole = whole[:-1] + text
        else:
            whole = f"{whole} {text}"
    return whole


def units_of(lines: Sequence[Line], repeated: frozenset[int]) -> list[Unit]:
    """Lines gathered into units, in order; running heads stand alone."""
    units: list[list[Line]] = []
    for line in lines:
        if units and _continues(units[-1], line, repeated):
            units[-1].append(line)
        else:
            units.append([line])
    return [Unit(tuple(unit)) for unit in units]


def _continues(unit: Sequence[Line], line: Line, repeated: frozenset[int]) -> bool:
    last = unit[-1]
    if line.page != last.page or line.number in repeated or last.number in repeated:
        return False
    if abs(line.size - last.size) > 0.6 or line.is_bold != last.is_bold:
        return False
    if line.is_italic != last.is_italic and not line.is_bold:
        return False
    if min(line.x1, last.x1) <= max(line.x0, last.x0):
        return False
    step = line.y0 - last.y0
    tall = max(last.height, line.height, 1.15 * line.size)  # some fonts state a flat box
    if not 0 < step < 1.45 * tall:
        return False
    return number_of(line.text) is None
