"""How much and how many, in figures and in words: "forty-eight", "vierzig", "2.6 million".

Words of English, German, Spanish, French, Portuguese and Russian; of other languages figures only.
Not counted: one and first, which are mostly said of something else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from pipeline.language.number_words import COUNTINGS, NONE, Counting, counting_of

NUMBER = re.compile(r"\d+(?:[.,'’\u202f\u00a0 ](?=\d)\d+)*")
_PIECE = re.compile(
    rf"(?P<figure>{NUMBER.pattern})|(?P<word>[^\W\d_]+(?:-[^\W\d_]+)*)|(?P<sign>\S)"
)
_GROUPED = re.compile(r"\d{1,3}(?:[,.'’\u202f\u00a0 ]\d{3})+")
ORDINAL = "ordinal"
_BEFORE_UNITS = frozenset("a an per each every one this that".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """`kind`: empty, of an order ("second"), or of a multiple ("twice"). `start`, `end`: where it
    stands."""

    value: Fraction
    kind: str = ""
    start: int
    end: int


def has_words(language: str) -> bool:
    """Whether numbers in words are known in it."""
    return language in COUNTINGS


def amounts_of(text: str, language: str = "en") -> list[Amount]:
    """All of a text, in order."""
    counting = counting_of(language) if language in COUNTINGS else NONE
    return list(_Counter(text, counting).amounts())


def figure(written: str) -> str:
    """A number in figures without what only groups its digits: `1,000` is `1000`."""
    if _GROUPED.fullmatch(written):
        return re.sub(r"\D", "", written)
    return written.replace(",", ".").replace(" ", "")


def _fraction(written: str) -> Fraction:
    plain = unicodedata.normalize("NFKC", figure(written))
    whole, *rest = re.split(r"[.'’\u202f\u00a0]", plain)
    return Fraction(f"{whole}.{rest[0]}") if rest else Fraction(whole)


class _Counter:
    """Goes over a text once, piece by piece."""

    def __init__(self, text: str, counting: Counting) -> None:
        self._counting = counting
        self._pieces = [(m.lastgroup, m.group().lower(), m.span()) for m in _PIECE.finditer(text)]

    def amounts(self) -> Iterator[Amount]:
        at = 0
        while at < len(self._pieces):
            amount, after = self._from(at)
            if amount is not None:
                yield amount
            at = max(after, at + 1)

    def _from(self, at: int) -> tuple[Amount | None, int]:
        """The number that begins here, if one does, and where the rest begins."""
        kind, text, (start, end) = self._pieces[at]
        if kind == "word" and text in self._counting.others:
            known, sort = self._counting.others[text]
            return Amount(value=known, kind=sort, start=start, end=end), at + 1
        if kind == "word" and text in self._counting.parts and not self._is_unit(at):
            part, sort = self._place_or_part(at)
            return Amount(value=part, kind=sort, start=start, end=end), at + 1
        value, after = self._figure(at) if kind == "figure" else self._words(at)
        if value is None:
            return None, at + 1
        if (of := self._part(after)) is not None:
            value, after = value / of, after + 1
        end = self._pieces[after - 1][2][1]
        is_one = value == 1 and kind == "word"
        return (None if is_one else Amount(value=value, start=start, end=end)), after

    def _is_unit(self, at: int) -> bool:
        """ "A second", "per second": a time, or one more, and no place in an order."""
        before = self._pieces[at - 1] if at else None
        is_half = self._counting.parts[self._pieces[at][1]] == 2
        return is_half and before is not None and before[1] in _BEFORE_UNITS

    def _place_or_part(self, at: int) -> tuple[Fraction, str]:
        """ "The third" is a place in an order, "a third" a part of a whole."""
        word = self._pieces[at][1]
        part = self._counting.parts[word]
        is_part = (at > 0 and self._pieces[at - 1][1] in ("a", "an")) or "quarter" in word
        return (Fraction(1, part), "") if is_part else (Fraction(part), ORDINAL)

    def _figure(self, at: int) -> tuple[Fraction | None, int]:
        value = _fraction(self._pieces[at][1])
        scale = self._scale(at + 1)
        return (value * scale, at + 2) if scale else (value, at + 1)

    def _words(self, at: int) -> tuple[Fraction | None, int]:
        total, current, after = 0, 0, at
        place = at
        while place < len(self._pieces):
            word = self._pieces[place][1]
            number, scale = self._number(word), self._scale(place)
            if number is not None and _fits(current, number):
                current += number
            elif scale:
                total, current = _scaled(total, current, scale)
            elif word not in self._counting.joiners or place == at or not self._goes_on(place):
                break
            after = place + (word not in self._counting.joiners)
            place += 1
        return (Fraction(total + current), after) if after > at else (None, at)

    def _number(self, word: str) -> int | None:
        numbers = self._counting.numbers
        before, thousand, behind = word.partition("tausend")
        if thousand and behind in numbers and f"{before}tausend" in numbers:
            return numbers[f"{before}tausend"] + numbers[behind]
        parts = word.split("-")  # "two-month": the number that it begins with
        heads = ("-".join(parts[:end]) for end in range(len(parts), 0, -1))
        return next((numbers[head] for head in heads if head in numbers), None)

    def _goes_on(self, place: int) -> bool:
        """Whether a number may go on behind a joiner, as in "one hundred and ten"."""
        before = self._pieces[place - 1][1]
        behind = self._pieces[place + 1][1] if place + 1 < len(self._pieces) else ""
        said, more = self._counting.numbers.get(before), self._counting.numbers.get(behind)
        so_far = self._scale(place - 1) or said or 0
        return more is not None and so_far >= 20 and so_far % 10 == 0 and _fits(so_far, more)

    def _scale(self, at: int) -> int:
        return self._counting.scales.get(self._pieces[at][1], 0) if at < len(self._pieces) else 0

    def _part(self, at: int) -> int | None:
        """ "two thirds": what it is divided by. Halves have a word of their own: "forty seconds" is
        a time."""
        word = self._pieces[at][1] if at < len(self._pieces) else ""
        parts = self._counting.parts
        part = parts.get(word) or parts.get(word.removesuffix("s"))
        return part if part != 2 else None


def _fits(current: int, number: int) -> bool:
    """Whether it may stand behind what was said of the same number: 40 and 8, not 4 and 8."""
    low = current % 1000
    if low == 0:
        return True
    if number < 10:
        return low % 10 == 0 and low % 100 != 10
    return number < 100 and low % 100 == 0


def _scaled(total: int, current: int, scale: int) -> tuple[int, int]:
    if scale == 100:
        return total, max(1, current) * 100
    return total + max(1, current) * scale, 0
