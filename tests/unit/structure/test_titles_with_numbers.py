"""The first heading of a text without a title is no title, and the title is no heading."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.drawing import BEES, BOLD, DANCE, HONEY, Sheet
from tests.unit.drawn import read, titles

NUMBERED = (
    ("1.1 What it is", "1.2 How it is measured", "1.3 Who does it"),
    ("1. Auslegung", "2. Kündigung", "3. Gerichtsstand"),
    ("I. La glace", "II. Les cigognes", "III. La récolte"),
    ("A. El hielo", "B. Las cigüeñas", "C. La cosecha"),
)


def untitled(headings: tuple[str, ...]) -> Sheet:
    sheet = Sheet()
    for heading in headings:
        sheet.heading(heading, size=14)
        for text in (BEES, DANCE, HONEY):
            sheet.paragraph(text)
    return sheet


@pytest.mark.parametrize("headings", NUMBERED)
def test_the_first_of_numbered_headings_is_no_title(
    headings: tuple[str, ...], tmp_path: Path
) -> None:
    document = read(untitled(headings), tmp_path)
    assert document.title == "drawn"
    assert titles(document) == [heading.split(maxsplit=1)[1] for heading in headings]


@pytest.mark.parametrize("title", ["12 Angry Bees", "1. FC Bienenstock", "A Survey of Bees"])
def test_a_title_may_begin_with_a_number(title: str, tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.line(title, size=20, font=BOLD)
    sheet.space(12)
    for number, name in enumerate(("The Ice", "The Thaw", "The Flood"), start=1):
        sheet.heading(f"{number} {name}", size=14)
        sheet.paragraph(f"{BEES} {DANCE}")
    assert read(sheet, tmp_path).title == title


CHAPTERS = (
    (
        ("Chapter 1: Rivers", "Chapter 2: Bridges", "Chapter 3: Gardens"),
        "What it is",
        "Who built it",
    ),
    (("1 Rogen", "2 Weizen", "3 Hafer"), "Aussaat", "Ernte"),
    (
        ("Chapitre 1 : Le pain", "Chapitre 2 : Le vin", "Chapitre 3 : Le sel"),
        "Son histoire",
        "Son prix",
    ),
)


@pytest.mark.parametrize(("chapters", "first", "second"), CHAPTERS)
def test_a_section_that_each_chapter_has_is_never_swallowed(
    chapters: tuple[str, ...], first: str, second: str, tmp_path: Path
) -> None:
    sheet = Sheet()
    for number, chapter in enumerate(chapters, start=1):
        sheet.heading(chapter, size=20)
        for place, section in enumerate((first, second), start=1):
            sheet.heading(f"{number}.{place} {section}", size=14)
            sheet.paragraph(f"{BEES} {DANCE}")
    document = read(sheet, tmp_path)
    assert titles(document) == [first, second] * 3
    names = [re.split(r"[:\d] ", chapter)[-1] for chapter in chapters]
    openings = document.chapters[::2]
    assert [chapter.full_title for chapter in openings] == [f"{name}: {first}" for name in names]
    assert [chapter.level for chapter in document.chapters] == [1, 2] * 3


def test_what_sections_of_papers_are_called_is_swallowed(tmp_path: Path) -> None:
    sheet = Sheet()
    for number, chapter in enumerate(("Rivers", "Bridges", "Gardens"), start=1):
        sheet.heading(f"{number} {chapter}", size=20)
        for place, section in enumerate(("Introduction", "Two banks"), start=1):
            sheet.heading(f"{number}.{place} {section}", size=14)
            sheet.paragraph(f"{BEES} {DANCE}")
    found = titles(read(sheet, tmp_path))
    assert found == ["Rivers", "Two banks", "Bridges", "Two banks", "Gardens", "Two banks"]
