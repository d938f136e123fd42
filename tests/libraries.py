"""Every library there is, each empty and with a way to open a transaction of somebody else's."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.database import DatabaseLibrary, open_library
from adapters.memory import MemoryLibrary
from bot.ports import Library

Transaction = Callable[[], AbstractAsyncContextManager[object]]


@dataclass(slots=True)
class Shelved:
    """A library, and more openings of the same one where that is possible."""

    library: Library
    transaction: Transaction
    url: str = ""
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def another(self) -> Library:
        """The same library as another process would open it."""
        if not self.url:
            return self.library
        return await self._stack.enter_async_context(open_library(self.url))


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that has the tables already, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "app.db"

    async def migrate() -> None:
        async with open_library(f"sqlite+aiosqlite:///{path}"):
            pass

    asyncio.run(migrate())
    return path


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def library_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty library of each kind lies; nothing for the one in memory."""
    if request.param == "memory":
        return ""
    if request.param == "postgres":
        return str(request.getfixturevalue("emptied_postgres_url"))
    shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "app.db")
    return f"sqlite+aiosqlite:///{tmp_path / 'app.db'}"


@pytest.fixture
async def shelved(library_url: str) -> AsyncIterator[Shelved]:
    if not library_url:
        memory = MemoryLibrary()
        yield Shelved(memory, memory.transaction)
        return
    async with AsyncExitStack() as stack:
        library: DatabaseLibrary = await stack.enter_async_context(open_library(library_url))
        yield Shelved(library, library.engine.begin, library_url, stack)


@pytest.fixture
def library(shelved: Shelved) -> Library:
    return shelved.library
