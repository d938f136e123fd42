"""Which pages cannot be read as they stand, and what recognised rows become."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from pipeline.errors import GibberishPdf, IllegiblePdf, ScannedPdf
from pipeline.pdf import scans
from pipeline.pdf.lines import Trouble
from pipeline.read import composed, survey
from tests.drawing import BEES, DANCE, HONEY, WINTER, Sheet, a_gibberish, a_paper, rasterised
from tests.unit.drawn import text_of

TEXTS = (BEES, DANCE, HONEY, WINTER)


def _troubles(path: Path) -> list[Trouble | None]:
    from pipeline.read import _opened_text

    return [page.trouble for page in _opened_text(path).pages]


def _with_layer(path: Path, spoil: str = "") -> Path:
    """A scan as OCRmyPDF leaves it: the picture, and the text over it without ink."""
    sheet = Sheet()
    sheet.paragraph(" ".join(TEXTS))
    picture = sheet.page.get_pixmap(dpi=60).tobytes("png")
    text = " ".join(TEXTS).translate(str.maketrans(spoil, "~^#"[: len(spoil)]))
    pdf = pymupdf.open()
    page = pdf.new_page(width=595, height=842)
    page.insert_image(page.rect, stream=picture)
    page.insert_textbox(pymupdf.Rect(72, 72, 523, 770), text, fontsize=10, render_mode=3)
    pdf.save(path)
    return path


def _mixed(path: Path, pictured: set[int]) -> Path:
    return rasterised(a_paper(path), only=pictured, dpi=60)


def test_a_scanned_page_in_a_readable_file_is_counted_and_the_rest_read(tmp_path: Path) -> None:
    document = composed(_mixed(tmp_path / "mixed.pdf", {1}), {})
    assert document.skipped.scanned_pages == 1
    assert "Honey bees find their way home" in text_of(document)
    assert document.pages == 3


def test_a_file_of_which_most_pages_are_pictures_is_a_scan(tmp_path: Path) -> None:
    with pytest.raises(ScannedPdf, match="listendock\\[ocr\\]"):
        survey(_mixed(tmp_path / "mixed.pdf", {0, 1}), max_pages=9)


def test_a_scan_with_a_good_layer_is_read_as_it_is(tmp_path: Path) -> None:
    path = _with_layer(tmp_path / "layer.pdf")
    assert _troubles(path) == [None]
    assert "dances for her sisters" in text_of(composed(path, {}))


def test_a_scan_with_a_poor_layer_is_recognised_anew_or_read_all_the_same(tmp_path: Path) -> None:
    path = _with_layer(tmp_path / "poor.pdf", spoil="lm")
    assert _troubles(path) == [Trouble.POOR]
    assert composed(path, {}).skipped.scanned_pages == 0


def test_a_page_of_nonsense_in_a_readable_file_is_found(tmp_path: Path) -> None:
    with pymupdf.open(a_paper(tmp_path / "a.pdf")) as pdf:
        pdf.insert_pdf(pymupdf.open(a_gibberish(tmp_path / "b.pdf")))
        pdf.save(tmp_path / "both.pdf")
    assert _troubles(tmp_path / "both.pdf") == [None, None, None, Trouble.GIBBERISH]
    document = composed(tmp_path / "both.pdf", {})
    assert document.skipped.scanned_pages == 1


def test_nonsense_throughout_is_told(tmp_path: Path) -> None:
    with pytest.raises(GibberishPdf):
        survey(a_gibberish(tmp_path / "b.pdf"), max_pages=9)


def test_empty_pages_and_pictures_beside_text_are_no_scans(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.paragraph(" ".join(TEXTS))
    sheet.picture((72, 400, 523, 800))
    sheet.new_page()
    sheet.new_page()
    sheet.paragraph(" ".join(TEXTS))
    assert _troubles(sheet.save(tmp_path / "a.pdf")) == [None, None, None]


def test_a_stamp_at_the_edge_makes_no_text_of_a_picture(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.picture((0, 0, 595, 842))
    stamp = "Downloaded from an archive on a Monday, for personal use and for nothing else"
    sheet.page.insert_text((72, 830), stamp, fontsize=8, color=(1, 1, 1))
    assert _troubles(sheet.save(tmp_path / "a.pdf")) == [Trouble.SCAN]


def _answer(*rows: list[object]) -> dict[str, object]:
    return {"width": 595.0, "height": 842.0, "rows": list(rows)}


def _prose(confidence: float, *, count: int = 12) -> list[list[object]]:
    words = "The bees dance on the comb and tell of flowers"
    return [
        [72.0, 72.0 + 12 * row, 500.0, 80.0 + 12 * row, words, confidence, 9.6 + row % 2, 0.13]
        for row in range(count)
    ]


def test_a_page_of_little_confidence_is_never_read(tmp_path: Path) -> None:
    path = rasterised(a_paper(tmp_path / "a.pdf"), dpi=60)
    answers = {str(page): _answer(*_prose(0.5)) for page in range(3)}
    with pytest.raises(IllegiblePdf):
        composed(path, {}, recognised=answers)


def test_sizes_that_were_measured_vote_as_sizes_that_were_set(tmp_path: Path) -> None:
    heading: list[object] = [72.0, 50.0, 140.0, 62.0, "Abstract", 0.99, 14.2, 0.17]
    path = rasterised(a_paper(tmp_path / "a.pdf"), only={0}, dpi=60)
    from pipeline.read import _opened_text

    pages = scans.readable(_opened_text(path).pages, {"0": _answer(heading, *_prose(0.98))})
    first, *rest = pages[0].lines
    assert (first.text, first.is_bold) == ("Abstract", True)
    assert len({line.size for line in rest}) == 1
    assert first.size > 1.25 * rest[0].size
    assert {line.block for line in rest} == {first.block + 1}
    assert pages[0].trouble is None


def test_labels_of_a_drawing_are_not_read(tmp_path: Path) -> None:
    rows = [[72.0, 72.0 + 20 * n, 90.0, 80.0 + 20 * n, f"0.{n}", 0.99, 9.0, 0.1] for n in range(20)]
    path = rasterised(a_paper(tmp_path / "a.pdf"), only={0}, dpi=60)
    document = composed(path, {}, recognised={"0": _answer(*rows)})
    assert "0.3" not in text_of(document)
    assert document.skipped.illegible_pages == 0
