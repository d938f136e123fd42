"""Reading a PDF, end to end in this process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from pipeline.domain import Account, Chapter, Document, Finding, Narration, Passage, Reason
from pipeline.producer import log_findings
from pipeline.read import with_seconds
from pipeline.spoken.script import estimated_seconds, script_of
from tests.drawing import BEES
from tests.reading import read_pdf
from tests.samples import a_document


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


def test_what_may_be_missing_is_logged_by_reason_and_never_in_its_words() -> None:
    finding = Finding(page=7, reason=Reason.FRONT_MATTER, words=30, text="A secret sentence")
    account = Account(words=90, spoken=58, unexplained=2, findings=(finding, finding))
    with capture_logs() as logged:
        log_findings(replace(a_document("d" * 64), account=account))
        log_findings(a_document("e" * 64))
    told = [(entry["log_level"], entry["words"]) for entry in logged]
    assert told == [("error", 2), ("info", {"front_matter": 60})]
    assert "secret" not in str(logged)


def test_minutes_are_told_from_a_few_passages_and_are_nearly_those_of_the_scripts() -> None:
    """A book's worth of chapters of all lengths, with what is longer when it is said."""
    texts = ("Bees dance.", "In 1973 von Frisch got 1/3 of a prize.", "It is 37 °C, ±2 %, inside.")
    chapters = tuple(
        Chapter(
            number=number,
            title=f"Hive {number}",
            level=1,
            page=number,
            passages=tuple(
                Passage(text=f"{texts[(number + n) % 3]} {BEES}", page=number)
                for n in range(3 + number)
            ),
        )
        for number in range(1, 9)
    )
    book = Document(id="0" * 64, title="Bees", pages=8, language="en", chapters=chapters)
    narration = Narration(voice="any:any", language="en")
    for chapter, told in zip(chapters, with_seconds(book).chapters, strict=True):
        assert told.seconds == pytest.approx(
            estimated_seconds(script_of(chapter, narration)), rel=0.08
        )


def test_a_text_in_one_piece_has_its_minutes_too() -> None:
    one = Passage(text=f"{BEES} " * 200, page=1)
    chapter = Chapter(number=1, title="Bees", level=1, page=1, passages=(one, one))
    book = Document(id="0" * 64, title="Bees", pages=8, language="en", chapters=(chapter,))
    assert with_seconds(book).chapters[0].seconds > 600
