"""Numbers in a margin that count the paragraphs of a judgment, or each fifth line of a poem.

They stand where no text does, and they count: paragraphs one by one, or exactly as many lines as
there are between them. Both must hold; a list's numbers stand where other text stands too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.domain import Reason
from pipeline.pdf.lines import LONE_NUMBER, Box, Line, Page, Unread

TEXT_WORDS = 3  # of a line of text
FREE = 0.1  # of a page's lines may reach into the margin
SAME_PT = 4.0
ALIGNED = 0.8  # of a page's numbers stand at one edge
FIRST_YEAR = 1000  # a chronicle counts years in its margin
FEWEST = 3  # that count paragraphs
FEWEST_LINES_COUNTED = 2  # that count lines
STEADY = 0.8  # of the steps
WORDS_A_NUMBER = 15  # of a paragraph that has one; a list's items are shorter
STEPS = (2, 3, 4, 5, 10)
ROW = 0.5  # of a line's height: on one row with it
OTHER_SIZE_PT = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    line: Line
    value: int
    box: Box
    is_left: bool

    @property
    def is_alone(self) -> bool:
        """A line of its own; else it is part of the line that it counts."""
        return not self.line.number_signs

    @property
    def text(self) -> str:
        return self.line.text[_signs(self.line)] if self.line.number_signs else self.line.text


def without_margin_numbers(pages: Sequence[Page], usual: float) -> Sequence[Page]:
    """The pages without such numbers, which are told as unread. `usual`: the size of the text."""
    found = {page.number: _in_margin(page) for page in pages}
    numbers = [number for page in pages for number in found[page.number]]
    if not numbers:
        return pages
    words = sum(line.words for page in pages if found[page.number] for line in page.lines)
    counts_text = _count_paragraphs(numbers, words)
    if not counts_text and not _count_lines(pages, found, usual):
        return pages
    return [_without(page, found[page.number]) for page in pages]


def _in_margin(page: Page) -> list[_Number]:
    """Numbers beside lines of text, where hardly any line of the page reaches."""
    likely = [line for line in page.lines if line.number_signs or LONE_NUMBER.match(line.text)]
    numbers = [number for line in likely for number in _numbers(line, page.lines)]
    if not numbers:
        return []
    text = [line for line in page.lines if line.words >= TEXT_WORDS]
    return [
        number
        for is_left in (True, False)
        for number in _aligned([n for n in numbers if n.is_left is is_left])
        if _is_outside(number, text)
    ]


def _numbers(line: Line, lines: Sequence[Line]) -> Iterable[_Number]:
    whole = LONE_NUMBER.match(line.text)
    if whole is not None:
        beside = [other for other in lines if other is not line and _is_beside(line, other)]
        if beside:
            is_left = line.x0 < min(other.x0 for other in beside)
            yield _Number(line=line, value=int(whole["number"]), box=line.box, is_left=is_left)
    elif line.number_signs:
        match = LONE_NUMBER.match(line.text[_signs(line)])
        if match:
            is_left = line.number_signs > 0
            x0, x1 = (line.x0, line.inner_x) if is_left else (line.inner_x, line.x1)
            width = len(match[0]) * 0.5 * line.size  # figures are half as wide as high
            box = (x0, line.y0, min(x1, x0 + width), line.y1)
            if not is_left:
                box = (max(x0, x1 - width), line.y0, x1, line.y1)
            yield _Number(line=line, value=int(match["number"]), box=box, is_left=is_left)


def _signs(line: Line) -> slice:
    count = line.number_signs
    return slice(0, count) if count > 0 else slice(count, None)


def _is_beside(number: Line, line: Line) -> bool:
    apart = abs((number.y0 + number.y1) - (line.y0 + line.y1)) / 2
    is_clear = number.x1 < line.x0 + SAME_PT or number.x0 > line.x1 - SAME_PT
    return is_clear and apart < ROW * max(number.height, line.height)


def _edges(line: Line) -> tuple[float, float]:
    """Of its text, without a number."""
    if line.number_signs > 0:
        return line.inner_x, line.x1
    return (line.x0, line.inner_x) if line.number_signs < 0 else (line.x0, line.x1)


def _is_outside(number: _Number, text: Sequence[Line]) -> bool:
    x0, _, x1, _ = number.box
    edges = [_edges(line) for line in text]
    reach = sum(
        left < x1 - SAME_PT if number.is_left else right > x0 + SAME_PT  # the gap after a word
        for left, right in edges
    )
    return reach <= FREE * len(text)


def _aligned(numbers: Sequence[_Number]) -> Sequence[_Number]:
    """Those of a page that are flush on either side, if nearly all are."""
    for edge in (0, 2):
        places = Counter(round(number.box[edge] / SAME_PT) for number in numbers)
        for place, count in places.most_common(1):
            near = places[place - 1] + count + places[place + 1]
            if near >= ALIGNED * len(numbers):
                return [n for n in numbers if abs(round(n.box[edge] / SAME_PT) - place) <= 1]
    return []


def _count_paragraphs(numbers: Sequence[_Number], words: int) -> bool:
    """One by one through the document, behind long paragraphs."""
    steps = [after.value - before.value for before, after in pairwise(numbers)]
    is_steady = steps.count(1) >= STEADY * len(steps)
    is_long = words >= WORDS_A_NUMBER * len(numbers)
    return len(numbers) >= FEWEST and is_steady and is_long and numbers[0].value < FIRST_YEAR


def _count_lines(
    pages: Sequence[Page], found: Mapping[int, Sequence[_Number]], size: float
) -> bool:
    """By a step, as many as there are lines between them."""
    right = wrong = 0
    for page in pages:
        rows = _rows(page, size)
        for before, after in pairwise(found[page.number]):
            step = after.value - before.value
            if step <= 0:
                continue  # the next poem
            between = sum(_middle(before) < row <= _middle(after) for row in rows)
            is_right = step in STEPS and between == step
            right, wrong = right + is_right, wrong + (not is_right)
    numbers = sum(len(each) for each in found.values())
    return numbers >= FEWEST_LINES_COUNTED and right > 0 and right >= STEADY * (right + wrong)


def _middle(number: _Number) -> float:
    return (number.line.y0 + number.line.y1) / 2 + 1.0  # as the row that it counts


def _rows(page: Page, size: float) -> list[float]:
    """The middles of the rows of text, numbers aside."""
    rows: list[float] = []
    lines = [line for line in page.lines if not LONE_NUMBER.match(line.text)]
    for line in sorted(lines, key=lambda line: line.y0 + line.y1):
        middle = (line.y0 + line.y1) / 2
        is_text = abs(line.size - size) < OTHER_SIZE_PT and not line.is_bold
        if is_text and (not rows or middle - rows[-1] > ROW * line.height):
            rows.append(middle)
    return rows


def _without(page: Page, numbers: Sequence[_Number]) -> Page:
    if not numbers:
        return page
    by_line = {id(number.line): number for number in numbers}
    kept = [
        _text_of(line) if id(line) in by_line else line
        for line in page.lines
        if id(line) not in by_line or not by_line[id(line)].is_alone
    ]
    unread = [Unread(text=n.text, box=n.box, reason=Reason.LABEL) for n in numbers]
    return replace(page, lines=tuple(kept), unread=(*page.unread, *unread))


def _text_of(line: Line) -> Line:
    """A line without the number beside it."""
    left, right = _edges(line)
    count = line.number_signs
    text = line.text[count:] if count > 0 else line.text[:count]
    return replace(line, text=text.strip(), x0=left, x1=right, number_signs=0, inner_x=0.0)
