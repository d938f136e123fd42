"""Reading a PDF, end to end in this process."""

from __future__ import annotations

from pathlib import Path

from tests.reading import read_pdf


def test_a_paper_becomes_its_chapters(paper: Path) -> None:
    document = read_pdf(paper, max_pages=10)
    assert document.title == "How Bees Find Their Way Home"
    assert [chapter.title for chapter in document.chapters] == [
        "Abstract",
        "Introduction",
        "The dance",
        "Direction and distance",
        "Honey and winter",
        "Discussion",
    ]
    assert document.skipped.references == 3
    assert "Journal" not in " ".join(chapter.text for chapter in document.chapters)
