"""Bullets that a word processor wrote as letters of a font of symbols."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.pdf.lines import Line
from pipeline.structure.lists import with_bullets


def a_line(text: str, number: int, *, x0: float = 72.0, size: float = 11.0) -> Line:
    y0 = 72.0 + 14 * number
    return Line(
        page=0, block=0, text=text, x0=x0, y0=y0, x1=500.0, y1=y0 + 12, size=size, font="Serif"
    )  # fmt: skip


def texts(*lines: str, gap: int = 1) -> list[str]:
    """Each line a paragraph of its own where `gap` is more than one line."""
    found = with_bullets([a_line(t, n * gap) for n, t in enumerate(lines)])
    return [line.text for line in found]


@pytest.mark.parametrize("letter", "ovqüØ§")
def test_a_letter_that_begins_items_is_a_bullet(letter: str) -> None:
    items = [f"{letter} Boats are tarred.", f"{letter} Nets are mended."]
    assert texts("To do:", *items, gap=2) == ["To do:", "• Boats are tarred.", "• Nets are mended."]


def test_a_level_with_one_item_is_vouched_for_by_another() -> None:
    lines = ("To do:", "§ Boats are tarred.", "§ Nets are mended.", "o Oars are bought.")
    found = texts(*lines, gap=2)
    assert found == ["To do:", "• Boats are tarred.", "• Nets are mended.", "• Oars are bought."]


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
        ("Podle zák. č. 5/1919 Sb.", "v Praze a jinde, např.", "v Brně."),
        ("As in Carlill and Sons Co.", "v Carbolic, and Barker Ltd.", "v Hodgson."),
        ("As stated.", "§ 5 applies.", "§ 6 does not."),
        ("It ended.", "o Brasil was mentioned once."),  # alone
        ("It ended.", "o so it goes on.", "o so it ends."),
    ],
)
def test_words_and_numbers_stay(lines: tuple[str, ...]) -> None:
    assert texts(*lines) == [*lines]


def test_a_letter_that_is_a_word_anywhere_is_one_everywhere() -> None:
    lines = ("Konec.", "v Praze.", "v Brně.", "Konec.", "v lese.")
    assert texts(*lines, gap=2) == [*lines]


def test_the_top_of_a_page_or_column_is_no_witness() -> None:
    lines = [a_line("Era longe.", 9), a_line("o Brasil", 0, x0=320), a_line("E foi.", 9, x0=320)]
    tops = [*lines, replace(a_line("o Governo", 0), page=1)]
    assert [line.text for line in with_bullets(tops)] == [line.text for line in tops]
