"""English: the order in which the rules see the text, then the general normaliser (normt2s)."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.spoken.addresses import with_addresses, with_code_words
from pipeline.spoken.chemistry import with_formulas
from pipeline.spoken.dates import with_dates
from pipeline.spoken.general import normalized
from pipeline.spoken.maths import with_maths
from pipeline.spoken.numbers import with_dimensions, with_numbers
from pipeline.spoken.roman import with_roman_numerals
from pipeline.spoken.short_forms import with_short_forms
from pipeline.spoken.symbols import with_greek
from pipeline.spoken.units import with_units

_ENDS = (".", "!", "?")


def in_english(text: str, said: Callable[[str], str]) -> str:
    """Numbers, dates and all that in words; signs that have only a name are left. `said` is the
    lexicon's: it must not touch addresses, and is wanted before a formula is taken apart."""
    text = said(with_addresses(text))
    text = with_short_forms(with_dates(text))
    text = with_maths(with_units(with_formulas(with_dimensions(text))))
    text = with_code_words(with_numbers(with_roman_numerals(text)))
    text = with_greek(text)
    is_ended = text.rstrip().endswith(_ENDS)
    text = normalized(text, "en")
    if is_ended and not text.rstrip().endswith(_ENDS):
        text += "."  # the normaliser eats the period of some abbreviations
    return text
