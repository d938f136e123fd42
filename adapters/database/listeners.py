"""What listeners chose, were asked, and want to have pronounced; and how they are forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import schema
from adapters.database.documents import text_of
from adapters.database.queries import (
    Connected,
    exists,
    insert_once,
    insert_or_set,
    now,
    one_version_more,
    place_of,
)
from bot.domain import Asked, Conversation, Listener, Preferences, Question
from bot.ports import with_word
from pipeline.domain import from_json

_costs = schema.costs
_listeners, _questions, _lexicons = schema.listeners, schema.questions, schema.lexicons


class ListenerQueries(Connected):
    async def preferences(self, listener: str) -> Preferences:
        async with self._reading() as connection:
            return await preferences_of(connection, listener)

    async def save_preferences(self, listener: Listener, preferences: Preferences) -> None:
        async with self._writing() as connection:
            before = await preferences_of(connection, listener.id)
            known = {"body": text_of(listener), "preferences": text_of(preferences)}
            await insert_or_set(connection, _listeners, {"id": listener.id}, **known)
            if preferences.reads_like(before):
                return
            theirs = schema.cards.c.listener == listener.id
            await connection.execute(
                sa.update(schema.cards).where(theirs).values(**one_version_more())
            )

    async def words(self, listener: str) -> dict[str, str]:
        async with self._reading() as connection:
            return await _words(connection, listener)

    async def save_word(self, listener: str, written: str, spoken: str) -> None:
        async with self._writing() as connection:
            await insert_once(connection, _lexicons, listener=listener, words="{}")
            await _lock(connection, _lexicons.c.listener, listener)
            words = with_word(await _words(connection, listener), written, spoken)
            await insert_or_set(connection, _lexicons, {"listener": listener}, words=text_of(words))

    async def ask(self, question: Question) -> None:
        async with self._writing(question.document) as connection:
            if not await exists(connection, question.document):
                return
            await insert_or_set(
                connection,
                _questions,
                place_of(question.conversation) | {"listener": question.listener},
                asked=question.asked,
                document=question.document,
                asked_at=now(connection),
            )

    async def take_question(self, conversation: Conversation, listener: str) -> Question | None:
        place = place_of(conversation) | {"listener": listener}
        async with self._writing() as connection:
            is_it = (_questions.c[name] == value for name, value in place.items())
            answered = (
                sa.delete(_questions)
                .where(*is_it)
                .returning(_questions.c.asked, _questions.c.document)
            )
            row = (await connection.execute(answered)).one_or_none()
            if row is None:
                return None
            return Question(
                asked=Asked(row.asked),
                conversation=conversation,
                listener=listener,
                document=row.document,
            )

    async def forget_questions(self, older_than_s: float) -> None:
        async with self._writing() as connection:
            is_old = _questions.c.asked_at < now(connection) - older_than_s
            await connection.execute(sa.delete(_questions).where(is_old))

    async def forget_listener(self, listener: str) -> None:
        async with self._writing() as connection:
            await _lock_all_of(connection, listener)
            await connection.execute(  # what was paid stays paid, for nobody
                sa.update(_costs).where(_costs.c.listener == listener).values(listener="")
            )
            for column in _traces():
                await connection.execute(sa.delete(column.table).where(column == listener))


async def preferences_of(connection: AsyncConnection, listener: str) -> Preferences:
    statement = sa.select(_listeners.c.preferences).where(_listeners.c.id == listener)
    found = (await connection.execute(statement)).scalar()
    return from_json(Preferences, found) if found is not None else Preferences()


async def _words(connection: AsyncConnection, listener: str) -> dict[str, str]:
    statement = sa.select(_lexicons.c.words).where(_lexicons.c.listener == listener)
    return from_json(dict[str, str], (await connection.execute(statement)).scalar() or "{}")


def _traces() -> list[sa.Column[str]]:
    """Every column of every table that names a listener."""
    return [
        column
        for table in schema.metadata.sorted_tables
        for column in table.columns
        if column.name in ("listener", "owner") or column is _listeners.c.id
    ]


async def _lock_all_of(connection: AsyncConnection, listener: str) -> None:
    """Everybody who changes several rows takes the document first, then the listener: so do we,
    with the documents in one order, and nobody waits in a circle."""
    held = [
        sa.select(column.table.c.document).where(column == listener)
        for column in _traces()
        if "document" in column.table.c
    ]
    documents = schema.documents
    statement = sa.select(documents.c.id).where(documents.c.id.in_(sa.union(*held)))
    if connection.dialect.name == "postgresql":
        await connection.execute(statement.order_by(documents.c.id).with_for_update())
    await _lock(connection, _listeners.c.id, listener)


async def _lock(connection: AsyncConnection, key: sa.Column[str], value: str) -> None:
    """Wait for whoever changes this row. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.select(key).where(key == value).with_for_update())
