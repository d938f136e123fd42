"""Whether memory stays what it is, however many papers are read: this process, and each child.

`python -m tests.benchmarks.memory [--papers 200] FILE.pdf …`: they are read one after the other,
and from the first again where there are too few, by children that stay. Prints megabytes that are
a process's own (what it shares with others is nobody's) after every ten papers, and the largest
and smallest share of the tenth paper's from there on.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from adapters.voices import available_voices
from bot.logs import configure_logs
from pipeline.errors import UserError
from pipeline.producer import Producer

EVERY = 10


def main() -> None:
    configure_logs(level="error", style="console")
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.memory")
    parser.add_argument("--papers", type=int, default=200)
    parser.add_argument("files", nargs="*", type=Path)
    wanted = parser.parse_args()
    if not wanted.files:
        sys.stdout.write("give it PDFs, ten or more: passed over\n")
        return
    rows = asyncio.run(_read(wanted.files, wanted.papers))
    sums = [sum(row) for row in rows]
    for number, row in enumerate(rows, start=1):
        told = " + ".join(f"{megabytes:.0f}" for megabytes in row)
        sys.stdout.write(f"{number * EVERY:>4} papers: {sum(row):.0f} MB ({told})\n")
    low, high = min(sums) / sums[0] - 1, max(sums) / sums[0] - 1
    sys.stdout.write(f"against the tenth paper: {low:+.1%} to {high:+.1%}\n")


async def _read(files: list[Path], papers: int) -> list[list[float]]:
    """Megabytes of each process, this one first, after every ten."""
    rows = []
    voices = available_voices()
    async with Producer(voices=voices, default_voice=voices[0].id, workers=1) as producer:
        for number, file in enumerate(itertools.islice(itertools.cycle(files), papers), start=1):
            with suppress(UserError):  # a file that cannot be read is read up to there
                await producer.read(file, max_pages=10_000)
            if number % EVERY == 0:
                rows.append([_own_mb(os.getpid()), *(_own_mb(child) for child in _children())])
                sys.stderr.write(f"{number} {rows[-1]}\n")
    return rows


def _children() -> list[int]:
    return [child.pid for child in psutil.Process().children(recursive=True)]


def _own_mb(process: int) -> float:
    return float(psutil.Process(process).memory_full_info().uss) / 2**20


if __name__ == "__main__":
    main()
