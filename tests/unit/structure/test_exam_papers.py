"""Exam papers: what counts the marks is no chapter, and a box to tick is nothing to be said."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from tests.drawing import BEES, BOLD, DANCE, HONEY, MARGIN, WIDTH, WINTER, Sheet
from tests.unit.drawn import read, text_of, titles

MARKS_PT = 13.0
EXAMS = (
    ("SECTION A", "SECTION B", "(Total for Question {} is 4 marks)"),
    ("Rivers", "Ice", "[Total: {} marks]"),
    ("Teil A: Lesen", "Teil B: Schreiben", "Insgesamt {} Punkte"),
    ("Première partie", "Deuxième partie", "(Exercice {} : 5 points)"),
)


@pytest.mark.parametrize(("first", "second", "marks"), EXAMS)
def test_what_counts_marks_is_no_chapter(
    first: str, second: str, marks: str, tmp_path: Path
) -> None:
    sheet = Sheet()
    sheet.line("Geography: Rivers", size=16, font=BOLD)
    for section in (first, second):
        sheet.heading(section, size=13)
        for number, text in enumerate((BEES, DANCE, HONEY, WINTER), start=2):
            sheet.paragraph(text)
            said = marks.format(number)
            width = pymupdf.get_text_length(said, fontname=BOLD, fontsize=MARKS_PT)
            sheet.space(8)
            sheet.line(said, size=MARKS_PT, font=BOLD, x=WIDTH - MARGIN - width)
            sheet.space(8)
    document = read(sheet, tmp_path)
    assert titles(document) == [first, second]
    assert marks.format(3) in text_of(document)


@pytest.mark.parametrize("box", ["\u2610", "\u2751", "\u25a1"])
def test_boxes_to_tick_are_not_said(box: str, tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.paragraph(BEES)
    answers = "".join(f"<p>{box} {a}</p>" for a in ("A The ice", "B The wind", "C The storks"))
    sheet.page.insert_htmlbox((MARGIN, sheet.y, WIDTH - MARGIN, sheet.y + 120), answers)
    document = read(sheet, tmp_path)
    assert box not in text_of(document)
    assert "B The wind" in text_of(document)
