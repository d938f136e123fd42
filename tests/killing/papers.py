"""Papers of three short chapters, each with a title of its own."""

from __future__ import annotations

from pathlib import Path

from tests.drawing import BEES, BOLD, DANCE, HONEY, Sheet

CHAPTERS = 3


def title_of(chapter: int) -> str:
    return f"Thing {chapter} of bees"


def a_told_paper(folder: Path, title: str) -> Path:
    """What `SoundProducer` takes for a PDF."""
    path = folder / f"{title}.pdf"
    path.write_text(f"%PDF {title}")
    return path


def a_drawn_paper(folder: Path, title: str) -> Path:
    sheet = Sheet()
    sheet.line(f"{title} on what bees do", size=20, font=BOLD)
    sheet.space(8)
    for number, text in enumerate((BEES, DANCE, HONEY), start=1):
        sheet.heading(f"{number} {title_of(number)}")
        sheet.paragraph(text)
    return sheet.save(folder / f"{title}.pdf")
