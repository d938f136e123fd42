"""Manuals, drawn: chapters counted in any language, files that name sections, heads of pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.domain import Reason
from tests.drawing import BEES, DANCE, HONEY, ITALIC, WINTER, Sheet
from tests.unit.drawn import read, text_of, titles

NAMES = ("The harbour.", "Letters from the capital.", "A bridge of stone.", "The garden.")
TEXTS = (BEES, DANCE, HONEY, WINTER)
MONO_BOLD = "cobo"


@pytest.mark.parametrize("word", ["Capítol", "Kapitola", "Luku", "Fejezet"])
def test_titles_below_what_is_counted_in_any_language_are_the_chapters(
    word: str, tmp_path: Path
) -> None:
    sheet = Sheet(has_page_numbers=True)
    for number, name in enumerate(NAMES, start=1):
        if number > 1:
            sheet.new_page()
        sheet.heading(f"{word} {number}", size=20)
        sheet.space(14)
        sheet.heading(name, size=24)
        for text in TEXTS:
            sheet.paragraph(text)
    document = read(sheet, tmp_path)
    assert titles(document) == [name.rstrip(".") for name in NAMES]
    assert word not in text_of(document)


def test_what_is_counted_without_titles_keeps_its_name(tmp_path: Path) -> None:
    sheet = Sheet(has_page_numbers=True)
    for number in range(1, 5):
        if number > 1:
            sheet.new_page()
        sheet.heading(f"Diena {number}", size=20)
        for text in TEXTS:
            sheet.paragraph(text)
    assert titles(read(sheet, tmp_path)) == [f"Diena {number}" for number in range(1, 5)]


def test_a_file_names_a_section(tmp_path: Path) -> None:
    """In small letters, in the font of listings, but numbered and set big."""
    sheet = Sheet()
    files = ("control", "changelog", "rules", "conffiles")
    sheet.heading("The Guide of Packages", size=26)
    sheet.heading("1 Files of a package", size=20)
    sheet.paragraph(BEES)
    for number, name in enumerate(files, start=1):
        sheet.heading(f"1.{number} {name}", size=14, font=MONO_BOLD)
        for text in TEXTS[:2]:
            sheet.paragraph(text)
    assert titles(read(sheet, tmp_path)) == ["Files of a package", *files]


def test_the_head_of_a_page_is_none_of_its_text_though_no_other_page_has_it(
    tmp_path: Path,
) -> None:
    """Each names the page's own section; some stand on two pages."""
    sheet = Sheet()
    heads = ["WHAT BEES DO", "WHAT BEES DO", "HOW THEY DANCE", "HOW THEY DANCE", "HONEY", "HONEY"]
    heads += ["WHERE THEY SLEEP", "AND WHO LOOKS ON"]
    for place, head in enumerate(heads):
        if place:
            sheet.new_page()
        sheet.page.insert_text((72, 40), head, fontsize=9, fontname=ITALIC)
        for text in TEXTS:
            sheet.paragraph(text)
    document = read(sheet, tmp_path)
    assert not any(head in text_of(document) for head in heads)
    told = {o.text for o in document.omissions if o.reason is Reason.RUNNING_HEAD}
    assert {"WHERE THEY SLEEP", "AND WHO LOOKS ON"} <= told


def test_a_section_that_has_parts_and_no_text_is_not_read_at_the_end_of_another(
    tmp_path: Path,
) -> None:
    sheet = Sheet()
    sheet.heading("The Guide of Harbours", size=26)
    for number, name in ((1, "The ice"), (2, "The thaw")):
        sheet.heading(f"{number} {name}", size=20)
        sheet.paragraph(BEES)
        sheet.heading(f"{number}.1 What is needed", size=16)
        sheet.paragraph(DANCE)
        sheet.heading(f"{number}.2 What is to be known", size=16)
        sheet.heading(f"{number}.2.1 Sources", size=14)
        sheet.paragraph(HONEY)
        sheet.heading(f"{number}.2.2 People", size=14)
        sheet.paragraph(WINTER)
    document = read(sheet, tmp_path)
    sections = ["What is needed", "What is to be known", "People"]
    assert titles(document) == ["The ice", *sections, "The thaw", *sections]
    assert document.chapters[2].text.startswith("Sources")
    assert document.chapters[1].text.endswith(DANCE[-20:])
