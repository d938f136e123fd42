"""Chapters that have a number and hardly a name, as in novels and diaries."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drawing import BEES, DANCE, HONEY, Sheet
from tests.unit.drawn import read, text_of, titles

NUMERALS = (["1", "2", "3", "4"], ["I", "II", "III", "IV"], ["1.", "2.", "3."])


def novel(numerals: list[str], *, size: float, x: float, pages: int) -> Sheet:
    sheet = Sheet()
    for number, numeral in enumerate(numerals):
        if number:
            sheet.new_page()
        sheet.page.insert_text((x, 80), numeral, fontsize=size)
        sheet.space(60)
        for page in range(pages):
            for text in (BEES, DANCE, HONEY):
                sheet.paragraph(text)
            if page < pages - 1:
                sheet.new_page()
                sheet.space(30 + 9 * number)
    return sheet


@pytest.mark.parametrize("numerals", NUMERALS)
@pytest.mark.parametrize(
    ("size", "x", "pages"), [(16.0, 72.0, 1), (16.0, 290.0, 1), (11.0, 290.0, 2)]
)
def test_numerals_that_are_set_off_are_chapters(
    numerals: list[str], size: float, x: float, pages: int, tmp_path: Path
) -> None:
    found = titles(read(novel(numerals, size=size, x=x, pages=pages), tmp_path))
    assert [title.rstrip(".") for title in found] == [numeral.rstrip(".") for numeral in numerals]


@pytest.mark.parametrize("words", ["Day {}", "Tag {}", "Chapitre {}", "Capítulo {}"])
@pytest.mark.parametrize("pages", [1, 2])
def test_words_and_rising_numbers_at_the_tops_of_pages_are_chapters(
    words: str, pages: int, tmp_path: Path
) -> None:
    sheet = Sheet()
    for number in range(1, 6):
        for page in range(pages):
            if page == 0:
                sheet.heading(words.format(number), size=11)
            sheet.space(60 + 9 * number)  # else the text would repeat itself at the same height
            for text in (BEES, DANCE, HONEY):
                sheet.paragraph(text)
            if (number, page) != (5, pages - 1):
                sheet.new_page()
    assert len(titles(read(sheet, tmp_path))) == 5


@pytest.mark.parametrize("words", ["Page {}", "Seite {}", "Bees, {}", "{}"])
def test_numbers_that_count_pages_are_none(words: str, tmp_path: Path) -> None:
    sheet = Sheet()
    for number in range(1, 6):
        sheet.page.insert_text((72, 40), words.format(number), fontsize=9)
        for text in (BEES, DANCE, HONEY):
            sheet.paragraph(text)
        if number < 5:
            sheet.new_page()
    document = read(sheet, tmp_path)
    assert words.format(3) not in titles(document)
    assert words.format(3) not in text_of(document).split("\n")
