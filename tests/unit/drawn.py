"""Reading small drawn PDFs without the layout model: what the rules alone make of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.domain import Document
from pipeline.read import composed
from tests.auditing import audit
from tests.drawing import BEES, DANCE, HONEY, WINTER, Sheet

TEXTS = (BEES, DANCE, HONEY, WINTER)


def read(sheet: Sheet, folder: Path) -> Document:
    """Each of its words must be accounted for."""
    path = sheet.save(folder / "drawn.pdf")
    document = composed(path, {})
    assert audit(path, document).unexplained == []
    assert document.account.unexplained == 0
    return document


def titles(document: Document) -> list[str]:
    return [chapter.title for chapter in document.chapters]


def text_of(document: Document) -> str:
    return "\n\n".join(chapter.text for chapter in document.chapters)


def paper(
    *headings: str, size: float = 14.0, write: Callable[[Sheet, str], None] | None = None
) -> Sheet:
    """A title and a section of two paragraphs under each heading."""
    sheet = Sheet()
    sheet.line("How Bees Find Their Way", size=20, font="hebo")
    sheet.space(12)
    for place, heading in enumerate(headings):
        if write is None:
            sheet.heading(heading, size=size)
        else:
            write(sheet, heading)
        for text in (TEXTS[place % 4], TEXTS[(place + 1) % 4]):
            sheet.paragraph(text)
    return sheet
