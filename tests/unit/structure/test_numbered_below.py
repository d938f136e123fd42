"""Headings without a number, and a numbered list among them or behind, as reports have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drawing import BEES, BODY_PT, BOLD, DANCE, HONEY, WINTER, Sheet
from tests.unit.drawn import paper, read, titles


def report(
    *headings: str, size: float = 13.0, font: str = BOLD, title: str = "Annual Report"
) -> Sheet:
    sheet = Sheet()
    sheet.line(title, size=18, font=BOLD)
    sheet.space(12)
    for heading in headings:
        sheet.heading(heading, size=size, font=font)
        for text in (BEES, DANCE, HONEY):
            sheet.paragraph(text)
    return sheet


def test_numbered_headings_in_a_smaller_look_lie_below_the_others(tmp_path: Path) -> None:
    sheet = report("Review of the year", "Our people", "Risks")
    sheet.heading("Notes to the accounts", size=13)
    for note in ("1. Accounting policies", "2. Revenue", "3. Employees"):
        sheet.heading(note, size=BODY_PT)
        sheet.paragraph(BEES)
    document = read(sheet, tmp_path)
    assert titles(document)[:4] == [
        "Review of the year", "Our people", "Risks", "Notes to the accounts"
    ]  # fmt: skip
    assert [chapter.level for chapter in document.chapters[:4]] == [1, 1, 1, 1]


@pytest.mark.parametrize("size", [BODY_PT, 13.0])
@pytest.mark.parametrize("where", ["below", "within"])
def test_a_numbered_list_of_sentences_takes_nothing_from_headings(
    size: float, where: str, tmp_path: Path
) -> None:
    headings = ["Rückblick auf das Jahr", "Menschen im Verein", "Ausblick"]
    sheet = report(*headings[: 3 if where == "below" else 2], size=size, title="Jahresbericht")
    for place, text in enumerate((BEES, DANCE, HONEY, WINTER), start=1):
        sheet.paragraph(f"{place}. {text.split('.')[0]}.")
    if where == "within":
        sheet.heading(headings[2], size=size)
        sheet.paragraph(WINTER)
    assert titles(read(sheet, tmp_path)) == headings


def test_headings_before_a_summary_are_headings_where_text_is_below_them(tmp_path: Path) -> None:
    sheet = report("Lettre du président", "Faits marquants", "Résumé", "Perspectives")
    for place, text in enumerate((BEES, DANCE, HONEY), start=1):
        sheet.paragraph(f"{place}) {text.split('.')[0]}.")
    found = titles(read(sheet, tmp_path))
    assert found == ["Lettre du président", "Faits marquants", "Résumé", "Perspectives"]


def test_numbered_headings_in_the_same_look_stay_chapters(tmp_path: Path) -> None:
    document = read(paper("Foreword", "1 Bees", "2 Honey", "Thanks"), tmp_path)
    assert [chapter.level for chapter in document.chapters] == [1, 1, 1, 1]


@pytest.mark.parametrize("chapter", ["Chapter {}. {}", "{} {}"])
def test_a_title_page_lies_above_no_chapter(chapter: str, tmp_path: Path) -> None:
    sheet = Sheet()
    for text in ("Installing the Hive", "A Guide for Keepers", "The Keepers' Team"):
        sheet.heading(text, size=24)
        sheet.paragraph("Copyright 2026 of the keepers and their friends.")
    sheet.new_page()
    for number, name in enumerate(("Bees", "Honey", "Winter"), start=1):
        sheet.heading(chapter.format(number, name), size=18)
        for text in (BEES, DANCE, HONEY):
            sheet.paragraph(text)
    document = read(sheet, tmp_path)
    assert [(c.title, c.level) for c in document.chapters][-3:] == [
        ("Bees", 1), ("Honey", 1), ("Winter", 1)
    ]  # fmt: skip
