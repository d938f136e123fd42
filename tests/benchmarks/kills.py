"""The program killed, with its children, at any instant of a document's way: what is lost, what
comes twice.

`python -m tests.benchmarks.kills [--instants 100] [--minutes M] [--seed 1] [--together 4]
[--quick] [sqlite] [postgresql]`: the whole program over each database, with a Telegram and a Slack
on loopback and the page; small papers are read and spoken by children with espeak. An instant is a
document that is on its way when the program is killed: half of the kills come by the clock, at any
moment between the file and the last mark, half at a boundary between two steps, some once more
while the program comes up. `--minutes`: for a database, at most. `--quick`: without children, as
the tests do. Ends with 1 if anything was lost, or came twice though the program knew that it had
come.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.killing.papers import a_drawn_paper, a_told_paper
from tests.killing.program import Served, processor_s
from tests.killing.series import Series, Setting, a_series
from tests.killing.sounds import record
from tests.killing.stories import Step
from tests.killing.table import Pair, pairs
from tests.postgres import a_cluster
from tests.sockets import a_free_port

KILLED_AGAIN = 0.25  # of the rounds
DATABASES = ("sqlite", "postgresql")
HEAD = ("database", "chat", "instants", "documents", "lost", "twice", "twice, known", "seconds")
STEPS = [step for step in Step if step not in (Step.COMING, Step.DONE)]


def main() -> int:
    wanted = _arguments()
    found: list[Pair] = []
    with tempfile.TemporaryDirectory(prefix="listendock-kills-") as folder:
        for database in wanted.databases or DATABASES:
            with _database(database, Path(folder)) as url:
                if url is None:
                    sys.stdout.write("PostgreSQL is not installed: passed over\n")
                    continue
                found += asyncio.run(_run(wanted, database, url, Path(folder, database)))
    _tell(found)
    return 1 if any(pair.lost or pair.twice_though_recorded for pair in found) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.kills")
    parser.add_argument("--instants", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--together", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("databases", nargs="*", choices=[[], *DATABASES], metavar="DATABASE")
    return parser.parse_args()


@contextmanager
def _database(name: str, folder: Path) -> Iterator[str | None]:
    (folder / name).mkdir()
    if name == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / name / 'home' / 'app.db'}"
        return
    with a_cluster() as cluster:
        if cluster is None:
            yield None
            return
        with cluster.copy_of("template1") as url:
            yield url


async def _run(wanted: argparse.Namespace, database: str, url: str, folder: Path) -> list[Pair]:
    began = time.monotonic()
    environment = {"VOICE": "espeak:default", "WORKERS": "1"}
    if database == "postgresql":
        environment["DATABASE_URL"] = url
    served = Served(
        home=folder / "home",
        port=a_free_port(),
        plan=folder / "plan",
        environment=environment,
        sounds=record(folder / "sounds") if wanted.quick else None,
    )
    draw = a_told_paper if wanted.quick else a_drawn_paper
    setting = Setting(
        served=served, database=url, draw=draw, together=wanted.together, again=KILLED_AGAIN
    )
    async with a_series(setting, seed=wanted.seed) as series:
        await series.goes_on(wanted.instants, within_s=60 * wanted.minutes)
    _tell_series(series, database)
    return pairs(series, database, began)


def _tell_series(series: Series, database: str) -> None:
    sys.stdout.write(
        f"\n{database}: {len(series.lives)} lives, {series.missed} kills came too late, "
        f"{series.halves} half files left until they are a day old\n"
    )
    for what in series.lost():
        sys.stdout.write(f"lost: {what}\n")
    for story in series.stories:
        if twice := story.twice():
            sys.stdout.write(
                f"twice: {story.chat} {story.pdf.name} {dict(twice)} "
                f"(not recorded: {dict(story.unrecorded)}) {story.kills}\n"
            )
    for where, count in series.moments().most_common():
        sys.stdout.write(f"  {count:4} {where}\n")
    sys.stdout.flush()


def _tell(found: list[Pair]) -> None:
    sys.stdout.write("\n" + "  ".join(f"{word:>12}" for word in HEAD) + "\n")
    for pair in found:
        cells = (
            *(pair.database, pair.chat, pair.instants, pair.documents, pair.lost, pair.twice),
            *(pair.twice_though_recorded, round(pair.seconds)),
        )
        sys.stdout.write("  ".join(f"{cell!s:>12}" for cell in cells) + "\n")
    sys.stdout.write("\nwhere the kills met the documents\n")
    for pair in found:
        steps = ", ".join(f"{step} {pair.steps[step]}" for step in STEPS)
        sys.stdout.write(f"{pair.database:>12}  {pair.chat:>12}  {steps}\n")
    sys.stdout.write(f"processor: {processor_s():.0f} s, but for children that outlived theirs\n")


if __name__ == "__main__":
    sys.exit(main())
