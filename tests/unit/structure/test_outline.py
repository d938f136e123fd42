"""The PDF's own outline: believed only where the pages bear it out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.read import composed
from tests.drawing import BEES, BOLD, DANCE, HONEY, REGULAR, WINTER, Sheet
from tests.unit.drawn import read, titles

PARTS = (("Orientation", BEES), ("The dance", DANCE), ("Storing honey", HONEY), ("Winter", WINTER))


def book(outline: list[list[Any]], *, size: float = 10.0) -> Sheet:
    """Four parts, two on each page, whose headings look like the text."""
    sheet = Sheet()
    for place, (heading, text) in enumerate(PARTS):
        if place == 2:
            sheet.new_page()
        sheet.space(10)
        sheet.line(heading, size=size, font=BOLD if size > 10 else REGULAR)
        sheet.space(4)
        sheet.paragraph(f"{text} {BEES}")
        sheet.paragraph(f"{DANCE} {text}")
    sheet.outline = outline
    return sheet


def test_chapters_begin_at_the_line_though_the_outline_names_only_pages(tmp_path: Path) -> None:
    names = [heading for heading, _ in PARTS]
    document = read(book([[1, name, 1 + place // 2] for place, name in enumerate(names)]), tmp_path)
    assert titles(document) == names
    assert document.chapters[1].text.startswith("On the comb")
    assert document.chapters[1].page == 1


def test_an_outline_whose_titles_stand_nowhere_is_not_believed(tmp_path: Path) -> None:
    lies = [[1, name, 1] for name in ("Gardening", "Sailing", "Cooking", "Chess")]
    assert not set(titles(read(book(lies), tmp_path))) & {
        "Gardening",
        "Sailing",
        "Cooking",
        "Chess",
    }


def test_a_target_one_page_off_is_found_by_its_words(tmp_path: Path) -> None:
    names = [heading for heading, _ in PARTS]
    document = read(book([[1, name, 2 - place // 2] for place, name in enumerate(names)]), tmp_path)
    assert titles(document) == names


def test_what_looks_like_the_outlines_headings_is_one_too(
    tmp_path: Path,
) -> None:
    names = [heading for heading, _ in PARTS]
    outline = [[1, name, 1 + place // 2] for place, name in enumerate(names) if place != 1]
    document = read(book(outline, size=14.0), tmp_path)
    assert titles(document) == names


def test_a_title_is_told_as_printed_where_the_outline_shortens_it(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.outline = []
    for heading, short in (("Model class: hives", "Model class"), ("Data", "Data"), ("End", "End")):
        sheet.heading(heading)
        sheet.outline.append([1, short, 1])
        sheet.paragraph(f"{BEES} {DANCE}")
    assert titles(read(sheet, tmp_path)) == ["Model class: hives", "Data", "End"]


def test_levels_come_from_the_outline(tmp_path: Path) -> None:
    outline = [
        [1, "Orientation", 1],
        [2, "The dance", 1],
        [1, "Storing honey", 2],
        [2, "Winter", 2],
    ]
    assert [c.level for c in read(book(outline), tmp_path).chapters] == [1, 2, 1, 2]


def test_a_broken_outline_does_not_matter(tmp_path: Path) -> None:
    sheet = book([[1, "Orientation", 1], [1, "The dance", 1], [1, "Winter", 2]])
    path = sheet.save(tmp_path / "whole.pdf")
    data = path.read_bytes().replace(b"/First ", b"/Fxrst ").replace(b"/Next ", b"/Nxxt ")
    path.write_bytes(data)
    assert composed(path, {}).chapters
