"""What numbers measure: "six minutes" of what the text says takes six hours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.language.opposites import base_of
from pipeline.takeaways.nearness import Scale
from pipeline.takeaways.tokens import Token

NEAR = 2  # words behind a number, among which what it measures stands: "one full minute"


def _table(text: str) -> Mapping[str, str]:
    """By each way to write one, the first in its line."""
    rows = [line.split() for line in text.strip().splitlines()]
    return {base_of(word): row[0] for row in rows for word in row}


_MEASURES = _table(
    """
    second secs
    minute min mins
    hour hrs
    day
    night
    week
    month
    year yr
    decade
    century
    millimetre millimeter mm
    centimetre centimeter cm
    metre meter
    kilometre kilometer km
    inch
    foot feet
    yard
    mile
    acre
    hectare
    litre liter
    millilitre milliliter ml
    gallon
    pint
    drop
    teaspoon
    tablespoon
    cup
    bottle
    bucket
    milligram mg
    gram
    kilogram kilo kg
    ounce
    pound
    ton tonne
    degree
    watt
    kilowatt
    volt
    percent
    """
)


def measures_otherwise(scale: Scale) -> bool:
    """Whether a number of the claim stands in the text, but everywhere with another measure."""
    sentences = {one.tokens[0].sentence: one.tokens for one in scale.source.sentences if one.tokens}
    return any(
        _is_other(
            _measure(number, scale.claim.tokens),
            [_measure(token, sentences[token.sentence]) for token in scale.like(number)],
        )
        for number in scale.claim.tokens
        if number.is_number
    )


_EACH = re.compile(r"\b(?:per|each|every)\s+([a-z]+)", re.I)
_A = re.compile(r"([a-z]+|\d)\s+an?\s+([a-z]+)", re.I)


def counts_by_another(scale: Scale) -> bool:
    """Whether something goes by a measure, "for each gram", by which the text lets nothing go,
    though it does by others."""
    there = {measure for one in scale.source.sentences for measure in _by(one.text)}
    return bool(there) and not _by(scale.claim.text) <= there


def _by(text: str) -> set[str]:
    """ "Each kilogram", "milligrams a kilogram", "per second": the measures behind."""
    found = {_measure_in(match.group(1)) for match in _EACH.finditer(text)}
    found |= {
        _measure_in(match.group(2))
        for match in _A.finditer(text)
        if match.group(1).isdecimal() or _measure_in(match.group(1))
    }
    return found - {""}


def _measure_in(word: str) -> str:
    return _MEASURES.get(base_of(word.lower()), "")


_ONE = re.compile(r"\b(?:an?|one|each|every|per|1)\s+([a-z]+)", re.I)
_SPANS = frozenset("second minute hour day week month year decade century".split())


def takes_another_time(scale: Scale) -> bool:
    """Whether it says "within a day" where the text says "within an hour", and of no day anywhere:
    one of something is no number."""
    said = _spans(scale.claim.text)
    if not said or said & {span for one in scale.source.sentences for span in _spans(one.text)}:
        return False
    return any(_spans(one.text) for one in scale.nearest_sentences())


def _spans(text: str) -> set[str]:
    return {_measure_in(match.group(1)) for match in _ONE.finditer(text)} & _SPANS


def _is_other(measure: str, there: Sequence[str]) -> bool:
    """Where one in the text stands without any that we know, nobody can tell."""
    return bool(measure and there) and all(there) and measure not in there


def _measure(number: Token, tokens: Sequence[Token]) -> str:
    """The nearest behind it, before the next number; empty where there is none that is known."""
    for token in tokens[number.place + 1 : number.place + 1 + NEAR]:
        if token.is_number:
            break
        if measure := _MEASURES.get(token.meaning.base):
            return measure
    return ""
