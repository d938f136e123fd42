"""What can be held against a text in another language: numbers, in figures and in words, and
whether something is denied."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import zip_longest

from pipeline.language.amounts import Amount, amounts_of, has_words
from pipeline.language.negation import has_denials, is_alike_denied
from pipeline.language.sentences import sentences_of

LARGEST_IN_WORDS = 12  # a number that a language rather writes out


def has_only_amounts_of(sentence: str, text: str, *, source: str, language: str) -> bool:
    """Whether every number of a sentence stands in a text of the language `source`. Small ones may
    be in words that are not known."""
    there = {amount.value for amount in amounts_of(text, source)}
    added = {amount.value for amount in _counted(sentence, language)} - there
    return not any(map(_is_large, added)) and not (added and has_words(source))


def keeps_amounts(original: str, text: str, *, source: str, language: str) -> bool:
    """Whether a translation carries the numbers of its original: large ones all of them, small ones
    as far as none became another."""
    before = {amount.value for amount in _counted(original, source)}
    after = {amount.value for amount in _counted(text, language)}
    lost, added = before - after, after - before
    if any(map(_is_large, lost | added)):
        return False
    are_known = has_words(source) and has_words(language)
    return not (are_known and lost and added)


def _counted(text: str, language: str) -> Iterator[Amount]:
    """Without places in an order and multiples, which languages say in many ways."""
    return (amount for amount in amounts_of(text, language) if not amount.kind)


def _is_large(number: Fraction) -> bool:
    return number > LARGEST_IN_WORDS or (number.denominator != 1 and number > 1)


def denies_alike(original: str, text: str, *, source: str, language: str) -> bool:
    """Whether a translation denies what its original does, sentence by sentence where it has as
    many. True where a language is not known."""
    if not (has_denials(source) and has_denials(language)):
        return True
    pairs = list(zip_longest(sentences_of(original), sentences_of(text)))
    if any(None in pair for pair in pairs):
        pairs = [(original, text)]
    return all(is_alike_denied(one, other, source, language) for one, other in pairs)
