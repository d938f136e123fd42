"""Chapters that have a number and hardly a name, as in novels and diaries."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drawing import BEES, BODY_PT, DANCE, HONEY, Sheet
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
@pytest.mark.parametrize(("size", "x", "pages"), [(16.0, 72.0, 1), (16.0, 290.0, 1)])
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


@pytest.mark.parametrize("foot", [False, True])
def test_a_leaf_without_a_number_makes_no_chapters_of_the_others(
    foot: bool, tmp_path: Path
) -> None:
    sheet = Sheet()
    for number in (1, 2, None, 3, 4, 5):
        if number:
            sheet.page.insert_text((290, 770 if foot else 60), str(number), fontsize=BODY_PT)
        sheet.space(30)
        sheet.paragraph(BEES)
        if number != 5:
            sheet.new_page()
    assert titles(read(sheet, tmp_path)) == ["The whole text"]


def test_a_numeral_that_ends_a_heading_is_part_of_it(tmp_path: Path) -> None:
    sheet = Sheet()
    for heading in ("The Ice", "The Causes of the War", "The Flood", "The Thaw"):
        sheet.heading(heading)
        if heading.endswith("War"):
            sheet.y -= 4
            sheet.line("II", size=14, font="hebo")
            sheet.space(4)
        for text in (BEES, DANCE, HONEY):
            sheet.paragraph(text)
    assert "The Causes of the War II" in titles(read(sheet, tmp_path))


@pytest.mark.parametrize("words", ["Page {}", "Seite {}", "Strana {}", "Bees, {}", "{}"])
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
