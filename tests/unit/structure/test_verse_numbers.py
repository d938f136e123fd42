"""Numbers of verses, close before their first words."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from tests.drawing import BODY_PT, MARGIN, REGULAR, WIDTH, Sheet
from tests.unit.drawn import TEXTS, read, text_of

VERSES = [f"{sentence.rstrip('.')}." for text in TEXTS * 2 for sentence in text.split(". ")]


def chapter(sheet: Sheet, verses: list[str], *, first: int = 1, raised: bool = False) -> None:
    """Running text; each verse begins with its number, raised and small or of the text's size."""
    x = MARGIN
    words = [
        (str(first + place) if nth == 0 else "", word)
        for place, verse in enumerate(verses)
        for nth, word in enumerate(verse.split())
    ]
    small = 6.0 if raised else BODY_PT
    for number, word in words:
        before = pymupdf.get_text_length(number, fontname=REGULAR, fontsize=small)
        wide = before + pymupdf.get_text_length(f"{word} ", fontname=REGULAR, fontsize=BODY_PT)
        if x + wide > WIDTH - MARGIN:
            x, sheet.y = MARGIN, sheet.y + 13
        up = 4 if raised else 0
        sheet.page.insert_text((x, sheet.y - up), number, fontsize=small, fontname=REGULAR)
        sheet.page.insert_text((x + before, sheet.y), word, fontsize=BODY_PT, fontname=REGULAR)
        x += wide
    sheet.y += 30


@pytest.mark.parametrize("raised", [False, True])
def test_numbers_of_verses_are_no_part_of_them(raised: bool, tmp_path: Path) -> None:
    sheet = Sheet()
    for number in range(2):
        sheet.heading("The Comb" if number else "The Hive", size=16)
        chapter(sheet, VERSES[: 16 - 3 * number], raised=raised)
    found = text_of(read(sheet, tmp_path)).replace("\n", " ")
    assert not any(sign.isdigit() for sign in found)
    assert " ".join(VERSES[:16]) in found


def test_verses_of_a_passage_need_not_begin_at_one(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.heading("The Hive", size=16)
    german = ["Der Fluss fror zu.", "Auf das Eis ging keiner.", "Im April brach es.", "Es floss."]
    chapter(sheet, german * 3, first=21)
    found = text_of(read(sheet, tmp_path)).replace("\n", " ")
    assert " ".join(german * 3) in found


@pytest.mark.parametrize(
    "words",
    [
        "On the 1st, the 2nd, the 3rd, the 4th, the 5th, the 6th and the 7th of May it rained.",
        "A 3D film in 4K on a 5G line with 6dB less, at 7pm, for 8GB of 9ct a piece.",
        "There were 12bees, 40hives, 7combs, 300flowers and 2queens in it, wrongly written so.",
    ],
)
def test_numbers_that_belong_to_a_word_stay(words: str, tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.heading("The Hive", size=16)
    sheet.paragraph(words)
    sheet.paragraph(TEXTS[0])
    assert words in text_of(read(sheet, tmp_path)).replace("\n", " ")
