"""The library in memory: all of `bot.ports.Library`, with transactions that can be rolled back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.memory.cards import MemoryCards
from adapters.memory.documents import MemoryDocuments
from adapters.memory.listeners import MemoryListeners
from adapters.memory.shelves import MemoryShelves
from adapters.memory.state import State
from adapters.memory.wishes import MemoryWishes


class MemoryLibrary(MemoryDocuments, MemoryShelves, MemoryCards, MemoryWishes, MemoryListeners):
    """One writer at a time, like SQLite; readers see what was committed last."""

    def __init__(self, draft: State | None = None) -> None:
        self._committed = draft or State()
        self._is_draft = draft is not None
        self._lock = asyncio.Lock()

    is_away = False

    @property
    def _state(self) -> State:
        return self._committed

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[State]:
        if self._is_draft:
            yield self._committed
            return
        async with self._lock:
            yield self._committed

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[State]:
        """Something for `within`: all that is done there counts when the block ends well."""
        async with self._lock:
            draft = self._committed.copy()
            yield draft
            self._committed = draft

    async def overwrite_deleted(self) -> None:
        """There is no file."""

    def within(self, transaction: object) -> MemoryLibrary:
        if not isinstance(transaction, State):
            raise TypeError("a library in memory needs the State of its `transaction`")
        return MemoryLibrary(transaction)
