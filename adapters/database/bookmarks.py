"""Where listeners are in documents."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import schema
from adapters.database.queries import Connected, insert_or_set, touch_cards
from bot.domain import Bookmark
from pipeline.domain import from_json
from pipeline.times import Times

_bookmarks, _shelf, _tracks = schema.bookmarks, schema.shelf, schema.tracks


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A bookmark, and from where until where it is in the narration's track, if that is known."""

    bookmark: Bookmark | None = None
    begins_s: float | None = None
    ends_s: float | None = None


NOWHERE = Standing()


@lru_cache(maxsize=256)  # each card asks again, and so does each shelf
def _range_in(times: str, passage: int, sign: int) -> tuple[int, int] | None:
    return from_json(Times, times).range_of(passage, sign)


class BookmarkQueries(Connected):
    async def save_bookmark(self, listener: str, document: str, bookmark: Bookmark) -> None:
        async with self._writing(document) as connection:
            is_theirs = sa.select(_shelf.c.listener).where(
                _shelf.c.listener == listener, _shelf.c.document == document
            )
            if (await connection.execute(is_theirs)).scalar() is None:
                return
            former = await _bookmark(connection, listener, document)
            if former == bookmark:
                return
            keys = {"listener": listener, "document": document}
            await insert_or_set(connection, _bookmarks, keys, **asdict(bookmark))
            await touch_cards(connection, document, listener)


async def _bookmark(connection: AsyncConnection, listener: str, document: str) -> Bookmark | None:
    statement = sa.select(_bookmarks).where(
        _bookmarks.c.listener == listener, _bookmarks.c.document == document
    )
    row = (await connection.execute(statement)).one_or_none()
    return Bookmark(chapter=row.chapter, passage=row.passage, sign=row.sign) if row else None


async def bookmarks_of(
    connection: AsyncConnection, listener: str, ids: Sequence[str]
) -> dict[str, Standing]:
    """Of a listener's documents, by document. The times of one track each are looked at."""
    is_track = sa.and_(
        _tracks.c.document == _shelf.c.document,
        _tracks.c.narration_key == _shelf.c.narration_key,
        _tracks.c.chapter == _bookmarks.c.chapter,
    )
    is_shelved = sa.and_(
        _shelf.c.listener == _bookmarks.c.listener, _shelf.c.document == _bookmarks.c.document
    )
    statement = (
        sa.select(_bookmarks, _tracks.c.times)
        .join(_shelf, is_shelved)
        .outerjoin(_tracks, is_track)
        .where(_bookmarks.c.listener == listener, _bookmarks.c.document.in_(ids))
    )
    rows = (await connection.execute(statement)).all()
    if not rows:
        return {}
    # A long chapter's times take milliseconds to look through: not on the loop.
    return await asyncio.to_thread(lambda: {row.document: _standing(row) for row in rows})


def _standing(row: Any) -> Standing:
    mark = Bookmark(chapter=row.chapter, passage=row.passage, sign=row.sign)
    found = _range_in(row.times or "{}", mark.passage, mark.sign)
    if found is None:
        return Standing(bookmark=mark)
    return Standing(bookmark=mark, begins_s=found[0] / 1000, ends_s=found[1] / 1000)
