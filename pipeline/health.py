"""Opening a file that may be anything, and saying in one sentence what is wrong with it."""

from __future__ import annotations

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
)
from pipeline.lines import Page, Trouble
from pipeline.scans import FEW_CHARACTERS

HEADER_BYTES = 4096

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)


@contextmanager
def opened(path: Path, *, max_pages: int | None = None) -> Iterator[Any]:
    """The PDF behind a path. Raises what the listener must know instead of vendor errors."""
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES)
    if b"%PDF-" not in head and b"%!PS-Adobe" not in head:
        raise NotAPdf
    try:
        pdf = pymupdf.open(path, filetype="pdf")
    except (pymupdf.FileDataError, pymupdf.EmptyFileError, RuntimeError, ValueError) as err:
        raise DamagedPdf from err
    try:
        with pdf:
            if pdf.needs_pass:
                raise EncryptedPdf
            _check_pages(pdf, max_pages)
            yield pdf
    finally:
        pymupdf.TOOLS.store_shrink(100)  # else up to 256 MB of a file stay behind it


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
