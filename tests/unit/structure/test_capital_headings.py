"""Headings in nothing but capitals, in the look of the text, as patents have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drawing import BEES, BOLD, DANCE, HEIGHT, HONEY, WIDTH, WINTER, Sheet
from tests.unit.drawn import TEXTS, read, text_of, titles

AMERICAN = ("CROSS-REFERENCE TO RELATED APPLICATIONS", "BACKGROUND OF THE INVENTION",
            "BRIEF SUMMARY OF THE INVENTION", "DETAILED DESCRIPTION")  # fmt: skip
GERMAN = ("TECHNISCHES GEBIET", "STAND DER TECHNIK", "AUFGABE DER ERFINDUNG", "BEISPIELE")
FRENCH = ("DOMAINE TECHNIQUE", "ART ANTÉRIEUR", "EXPOSÉ DE LA SOLUTION")
JAPANESE = ("【技術分野】", "【背景技術】", "【発明の概要】", "【実施例】")
BIENE = (
    "ミツバチは何キロメートルも離れたところから巣に帰る道を見つける。太陽と風と丘の形を覚えている。"
)


def test_in_two_columns_with_lines_counted_between_them(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.line("FERRY WITH ICE BREAKING BOW", font=BOLD)
    sheet.space(2)
    width = (WIDTH - 168) / 2
    for column, x in enumerate((72.0, 96.0 + width)):
        sheet.y = 110
        for heading in AMERICAN[2 * column : 2 * column + 2]:
            sheet.line(heading, x=x + 12)
            for text in TEXTS[:3]:
                sheet.paragraph(text, x=x, width=width)
    for number in range(5, 65, 5):
        at = (72 + width + 8, 110 + 10 * number)
        sheet.page.insert_text(at, str(number), fontsize=8)
    document = read(sheet, tmp_path)
    assert titles(document) == list(AMERICAN)
    assert document.authors == ()


@pytest.mark.parametrize("headings", [GERMAN, FRENCH])
def test_flush_left_above_numbered_paragraphs(headings: tuple[str, ...], tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.line("Fähre mit Eisbug", size=14, font=BOLD)
    sheet.space(10)
    number = 0
    for heading in headings:
        sheet.line(heading)
        sheet.space(3)
        for text in (BEES, HONEY):
            number += 1
            sheet.paragraph(f"[{number:04}] {text}")
    document = read(sheet, tmp_path)
    assert titles(document) == list(headings)
    assert document.authors == ()


def test_in_the_brackets_of_japanese_patents(tmp_path: Path) -> None:
    sheet = Sheet()
    for number, heading in enumerate(JAPANESE, start=1):
        for text in (heading, f"【{number:04}】", *(BIENE, BIENE) * 3):
            sheet.line(text, font="japan")
    assert titles(read(sheet, tmp_path)) == [heading.strip("【】") for heading in JAPANESE]


def test_speakers_of_a_play_are_no_chapters(tmp_path: Path) -> None:
    sheet = Sheet()
    for text in (BEES, DANCE, HONEY, WINTER):
        for speaker in ("THE FERRYMAN", "OLD MARTA", "THE MILLER"):
            sheet.line(speaker, x=250)
            sheet.paragraph(text)
    assert titles(read(sheet, tmp_path)) == ["The whole text"]


def test_fields_of_a_form_are_no_chapters(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.paragraph(BEES)
    for place, name in enumerate(("FAMILY NAME", "GIVEN NAMES", "DATE OF BIRTH", "OCCUPATION")):
        sheet.line(name)
        sheet.line(f"Answer {place} goes here")
        sheet.y = min(sheet.y + 8, HEIGHT)
    document = read(sheet, tmp_path)
    assert titles(document) == ["The whole text"]
    assert "GIVEN NAMES" in text_of(document)
