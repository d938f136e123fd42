"""Scanned pages are recognised in children of their own; skipped without the extra `ocr`."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from pathlib import Path

import pymupdf
import pytest

from pipeline.domain import Document
from pipeline.errors import EmptyPdf, UserError
from pipeline.producer import Producer, recognition_is_installed
from tests.drawing import BEES, BOLD, DANCE, HONEY, Sheet, a_gibberish, a_paper, rasterised

pytestmark = pytest.mark.skipif(not recognition_is_installed(), reason="without listendock[ocr]")


def _text(document: Document) -> str:
    return " ".join(" ".join(chapter.text.split()) for chapter in document.chapters)


def _error_rate(found: str, truth: str) -> float:
    """Signs that are too many or too few, of those that are true."""
    found, truth = (re.sub(r"\s+", " ", text).strip() for text in (found, truth))
    same = sum(b.size for b in SequenceMatcher(None, found, truth, False).get_matching_blocks())
    return max(len(found), len(truth)) / len(truth) - same / len(truth)


async def test_a_scanned_paper_has_its_chapters_and_no_word_is_lost_or_doubled(
    warm_producer: Producer, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    drawn = a_paper(tmp_path / "paper.pdf", is_short=True)
    truth = await warm_producer.read(drawn, max_pages=9)
    scan = rasterised(drawn)
    found = await warm_producer.read(scan, max_pages=9, on_progress=lambda *n: told.append(n))
    assert [c.title for c in found.chapters] == [c.title for c in truth.chapters]
    assert [c.level for c in found.chapters] == [c.level for c in truth.chapters]
    assert _error_rate(_text(found), _text(truth)) <= 0.01
    assert found.skipped.references == 3
    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize("degrees", [0, 2.5, 90, 180, 270])
async def test_two_columns_are_read_in_turn_however_the_page_lies(
    degrees: float, warm_producer: Producer, tmp_path: Path
) -> None:
    sheet = Sheet()
    sheet.line("The Year of the Bees", size=20, font=BOLD)
    sheet.space(10)
    sheet.columns([BEES], [HONEY])
    scan = rasterised(sheet.save(tmp_path / "two.pdf"), degrees=degrees)
    found = await warm_producer.read(scan, max_pages=9)
    assert _error_rate(_text(found), f"{BEES} {HONEY}") <= 0.01


async def test_only_the_pages_that_need_it_are_recognised(
    warm_producer: Producer, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    drawn = a_paper(tmp_path / "paper.pdf", is_short=True)
    truth = await warm_producer.read(drawn, max_pages=9)
    mixed = rasterised(drawn, only={1})
    found = await warm_producer.read(mixed, max_pages=9, on_progress=lambda *n: told.append(n))
    assert told == [(1, 1)]
    assert found.skipped.scanned_pages == found.skipped.illegible_pages == 0
    assert _error_rate(_text(found), _text(truth)) <= 0.01


async def test_nonsense_is_recognised_as_it_looks(warm_producer: Producer, tmp_path: Path) -> None:
    """The drawn letters are nonsense too: what is recognised is not believed."""
    with pytest.raises(UserError):
        await warm_producer.read(a_gibberish(tmp_path / "a.pdf"), max_pages=9)


async def test_a_huge_picture_is_recognised_at_a_bounded_size(
    warm_producer: Producer, tmp_path: Path
) -> None:
    sheet = Sheet()
    sheet.paragraph(f"{BEES} {DANCE}")
    scan = rasterised(sheet.save(tmp_path / "a.pdf"), dpi=900)
    found = await warm_producer.read(scan, max_pages=9)
    assert _error_rate(_text(found), f"{BEES} {DANCE}") <= 0.01


async def test_blank_pages_between_scans_are_nothing(
    warm_producer: Producer, tmp_path: Path
) -> None:
    sheet = Sheet()
    sheet.paragraph(BEES)
    sheet.new_page()
    scan = rasterised(sheet.save(tmp_path / "a.pdf"))
    found = await warm_producer.read(scan, max_pages=9)
    assert found.skipped.illegible_pages == 0
    assert _error_rate(_text(found), BEES) <= 0.01


async def test_a_picture_without_words_is_empty_not_silent(
    warm_producer: Producer, tmp_path: Path
) -> None:
    sheet = Sheet()
    sheet.picture((0, 0, 595, 842))
    with pytest.raises(EmptyPdf):
        await warm_producer.read(sheet.save(tmp_path / "a.pdf"), max_pages=9)


async def test_letters_that_the_model_does_not_know_are_never_read(
    warm_producer: Producer, tmp_path: Path
) -> None:
    russian = "Пчёлы танцуют на сотах и рассказывают сёстрам, где растут цветы. " * 6
    with pymupdf.open() as pdf:
        page = pdf.new_page()
        page.insert_htmlbox(pymupdf.Rect(72, 72, 520, 770), f"<p>{russian}</p>")
        pdf.save(tmp_path / "russian.pdf")
    with pytest.raises(UserError, match="recognised"):
        await warm_producer.read(rasterised(tmp_path / "russian.pdf"), max_pages=9)
