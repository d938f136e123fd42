"""Reading a PDF, end to end in this process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from structlog.testing import capture_logs

from pipeline.domain import Account, Finding, Reason
from pipeline.producer import log_findings
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
