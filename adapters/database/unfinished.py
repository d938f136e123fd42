"""What listeners wait for and no track answers yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from adapters.database import schema
from adapters.database.documents import IS_CHAPTER
from adapters.database.queries import Connected
from bot.domain import Stage, Unfinished
from pipeline.domain import Narration, from_json

_documents, _chapters, _tracks = schema.documents, schema.chapters, schema.tracks
_shelf, _wishes = schema.shelf, schema.wishes


class UnfinishedQueries(Connected):
    async def unfinished(self) -> Sequence[Unfinished]:
        async with self._reading() as connection:
            unread = await connection.execute(_unread())
            missing = await connection.execute(_unspoken())
            awaited = await connection.execute(_awaited(is_unasked=False))
            in_order = await connection.execute(_awaited(is_unasked=True))
            return [
                *(_one(row) for row in unread),
                *_grouped(awaited, is_awaited=True),
                *_grouped(in_order),
                *_grouped(missing),
            ]


def _unread() -> sa.Select[Any]:
    return (
        sa.select(_shelf)
        .join(_documents, _documents.c.id == _shelf.c.document)
        .where(_documents.c.stage.in_([Stage.RECEIVED, Stage.READING]), ~_shelf.c.is_stopped)
        .order_by(_shelf.c.added_at, _shelf.c.listener)
    )


def _unspoken() -> sa.Select[Any]:
    return _without_track(_shelf, _chapters.c.number).order_by(
        _shelf.c.added_at, _shelf.c.listener, _shelf.c.document, _chapters.c.number
    )


def unspoken() -> sa.Select[Any]:
    """Each track that is missing, once, however many wait for it."""
    place = (_shelf.c.document, _shelf.c.narration_key, _chapters.c.number)
    return _without_track(*place).distinct()


def _without_track(*columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(_shelf)
        .join(_chapters, _chapters.c.document == _shelf.c.document)
        .outerjoin(_tracks, _answers(_shelf, _chapters.c.number))
        .where(_tracks.c.chapter.is_(None), ~_shelf.c.is_stopped, IS_CHAPTER)
    )


def _awaited(*, is_unasked: bool) -> sa.Select[Any]:
    return (
        sa.select(_wishes, _chapters.c.number)
        .join(
            _chapters,
            sa.and_(
                _chapters.c.document == _wishes.c.document,
                _chapters.c.number == _wishes.c.chapter,
            ),
        )
        .outerjoin(_tracks, _answers(_wishes, _wishes.c.chapter))
        .where(_tracks.c.chapter.is_(None), _wishes.c.is_unasked == is_unasked)
        .order_by(_wishes.c.id)
    )


def _answers(asked: sa.Table, chapter: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """The track, ready or failed, that this row of a shelf or this wish asks for."""
    return sa.and_(
        _tracks.c.document == asked.c.document,
        _tracks.c.narration_key == asked.c.narration_key,
        _tracks.c.chapter == chapter,
    )


def _grouped(rows: Iterable[Any], *, is_awaited: bool = False) -> list[Unfinished]:
    """Rows that follow each other and differ in their chapter only, in one."""
    return [
        _one(key, tuple(row.number for row in group), is_awaited=is_awaited)
        for key, group in _by_place(rows)
    ]


def _by_place(rows: Iterable[Any]) -> Iterable[tuple[Any, list[Any]]]:
    for _, group in groupby(rows, lambda row: (row.document, row.listener, row.narration_key)):
        found = list(group)
        yield found[0], found


def _one(row: Any, chapters: tuple[int, ...] = (), *, is_awaited: bool = False) -> Unfinished:
    return Unfinished(
        document=row.document,
        listener=row.listener,
        narration=from_json(Narration, row.narration),
        chapters=chapters,
        is_awaited=is_awaited,
    )
