"""The general normaliser (normt2s), behind our own rules. It must never cost a chapter."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pipeline.spoken.symbols import plain_digits

_OPTIONS: dict[str, dict[str, str]] = {"en": {"latex": "keep"}, "de": {}}
# What it raised on rare signs: version 0.7 stumbles over "\Delta 0₁".
_SLIPS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def normalized(text: str, language: str) -> str:
    """The text with what is left of numbers and the like in words. What it stumbles over is tried
    without the signs that only mean something in LaTeX, and else left as it is."""
    try:
        return str(_normalizer(language).normalize(text))
    except _SLIPS:
        plain = plain_digits(text).replace("\\", " ")
    try:
        return str(_normalizer(language).normalize(plain))
    except _SLIPS:
        return plain


@lru_cache(maxsize=2)
def _normalizer(language: str) -> Any:
    import normt2s

    return normt2s.Normalizer(language, **_OPTIONS[language])
