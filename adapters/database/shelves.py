"""Listeners' shelves and what they have heard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import schema
from adapters.database.bookmarks import NOWHERE, bookmarks_of
from adapters.database.documents import digests, holdings, text_of
from adapters.database.listeners import preferences_of
from adapters.database.queries import Connected, exists, insert_once, insert_or_set, touch_cards
from adapters.database.shares import delete_share
from bot.domain import (
    Holding,
    Listener,
    ListeningState,
    Progress,
    ShelfEntry,
    TrackStage,
    TrackState,
    of_chapters,
    of_extras,
)
from pipeline.domain import Narration, from_json
from pipeline.takeaways.digest import with_digest

_shelf, _listenings = schema.shelf, schema.listenings
_tracks, _documents = schema.tracks, schema.documents
# What goes with a document that leaves a shelf.
_TAKEN_ALONG = (
    *(_shelf, _listenings, schema.bookmarks),
    *(schema.cards, schema.wishes, schema.questions),
)


class ShelfQueries(Connected):
    async def shelve(self, listener: Listener, document: str, narration: Narration) -> ShelfEntry:
        async with self._writing(document) as connection:
            if not await exists(connection, document):
                raise LookupError("no such document")
            await insert_or_set(
                connection, schema.listeners, {"id": listener.id}, body=text_of(listener)
            )
            await insert_once(
                connection,
                _shelf,
                listener=listener.id,
                document=document,
                narration=text_of(narration),
                narration_key=narration.key,
                added_at=datetime.now(UTC),
            )
            place = (_shelf.c.listener == listener.id, _shelf.c.document == document)
            await connection.execute(sa.update(_shelf).where(*place).values(is_stopped=False))
            await touch_cards(connection, document, listener.id)
            row = (await connection.execute(sa.select(_shelf).where(*place))).one()
            return _entry(row)

    async def shelf(self, listener: str) -> Sequence[Progress]:
        async with self._reading() as connection:
            statement = (
                sa.select(_shelf)
                .where(_shelf.c.listener == listener)
                .order_by(_shelf.c.added_at.desc(), _shelf.c.document)
            )
            return await _progresses(connection, list(await connection.execute(statement)))

    async def progress(self, listener: str, document_prefix: str) -> Progress | None:
        if not document_prefix:
            return None
        async with self._reading() as connection:
            statement = (
                sa.select(_shelf)
                .where(
                    _shelf.c.listener == listener,
                    sa.func.substr(_shelf.c.document, 1, len(document_prefix)) == document_prefix,
                )
                .order_by(_shelf.c.document)
                .limit(1)
            )
            found = await _progresses(connection, list(await connection.execute(statement)))
            return found[0] if found else None

    async def listeners_of(self, document: str) -> Sequence[ShelfEntry]:
        async with self._reading() as connection:
            statement = (
                sa.select(_shelf)
                .where(_shelf.c.document == document)
                .order_by(_shelf.c.added_at, _shelf.c.listener)
            )
            return [_entry(row) for row in await connection.execute(statement)]

    async def renarrate(self, document: str, before: Narration, after: Narration) -> None:
        async with self._writing(document) as connection:
            await _drop_doubles(
                connection,
                lambda wishes: sa.and_(
                    wishes.c.document == document,
                    wishes.c.narration_key.in_([before.key, after.key]),
                ),
            )
            for table in (_shelf, schema.wishes):
                await connection.execute(
                    sa.update(table)
                    .where(table.c.document == document, table.c.narration_key == before.key)
                    .values(narration=text_of(after), narration_key=after.key)
                )
            await touch_cards(connection, document)

    async def narrate_as(self, listener: str, document: str, narration: Narration) -> None:
        async with self._writing(document) as connection:

            def are_theirs(table: Any) -> Any:
                return sa.and_(table.c.document == document, table.c.listener == listener)

            await _drop_doubles(connection, are_theirs)
            for table in (_shelf, schema.wishes):
                await connection.execute(
                    sa.update(table)
                    .where(are_theirs(table))
                    .values(narration=text_of(narration), narration_key=narration.key)
                )
            await touch_cards(connection, document, listener)

    async def rename(self, listener: str, document: str, name: str) -> None:
        async with self._writing(document) as connection:
            await connection.execute(
                sa.update(_shelf)
                .where(_shelf.c.listener == listener, _shelf.c.document == document)
                .values(name=name)
            )
            await touch_cards(connection, document, listener)

    async def stop(self, listener: str, document: str) -> None:
        async with self._writing(document) as connection:
            await connection.execute(
                sa.update(_shelf)
                .where(_shelf.c.listener == listener, _shelf.c.document == document)
                .values(is_stopped=True)
            )
            await touch_cards(connection, document, listener)

    async def unshelve(self, listener: str, document: str) -> bool:
        async with self._writing(document) as connection:
            for table in _TAKEN_ALONG:
                await connection.execute(
                    sa.delete(table).where(
                        table.c.listener == listener, table.c.document == document
                    )
                )
            await delete_share(connection, listener, document)
            return not await _is_held(connection, document)

    async def forget_document(self, document: str) -> bool:
        async with self._writing(document) as connection:
            if await _is_held(connection, document):
                return False
            await connection.execute(sa.delete(_documents).where(_documents.c.id == document))
            await connection.execute(
                sa.delete(schema.answers).where(schema.answers.c.document == document)
            )
            return True

    async def mark(
        self, listener: str, document: str, chapters: Sequence[int], state: ListeningState
    ) -> None:
        async with self._writing(document) as connection:
            for chapter in chapters:
                keys = {"listener": listener, "document": document, "chapter": chapter}
                await set_listening(connection, keys, state)
            await touch_cards(connection, document, listener)


async def listening_of(connection: AsyncConnection, keys: dict[str, Any]) -> ListeningState:
    statement = sa.select(_listenings.c.state).where(
        *(_listenings.c[name] == value for name, value in keys.items())
    )
    return ListeningState((await connection.execute(statement)).scalar() or ListeningState.NEW)


async def set_listening(
    connection: AsyncConnection, keys: dict[str, Any], state: ListeningState
) -> None:
    """Unless it left the shelf meanwhile. `STARTED` never takes a `HEARD` back."""
    statement = sa.select(_shelf.c.listener).where(
        _shelf.c.listener == keys["listener"], _shelf.c.document == keys["document"]
    )
    if (await connection.execute(statement)).scalar() is None:
        return
    if state is ListeningState.STARTED:
        await insert_once(connection, _listenings, **keys, state=state)
        await connection.execute(
            sa.update(_listenings)
            .where(
                *(_listenings.c[name] == value for name, value in keys.items()),
                _listenings.c.state == ListeningState.NEW,
            )
            .values(state=state, changed_at=sa.func.now())
        )
    else:
        await insert_or_set(connection, _listenings, keys, state=state, changed_at=sa.func.now())


async def _drop_doubles(connection: AsyncConnection, are_meant: Callable[[Any], Any]) -> None:
    """Of the wishes that are meant and differ in their narration only, leave one: what was tapped,
    before what comes unasked."""
    wishes, others = schema.wishes, schema.wishes.alias()
    same = (*schema.PLACE, "listener", "document", "chapter")
    comes_first = sa.or_(
        others.c.is_unasked < wishes.c.is_unasked,
        sa.and_(others.c.is_unasked == wishes.c.is_unasked, others.c.id < wishes.c.id),
    )
    double = sa.exists().where(
        *(wishes.c[name] == others.c[name] for name in same), are_meant(others), comes_first
    )
    await connection.execute(sa.delete(wishes).where(are_meant(wishes), double))


async def _is_held(connection: AsyncConnection, document: str) -> bool:
    statement = sa.select(_shelf.c.listener).where(_shelf.c.document == document).limit(1)
    return (await connection.execute(statement)).scalar() is not None


async def _progresses(connection: AsyncConnection, entries: Sequence[Any]) -> list[Progress]:
    """Everything about these entries in a few queries, however many they are."""
    if not entries:
        return []
    ids = [entry.document for entry in entries]
    listener = entries[0].listener
    held = await _holding_for(connection, listener, ids)
    tracks: dict[tuple[str, str], dict[int, TrackState]] = {}
    shown = ("document", "narration_key", "chapter", "stage", "seconds", "size")  # no times: long
    spoken = sa.select(*(_tracks.c[name] for name in shown)).where(_tracks.c.document.in_(ids))
    for row in await connection.execute(spoken):
        tracks.setdefault((row.document, row.narration_key), {})[row.chapter] = TrackState(
            chapter=row.chapter, stage=TrackStage(row.stage), seconds=row.seconds, size=row.size
        )
    heard: dict[str, dict[int, ListeningState]] = {}
    statement = sa.select(_listenings).where(
        _listenings.c.listener == listener, _listenings.c.document.in_(ids)
    )
    for row in await connection.execute(statement):
        heard.setdefault(row.document, {})[row.chapter] = ListeningState(row.state)
    owed = await _owed(connection, listener, ids)
    stopped_at = await bookmarks_of(connection, listener, ids)
    return [
        Progress(
            holding=held[entry.document],
            narration=from_json(Narration, entry.narration),
            tracks=of_chapters(tracks.get((entry.document, entry.narration_key), {})),
            extra_tracks=of_extras(tracks.get((entry.document, entry.narration_key), {})),
            listenings=heard.get(entry.document, {}),
            is_stopped=entry.is_stopped,
            name=entry.name,
            coming=len(owed.get((entry.document, True), ())),
            awaited=frozenset(owed.get((entry.document, False), ())),
            bookmark=stopped_at.get(entry.document, NOWHERE).bookmark,
            bookmark_s=stopped_at.get(entry.document, NOWHERE).begins_s,
            bookmark_ends_s=stopped_at.get(entry.document, NOWHERE).ends_s,
        )
        for entry in entries
        if entry.document in held
    ]


async def _holding_for(
    connection: AsyncConnection, listener: str, ids: Sequence[str]
) -> dict[str, Holding]:
    """With takeaways in the language that the listener wants them in, where there are some."""
    held = await holdings(connection, ids)
    language = (await preferences_of(connection, listener)).takeaways
    for document, digest in (await digests(connection, ids, language)).items() if language else ():
        holding = held.get(document)
        if holding is not None and holding.document is not None:
            read = with_digest(holding.document, digest)
            held[document] = replace(holding, document=read)
    return held


async def _owed(
    connection: AsyncConnection, listener: str, ids: Sequence[str]
) -> dict[tuple[str, bool], set[int]]:
    """Which chapters and extras are still to be sent, by document and by whether they come
    unasked."""
    wishes = schema.wishes
    statement = (
        sa.select(wishes.c.document, wishes.c.is_unasked, wishes.c.chapter)
        .where(wishes.c.listener == listener, wishes.c.document.in_(ids))
        .distinct()
    )
    owed: dict[tuple[str, bool], set[int]] = {}
    for document, is_unasked, chapter in await connection.execute(statement):
        owed.setdefault((document, bool(is_unasked)), set()).add(chapter)
    return owed


def _entry(row: Any) -> ShelfEntry:
    return ShelfEntry(
        listener=row.listener,
        document=row.document,
        narration=from_json(Narration, row.narration),
        is_stopped=row.is_stopped,
        added_at=_in_utc(row.added_at),
    )


def _in_utc(moment: datetime) -> datetime:
    """SQLite keeps no time zone: what we write there is UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
