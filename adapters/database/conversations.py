"""What conversations show and are owed: cards and wishes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import schema
from adapters.database.acts import is_first
from adapters.database.documents import text_of
from adapters.database.queries import (
    Connected,
    conversation_in,
    exists,
    insert_once,
    insert_or_set,
    lock_document,
    now,
    one_version_more,
    place_of,
    touch_cards,
)
from adapters.database.shelves import listening_of, set_listening
from adapters.database.tracks import track_of
from bot.domain import CardPlace, Conversation, Listener, ListeningState, TrackStage, Wish
from pipeline.domain import Narration, Track, from_json

_cards, _wishes, _listeners = schema.cards, schema.wishes, schema.listeners
_tracks = schema.tracks
TRACK = ("stage", "seconds", "size", "spoken_by", "times")
MAX_ROWS = 500  # of one platform


class CardQueries(Connected):
    async def save_card(self, card: CardPlace, *, act: str = "") -> None:
        async with self._writing(card.document) as connection:
            if not await exists(connection, card.document):
                return
            await is_first(connection, act)
            await insert_or_set(
                connection,
                _cards,
                _card_keys(card),
                message=card.message,
                menu_page=card.menu_page,
                stale_since=time.time(),
                not_before=0.0,
                if_there={"version": _cards.c.version + 1},  # who is showing it counts on
            )

    async def stale_cards(self, platforms: Sequence[str]) -> Sequence[tuple[CardPlace, int]]:
        async with self._reading() as connection:
            rows = await _of_each(platforms, connection, _stale_on)
            rows.sort(key=lambda row: row.stale_since)
            return [(_card(row), row.version) for row in rows]

    async def mark_card_shown(self, card: CardPlace, version: int) -> None:
        async with self._writing() as connection:
            await connection.execute(
                sa.update(_cards)
                .where(
                    *_card_place(card),
                    _cards.c.message == card.message,
                    _cards.c.shown < version,
                    _cards.c.version >= version,
                )
                .values(shown=version, stale_since=time.time())
            )

    async def turn_page(self, card: CardPlace, page: int) -> None:
        async with self._writing() as connection:
            await connection.execute(
                sa.update(_cards)
                .where(*_card_place(card), _cards.c.message == card.message)
                .values(menu_page=page, **one_version_more())
            )

    async def card_at(self, conversation: Conversation, message: str) -> CardPlace | None:
        return await self._card_where(conversation, _cards.c.message == message)

    async def others_card(
        self, conversation: Conversation, listener: str, document_prefix: str
    ) -> CardPlace | None:
        if not document_prefix:
            return None
        is_it = _cards.c.document.startswith(document_prefix, autoescape=True)
        is_seen = sa.or_(_cards.c.seen_by == "", _cards.c.thread != "")
        return await self._card_where(conversation, is_it, is_seen, _cards.c.listener != listener)

    async def _card_where(
        self, conversation: Conversation, *is_it: sa.ColumnElement[bool]
    ) -> CardPlace | None:
        """In the conversation's channel, its own thread first."""
        async with self._reading() as connection:
            statement = (
                sa.select(_cards, _listeners.c.body)
                .join(_listeners, _listeners.c.id == _cards.c.listener)
                .where(
                    _cards.c.platform == conversation.platform,
                    _cards.c.workspace == conversation.workspace,
                    _cards.c.channel == conversation.channel,
                    *is_it,
                )
                .order_by(_cards.c.thread != conversation.thread)
                .limit(1)
            )
            row = (await connection.execute(statement)).one_or_none()
            return _card(row) if row is not None else None

    async def forget_card(self, card: CardPlace) -> None:
        async with self._writing() as connection:
            await connection.execute(
                sa.delete(_cards).where(*_card_place(card), _cards.c.message == card.message)
            )


def _stale_on(platform: str, now: sa.ColumnElement[float]) -> sa.Select[Any]:
    """The cards of one platform that `cards_to_show` lists, in its order."""
    return (
        sa.select(_cards, _listeners.c.body)
        .join(_listeners, _listeners.c.id == _cards.c.listener)
        .where(
            _cards.c.platform == platform,
            _cards.c.version > _cards.c.shown,
            _cards.c.not_before <= now,
        )
        .order_by(_cards.c.stale_since, _cards.c.listener, _cards.c.document)
        .limit(MAX_ROWS)
    )


def _card_keys(card: CardPlace) -> dict[str, str]:
    return {
        "listener": card.listener.id,
        "document": card.document,
        **place_of(card.conversation),
    }


def _card_place(card: CardPlace) -> list[sa.ColumnElement[bool]]:
    return [_cards.c[name] == value for name, value in _card_keys(card).items()]


def _card(row: Any) -> CardPlace:
    return CardPlace(
        conversation=conversation_in(row),
        message=row.message,
        document=row.document,
        listener=from_json(Listener, row.body),
        menu_page=row.menu_page,
    )


