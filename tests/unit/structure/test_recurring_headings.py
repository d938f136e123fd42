"""Headings that recur below others are parts of them, and no chapters."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.domain import PassageKind
from tests.drawing import BEES, BOLD, DANCE, HONEY, ITALIC, WINTER, Sheet
from tests.unit.drawn import read, titles

COOKBOOKS = (
    (("Pear Tart", "Fish Soup", "Rye Bread"), ("Ingredients", "Method")),
    (("Apfelkuchen", "Linsensuppe", "Roggenbrot"), ("Zutaten", "Zubereitung")),
    (
        ("Tarte aux poires", "Soupe de poisson", "Pain noir"),
        ("Ingrédients", "Préparation", "Conseil"),
    ),
    (("Goldfinch", "Barn Owl", "Kestrel", "Stork"), ("Description", "Results", "Where to look")),
)


def recipes(names: tuple[str, ...], parts: tuple[str, ...], *, texts: int = 1) -> Sheet:
    sheet = Sheet()
    for place, name in enumerate(names):
        if place:
            sheet.new_page()
        sheet.line(name, size=18, font=BOLD)
        sheet.space(8)
        sheet.line(f"Serves {4 + place}, and is ready in {name}.", font=ITALIC)
        for part in parts:
            sheet.heading(part, size=13)
            for text in (BEES, DANCE, HONEY, WINTER) * texts:
                sheet.paragraph(text)
    return sheet


@pytest.mark.parametrize(("names", "parts"), COOKBOOKS)
def test_each_recipe_is_one_chapter(
    names: tuple[str, ...], parts: tuple[str, ...], tmp_path: Path
) -> None:
    document = read(recipes(names, parts), tmp_path)
    assert titles(document) == list(names)
    for chapter in document.chapters:
        said = [p.text for p in chapter.passages if p.kind is PassageKind.HEADING]
        assert said == list(parts)


def test_long_parts_that_recur_are_chapters(tmp_path: Path) -> None:
    document = read(recipes(("North", "South", "West"), ("Review", "Prospects"), texts=4), tmp_path)
    assert titles(document) == ["North", "Prospects", "South", "Prospects", "West", "Prospects"]


def test_what_stands_twice_below_one_heading_is_a_chapter(tmp_path: Path) -> None:
    document = read(recipes(("North", "South", "West"), ("Review", "Coast", "Review")), tmp_path)
    assert titles(document).count("Review") == 3


@pytest.mark.parametrize(
    "quantities",
    [("200 g flour", "2 tbsp sugar", "3 pears"), ("1/2 Liter Milch", "250 g Quark", "3 Eier")],
)
def test_each_quantity_is_an_item(quantities: tuple[str, ...], tmp_path: Path) -> None:
    sheet = recipes(("Pear Tart", "Fish Soup", "Rye Bread"), ("Ingredients", "Method"))
    for quantity in quantities:
        sheet.line(quantity)
    sheet.space(6)
    sheet.paragraph(BEES)
    passages = [passage.text for passage in read(sheet, tmp_path).chapters[-1].passages]
    assert set(quantities) <= set(passages)
