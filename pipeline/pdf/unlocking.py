"""A PDF that is locked with a password → the same without one. Runs in a child process, where the
password comes by a pipe and goes nowhere."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pymupdf

from pipeline.errors import DISK_FULL_ERRNOS, DamagedPdf, DiskFull
from pipeline.pdf.health import opened

# The same bytes each time, so the same document: no new id, no date. What nothing refers to any
# more is left out; a higher level of `garbage` compares every object with every other.
AS_BEFORE = {"no_new_id": True, "reproducible": True, "garbage": 1}
END, TAIL_BYTES = b"%%EOF", 32


def unlock(path: Path, password: str, out: Path) -> None:
    """An unencrypted copy at `out`, also of a file that needs no password. What lay at `out` is
    replaced. Raises `WrongPassword`, what `opened` raises, `DiskFull`."""
    with opened(path, password=password) as pdf:
        if not pdf.is_pdf:  # an EPUB has no password
            shutil.copyfile(path, out)
            return
        try:
            pdf.save(out, encryption=pymupdf.PDF_ENCRYPT_NONE, **AS_BEFORE)
        except pymupdf.mupdf.FzErrorSystem as err:
            if any(os.strerror(number) in str(err) for number in DISK_FULL_ERRNOS):
                raise DiskFull from err
            raise
        except (pymupdf.mupdf.FzErrorBase, RuntimeError, ValueError) as err:
            raise DamagedPdf from err
    if not _is_whole(out):  # MuPDF does not look whether closing the file wrote the last bytes
        raise DiskFull


def _is_whole(pdf: Path) -> bool:
    with pdf.open("rb") as file:
        file.seek(max(0, pdf.stat().st_size - TAIL_BYTES))
        return file.read().rstrip().endswith(END)
