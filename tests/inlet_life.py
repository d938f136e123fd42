"""A small program with an inlet, to be killed by tests: `python -m tests.inlet_life FOLDER LINES`.

Takes a JSON line from its input as an update. Each thing that happens is a line of its output:
`taken KEY` (from then on nobody tells of it again), `begun KEY`, `done KEY`. An update with `waits`
is never done with. It ends with its input, when all is handled; it is killed as soon as it has told
so many LINES, 0 for never.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import sys
from pathlib import Path

from bot.inlet import Arrival, Raw, open_inlet

_told = itertools.count(1)


def tell(*words: str) -> None:
    os.write(1, (" ".join(words) + "\n").encode())
    if next(_told) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)


async def handle(arrival: Arrival[Raw]) -> None:
    async with arrival.turn(arrival.update["chat"]):
        tell("begun", arrival.key)
        await asyncio.sleep(0)
        if arrival.update.get("waits"):
            await asyncio.Event().wait()
        tell("done", arrival.key)


async def live(folder: Path) -> None:
    async with open_inlet(folder, read=lambda raw: raw, handle=handle) as inlet:
        tell("open")
        while line := await asyncio.to_thread(sys.stdin.readline):
            raw = json.loads(line)
            await inlet.take(raw["key"], raw)
            tell("taken", raw["key"])
        while any((folder / "todo").iterdir()):
            await asyncio.sleep(0.01)


if __name__ == "__main__":
    asyncio.run(live(Path(sys.argv[1])))
