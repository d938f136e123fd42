"""Poems, drawn: their lines are not joined."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.drawing import BEES, DANCE, HONEY, Sheet
from tests.unit.drawn import read, text_of

ENGLISH = (
    "The river takes the morning in its hand",
    "And turns it over slowly like a coin",
    "The herons stand like letters on the sand",
    "Where salt and sweeter water meet and join",
)
SPANISH = (
    "caminante, son tus huellas",
    "el camino y nada más;",
    "caminante, no hay camino,",
    "se hace camino al andar.",
    "al andar se hace camino",
    "y al volver la vista atrás",
)
GERMAN = (
    "Der Fluß nimmt früh das Licht in seine Hand",
    "Und dreht es langsam um wie eine Münze",
    "Die Reiher stehn wie Zeichen auf dem Sand",
    "Am Ufer riecht es nach der wilden Minze",
)
BARE = (
    "verde que te quiero verde",
    "verde viento y verdes ramas",
    "el barco sobre la mar",
    "y el caballo en la montaña",
    "con la sombra en la cintura",
    "ella suena en su baranda",
)


@pytest.mark.parametrize("lines", [ENGLISH, SPANISH, GERMAN, BARE])
@pytest.mark.parametrize("is_quoted", [False, True])
def test_each_line_of_a_poem_stands_alone(
    lines: Sequence[str], is_quoted: bool, tmp_path: Path
) -> None:
    sheet = Sheet()
    sheet.heading("The Weir", size=16)
    if is_quoted:
        sheet.paragraph(HONEY)
    for _ in range(2):
        for line in lines:
            sheet.line(line, x=100)
        sheet.space(10)
    if is_quoted:
        sheet.paragraph(BEES)
    passages = [p.text for c in read(sheet, tmp_path).chapters for p in c.passages]
    assert [text for text in passages if text in lines] == [*lines, *lines]


@pytest.mark.parametrize("width", [120.0, 200.0, 451.0])
def test_lines_of_prose_are_joined(width: float, tmp_path: Path) -> None:
    german = "Der Baumeister sah den Fluss und den Hafen, die Boote und die Netze der Fischer. " * 3
    sheet = Sheet()
    sheet.heading("The Weir", size=16)
    for text in (BEES, german.strip(), DANCE):
        sheet.paragraph(text, width=width)
    found = text_of(read(sheet, tmp_path)).split("\n\n")
    assert found == [BEES, german.strip(), DANCE]
