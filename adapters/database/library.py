"""`bot.ports.Library` in tables. Each public method is one transaction, or part of the one that
`within` was given."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from adapters.database.connection import migrated, opened_engine
from adapters.database.conversations import CardQueries, WishQueries
from adapters.database.documents import DocumentQueries, TrackQueries
from adapters.database.executors import ExecutorQueries
from adapters.database.shelves import ShelfQueries


class DatabaseLibrary(
    DocumentQueries, TrackQueries, ShelfQueries, CardQueries, WishQueries, ExecutorQueries
):
    """`engine` may be shared with whoever needs a transaction over the same database."""

    def __init__(self, engine: AsyncEngine, connection: AsyncConnection | None = None) -> None:
        self.engine = engine
        self._connection = connection

    def within(self, transaction: object) -> DatabaseLibrary:
        """The same library inside a transaction (`AsyncConnection`) that somebody else ends."""
        if not isinstance(transaction, AsyncConnection):
            raise TypeError("a database library needs an AsyncConnection")
        return DatabaseLibrary(self.engine, transaction)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        if self._connection is not None:
            yield self._connection
            return
        async with self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        """Without a transaction of its own on SQLite: readers never wait for a writer there."""
        if self._connection is not None:
            yield self._connection
            return
        async with self.engine.connect() as connection:
            yield await connection.execution_options(isolation_level="AUTOCOMMIT")


@asynccontextmanager
async def open_library(url: str) -> AsyncIterator[DatabaseLibrary]:
    """The library behind a database URL, its schema up to date."""
    engine = opened_engine(url)
    try:
        await migrated(engine)
        yield DatabaseLibrary(engine)
    finally:
        await engine.dispose()


async def connection_of(session: AsyncSession) -> AsyncConnection:
    """The connection of somebody else's session, to be handed to `within`."""
    return await session.connection()
