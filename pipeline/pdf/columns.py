"""The order in which boxes of text on a page are read: columns apart, lines from the top.

A gutter is a strip that few boxes cross. What crosses it (a title, a wide heading) parts the page
into bands; in each band the left side is read before the right one, each the same way again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

FEWEST_LINES = 3  # on each side of a gutter
SAME_LINE = 0.5  # of the lower box' height, that two boxes share
MOST_CROSSING = 0.3  # of the boxes: more, and it is no gutter
MIDDLE = (0.15, 0.85)  # of the width, where gutters are looked for
STEPS = 200
DEEPEST = 4  # columns within columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Something on a page with a place; y downwards."""

    index: int  # in the caller's list
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


def columns_of(boxes: Sequence[Box], depth: int = 0) -> list[list[list[Box]]]:
    """Columns in reading order; each a list of lines from the top, each a list of boxes from the
    left."""
    if not boxes:
        return []
    gutter = _gutter(boxes) if depth < DEEPEST else None
    if gutter is None:
        return [_lines(boxes)]
    columns: list[list[list[Box]]] = []
    for band, crossing in _bands(boxes, gutter):
        for side in _sides(band, gutter):
            columns.extend(columns_of(side, depth + 1))
        if crossing:
            columns.append(_lines(crossing))
    return columns


def _gutter(boxes: Sequence[Box]) -> float | None:
    """Where the widest strip is that the fewest boxes cross, if it keeps columns apart."""
    left, right = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
    width = right - left
    places = [left + width * step / STEPS for step in range(STEPS + 1)]
    places = [x for x in places if left + MIDDLE[0] * width <= x <= left + MIDDLE[1] * width]
    crossed = [sum(box.x0 < x < box.x1 for box in boxes) for x in places]
    fewest = min(crossed, default=len(boxes))
    if fewest > MOST_CROSSING * len(boxes):
        return None
    runs = sorted(_runs(places, crossed, fewest), key=lambda run: run[0] - run[1])
    for start, end in runs:
        x = (start + end) / 2
        if _keeps_apart(boxes, x):
            return x
    return None


def _runs(
    places: Sequence[float], crossed: Sequence[int], fewest: int
) -> Iterator[tuple[float, float]]:
    start: float | None = None
    for x, count in zip(places, crossed, strict=True):
        if count == fewest and start is None:
            start = x
        if count != fewest and start is not None:
            yield start, x
            start = None
    if start is not None:
        yield start, places[-1]


def _keeps_apart(boxes: Sequence[Box], x: float) -> bool:
    """Whether both sides are columns: several lines each, most of them beside each other, and
    not the number or bullet of a line beside its text."""
    left = [box for box in boxes if box.x1 <= x]
    right = [box for box in boxes if box.x0 >= x]
    if min(len(_lines(left)), len(_lines(right))) < FEWEST_LINES:
        return False
    top = max(min(box.y0 for box in left), min(box.y0 for box in right))
    bottom = min(max(box.y1 for box in left), max(box.y1 for box in right))
    beside = [sum(top <= box.middle <= bottom for box in side) for side in (left, right)]
    return min(beside) >= FEWEST_LINES and _is_wide(left) and _is_wide(right)


def _is_wide(side: Sequence[Box]) -> bool:
    """Lines of a column are many times as long as high; a column of numbers is not."""
    widths = sorted((box.x1 - box.x0) / max(box.height, 1.0) for box in side)
    return widths[len(widths) // 2] > 4.0


def _bands(boxes: Sequence[Box], gutter: float) -> Iterator[tuple[list[Box], list[Box]]]:
    """What stands above each box that crosses the gutter, and the box; at last what is below."""
    crossing = [box for box in boxes if box.x0 < gutter < box.x1]
    rest = [box for box in boxes if not box.x0 < gutter < box.x1]
    for wide in sorted(crossing, key=lambda box: box.middle):
        above = [box for box in rest if box.middle < wide.middle]
        rest = [box for box in rest if box.middle >= wide.middle]
        yield above, [wide]
    yield rest, []


def _sides(band: Sequence[Box], gutter: float) -> tuple[list[Box], list[Box]]:
    left = [box for box in band if box.x1 <= gutter]
    return left, [box for box in band if box.x1 > gutter]


def _lines(boxes: Sequence[Box]) -> list[list[Box]]:
    """Boxes on one baseline are one line, from the left."""
    lines: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: box.middle):
        if lines and _is_on(lines[-1], box):
            lines[-1].append(box)
        else:
            lines.append([box])
    return [sorted(line, key=lambda box: box.x0) for line in lines]


def _is_on(line: Sequence[Box], box: Box) -> bool:
    last = max(line, key=lambda other: other.x1 - other.x0)
    common = min(last.y1, box.y1) - max(last.y0, box.y0)
    beside = all(box.x0 >= other.x1 - 2 or box.x1 <= other.x0 + 2 for other in line)
    return beside and common > SAME_LINE * min(last.height, box.height)


def gaps(lines: Sequence[Sequence[Box]]) -> list[float]:
    """From each line's top to the next one's, in a column."""
    tops = [min(box.y0 for box in line) for line in lines]
    return [below - above for above, below in pairwise(tops)]
