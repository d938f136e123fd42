"""Documents that are no papers, drawn: nothing of them is left out for a paper's reasons."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.domain import Kind, Reason
from tests.drawing import BEES, DANCE, HONEY, Sheet
from tests.unit.drawn import paper, read, text_of, titles


def a_letter(*paragraphs: str) -> Sheet:
    sheet = Sheet()
    for text in ("3 May 2023", "Dear Ms Lund,", *paragraphs, "Yours sincerely", "Jon Arvid"):
        sheet.paragraph(text)
    return sheet


def test_the_title_of_a_letter_is_not_all_of_it(tmp_path: Path) -> None:
    document = read(a_letter(BEES), tmp_path)
    assert document.kind is Kind.LETTER
    assert document.title == "drawn"
    assert "Dear Ms Lund" in text_of(document)
    assert text_of(document).rstrip().endswith("Jon Arvid")


@pytest.mark.parametrize(
    "sentence",
    [
        "Published in 1998 by a friend, the book was soon forgotten by everybody here.",
        "Received warmly in 2004, she stayed for the winter and learnt the language.",
        "Rome (1957) was followed by a summer of waiting, as Arvid (1841) had foreseen.",
        "(c) the tenant who leaves in 2001 shall return the keys to the landlord.",
        "He was born late (Arvid had been born in the capital in 1841) and left early.",
        "Keywords: patience, wool and salt are what a ferryman asks of the sea.",
    ],
)
def test_a_sentence_that_begins_or_looks_like_a_papers_furniture_is_read(
    sentence: str, tmp_path: Path
) -> None:
    document = read(a_letter(BEES, sentence, DANCE), tmp_path)
    assert sentence in text_of(document).replace("\n", " ")


def test_what_stands_before_the_first_heading_is_read(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.line("Rivers in Winter", size=20, font="hebo")
    sheet.space(12)
    sheet.paragraph("Für Anna Lund, Bergen. Zur Erinnerung an den Winter, den Strom, das Eis.")
    for heading in ("The Ice", "The Thaw", "The Flood"):
        sheet.heading(heading)
        sheet.paragraph(BEES)
    document = read(sheet, tmp_path)
    assert titles(document) == ["Opening", "The Ice", "The Thaw", "The Flood"]
    assert "Zur Erinnerung" in text_of(document)


@pytest.mark.parametrize("heading", ["3 Ethics", "3 Funding", "3 Keywords"])
def test_a_numbered_chapter_is_read_whatever_it_is_called(heading: str, tmp_path: Path) -> None:
    document = read(paper("1 Patience", "2 Courage", heading, "4 Salt"), tmp_path)
    assert heading[2:] in titles(document)
    assert document.kind is not Kind.PAPER


def test_in_a_paper_they_are_left_out_as_before(tmp_path: Path) -> None:
    sheet = paper("Abstract", "1 Introduction", "2 Methods", "Funding")
    sheet.heading("References")
    for number in range(1, 9):
        sheet.paragraph(f"[{number}] A. Meyer, On bees, Nature, {1990 + number}.")
    document = read(sheet, tmp_path)
    assert document.kind is Kind.PAPER
    assert titles(document) == ["Abstract", "Introduction", "Methods"]
    assert HONEY[:30] in text_of(document)


def test_letters_for_bullets_are_told_as_left_out(tmp_path: Path) -> None:
    sheet = paper("The Ice", "The Thaw", "The Flood")
    for item in ("v Boats are tarred in spring.", "v Nets are mended in winter."):
        sheet.space(12)
        sheet.paragraph(item)
    document = read(sheet, tmp_path)
    assert "v Boats" not in text_of(document)
    assert [o.text for o in document.omissions if o.reason is Reason.LABEL] == ["v", "v"]
