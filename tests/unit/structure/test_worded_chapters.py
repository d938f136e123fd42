"""Chapters whose number is a word, small, above a title in a look of its own, as in novels."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.structure.numbering import number_of
from tests.drawing import BEES, BODY_PT, DANCE, HONEY, ITALIC, REGULAR, WINTER, Sheet
from tests.unit.drawn import read, text_of, titles

NAMES = ("The Frozen Harbour", "Letters from the Capital", "A Bridge of Stone", "The Pear Garden")
CHAPTERS = (
    ("CHAPTER ONE", "CHAPTER TWO", "CHAPTER THREE", "CHAPTER FOUR"),
    ("Kapitel Eins", "Kapitel Zwei", "Kapitel Drei", "Kapitel Vier"),
    ("ERSTES KAPITEL", "ZWEITES KAPITEL", "DRITTES KAPITEL", "VIERTES KAPITEL"),
    ("Chapitre premier", "Chapitre deux", "Chapitre trois", "Chapitre quatre"),
    ("Capítulo primero", "Capítulo segundo", "Capítulo tercero", "Capítulo cuarto"),
    ("Глава первая", "Глава вторая", "Глава третья", "Глава четвёртая"),
    ("第一章", "第二章", "第三章", "第四章"),
)


def novel(numbers: tuple[str, ...], *, size: float, gap: float) -> Sheet:
    sheet = Sheet(has_page_numbers=True)
    for place, (number, name) in enumerate(zip(numbers, NAMES, strict=True)):
        if place:
            sheet.new_page()
        sheet.space(70)
        sheet.page.insert_htmlbox(
            (72, sheet.y - 10, 523, sheet.y + 14),
            f'<p style="font-size:{BODY_PT}px;text-align:center;margin:0">{number}</p>',
        )
        sheet.space(14 + gap)
        sheet.line(name, size=size, font=ITALIC, x=240)
        sheet.space(24)
        for text in (BEES, DANCE, HONEY, WINTER):
            sheet.paragraph(text)
    return sheet


@pytest.mark.parametrize("numbers", CHAPTERS)
@pytest.mark.parametrize(("size", "gap"), [(16.0, 8.0)])
def test_a_number_in_words_is_never_read_at_the_end_of_the_chapter_before(
    numbers: tuple[str, ...], size: float, gap: float, tmp_path: Path
) -> None:
    document = read(novel(numbers, size=size, gap=gap), tmp_path)
    assert titles(document) == list(NAMES)
    assert not any(number in text_of(document) for number in numbers if len(number) > 3)


def test_a_number_in_words_alone_in_a_sentence_is_one(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.heading("The Storks", size=16, font=REGULAR)
    sheet.paragraph(f"{BEES} This is told in")
    sheet.paragraph("Chapter Two of his book. " + DANCE)
    assert "Chapter Two of his book." in text_of(read(sheet, tmp_path))


@pytest.mark.parametrize(
    "text", ["CHAPTER TWENTY-THREE", "Chapter twenty three", "CHAPTER TWENTYTHREE"]
)
def test_a_number_of_two_words_may_be_written_as_one(text: str) -> None:
    number = number_of(text)
    assert number is not None
    assert (number.family, number.parts, number.rest) == ("word", (23,), "")
