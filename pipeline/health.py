"""Opening a file that may be anything, and saying in one sentence what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
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
    NotAPdf,
    ScannedPdf,
    TooManyPages,
)
from pipeline.lines import Page

HEADER_BYTES = 4096
FEW_CHARACTERS = 30  # a page with fewer is a picture, or empty
_VOWEL = re.compile(r"[aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýœ]", re.I)

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


def check_text(pages: Sequence[Page], pdf: Any) -> None:
    """Raises unless the pages hold text that can be read aloud."""
    lengths = [sum(len(line.text) for line in page.lines) for page in pages]
    written = [length for length in lengths if length >= FEW_CHARACTERS]
    if not written or (len(written) < 0.2 * len(pages) and sum(lengths) < 200 * len(pages)):
        raise _without_text(pages, sum(lengths))
    text = "\n".join(line.text for page in pages for line in page.lines)
    if is_gibberish(text[:60_000]):
        raise GibberishPdf


def _without_text(pages: Sequence[Page], characters: int) -> Exception:
    pictures = sum(page.picture_share > 0.3 for page in pages)
    return ScannedPdf() if pictures else EmptyPdf()


def is_gibberish(text: str) -> bool:
    """Fonts without a map to Unicode give signs that mean nothing: private ones, controls, the
    replacement sign, or Latin letters that no language strings together."""
    signs = [sign for sign in text if not sign.isspace()]
    if len(signs) < 20:
        return False
    strange = sum(sign == "\ufffd" or unicodedata.category(sign) in _STRANGE for sign in signs)
    if strange > 0.25 * len(signs):
        return True
    letters = sum(sign.isalpha() for sign in signs)
    if letters < 0.25 * len(signs):
        return sum(sign.isdigit() for sign in signs) < 0.3 * len(signs)
    return _is_unspeakable(text)


_STRANGE = ("Co", "Cc", "Cn", "Cs")


def _is_unspeakable(text: str) -> bool:
    """Latin words of four letters and more, most of them without a vowel or with signs inside."""
    words = re.findall(r"[^\s]{4,}", text)
    latin = [word for word in words if re.search(r"[a-z]", word, re.I) and word.isascii()]
    if len(latin) < 20 or len(latin) < 0.5 * len(words):
        return False
    broken = sum(
        not _VOWEL.search(word) or bool(re.search(r"[a-z][^\w\s'’./:@&+-]+[a-z]", word, re.I))
        for word in latin
    )
    return broken > 0.5 * len(latin)
