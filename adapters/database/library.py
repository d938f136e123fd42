"""`bot.ports.Library` in tables. Each public method is one transaction, or part of the one that
`within` was given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.database.acts import ActQueries
from adapters.database.bookkeeping import BookkeepingQueries
from adapters.database.bookmarks import BookmarkQueries
from adapters.database.connection import ONLY_READING, empty_log, migrate, opened_engine
from adapters.database.conversations import CardQueries, WishQueries
from adapters.database.documents import DocumentQueries
from adapters.database.executors import ExecutorQueries
from adapters.database.keys import KeyQueries
from adapters.database.ledger import LedgerQueries
from adapters.database.listeners import ListenerQueries
from adapters.database.outages import Outage
from adapters.database.queries import lock_document
from adapters.database.shares import ShareQueries
from adapters.database.shelves import ShelfQueries
from adapters.database.tracks import TrackQueries
from adapters.database.unfinished import UnfinishedQueries


class DatabaseLibrary(
    DocumentQueries,
    TrackQueries,
    ShelfQueries,
    BookmarkQueries,
    UnfinishedQueries,
    ActQueries,
    CardQueries,
    WishQueries,
    ListenerQueries,
    ShareQueries,
    BookkeepingQueries,
    ExecutorQueries,
    KeyQueries,
    LedgerQueries,
):
    """`engine` may be shared with whoever needs a transaction over the same database."""

    def __init__(self, engine: AsyncEngine, connection: AsyncConnection | None = None) -> None:
        self.engine = engine
        self._connection = connection
        self._turn = asyncio.Lock()
        self._outage = Outage()

    @property
    def is_away(self) -> bool:
        return self._outage.is_on

    def within(self, transaction: object) -> DatabaseLibrary:
        """The same library inside a transaction (`AsyncConnection`) that somebody else ends."""
        if not isinstance(transaction, AsyncConnection):
            raise TypeError("a database library needs an AsyncConnection")
        return DatabaseLibrary(self.engine, transaction)

    async def overwrite_deleted(self) -> None:
        """SQLite's log holds it until it is written over; its pages are cleared as they are freed.
        PostgreSQL's files are not ours to look into."""
        if self.engine.dialect.name == "sqlite":
            async with self.turn():
                await asyncio.to_thread(empty_log, self.engine)

    @asynccontextmanager
    async def _writing(self, document: str = "") -> AsyncIterator[AsyncConnection]:
        async with self._transaction() as connection:
            if document:
                await lock_document(connection, document)
            yield connection

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        if self._connection is not None:
            yield self._connection
            return
        async with self.turn():
            with self._outage.watched():
                async with self.engine.begin() as connection:
                    yield connection

    @property
    def is_shared(self) -> bool:
        """Whether other hosts may work on it, too."""
        return self.engine.dialect.name == "postgresql"

    def turn(self) -> AbstractAsyncContextManager[None]:
        """To be taken by whoever opens a transaction of their own. SQLite has one writer and lets
        others poll for their turn: ours wait in line instead."""
        return self._turn if self.engine.dialect.name == "sqlite" else nullcontext()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        if self._connection is not None:
            yield self._connection
            return
        with self._outage.watched():
            async with self.engine.connect() as connection:
                if connection.dialect.name == "postgresql":
                    await connection.execution_options(isolation_level="REPEATABLE READ")
                else:
                    await connection.execution_options(**ONLY_READING)
                yield connection


@asynccontextmanager
async def open_library(url: str) -> AsyncIterator[DatabaseLibrary]:
    """The library behind a database URL, its schema up to date."""
    engine = opened_engine(url)
    try:
        await migrate(engine)
        yield DatabaseLibrary(engine)
    finally:
        await engine.dispose()
