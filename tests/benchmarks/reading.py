"""CPU seconds a page of reading, by stage, against plain text extraction and the layout model.

usage: python -m tests.benchmarks.reading [FOLDER_OR_PDF...]

Without arguments it draws a paper and a book. Figures are of one process and noisy: the ratios
within a run are what counts.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from pipeline import layout
from pipeline.errors import ListenDockError
from pipeline.health import opened
from pipeline.read import composed, laid_out, survey, with_seconds
from pipeline.takeaways import with_takeaways
from tests.drawing import BEES, DANCE, HONEY, WINTER, Sheet, a_paper

T = TypeVar("T")
BOOK_PAGES = 200


class Clock:
    """CPU seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def timed(self, stage: str, work: Callable[[], T]) -> T:
        started = time.process_time()
        try:
            return work()
        finally:
            used = time.process_time() - started
            self.seconds[stage] = self.seconds.get(stage, 0.0) + used


def a_book(path: Path) -> Path:
    """Chapters of two pages each, with an outline."""
    sheet = Sheet(header="The book of bees", has_page_numbers=True)
    while sheet.pdf.page_count < BOOK_PAGES:
        number = sheet.pdf.page_count // 2 + 1
        sheet.heading(f"{number} Chapter of hive {number}", level=1)
        for text in (BEES, DANCE, HONEY, WINTER) * 3:
            sheet.paragraph(f"{text} {BEES}")
    return sheet.save(path)


def plain_text(path: Path) -> int:
    with opened(path) as pdf:
        return sum(len(page.get_text("text")) for page in pdf)


def measured(path: Path, clock: Clock) -> tuple[int, int]:
    """(pages, pages that the model saw)"""
    clock.timed("plain get_text", lambda: plain_text(path))
    found = clock.timed("survey", lambda: survey(path, max_pages=2000))
    labels = clock.timed("layout", lambda: laid_out(path, found["layout_pages"]))
    document = clock.timed("compose", lambda: composed(path, labels))
    document = clock.timed("takeaways", lambda: with_takeaways(document))
    clock.timed("seconds", lambda: with_seconds(document))
    return int(found["pages"]), len(found["layout_pages"])


def report(clock: Clock, pages: int, seen: int) -> None:
    total = sum(seconds for stage, seconds in clock.seconds.items() if stage != "plain get_text")
    for stage, seconds in clock.seconds.items():
        print(f"{stage:16} {seconds / pages:8.4f} CPU s a page")
    print(f"{'reading':16} {total / pages:8.4f} CPU s a page, {pages} pages, model on {seen}")
    print(f"ratio to plain get_text: {total / clock.seconds['plain get_text']:.1f}")
    if seen:
        model = clock.seconds["layout"] / seen * pages
        print(f"ratio to the layout model on every page: {total / model:.2f}")


def pdfs_in(arguments: Sequence[str]) -> list[Path]:
    paths = [Path(argument) for argument in arguments]
    return [f for p in paths for f in (sorted(p.rglob("*.pdf")) if p.is_dir() else [p])]


def main(arguments: Sequence[str]) -> None:
    layout.warm_up()
    with tempfile.TemporaryDirectory() as folder:
        drawn = [a_paper(Path(folder, "paper.pdf")), a_book(Path(folder, "book.pdf"))]
        clock, pages, seen = Clock(), 0, 0
        for path in pdfs_in(arguments) if arguments else drawn:
            try:
                more, asked = measured(path, clock)
            except ListenDockError as err:
                print(f"{path.name}: {err.kind}")
                continue
            pages, seen = pages + more, seen + asked
        report(clock, max(pages, 1), seen)


if __name__ == "__main__":
    main(sys.argv[1:])
