"""Written words → spoken words: a table that a linguist would sign, and what holds for any text."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.numbers import get_decimal_symbol
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.voices.espeak import LANGUAGES as VOICED
from pipeline.errors import ConfigurationError
from pipeline.spoken import parsed, spoken
from pipeline.spoken.points import WITH_COMMA, with_leading_zeros

TABLE = Path(__file__).parents[2] / "data" / "spoken.txt"


def pairs() -> Iterator[tuple[str, str, str, str]]:
    """Language, kind, written, said."""
    language = kind = ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if head := re.fullmatch(r"\[(\w\w) (.+)\]", line):
            language, kind = head.groups()
        elif " ==> " in line:
            written, said = line.split(" ==> ")
            yield language, kind, written, said


@pytest.mark.parametrize(
    ("language", "kind", "written", "said"), list(pairs()), ids=lambda value: str(value)[:40]
)
def test_it_is_said_as_a_good_reader_would(
    language: str, kind: str, written: str, said: str
) -> None:
    assert spoken(written, language) == said
    assert spoken(said, language) == said  # what is spoken is not spoken anew


def test_the_table_is_large() -> None:
    assert len(list(pairs())) >= 300


@pytest.mark.parametrize(
    "written",
    ["file.5", "v.5", "1..5", "0.5", "…5", "...5", "end.5 more", "(above).5 More", '"so".5 More',
     "Contents . . . . .5", "a .7z file", "50%.5 More"],
)  # fmt: skip
def test_a_point_that_leads_no_number_stays(written: str) -> None:
    assert with_leading_zeros(written, "en") == written


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("Dosis ,5 mg", "Dosis 0,5 mg"), (",5mg Wirkstoff", "0,5mg Wirkstoff"),
        ("p<,05", "p<0,05"), ("r = ,35 und", "r = 0,35 und"), ("zu ,05", "zu 0,05"),
        ("(,5)", "(0,5)"), ("-,5", "-0,5"), ("um ,7 % mehr", "um 0,7 % mehr"),
    ],
)  # fmt: skip
def test_where_numbers_have_a_comma_it_is_completed_too(written: str, whole: str) -> None:
    assert with_leading_zeros(written, "de") == whole


@pytest.mark.parametrize(
    "written",
    [
        "1,5",
        "a,5",
        "mit 5 mg ,10 mg und",
        "1 ,5 mg",
        "Meyer ,5 sagt",
        "f(x) ,5 Mal",
        "Vor-,5",
        "1,,5",
    ],
)
def test_a_comma_that_parts_words_stays(written: str) -> None:
    assert with_leading_zeros(written, "de") == written
    assert with_leading_zeros(f"Dosis ,5 mg {written}", "en") == f"Dosis ,5 mg {written}"


@pytest.mark.parametrize("sign", [*"•◦▪‣■□●○►✓―†‡¶`´\\®™→"])
def test_whatever_a_leading_point_stands_behind_it_is_not_lost(sign: str) -> None:
    assert with_leading_zeros(f"{sign}.5 mg", "en") == f"{sign}0.5 mg"
    assert with_leading_zeros(f"Take {sign}.25 mg", "de") == f"Take {sign}0,25 mg"


@pytest.mark.parametrize("written", ["“.5 mg” it is", "(‘.5 mg’)", "«.5 mg»", "⟨.5 mg⟩"])
def test_a_point_in_quotes_or_brackets_is_completed(written: str) -> None:
    assert "zero point five" in spoken(written)


def test_each_language_completes_a_point_as_it_writes_it() -> None:
    """Unicode's data has the last word."""
    assert {language for language in VOICED if get_decimal_symbol(language) == ","} == WITH_COMMA


WORDS = st.sampled_from(
    """table river method people result matrix energy learning surface window garden number
    through between always network signal animal morning theory practice light""".split()
)
SIGNS = st.text(alphabet="≥≤≈±×→∞∈∑√αβγΔ²³₁†‡™°%€$#&@*_^~|\\{}[]()<>=+/-–—…“”’.,;:!?0123456789 ")
# All but surrogates, as by default, where a table of what UTF-8 encodes takes seconds to make.
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=["Cs"]), max_size=120)
LANGUAGES = st.sampled_from(["en", "de", "fr", "es", "it", "zh"])
# What may stand in a script: letters and their marks, digits, and stops that every voice knows.
PUNCTUATION = set(".,;:!?'\"()-/ ")


@given(st.lists(st.one_of(WORDS, SIGNS), max_size=12).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_every_word_survives_among_any_signs(text: str) -> None:
    written = re.findall(r"(?<![^\s])[a-z]{5,}(?![^\s])", text)
    said = re.findall(r"[a-z]+", spoken(text))
    for word in written:
        assert said.count(word) >= written.count(word)


@given(st.lists(st.one_of(WORDS, SIGNS, ANY_TEXT), max_size=8).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_no_sign_that_a_voice_drops_survives(text: str) -> None:
    left = {
        sign
        for sign in spoken(text)
        if not (sign.isalnum() or sign in PUNCTUATION or unicodedata.category(sign)[0] in "LM")
        and sign not in "。，、；：！？・「」『』（）؟،؛।"
    }
    assert not left


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_the_general_normaliser_stumbles_over_is_said_all_the_same(language: str) -> None:
    assert "bees" in spoken("bees \\Δ0₁ bees", language)


@given(st.one_of(ANY_TEXT, st.lists(st.one_of(WORDS, SIGNS), max_size=8).map(" ".join)), LANGUAGES)
@settings(max_examples=300, deadline=None)
def test_text_with_letters_is_never_silent(text: str, language: str) -> None:
    if any(sign.isalpha() and sign.isascii() for sign in text):
        assert any(sign.isalnum() for sign in spoken(text, language))


@given(st.lists(st.one_of(WORDS, SIGNS), max_size=10).map(" ".join), LANGUAGES)
@settings(max_examples=300, deadline=None)
def test_what_is_spoken_is_not_spoken_anew(text: str, language: str) -> None:
    once = spoken(text, language)
    assert spoken(once, language) == once


@pytest.mark.parametrize(
    "unit",
    ["a", "1", "1.", "a-", "-a", "_", "((a", "x^", "1 × ", "10^", "@a.", "≥", "H2", "5 mg/", "A.",
     "  ", "e.g. ", "1°2′", "[1, ", "é", "人", "😀"],
)  # fmt: skip
def test_no_text_stalls_it(unit: str) -> None:
    """Backtracking would take minutes here; well-behaved rules take a tenth of the limit."""
    began = time.process_time()
    spoken(unit * (16_000 // len(unit)))
    assert time.process_time() - began < 15


def test_a_listener_has_words_of_their_own() -> None:
    assert spoken("Ask Nguyen about SQL.", words={"Nguyen": "win"}) == "Ask win about sequel."
    assert spoken("The SQL part.", words={"SQL": "S Q L"}) == "The S Q L part."


def test_an_operators_file_is_lines_of_written_and_spoken() -> None:
    assert parsed("# names\nNguyen = win\n\nx = y = z") == {"Nguyen": "win", "x": "y = z"}
    with pytest.raises(ConfigurationError, match="line 2"):
        parsed("a = b\nnonsense")
