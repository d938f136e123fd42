"""A library that is waited for. An outage of the database is no failure of a chapter: its job
waits, as it does for room on a full disk, and goes on."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar, cast

from bot.ports import LibraryAway

T = TypeVar("T")
L = TypeVar("L")
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0


async def outlast(call: Callable[..., Awaitable[T]], *arguments: Any, **named: Any) -> T:
    """Repeat a call until the library can be reached."""
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            return await call(*arguments, **named)
        except LibraryAway:  # who found out has told the log
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


def patient(library: L) -> L:
    """The same library, each of whose calls outlasts an outage. For jobs: who stands before a
    listener says that it is away instead."""
    return cast(L, _Patient(library))


class _Patient:
    def __init__(self, library: object) -> None:
        self._library = library

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._library, name)
        return partial(outlast, found) if inspect.iscoroutinefunction(found) else found
