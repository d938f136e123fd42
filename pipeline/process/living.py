"""One child as the program sees it: started, asked, watched, ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Collection
from typing import Self

import structlog

from pipeline.process.answers import progress_of, receive
from pipeline.process.child import Orders
from pipeline.process.frames import Json, framed
from pipeline.process.lock import ROOT
from pipeline.process.watch import Watch
from pipeline.process.workplace import Workplace

log = structlog.get_logger()
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "HOME")
ENDING_S = 10.0  # from SIGKILL to its end: a moment, unless the machine is busy
LOOK_S = 5.0
OnProgress = Callable[[int, int], None]


class Child:
    """`fate`: why the program ended it, if it did."""

    def __init__(self, process: asyncio.subprocess.Process, place: Workplace) -> None:
        self.process = process
        self.place = place
        self.jobs = 0
        self.worked_s = 0.0
        self.fate = ""
        self.is_at_work = False
        self.idle_since = time.monotonic()

    @classmethod
    async def start(cls, orders: Orders, place: Workplace, needed: Collection[str]) -> Self:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-m", "pipeline.process.child", orders.text()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment(needed) | {"TMPDIR": str(place.outlay)},
            start_new_session=True,
        )
        return cls(process, place)

    @property
    def has_ended(self) -> bool:
        return self.process.returncode is not None

    async def ask(self, task: str, request: Json, on_progress: OnProgress | None) -> Json:
        """Its answer, which nobody has looked at yet. Raises what `receive` does."""
        assert self.process.stdin is not None
        self.is_at_work = True
        self.process.stdin.write(framed({"task": task, "request": request}))
        await self.process.stdin.drain()
        while True:
            message = await receive(self.process.stdout)
            if "progress" not in message:
                return message
            done, total = progress_of(message["progress"])
            if on_progress is not None:
                on_progress(done, total)

    async def watch(self, *, most_s: float, still_s: float, had_s: float) -> None:
        """Until somebody cancels it, or it had to end the child: one that works on after its time,
        or only waits, or takes longer than the machine's other work explains, or is gone and left
        its pipe to another."""
        seen = Watch(self.process.pid)
        try:
            while not self.fate:
                await asyncio.sleep(min(LOOK_S, still_s / 4, had_s / 4))
                seen.look()
                has_filled = await asyncio.to_thread(self.place.holds_too_much)
                self.fate = "greedy" if has_filled else self._fate(seen, most_s, still_s, had_s)
            self.kill()
        finally:
            seen.look()
            self.worked_s += seen.worked_s

    def _fate(self, seen: Watch, most_s: float, still_s: float, had_s: float) -> str:
        if self.has_ended:
            return "gone"
        if most_s and seen.worked_s > most_s:
            return "overworked"
        if seen.had_s > had_s:
            return "overdue"
        return "blocked" if seen.still_s > still_s else ""

    def kill(self) -> None:
        """It and all that it started. Its pipes are closed first: whoever writes on, or holds them,
        would keep asyncio waiting for ever (cpython gh-119710)."""
        if self.is_at_work or not self.has_ended:  # long after its end the number may be another's
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        transport = getattr(self.process, "_transport", None)
        if transport is not None:
            transport.close()

    async def end(self) -> None:
        """Kill it and wait until it is gone."""
        self.kill()
        try:
            async with asyncio.timeout(ENDING_S):
                await self.process.wait()
        except TimeoutError:  # stuck in the kernel; another takes its place
            log.error("child does not end", pid=self.process.pid)


def environment(needed: Collection[str] = ()) -> dict[str, str]:
    """Nothing of the program's own: no token, no key, no database address."""
    names = (*KEPT_ENVIRONMENT, *needed)
    kept = {name: os.environ[name] for name in names if name in os.environ}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    memory = {"MALLOC_ARENA_MAX": "1"}  # one thread works; more heaps only hold more
    silence = {"ORT_DISABLE_TELEMETRY": "1"}
    python = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return kept | threads | memory | silence | python
