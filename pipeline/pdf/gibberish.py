"""Telling text that means nothing from text in any language: fonts may lack a map to Unicode."""

from __future__ import annotations

import re
import unicodedata

FEWEST_SIGNS, FEWEST_WORDS, FEWEST_LETTERS = 20, 20, 200
COMMON = "aeinorst"  # more than half of the letters of a text in any language written in Latin ones
FEWEST_DIFFERENT = 15  # letters in a text that is a text
LEAST_COMMON, LITTLE_COMMON = 0.40, 0.50
_VOWEL = re.compile(r"[aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýœ]", re.I)
_SIGNS_INSIDE = re.compile(r"[a-z][^\w\s'’./:@&+-]+[a-z]", re.I)
_STRANGE_KINDS = ("Co", "Cc", "Cn", "Cs")
_MAYBE_STRANGE = re.compile(r"[^\x20-\x7e\u00a0-\u024f\s]")


def is_gibberish(text: str) -> bool:
    """Of a whole document: private signs, controls, the replacement sign, hardly any letters, or
    Latin letters that no language strings together."""
    signs = "".join(text.split())
    if len(signs) < FEWEST_SIGNS:
        return False
    letters = sum(sign.isalpha() for sign in signs)
    if letters < 0.25 * len(signs) and not _is_strange(signs):
        return sum(sign.isdigit() for sign in signs) < 0.3 * len(signs)
    return is_nonsense(text)


def is_nonsense(text: str) -> bool:
    """Of a page, cheaply, and more carefully than of a document: a page of formulas, dots or code
    is none."""
    signs = "".join(text.split())
    return len(signs) >= FEWEST_SIGNS and (_is_strange(signs) or _is_unspeakable(text))


def _is_strange(signs: str) -> bool:
    strange = sum(
        sign == "\ufffd" or unicodedata.category(sign) in _STRANGE_KINDS
        for sign in _MAYBE_STRANGE.findall(signs)
    )
    return bool(strange > 0.25 * len(signs))


def _is_unspeakable(text: str) -> bool:
    lowered = text.lower()
    counts = [lowered.count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"]
    letters = sum(counts)
    common = sum(map(lowered.count, COMMON))
    if common > LITTLE_COMMON * letters:
        return False
    is_shuffled = (
        letters > FEWEST_LETTERS
        and common < LEAST_COMMON * letters
        and sum(map(bool, counts)) >= FEWEST_DIFFERENT
    )
    return broken_share(text) > (0.3 if is_shuffled else 0.5)


def broken_share(text: str) -> float:
    """Of words of four Latin letters and more, how many have no vowel or signs inside. 0 if there
    are too few to tell."""
    latin = _latin_words(text)
    if latin is None:
        return 0.0
    broken = sum(not _VOWEL.search(word) or bool(_SIGNS_INSIDE.search(word)) for word in latin)
    return broken / len(latin)


def _latin_words(text: str) -> list[str] | None:
    """None unless they are many, and most of all."""
    words = re.findall(r"[^\s]{4,}", text)
    latin = [word for word in words if word.isascii() and re.search(r"[a-z]", word, re.I)]
    return latin if len(latin) >= FEWEST_WORDS and len(latin) >= 0.5 * len(words) else None
