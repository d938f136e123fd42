"""Documents, their chapters and their tracks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import schema
from adapters.database.queries import Connected, insert_once, insert_or_set, touch_cards
from bot.domain import Holding, Stage, TrackStage
from bot.ports import Upload
from pipeline.domain import Chapter, Document, Narration, Takeaway, Track, from_json, to_json

_documents, _chapters = schema.documents, schema.chapters
_tracks, _uploads = schema.tracks, schema.uploads


def text_of(value: object) -> str:
    return to_json(value).decode()


class DocumentQueries(Connected):
    async def receive(self, document: str, *, filename: str, size: int) -> Holding:
        async with self._writing() as connection:
            await insert_once(
                connection,
                _documents,
                id=document,
                filename=filename,
                size=size,
                stage=Stage.RECEIVED,
            )
            await connection.execute(
                sa.update(_documents)
                .where(_documents.c.id == document, _documents.c.stage == Stage.FAILED)
                .values(stage=Stage.RECEIVED, failure_kind="", failure="")
            )
            found = await holdings(connection, [document])
            return found[document]

    async def holding(self, document: str) -> Holding | None:
        async with self._reading() as connection:
            return (await holdings(connection, [document])).get(document)

    async def chapter(self, document: str, number: int) -> Chapter | None:
        async with self._reading() as connection:
            statement = sa.select(_chapters.c.body).where(
                _chapters.c.document == document, _chapters.c.number == number
            )
            body = (await connection.execute(statement)).scalar_one_or_none()
            return from_json(Chapter, body) if body is not None else None

    async def mark_reading(self, document: str) -> None:
        async with self._writing() as connection:
            result = await connection.execute(
                sa.update(_documents)
                .where(_documents.c.id == document, _documents.c.stage == Stage.RECEIVED)
                .values(stage=Stage.READING)
            )
            if result.rowcount:
                await touch_cards(connection, document)

    async def save_reading(self, document: Document) -> None:
        async with self._writing() as connection:
            head = text_of(replace(document, chapters=()))
            result = await connection.execute(
                sa.update(_documents)
                .where(_documents.c.id == document.id)
                .values(stage=Stage.READ, head=head, failure_kind="", failure="")
            )
            if not result.rowcount:
                return  # deleted meanwhile
            await connection.execute(
                sa.delete(_chapters).where(_chapters.c.document == document.id)
            )
            rows = [
                {
                    "document": document.id,
                    "number": chapter.number,
                    "head": text_of(replace(chapter, passages=())),
                    "body": text_of(chapter),
                }
                for chapter in document.chapters
            ]
            if rows:
                await connection.execute(sa.insert(_chapters), rows)
            await touch_cards(connection, document.id)

    async def save_failure(self, document: str, *, kind: str, sentence: str) -> None:
        async with self._writing() as connection:
            await connection.execute(
                sa.update(_documents)
                .where(_documents.c.id == document)
                .values(stage=Stage.FAILED, failure_kind=kind, failure=sentence)
            )
            await touch_cards(connection, document)

    async def save_takeaways(
        self, document: str, summary: str, takeaways: Mapping[int, Takeaway]
    ) -> None:
        async with self._writing() as connection:
            head = await _head(connection, document)
            if head is None:
                return
            better = replace(head, summary=summary or head.summary)
            await connection.execute(
                sa.update(_documents)
                .where(_documents.c.id == document)
                .values(head=text_of(better))
            )
            for number, takeaway in takeaways.items():
                await _save_takeaway(connection, document, number, takeaway)
            await touch_cards(connection, document)


async def _save_takeaway(
    connection: AsyncConnection, document: str, number: int, takeaway: Takeaway
) -> None:
    place = (_chapters.c.document == document, _chapters.c.number == number)
    body = (await connection.execute(sa.select(_chapters.c.body).where(*place))).scalar()
    if body is None:
        return
    chapter = replace(from_json(Chapter, body), takeaway=takeaway)
    values = {"head": text_of(replace(chapter, passages=())), "body": text_of(chapter)}
    await connection.execute(sa.update(_chapters).where(*place).values(**values))


async def _head(connection: AsyncConnection, document: str) -> Document | None:
    statement = sa.select(_documents.c.head).where(_documents.c.id == document)
    head = (await connection.execute(statement)).scalar()
    return from_json(Document, head) if head else None


async def holdings(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, Holding]:
    """Documents with their chapters' heads, in two queries."""
    rows = await connection.execute(sa.select(_documents).where(_documents.c.id.in_(ids)))
    heads: dict[str, list[Chapter]] = {}
    chapters = await connection.execute(
        sa.select(_chapters.c.document, _chapters.c.head)
        .where(_chapters.c.document.in_(ids))
        .order_by(_chapters.c.document, _chapters.c.number)
    )
    for document, head in chapters:
        heads.setdefault(document, []).append(from_json(Chapter, head))
    return {row.id: _holding(row, heads.get(row.id, [])) for row in rows}


