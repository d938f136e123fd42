"""How long a text takes to say: for the card before it is spoken, and to tell a voice that
swallowed half of it."""

from __future__ import annotations

import re

CHARACTERS_PER_SECOND = 16.6  # of English script; sound only, hibari:heart at speed 1
_IN_LANGUAGE: dict[str, float] = {}
_WIDE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_DIGIT = re.compile(r"\d")
_CAPITALS = re.compile(r"\b(?=[A-Z]*[A-Z]{2})[A-Z]{2,6}s?\b")
WIDE_WEIGHT, DIGIT_WEIGHT, CAPITAL_WEIGHT = 3.0, 5.0, 4.0


def said_characters(text: str) -> float:
    """Its length as if written in letters: a sign of Chinese is a syllable, a digit a word."""
    wide, digits = len(_WIDE.findall(text)), len(_DIGIT.findall(text))
    capitals = sum(len(word) for word in _CAPITALS.findall(text))
    extra = wide * (WIDE_WEIGHT - 1) + digits * (DIGIT_WEIGHT - 1)
    return len(text) + extra + capitals * (CAPITAL_WEIGHT - 1)


def seconds_to_say(text: str, language: str = "en") -> float:
    """Sound only, at speed 1, without the pauses between utterances."""
    return said_characters(text) / _IN_LANGUAGE.get(language, CHARACTERS_PER_SECOND)
