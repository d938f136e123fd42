"""Numbers in figures and in words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from pipeline.language.amounts import amounts_of


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "two hundred and forty-eight men and 2.6 million bales", [248, 2_600_000]),
        ("en", "72,000 in 1862; a third, two thirds", [72_000, 1862, "1/3", "2/3"]),
        ("en", "two and three, twenty five, half a dozen", [2, 3, 25, "1/2", 12]),
        ("en", "a two-month stay for one person", [2]),
        ("en", "in one second, forty seconds, 3 km a second, the second stroke", [40, 3, 2]),
        ("de", "achtundvierzig von zweitausenddreihundert, drei Viertel", [48, 2300, "3/4"]),
        ("de", "1.250 Bienen, 0,05 und zwei Millionen", [1250, "1/20", 2_000_000]),
        ("fr", "quatre-vingt-dix-sept, vingt et un, deux cents", [97, 21, 200]),
        ("es", "treinta y uno, mil doscientos, veintidós", [31, 1200, 22]),
        ("pt", "vinte e um, mil e duzentos, dois terços", [21, 1200, "2/3"]),
        ("ru", "двадцать один, двести сорок, три тысячи", [21, 240, 3000]),
        ("zh", "2015年观察了20个", [2015, 20]),
    ],
)
def test_each_number_is_found_once(language: str, text: str, values: list[int | str]) -> None:
    assert [one.value for one in amounts_of(text, language)] == [Fraction(v) for v in values]
