"""Bullets that a word processor wrote as letters of a font of symbols."""

from __future__ import annotations

import pytest

from pipeline.pdf.lines import Line
from pipeline.structure.lists import with_bullets


def a_line(text: str, number: int, *, x0: float = 72.0, size: float = 11.0) -> Line:
    y0 = 72.0 + 14 * number
    return Line(
        page=0, block=0, text=text, x0=x0, y0=y0, x1=500.0, y1=y0 + 12, size=size, font="Serif"
    )  # fmt: skip


def texts(*lines: str) -> list[str]:
    return [line.text for line in with_bullets([a_line(t, n) for n, t in enumerate(lines)])]


@pytest.mark.parametrize("letter", "ovqüØ§")
def test_a_letter_that_begins_items_is_a_bullet(letter: str) -> None:
    items = [f"{letter} Boats are tarred.", f"{letter} Nets are mended."]
    assert texts("To do:", *items) == ["To do:", "• Boats are tarred.", "• Nets are mended."]


def test_letters_of_two_levels_vouch_for_each_other() -> None:
    found = texts("To do:", "§ Boats are tarred.", "o Nets are mended.")
    assert found == ["To do:", "• Boats are tarred.", "• Nets are mended."]


def test_an_item_may_stand_further_in_than_what_has_not_ended() -> None:
    lines = [a_line("• Old boats", 0), a_line("o Oars", 1, x0=94), a_line("o Nets", 2, x0=94)]
    assert [line.text for line in with_bullets(lines)] == ["• Old boats", "• Oars", "• Nets"]


@pytest.mark.parametrize(
    "lines",
    [
        (
            "Quando chegaram ao porto disseram que",
            "o Brasil era longe, e que",
            "o Porto era perto.",
        ),
        ("As stated.", "§ 5 applies.", "§ 6 does not."),
        ("It ended.", "o Brasil was mentioned once."),  # alone
        ("It ended.", "o so it goes on.", "o so it ends."),
    ],
)
def test_words_and_numbers_stay(lines: tuple[str, ...]) -> None:
    assert texts(*lines) == [*lines]
