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


_migrated: list[Path] = []  # a database file that has the tables already, to be copied


@pytest.fixture(scope="session", autouse=True)
def _migrated_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("migrated") / "app.db"

    async def migrate() -> None:
        async with open_library(sqlite_url(path.parent)):
            pass

    asyncio.run(migrate())
    _migrated.append(path)


def sqlite_url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'app.db'}"


def migrated_url(folder: Path) -> str:
    """Of a database in a folder that has the tables from its first day."""
    if not (folder / "app.db").exists():
        shutil.copy(_migrated[0], folder)
    return sqlite_url(folder)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def library_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty library of each kind lies; nothing for the one in memory."""
    if request.param == "memory":
        return ""
    if request.param == "postgres":
        return str(request.getfixturevalue("emptied_postgres_url"))
    return migrated_url(tmp_path)


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
