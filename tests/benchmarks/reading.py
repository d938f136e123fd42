"""What reading costs: by stage, against plain text extraction and the layout model, in children.

usage: python -m tests.benchmarks.reading [--hundred] [FOLDER_OR_PDF...]

Without files it draws a paper and a book of 500 pages. CPU seconds are of one process and noisy:
the ratios within a run are what counts. Then each file goes through warm children: seconds by the
clock, the children's peak of resident memory. `--hundred`: the program's own memory over a hundred
documents.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from pipeline.audio.voices import VoiceCard
from pipeline.errors import ListenDockError
from pipeline.pdf import layout
from pipeline.pdf.health import opened
from pipeline.producer import Producer
from pipeline.read import composed, laid_out, survey, with_seconds
from pipeline.takeaways.extracts import with_takeaways
from tests.drawing import BEES, DANCE, HONEY, WINTER, Sheet, a_paper

T = TypeVar("T")
BOOK_PAGES = 500
MODEL_PAGES = 12  # of a file, spread evenly, on which the model's price is taken
HUNDRED = 100
WORKERS = 2  # as on the smallest machine that the program is for: one reads, one draws or lays out
NO_VOICE = VoiceCard(id="none:none", factory="none:none", languages=frozenset({"en"}))


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


def model_seconds(path: Path) -> float:
    """CPU seconds of the layout model on every page, from a few of them."""
    with opened(path) as pdf:
        count = int(pdf.page_count)
    pages = range(0, count, max(1, count // MODEL_PAGES))
    started = time.process_time()
    laid_out(path, list(pages))
    return (time.process_time() - started) * count / len(pages)


def measured(path: Path) -> None:
    """Print one file's stages and ratios."""
    clock = Clock()
    clock.timed("plain get_text", lambda: plain_text(path))
    found = clock.timed("survey", lambda: survey(path, max_pages=2000))
    if found.layout_pages:  # else the children go on from the survey, with the text they have
        labels = clock.timed("layout", lambda: laid_out(path, found.layout_pages))
    else:
        labels = {}
    document = clock.timed("compose", lambda: composed(path, labels))
    document = clock.timed("takeaways", lambda: with_takeaways(document))
    clock.timed("seconds", lambda: with_seconds(document))
    report(path.name, clock, document.pages, len(found.layout_pages), model_seconds(path))


def report(name: str, clock: Clock, pages: int, seen: int, model_s: float) -> None:
    plain_s = clock.seconds.pop("plain get_text")
    total_s = sum(clock.seconds.values())
    if not seen:  # no second look is taken at such a document
        total_s -= clock.seconds.pop("survey")
    print(f"{name}: {pages} pages, the model saw {seen}")
    for stage, seconds in {"plain get_text": plain_s, **clock.seconds, "reading": total_s}.items():
        print(f"  {stage:16} {seconds:7.2f} CPU s {1000 * seconds / pages:8.1f} ms a page")
    print(f"  {'model, all pages':16} {model_s:7.2f} CPU s {1000 * model_s / pages:8.1f} ms a page")
    print(
        f"  ratio to plain get_text {total_s / plain_s:.1f}, to the model {total_s / model_s:.2f}"
    )


def megabytes(process: str, what: str) -> int:
    """A line of a process's status (Linux); 0 if it is gone."""
    try:
        lines = Path("/proc", process, "status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith(what)), 0)


def children() -> list[str]:
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [child for task in tasks for child in task.read_text(encoding="ascii").split()]


async def in_children(paths: Sequence[Path], *, is_hundred: bool) -> None:
    """Print what the program and its children take for each file."""
    async with Producer(voices=[NO_VOICE], default_voice=NO_VOICE.id, workers=WORKERS) as producer:
        await producer.read(paths[0], max_pages=2000)  # warms the children up
        for path in paths:
            started = time.perf_counter()
            await producer.read(path, max_pages=2000)
            seconds = time.perf_counter() - started
            peak = max(megabytes(child, "VmHWM") for child in children())
            print(f"{path.name}: {seconds:.2f} s by the clock, children's peak {peak} MB so far")
        if is_hundred:
            await _hundred(producer, paths)


async def _hundred(producer: Producer, paths: Sequence[Path]) -> None:
    for done in range(1, HUNDRED + 1):
        await producer.read(paths[done % len(paths)], max_pages=2000)
        if done in (10, HUNDRED // 2, HUNDRED):
            own, most = (
                megabytes("self", "VmRSS"),
                max(megabytes(child, "VmRSS") for child in children()),
            )
            print(f"after {done} documents: the program {own} MB, its largest child {most} MB")


def pdfs_in(arguments: Sequence[str]) -> list[Path]:
    paths = [Path(argument) for argument in arguments]
    return [f for p in paths for f in (sorted(p.rglob("*.pdf")) if p.is_dir() else [p])]


def main(arguments: Sequence[str]) -> None:
    layout.warm_up()
    files = [argument for argument in arguments if argument != "--hundred"]
    with tempfile.TemporaryDirectory() as folder:
        drawn = [a_paper(Path(folder, "paper.pdf")), a_book(Path(folder, "book.pdf"))]
        with_seconds(composed(drawn[0], {}))  # what is loaded once is loaded
        readable = []
        for path in pdfs_in(files) if files else drawn:
            try:
                measured(path)
                readable.append(path)
            except ListenDockError as err:
                print(f"{path.name}: {err.kind}")
        if readable:
            asyncio.run(in_children(readable, is_hundred="--hundred" in arguments))


if __name__ == "__main__":
    main(sys.argv[1:])
