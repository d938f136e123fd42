"""A task that is cancelled in the middle of a query on SQLite must not leave its lock behind."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.database import DatabaseLibrary, open_library
from tests.libraries import migrated_url


class Held:
    """A query that has written and then runs until it is let go."""

    def __init__(self) -> None:
        self.has_begun = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._may_end = threading.Event()

    def let_go(self) -> None:
        self._may_end.set()

    async def run(self, library: DatabaseLibrary, query: str) -> None:
        async with library.turn(), library.engine.begin() as connection:
            raw = await connection.get_raw_connection()
            driver = raw.driver_connection
            assert driver is not None
            await driver.create_function("held", 0, self._hold)
            await connection.execute(sa.text(query))

    def _hold(self) -> str:
        self._loop.call_soon_threadsafe(self.has_begun.set)
        self._may_end.wait(60)
        return "held"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "app.db"


@pytest.fixture
async def library(path: Path) -> AsyncIterator[DatabaseLibrary]:
    async with open_library(migrated_url(path.parent)) as library:
        yield library


@pytest.fixture(
    params=[
        "INSERT INTO executors VALUES (held(), 1.0)",
        "INSERT INTO executors VALUES (held(), 1.0) RETURNING id",
        "SELECT held() FROM alembic_version UNION ALL SELECT 'more'",
    ],
    ids=["a write", "a write that answers", "a look before a write"],
)
def query(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def lock_of_another_process(path: Path) -> None:
    """Raises `sqlite3.OperationalError` at once if somebody holds it."""
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    finally:
        other.close()


async def cancelled(task: asyncio.Task[None], held: Held, *, times: int) -> None:
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    held.let_go()
    await asyncio.wait([task])
    assert task.cancelled()


async def test_the_lock_is_free_as_soon_as_the_cancelled_task_has_ended(
    library: DatabaseLibrary, path: Path, query: str
) -> None:
    held = Held()
    task = asyncio.create_task(held.run(library, query))
    await held.has_begun.wait()
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        lock_of_another_process(path)
    await cancelled(task, held, times=1)
    lock_of_another_process(path)
    assert await library.living_executors(1e12) == set()


async def test_others_may_write_after_a_task_that_was_cancelled_again_while_it_ended(
    library: DatabaseLibrary, query: str
) -> None:
    held = Held()
    task = asyncio.create_task(held.run(library, query))
    await held.has_begun.wait()
    await cancelled(task, held, times=4)
    await library.beat("another")
    assert await library.living_executors(1e12) == {"another"}


@pytest.mark.parametrize("steps", range(0, 40, 3))
async def test_wherever_a_write_is_cancelled_the_next_one_goes_through(
    library: DatabaseLibrary, path: Path, steps: int
) -> None:
    task = asyncio.create_task(library.beat("one"))
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    lock_of_another_process(path)
    await library.beat("two")
    assert "two" in await library.living_executors(1e12)
