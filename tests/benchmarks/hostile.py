"""Broken, lying and exploding files: what is answered, and how long the slowest took.

usage: python -m tests.benchmarks.hostile FOLDER...

Every file below the folders goes through a producer's children as a forwarded one would. Prints
the counts by kind, files over the limit, anything that is no answer, and children left behind.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pipeline.audio.voices import VoiceCard
from pipeline.errors import ListenDockError, UserError
from pipeline.producer import Producer

LIMIT_S = 20.0
WORKERS = 2  # as on the smallest machine that the program is for
NO_VOICE = VoiceCard(id="none:none", factory="none:none", languages=frozenset({"en"}))


async def answers(files: Iterable[Path]) -> list[tuple[Path, str, float]]:
    """(file, kind or "read", seconds) of each file, one after the other."""
    rows = []
    async with Producer(voices=[NO_VOICE], default_voice=NO_VOICE.id, workers=WORKERS) as producer:
        for file in files:
            started = time.monotonic()
            rows.append((file, await _kind(producer, file), time.monotonic() - started))
    return rows


async def _kind(producer: Producer, file: Path) -> str:
    try:
        document = await producer.read(file, max_pages=2000)
    except UserError as err:
        return err.kind
    except ListenDockError as err:
        return f"no answer: {err.kind}"
    return "read" if document.chapters else "no answer: no chapters"


def children() -> int:
    """Child processes of this one that still live (Linux)."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return sum(len(task.read_text().split()) for task in tasks)


def main(folders: list[str]) -> int:
    files = sorted(file for name in folders for file in Path(name).rglob("*") if file.is_file())
    if not files:
        print("needs FOLDER..., with broken files in it")
        return 0
    rows = asyncio.run(answers(files))
    for kind, count in Counter(kind for _, kind, _ in rows).most_common():
        print(f"{count:5}  {kind}")
    slow = [(file, seconds) for file, _, seconds in rows if seconds > LIMIT_S]
    failed = [(file, kind) for file, kind, _ in rows if kind.startswith("no answer")]
    for file, seconds in slow:
        print(f"slow: {file.name} {seconds:.0f} s")
    for file, kind in failed:
        print(f"{kind}: {file.name}")
    left = children()
    print(f"slowest {max((s for _, _, s in rows), default=0.0):.1f} s, children left {left}")
    return int(bool(slow or failed or left))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
