"""The text of pages, one after the other: what a reading child does first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import DamagedPdf
from pipeline.pdf.health import opened
from pipeline.pdf.lines import Page
from pipeline.pdf.page_files import MOST_BROKEN, row_of
from pipeline.pdf.pages import PAGE_ERRORS, page_of


def read_pages(pdf: Any, numbers: range) -> Iterator[Page | None]:
    """One after the other; None for one that cannot be opened."""
    broken = 0
    for number in numbers:
        try:
            page = page_of(pdf[number], number)
        except PAGE_ERRORS as err:
            page = None
            broken += 1
            if broken > MOST_BROKEN:
                raise DamagedPdf from err
        yield page


def extract(path: Path, numbers: range, out: Path, on_progress: Callable[[int, int], None]) -> None:
    """The text of some pages into a file, page by page: what is there stays if this child ends."""
    with opened(path) as pdf, out.open("w", encoding="ascii") as file:
        for done, page in enumerate(read_pages(pdf, numbers), start=1):
            if page is not None:
                file.write(row_of(page))
                file.flush()
            on_progress(done, len(numbers))
