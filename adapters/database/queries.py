"""What all queries share: the two ways to a connection, locks, and inserts that may find a row."""

from __future__ import annotations

import time
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import schema
from bot.domain import Conversation


def place_of(conversation: Conversation) -> dict[str, str]:
    """The columns of a conversation."""
    return {name: getattr(conversation, name) for name in schema.PLACE}


def conversation_in(row: Any) -> Conversation:
    return Conversation(**{name: getattr(row, name) for name in schema.PLACE})


class Connected(Protocol):
    """What a group of queries needs from the library it is part of."""

    def _writing(self, document: str = "") -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction; with `document`, one at a time for it."""

    def _reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A snapshot in which nothing is written."""


async def lock_document(connection: AsyncConnection, document: str) -> None:
    """Wait for others who change this document, its shelves, cards and tracks, and make them
    wait: they then see each other's changes and cannot deadlock. SQLite has one writer anyway."""
    statement = sa.select(schema.documents.c.id).where(schema.documents.c.id == document)
    if connection.dialect.name == "postgresql":
        await connection.execute(statement.with_for_update())


async def exists(connection: AsyncConnection, document: str) -> bool:
    statement = sa.select(schema.documents.c.id).where(schema.documents.c.id == document)
    return (await connection.execute(statement)).scalar() is not None


def insert(connection: AsyncConnection, table: sa.Table) -> Any:
    """The dialect's insert, which knows ON CONFLICT."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


async def insert_once(connection: AsyncConnection, table: sa.Table, **values: Any) -> bool:
    """Insert a row; False if it was there."""
    statement = insert(connection, table).values(**values).on_conflict_do_nothing()
    key = table.primary_key.columns[0]  # asked for: a driver may count no rows where it is given
    return (await connection.execute(statement.returning(key))).first() is not None


async def insert_or_set(
    connection: AsyncConnection,
    table: sa.Table,
    keys: dict[str, Any],
    *,
    if_there: Any = None,  # a mapping
    **values: Any,
) -> None:
    """Insert a row, or set the values of the one with these keys; and `if_there` only then."""
    statement = insert(connection, table).values(**keys, **values)
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(keys), set_=values | dict(if_there or {})
        )
    )


async def touch_cards(connection: AsyncConnection, document: str, listener: str = "") -> None:
    """Something that these cards show has changed."""
    cards = schema.cards
    statement = sa.update(cards).where(cards.c.document == document)
    if listener:
        statement = statement.where(cards.c.listener == listener)
    await connection.execute(statement.values(**one_version_more()))


def one_version_more() -> dict[str, Any]:
    """What a change does to a card. One that waits to be shown keeps its place in the line; a
    host's clock will do for that, for it is only about whose turn it is."""
    cards = schema.cards
    is_waiting = cards.c.version > cards.c.shown
    since = sa.case((is_waiting, cards.c.stale_since), else_=time.time())
    return {"version": cards.c.version + 1, "stale_since": since}


def now(connection: AsyncConnection) -> sa.ColumnElement[float]:
    """Seconds since the epoch by the database's clock, which all hosts share."""
    if connection.dialect.name == "postgresql":
        return sa.cast(sa.extract("epoch", sa.func.clock_timestamp()), sa.Float)
    return (sa.func.julianday("now") - 2440587.5) * 86400.0
