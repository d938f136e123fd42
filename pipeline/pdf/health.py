"""Opening a file that may be anything, and saying in one sentence what is wrong with it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pymupdf

from pipeline.errors import (
    DamagedPdf,
    EmptyPdf,
    EncryptedPdf,
    GibberishPdf,
    IllegiblePdf,
    NotAPdf,
    ScannedPdf,
    TooManyPages,
    WrongPassword,
)
from pipeline.pdf.lines import Page, Trouble
from pipeline.pdf.scans import FEW_CHARACTERS

HEADER_BYTES = 4096
EPUB_TYPE, EPUB_TYPE_END = b"mimetypeapplication/epub+zip", 128

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)


@contextmanager
def opened(
    path: Path, *, max_pages: int | None = None, password: str | None = None
) -> Iterator[Any]:
    """The PDF or EPUB behind a path; `password`: for one that asks for it. Raises what the listener
    must know instead of vendor errors."""
    with path.open("rb") as file:
        kind = _kind_of(file.read(HEADER_BYTES))
    try:
        pdf = pymupdf.open(path, filetype=kind)
    except (pymupdf.FileDataError, pymupdf.EmptyFileError, RuntimeError, ValueError) as err:
        raise DamagedPdf from err
    try:
        with pdf:
            if pdf.needs_pass:
                _authenticate(pdf, password)
            _check_pages(pdf, max_pages)
            yield pdf
    finally:
        pymupdf.TOOLS.store_shrink(100)  # else up to 256 MB of a file stay behind it


def _authenticate(pdf: Any, password: str | None) -> None:
    """By the password as it was given; else without the blanks that came with it, its letters and
    accents composed, as most programs write them."""
    if password is None:
        raise EncryptedPdf
    stripped = password.strip()
    for candidate in (password, stripped, unicodedata.normalize("NFC", stripped)):
        if pdf.authenticate(candidate):
            return
    raise WrongPassword


def _kind_of(head: bytes) -> str:
    """By what it begins with. An EPUB's first entry is its type, stored as it is."""
    if head.startswith(b"PK") and EPUB_TYPE in head[:EPUB_TYPE_END]:
        return "epub"
    if b"%PDF-" not in head and b"%!PS-Adobe" not in head:
        raise NotAPdf
    return "pdf"


def _check_pages(pdf: Any, max_pages: int | None) -> None:
    """Truncated files open with no pages and no error; small ones claim a hundred million."""
    try:
        count = pdf.page_count
    except (RuntimeError, ValueError) as err:
        raise DamagedPdf from err
    if count < 1:
        raise EmptyPdf if pdf.is_repaired is False else DamagedPdf
    if max_pages is not None and count > max_pages:
        raise TooManyPages(pages=count, limit=max_pages)
    try:
        pdf.load_page(0)
    except (RuntimeError, ValueError, IndexError) as err:
        raise DamagedPdf from err


def check_text(pages: Sequence[Page]) -> None:
    """Raises unless most pages that have text hold some that can be read aloud."""
    lengths = [sum(len(line.text) for line in page.lines) for page in pages]
    written = sum(length >= FEW_CHARACTERS for length in lengths)
    troubles = Counter(page.trouble for page in pages if page.trouble is not None)
    if troubles.total() > written:
        raise _ERRORS[troubles.most_common(1)[0][0]]
    if not written or (written < 0.2 * len(pages) and sum(lengths) < 200 * len(pages)):
        raise _without_text(pages)


def _without_text(pages: Sequence[Page]) -> Exception:
    pictures = sum(page.picture_share > 0.3 for page in pages)
    return ScannedPdf() if pictures else EmptyPdf()


_ERRORS = {
    Trouble.SCAN: ScannedPdf,
    Trouble.POOR: ScannedPdf,
    Trouble.GIBBERISH: GibberishPdf,
    Trouble.ILLEGIBLE: IllegiblePdf,
}