def _holding(row: Any, chapters: Sequence[Chapter]) -> Holding:
    document = None
    if row.head:
        document = replace(from_json(Document, row.head), chapters=tuple(chapters))
    return Holding(
        id=row.id,
        filename=row.filename,
        size=row.size,
        stage=Stage(row.stage),
        failure_kind=row.failure_kind,
        failure=row.failure,
        document=document,
    )


class TrackQueries(Connected):
    async def save_track(self, track: Track) -> None:
        async with self._writing() as connection:
            if not await _exists(connection, track.document):
                return  # deleted while it was spoken
            keys = _track_keys(track.document, track.chapter, track.narration)
            await insert_or_set(
                connection,
                _tracks,
                keys,
                narration=text_of(track.narration),
                stage=TrackStage.READY,
                seconds=track.seconds,
                size=track.size,
            )
            await touch_cards(connection, track.document)

    async def save_track_failure(self, document: str, chapter: int, narration: Narration) -> None:
        async with self._writing() as connection:
            if not await _exists(connection, document):
                return
            await insert_once(
                connection,
                _tracks,
                **_track_keys(document, chapter, narration),
                narration=text_of(narration),
                stage=TrackStage.FAILED,
            )
            await touch_cards(connection, document)

    async def forget_track_failures(self, document: str, narration: Narration) -> None:
        async with self._writing() as connection:
            await connection.execute(
                sa.delete(_tracks).where(
                    _tracks.c.document == document,
                    _tracks.c.narration_key == narration.key,
                    _tracks.c.stage == TrackStage.FAILED,
                )
            )
            await touch_cards(connection, document)

    async def track(self, document: str, chapter: int, narration: Narration) -> Track | None:
        async with self._reading() as connection:
            statement = sa.select(_tracks).where(
                *_places(_tracks, document, chapter, narration),
                _tracks.c.stage == TrackStage.READY,
            )
            row = (await connection.execute(statement)).one_or_none()
            return track_of(row) if row is not None else None

    async def uploads(self, track: Track, platform: str) -> Sequence[Upload]:
        async with self._reading() as connection:
            statement = sa.select(_uploads).where(
                *_places(_uploads, track.document, track.chapter, track.narration),
                _uploads.c.platform == platform,
            )
            return [
                Upload(platform=row.platform, kind=row.kind, remote_id=row.remote_id)
                for row in await connection.execute(statement)
            ]

    async def save_upload(self, track: Track, upload: Upload) -> None:
        async with self._writing() as connection:
            if not await _exists(connection, track.document):
                return
            keys = _track_keys(track.document, track.chapter, track.narration)
            keys |= {"platform": upload.platform, "kind": upload.kind}
            await insert_or_set(connection, _uploads, keys, remote_id=upload.remote_id)

    async def forget_uploads(self, track: Track, platform: str) -> None:
        async with self._writing() as connection:
            await connection.execute(
                sa.delete(_uploads).where(
                    *_places(_uploads, track.document, track.chapter, track.narration),
                    _uploads.c.platform == platform,
                )
            )


async def _exists(connection: AsyncConnection, document: str) -> bool:
    statement = sa.select(_documents.c.id).where(_documents.c.id == document)
    return (await connection.execute(statement)).scalar() is not None


def _track_keys(document: str, chapter: int, narration: Narration) -> dict[str, Any]:
    return {"document": document, "narration_key": narration.key, "chapter": chapter}


def _places(
    table: sa.Table, document: str, chapter: int, narration: Narration
) -> list[sa.ColumnElement[bool]]:
    keys = _track_keys(document, chapter, narration)
    return [table.c[name] == value for name, value in keys.items()]


def track_of(row: Any) -> Track:
    return Track(
        document=row.document,
        chapter=row.chapter,
        narration=from_json(Narration, row.narration),
        seconds=row.seconds,
        size=row.size,
    )
