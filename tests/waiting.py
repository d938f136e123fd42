"""Waiting for what must come, however busy the machine is.

A wait has no deadline by the clock. It is given up when what it waits for can come no more, or when
all stands still: for a whole minute neither this process nor a child of it has worked, or stood in
line for a processor that others held.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar, overload

import psutil

T = TypeVar("T")
LOOK_S = 0.02
LOOKING = 20  # of the time a twentieth at most is spent on looking: others need it to bring it
STILL_S = 60.0
MOST_S = 900.0  # who works for ever brings nothing either
SAMPLE_S = 5.0
QUIET_SHARE = 0.5  # of one processor: asking for work that does not come takes some percent


class Patience:
    """How long it is worth waiting on."""

    def __init__(self) -> None:
        self._ends_at = time.monotonic() + MOST_S
        self._stood_s = 0.0
        self._sampled_at = time.monotonic()
        self._known: dict[str, float] | None = None  # a look costs more than most waits take

    def is_over(self) -> bool:
        now = time.monotonic()
        if now - self._sampled_at >= SAMPLE_S:
            self._sample(now)
        return now > self._ends_at or self._stood_s >= STILL_S

    def _sample(self, now: float) -> None:
        spent, passed_s = _spent(), now - self._sampled_at
        self._sampled_at, before, self._known = now, self._known, spent
        if before is None:
            return
        busy_s = sum(s - before.get(thread, 0.0) for thread, s in spent.items())
        is_quiet = bool(spent) and busy_s < QUIET_SHARE * passed_s
        self._stood_s = self._stood_s + passed_s if is_quiet else 0.0


def _spent() -> dict[str, float]:
    """The seconds that each of our threads, and of our children's, has run or waited to be run.
    Empty where the system does not tell."""
    children = psutil.Process().children(recursive=True)
    found = {}
    for process in (os.getpid(), *(child.pid for child in children)):
        for thread in _threads(process):
            with suppress(OSError):
                told = Path(f"/proc/{process}/task/{thread}/schedstat").read_text(encoding="ascii")
                ran, waited, _ = told.split()
                found[thread] = (int(ran) + int(waited)) / 1e9
    return found


def _threads(process: int) -> list[str]:
    """None where it ended while one looked."""
    try:
        return [thread.name for thread in Path(f"/proc/{process}/task").iterdir()]
    except OSError:
        return []


def _always() -> bool:
    return True


@overload
async def until(
    found: Callable[[], Awaitable[T]],
    what: str | Callable[[], str] = ...,
    *,
    lives: Callable[[], bool] = ...,
) -> T: ...
@overload
async def until(
    found: Callable[[], T],
    what: str | Callable[[], str] = ...,
    *,
    lives: Callable[[], bool] = ...,
) -> T: ...
async def until(
    found: Callable[[], Any],
    what: str | Callable[[], str] = "",
    *,
    lives: Callable[[], bool] = _always,
) -> Any:
    """What is found, as soon as it is true. `lives`: whether who brings it is still there.

    Raises `AssertionError`, which says `what` was waited for."""
    patience = Patience()
    while True:
        began = time.monotonic()
        is_alive = lives()  # before one looks: it may bring it and end
        it = found()
        if inspect.isawaitable(it):
            it = await it
        if it:
            return it
        if not is_alive or patience.is_over():
            raise _never(found, what)
        await asyncio.sleep(pause_s(began))


async def wait_for(coming: Awaitable[T], what: str | Callable[[], str] = "") -> T:
    """What is coming. It is cancelled where patience ends."""
    task = asyncio.ensure_future(coming)
    try:
        await until(task.done, what)
    finally:
        task.cancel()  # does nothing to one that is done
        await asyncio.gather(task, return_exceptions=True)
    return task.result()


def leap(seconds: float) -> None:
    """Let the running loop believe that so much time has passed."""
    loop = asyncio.get_running_loop()
    time_before = loop.time
    loop.time = lambda: time_before() + seconds  # type: ignore[method-assign]


def until_blocking(
    found: Callable[[], T],
    what: str | Callable[[], str] = "",
    *,
    lives: Callable[[], bool] = _always,
) -> T:
    """As `until`, where no loop runs."""
    patience = Patience()
    while True:
        began = time.monotonic()
        is_alive = lives()
        if it := found():
            return it
        if not is_alive or patience.is_over():
            raise _never(found, what)
        time.sleep(pause_s(began))


def pause_s(began: float) -> float:
    """Until the next look, when the last one began then."""
    return min(max(LOOK_S, LOOKING * (time.monotonic() - began)), 1.0)


def _never(found: Callable[[], object], what: str | Callable[[], str]) -> AssertionError:
    said = what() if callable(what) else what
    return AssertionError(f"never came: {said or getattr(found, '__qualname__', found)}")


async def ended(process: BaseProcess) -> int | None:
    """Wait for a process; its exit code."""
    await until(lambda: process.exitcode is not None, f"the end of {process.name}")
    process.join()
    return process.exitcode
