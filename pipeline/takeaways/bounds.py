"""Small words that turn a sentence round by the word behind them: "more than 40", "after the trees
have leaves", "few foragers"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.language.opposites import base_of
from pipeline.takeaways.nearness import Scale

FORMER, LATTER = 1, -1  # the two sides of a pair
BOUND = "bound"  # the pair before a number


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """Which pair, which side of it, and the word behind."""

    pair: str
    side: int
    word: str


_BEHIND = r"\s+(?:(?:the|a|an|its|their|his|her|any|of|about|some)\s+)*(\d[\d.,]*|[a-z]+)"
_PAIRS = {
    BOUND: (
        r"(?:more|greater|higher|longer|larger|older) than|over|above",
        r"(?:less|fewer|lower|shorter|smaller|younger) than|under|below",
    ),
    "time": (r"before|until|prior to", r"after|once|following"),
    "share": (r"most|nearly all|almost all|all|many", r"few|hardly any|barely any|almost no"),
}
_SIDES = [
    (name, side, re.compile(rf"\b(?:{words}){_BEHIND}", re.I))
    for name, pair in _PAIRS.items()
    for side, words in zip((FORMER, LATTER), pair, strict=True)
]


def turns_round(scale: Scale) -> bool:
    """Whether a claim has one side of a pair before a word, and the text only the other."""
    claimed = set(_turns_in(scale.claim.text))
    there = {turn for one in scale.source.sentences for turn in _turns_in(one.text)}
    return any(_other(turn) in there and turn not in there for turn in claimed)


def is_of_bound(text: str, start: int) -> bool:
    """Whether the word that begins there is part of a bound, "below 40": it is held against those
    of the same number alone."""
    bounds = (m for pair, _, pattern in _SIDES if pair == BOUND for m in pattern.finditer(text))
    return any(m.start() <= start < m.start(1) and m.group(1)[0].isdecimal() for m in bounds)


def _other(turn: _Turn) -> _Turn:
    return _Turn(pair=turn.pair, side=-turn.side, word=turn.word)


def _turns_in(text: str) -> Iterator[_Turn]:
    for pair, side, pattern in _SIDES:
        for match in pattern.finditer(text):
            word = match.group(1).lower()
            if (pair == BOUND) == word[0].isdecimal():
                yield _Turn(pair=pair, side=side, word=base_of(word.rstrip(".,")))