class WishQueries(Connected):
    async def wish(
        self,
        conversation: Conversation,
        listener: Listener,
        document: str,
        chapter: int,
        narration: Narration,
        *,
        is_unasked: bool = False,
        act: str = "",
    ) -> None:
        keys = {
            **place_of(conversation),
            "listener": listener.id,
            "document": document,
            "chapter": chapter,
            "narration_key": narration.key,
        }
        async with self._writing(document) as connection:
            if not await exists(connection, document) or not await is_first(connection, act):
                return
            values = {
                "narration": text_of(narration),
                "is_unasked": is_unasked,
                "wished_at": now(connection),
            }
            is_new = await insert_once(connection, _wishes, **keys, **values)
            is_change = is_unasked if is_new else not is_unasked and await _ask(connection, keys)
            if is_change:
                await touch_cards(connection, document, listener.id)

    async def drop_unasked(self, listener: str, document: str) -> None:
        async with self._writing(document) as connection:
            await connection.execute(
                sa.delete(_wishes).where(
                    _wishes.c.listener == listener,
                    _wishes.c.document == document,
                    _wishes.c.is_unasked,
                )
            )
            await touch_cards(connection, document, listener)

    async def due_wishes(self, platforms: Sequence[str]) -> Sequence[tuple[Wish, Track | None]]:
        async with self._reading() as connection:
            rows = await _of_each(platforms, connection, _due_on)
            return await asyncio.to_thread(_owed, rows)

    async def put_off(self, conversation: Conversation, pause_s: float) -> None:
        async with self._writing() as connection:
            until = now(connection) + pause_s
            for table, is_owed in (  # wishes first, as elsewhere: so nobody waits in a circle
                (_wishes, sa.true()),
                (_cards, _cards.c.version > _cards.c.shown),
            ):
                place = (table.c[name] == value for name, value in place_of(conversation).items())
                await connection.execute(
                    sa.update(table).where(*place, is_owed).values(not_before=until)
                )

    async def fulfil_wish(self, wish: Wish) -> None:
        async with self._writing(wish.document) as connection:
            was_unasked = await _close(connection, wish)
            keys = {
                "listener": wish.listener.id,
                "document": wish.document,
                "chapter": wish.chapter,
            }
            is_new = not was_unasked and await listening_of(connection, keys) is ListeningState.NEW
            if is_new:
                await set_listening(connection, keys, ListeningState.STARTED)
            if is_new or was_unasked:
                await touch_cards(connection, wish.document, wish.listener.id)

    async def drop_wish(self, wish: Wish) -> None:
        async with self._writing(wish.document) as connection:
            if await _close(connection, wish):
                await touch_cards(connection, wish.document, wish.listener.id)

    async def forget_wishes(self, older_than_s: float) -> int:
        async with self._writing() as connection:
            is_old = _wishes.c.wished_at < now(connection) - older_than_s
            of_old = sa.select(_wishes.c.document).where(is_old).distinct()
            count = 0
            for document in sorted((await connection.execute(of_old)).scalars()):
                await lock_document(connection, document)
                gone = sa.delete(_wishes).where(is_old, _wishes.c.document == document)
                count += (await connection.execute(gone)).rowcount
                await touch_cards(connection, document)
            return count


def _owed(rows: list[Any]) -> list[tuple[Wish, Track | None]]:
    """Not for the loop: hundreds of rows may have long times."""
    rows.sort(key=lambda row: row.id)
    return [(_wish(row), track_of(row) if row.stage == TrackStage.READY else None) for row in rows]


async def _of_each(
    platforms: Sequence[str],
    connection: AsyncConnection,
    of_one: Callable[[str, sa.ColumnElement[float]], sa.Select[Any]],
) -> list[Any]:
    """The rows that are due on each platform: what cannot be sent on one, however much it is,
    leaves room for the others."""
    statements = [of_one(platform, now(connection)) for platform in platforms]
    return [row for each in statements for row in await connection.execute(each)]


def _due_on(platform: str, now: sa.ColumnElement[float]) -> sa.Select[Any]:
    """The wishes of one platform that a track answers, in the order of the taps."""
    spoken = (_tracks.c[name] for name in TRACK)
    answers = sa.and_(
        _tracks.c.document == _wishes.c.document,
        _tracks.c.chapter == _wishes.c.chapter,
        _tracks.c.narration_key == _wishes.c.narration_key,
    )
    return (
        sa.select(_wishes, _listeners.c.body, *spoken)
        .join(_listeners, _listeners.c.id == _wishes.c.listener)
        .join(_tracks, answers)
        .where(
            _wishes.c.platform == platform,
            _wishes.c.not_before <= now,
            ~_wishes.c.is_unasked | ~_has_one_before(),
        )
        .order_by(_wishes.c.id)
        .limit(MAX_ROWS)
    )


async def _ask(connection: AsyncConnection, keys: dict[str, Any]) -> bool:
    """Whether the wish was unasked until now. It is as new as this."""
    is_it = [_wishes.c[name] == value for name, value in keys.items()]
    asked = {"is_unasked": False, "wished_at": now(connection)}
    before = await connection.execute(sa.select(_wishes.c.is_unasked).where(*is_it))
    await connection.execute(sa.update(_wishes).where(*is_it).values(**asked))
    return bool(before.scalar())


async def _close(connection: AsyncConnection, wish: Wish) -> bool:
    """Close a wish. Whether it was unasked to the end: it may have been tapped since it was
    found, and one that is gone is what it was then."""
    statement = sa.delete(_wishes).where(_wishes.c.id == wish.id).returning(_wishes.c.is_unasked)
    found = (await connection.execute(statement)).scalar()
    return wish.is_unasked if found is None else bool(found)


def _has_one_before() -> sa.ColumnElement[bool]:
    """Another wish of that listener, in the same place, for an earlier chapter of the document."""
    earlier = _wishes.alias()
    same = (*schema.PLACE, "listener", "document")
    return sa.exists().where(
        *(earlier.c[name] == _wishes.c[name] for name in same),
        earlier.c.chapter < _wishes.c.chapter,
    )


def _wish(row: Any) -> Wish:
    return Wish(
        id=row.id,
        conversation=conversation_in(row),
        listener=from_json(Listener, row.body),
        document=row.document,
        chapter=row.chapter,
        narration=from_json(Narration, row.narration),
        is_unasked=row.is_unasked,
    )
