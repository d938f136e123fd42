"""Chapters a second that several programs do on one PostgreSQL, where speech only sleeps.

`python -m tests.benchmarks.hosts`: how two compare with one where a processor is never short, and
how many chapters a second eight do where speech takes no time: what the engine itself costs.
Counted from the first chapter's track to the last one's, so that starting up is no part of it.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import psycopg

from bot.logs import configure_logs
from tests.commands import forked
from tests.lives import given, set_up
from tests.postgres import Cluster, a_cluster
from tests.program import Life, live
from tests.waiting import ended

LOOK_S = 0.02
SPEAKERS = 4  # in each program
IDEAL_S, IDEAL_CHAPTERS = 1.0, 10  # of each of the documents
CEILING_CHAPTERS = 25
DOCUMENTS = 8
ROUNDS = 2
PROGRAMS = 8


def main() -> None:
    with a_cluster() as cluster:
        if cluster is None:
            sys.stdout.write("PostgreSQL is not installed: passed over\n")
            return
        one, two = (_mean_rate(cluster, programs) for programs in (1, 2))
        sys.stdout.write(
            f"speech sleeps {IDEAL_S:g} s, {SPEAKERS} speakers a program: one {one:.2f} "
            f"chapters/s, two {two:.2f}, ratio {two / one:.2f} of 2\n"
        )
        for programs in (1, 2, 4, PROGRAMS):
            rate = _rate(cluster, programs, 0.0, CEILING_CHAPTERS)
            sys.stdout.write(f"speech takes no time: {programs} programs {rate:.1f} chapters/s\n")


def _mean_rate(cluster: Cluster, programs: int) -> float:
    rates = [_rate(cluster, programs, IDEAL_S, IDEAL_CHAPTERS) for _ in range(ROUNDS)]
    return statistics.mean(rates)


def _rate(cluster: Cluster, programs: int, speak_s: float, chapters: int) -> float:
    """Chapters a second."""
    with tempfile.TemporaryDirectory() as folder, cluster.copy_of("template1") as url:
        return asyncio.run(_raced(Path(folder), url, programs, speak_s, chapters))


async def _raced(home: Path, url: str, programs: int, speak_s: float, chapters: int) -> float:
    what = given(documents=DOCUMENTS, chapters=chapters, wishes=0)
    await set_up(home, url, what)
    life = Life(home=home, url=url, speak_s=speak_s, speakers=SPEAKERS, together=programs)
    lives = [
        forked(_live_quietly, replace(life, is_publishing=number == 0))
        for number in range(programs)
    ]
    first = await _when(url, 1)
    last = await _when(url, len(what.tracks))
    assert [await ended(one) for one in lives] == [0] * programs
    return (len(what.tracks) - 1) / (last - first)


def _live_quietly(life: Life) -> None:
    configure_logs(level="error", style="console")
    live(life)


async def _when(url: str, tracks: int) -> float:
    """The moment at which so many are there."""
    async with await psycopg.AsyncConnection.connect(
        url.replace("+psycopg", ""), autocommit=True
    ) as connection:
        while True:
            found = await (await connection.execute("SELECT count(*) FROM tracks")).fetchone()
            if found is not None and found[0] >= tracks:
                return time.perf_counter()
            await asyncio.sleep(LOOK_S)


if __name__ == "__main__":
    main()
