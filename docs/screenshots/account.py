"""Makes the pictures of drawn accounts that docs/reading.md shows.

`python docs/screenshots/account.py` draws papers, reads them and draws what became of page 1.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pymupdf

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))  # run as a script: the tests' own tools are used

from pipeline.chapters.marks import marks_of  # noqa: E402
from pipeline.pdf.drawn import drawn  # noqa: E402
from pipeline.read import composed  # noqa: E402
from tests.drawing import Sheet  # noqa: E402
from tests.unit.chapters.test_account import with_everything  # noqa: E402
from tests.unit.chapters.test_guard import typewriter  # noqa: E402


def save(sheet: Sheet, name: str) -> None:
    """Page 1 of a sheet, with its account."""
    with tempfile.TemporaryDirectory() as folder:
        path = sheet.save(Path(folder) / "drawn.pdf")
        marks = marks_of(composed(path, {}))[1]
        with pymupdf.open(path) as pdf:
            picture = drawn(pdf[0], [[*mark.place[1:], mark.reason] for mark in marks])
    (HERE / name).write_bytes(picture)


if __name__ == "__main__":
    save(with_everything(), "account.png")
    save(typewriter(), "account-typewriter.png")
