"""Who fetches when. A listener whose servers drip waits behind themselves; others do not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Slots:
    """`each`: of one listener at once; `in_all`: of all together."""

    def __init__(self, *, each: int, in_all: int) -> None:
        self._each = each
        self._all = asyncio.Semaphore(in_all)
        self._own: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, listener: str) -> AsyncIterator[None]:
        own = self._own.setdefault(listener, asyncio.Semaphore(self._each))
        async with own, self._all:
            yield
