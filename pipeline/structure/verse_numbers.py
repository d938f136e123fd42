"""Numbers close before a word that count verses: "the city. 25Older people distrust …".

Raised or not, they stand where no number of a text does, behind stops, and each has the next one
near it. Those that the file raises in the middle of a line are taken for marks of notes before, and
are out already: what is left is told by the numbers that they were.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.domain import Reason
from pipeline.pdf.lines import Page
from pipeline.structure.inline_numbers import InlineNumber, value_of, without_numbers

OTHER_SIZE_PT = 0.6
FEWEST, MOSTLY = 5, 0.8  # of them in a document; of them that count
BEGINS = 0.6  # of them stand behind a stop, or begin a line
ONE_WORD = 0.4  # of them stand before one word: "4th", "5th" are none
_COUNTED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"  # what is counted stands right behind there
_NUMBER = re.compile(
    r"(?:(?<=\s)|(?<=[“\"‘'«„¿¡(])|^)(?P<number>\d{1,3}|[⁰¹²³⁴-⁹]{1,3})"
    rf"(?![{_COUNTED}]|(?:st|nd|rd|th|er|re|e|o|a)\b)"  # "1st", "3日目"
    r"(?=[“\"‘'«„¿¡(]?(?P<word>[^\W\d_]+))"
)
_CLOSE = re.compile(r"[0-9⁰¹²³⁴-⁹][“\"‘'«„¿¡(]?[^\W\d_]")  # quickly found
_BEGINS = re.compile(r"(?:^|[.,;:!?…—–][”\"’»“)]*\s)[“\"‘'«„¿¡(]?$")


def without_verse_numbers(pages: Sequence[Page], usual: float) -> Sequence[Page]:
    """The pages without such numbers, which are told as unread. `usual`: the size of the text."""
    numbers = [number for page in pages for number in _numbers(page, usual)]
    if len(numbers) < FEWEST or not _count(pages, numbers):
        return pages
    return without_numbers(pages, numbers, Reason.LABEL)


def _numbers(page: Page, usual: float) -> Iterator[InlineNumber]:
    for line in page.lines:
        is_text = abs(line.size - usual) <= OTHER_SIZE_PT and not line.is_bold
        if is_text and not line.is_mono and _CLOSE.search(line.text):
            for match in _NUMBER.finditer(line.text):
                value = value_of(match["number"])
                yield InlineNumber(line, *match.span("number"), value, match["word"].lower())


def _count(pages: Sequence[Page], numbers: Sequence[InlineNumber]) -> bool:
    """Whether they begin something, rise, have the numbers beside them on their pages, and stand
    before other words."""
    near: dict[int, set[int]] = defaultdict(set)
    for page in pages:
        for unread in page.unread:
            if unread.reason is Reason.NOTE_MARK and unread.text.strip().isdecimal():
                near[page.number].add(int(unread.text))
    for number in numbers:
        near[number.line.page].add(number.value)
    beside = sum(
        bool({number.value - 1, number.value + 1} & near[number.line.page]) for number in numbers
    )
    rising = sum(after.value > before.value for before, after in pairwise(numbers))
    words = Counter(number.word for number in numbers)
    begins = sum(_BEGINS.search(number.line.text[: number.start]) is not None for number in numbers)
    return (
        begins >= BEGINS * len(numbers)
        and beside >= MOSTLY * len(numbers)
        and rising >= MOSTLY * (len(numbers) - 1)
        and max(words.values()) <= ONE_WORD * len(numbers)
    )
