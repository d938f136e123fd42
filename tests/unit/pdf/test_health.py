"""What is wrong with a file is said in one sentence that helps."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from pipeline.errors import (
    DamagedPdf,
    EmptyPdf,
    EncryptedPdf,
    NotAPdf,
    ScannedPdf,
    TooManyPages,
    UserError,
)
from pipeline.pdf.gibberish import is_gibberish
from pipeline.read import cpu_for, survey
from tests.drawing import BEES, Sheet


def _not_a_pdf(path: Path) -> None:
    path.write_bytes(b"<html><body>%PDF? no</body></html>")


def _cut_off(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog")


def _locked(path: Path) -> None:
    sheet = Sheet()
    sheet.paragraph(BEES)
    options = {"encryption": pymupdf.PDF_ENCRYPT_AES_256, "user_pw": "u", "owner_pw": "o"}
    sheet.save(path, **options)


def _empty(path: Path) -> None:
    Sheet().save(path)


def _scan(path: Path) -> None:
    sheet = Sheet()
    sheet.picture((0, 0, 595, 842))
    sheet.save(path)


def _long(path: Path) -> None:
    sheet = Sheet()
    for _ in range(12):
        sheet.new_page()
    sheet.save(path)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (_not_a_pdf, NotAPdf),
        (_cut_off, DamagedPdf),
        (_locked, EncryptedPdf),
        (_empty, EmptyPdf),
        (_scan, ScannedPdf),
        (_long, TooManyPages),
    ],
)
def test_what_is_wrong_is_named(make: object, error: type[UserError], tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"
    make(path)  # type: ignore[operator]
    with pytest.raises(error):
        survey(path, max_pages=10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BEES * 3, False),
        ("\ufffd\ue001\ue002\ufffd " * 40, True),
        ("xkcd qwrt zzrb pqlk mnbv hgfd " * 20, True),
        ("Die Bienen tanzen auf der Wabe, und alle sehen zu. " * 5, False),
        ("蜜蜂在蜂巢里跳舞，告诉同伴花在哪里。" * 5, False),
    ],
)
def test_nonsense_is_told_from_languages(text: str, expected: bool) -> None:
    assert is_gibberish(text) is expected


def test_a_bigger_file_may_take_longer_but_not_for_ever() -> None:
    small, big, huge = (cpu_for(size) for size in (10_000, 10_000_000, 10_000_000_000))
    assert 10 <= small <= 20 < big < huge <= 400


def test_a_thousand_pages_of_text_are_a_small_file_and_may_take_longer() -> None:
    """They took 66 s before paragraphs were joined in one pass, in 1.4 MB."""
    assert 150 <= cpu_for(1_400_000, pages=1000) < cpu_for(1_400_000, pages=10**9) <= 400
