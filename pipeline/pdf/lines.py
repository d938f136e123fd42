"""Lines of text and the pages they stand on: what the rest of reading works with."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pipeline.domain import Reason
from pipeline.language.sentences import word_count

Box = tuple[float, float, float, float]  # x0, y0, x1, y1
LONE_NUMBER = re.compile(  # that may stand in a margin: 12, [12], Rn. 12
    r"^(?:(?:Rn|Rz|Tz|Nr)\.?\s?|¶\s?)?\[?(?P<number>\d{1,4})\]?$"
)
EVEN_PITCH = 0.015  # spread of a font's pitch, below which all its signs are equally wide
FEWEST_PITCHES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One visual line. Coordinates in points, y downwards; page 0-based."""

    page: int
    block: int
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    font: str
    is_bold: bool = False
    is_italic: bool = False
    is_mono: bool = False
    pitch: float = 0.0  # mean advance of a sign, in ems; 0 if the line is too short to tell
    has_one_font: bool = True  # nearly all of it is in `font`
    is_run_in: bool = False  # a heading that its paragraph follows on the same line
    number: int = 0  # its place in the document
    is_verse: bool = False  # it ends where the poet ended it, and not at the text's edge
    number_signs: int = 0  # of a number set beside it: at its start, or (below 0) at its end
    inner_x: float = 0.0  # where the text begins, or ends, without that number
    ink: Box | None = None  # around all its signs, where that is more than the box of the text

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def box(self) -> Box:
        """Around all its ink; what rules go by is the text's own, without raised signs."""
        return self.ink or (self.x0, self.y0, self.x1, self.y1)

    @property
    def words(self) -> int:
        return word_count(self.text)


class Trouble(StrEnum):
    """Why the text of a page cannot be read aloud as it stands in the file."""

    SCAN = "scan"  # a picture of text
    GIBBERISH = "gibberish"  # fonts whose signs mean nothing
    POOR = "poor"  # a scan whose layer of text is full of mistakes: better than nothing
    ILLEGIBLE = "illegible"  # it was tried to recognise it, in vain


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Text of a page that is part of no line, where it stands, and why."""

    text: str
    box: Box
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page's lines, its size in points, and what share of it pictures cover."""

    number: int  # 0-based
    width: float
    height: float
    lines: tuple[Line, ...]
    picture_share: float = 0.0
    trouble: Trouble | None = None
    turn: int = 0  # quarters, clockwise, by which the page is turned before it is shown
    unread: tuple[Unread, ...] = ()
    turned: tuple[Line, ...] = ()  # where most text is turned: its lines, on the page turned back
    quarters: int = 0  # clockwise, by which that text is turned


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds them all."""
    if len(boxes) == 1:
        return boxes[0]
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def shown(box: Box, page: Page) -> Box:
    """A box in a page's points as shares of the page as it is shown, its turn made."""
    x0, x1 = box[0] / page.width, box[2] / page.width
    y0, y1 = box[1] / page.height, box[3] / page.height
    for _ in range(page.turn):
        x0, y0, x1, y1 = 1.0 - y1, x0, 1.0 - y0, x1
    return x0, y0, x1, y1


def moved(box: Box, page: Page, to: Page) -> Box:
    """A box of a page in the points of the same page that was measured otherwise."""
    if not page.width or not page.height:
        return 0.0, 0.0, 0.0, 0.0
    x0, y0, x1, y1 = shown(box, page)
    for _ in range(to.turn):
        x0, y0, x1, y1 = y0, 1.0 - x1, y1, 1.0 - x0
    return x0 * to.width, y0 * to.height, x1 * to.width, y1 * to.height


def left_out(lines: Iterable[Line], reason: Reason) -> tuple[Unread, ...]:
    return tuple(Unread(text=line.text, box=line.box, reason=reason) for line in lines)


def numbered(pages: Iterable[Page]) -> list[Line]:
    """All lines of the document, each knowing its place; those in a font whose signs are all
    equally wide are monospaced, whatever the font is called."""
    lines = [line for page in pages for line in page.lines]
    even = _even_fonts(lines)

    def is_mono(line: Line) -> bool:
        return line.is_mono or (line.has_one_font and line.font in even)

    return [replace(line, number=place, is_mono=is_mono(line)) for place, line in enumerate(lines)]


def renumbered(lines: Iterable[Line]) -> list[Line]:
    """Lines in another order: each knows its new place."""
    return [
        line if line.number == place else replace(line, number=place)
        for place, line in enumerate(lines)
    ]


def _even_fonts(lines: Sequence[Line]) -> set[str]:
    pitches: dict[str, list[float]] = defaultdict(list)
    for line in lines:
        if line.pitch:
            pitches[line.font].append(line.pitch)
    return {font for font, found in pitches.items() if _is_even(sorted(found))}


def _is_even(pitches: Sequence[float]) -> bool:
    if len(pitches) < FEWEST_PITCHES:
        return False
    low, high = pitches[len(pitches) // 10], pitches[-1 - len(pitches) // 10]
    return high - low < EVEN_PITCH * high
