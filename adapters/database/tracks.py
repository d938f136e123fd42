"""Tracks: what was spoken, and where platforms hold it already."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from adapters.database import schema
from adapters.database.documents import text_of
from adapters.database.queries import Connected, exists, insert_once, insert_or_set, touch_cards
from bot.domain import TrackStage
from bot.ports import Upload
from pipeline.domain import Narration, Track, from_json
from pipeline.times import Times

_tracks, _uploads = schema.tracks, schema.uploads


class TrackQueries(Connected):
    async def save_track(self, track: Track) -> None:
        async with self._writing(track.document) as connection:
            if not await exists(connection, track.document):
                return  # deleted while it was spoken
            values = {
                "stage": TrackStage.READY,
                "seconds": track.seconds,
                "size": track.size,
                "spoken_by": track.spoken_by,
                "times": text_of(track.times),
            }
            place = _places(_tracks, track.document, track.chapter, track.narration)
            row = (await connection.execute(sa.select(_tracks).where(*place))).one_or_none()
            if row is not None and all(row._mapping[name] == values[name] for name in values):
                return
            keys = _track_keys(track.document, track.chapter, track.narration)
            narration = text_of(track.narration)
            await insert_or_set(connection, _tracks, keys, narration=narration, **values)
            await touch_cards(connection, track.document)

    async def save_track_failure(self, document: str, chapter: int, narration: Narration) -> None:
        async with self._writing(document) as connection:
            if not await exists(connection, document):
                return
            is_news = await insert_once(
                connection,
                _tracks,
                **_track_keys(document, chapter, narration),
                narration=text_of(narration),
                stage=TrackStage.FAILED,
            )
            if is_news:
                await touch_cards(connection, document)

    async def forget_track_failures(self, document: str, narration: Narration) -> None:
        async with self._writing(document) as connection:
            result = await connection.execute(
                sa.delete(_tracks).where(
                    _tracks.c.document == document,
                    _tracks.c.narration_key == narration.key,
                    _tracks.c.stage == TrackStage.FAILED,
                )
            )
            if result.rowcount:
                await touch_cards(connection, document)

    async def track(self, document: str, chapter: int, narration: Narration) -> Track | None:
        async with self._reading() as connection:
            statement = sa.select(_tracks).where(
                *_places(_tracks, document, chapter, narration),
                _tracks.c.stage == TrackStage.READY,
            )
            row = (await connection.execute(statement)).one_or_none()
            return (await tracks_of([row]))[0] if row is not None else None

    async def ready_tracks(self, document: str) -> Sequence[Track]:
        async with self._reading() as connection:
            statement = sa.select(_tracks).where(
                _tracks.c.document == document, _tracks.c.stage == TrackStage.READY
            )
            in_order = statement.order_by(_tracks.c.narration_key, _tracks.c.chapter)
            return await tracks_of((await connection.execute(in_order)).all())

    async def forget_track(self, track: Track) -> None:
        place = (track.document, track.chapter, track.narration)
        async with self._writing(track.document) as connection:
            result = await connection.execute(
                sa.delete(_tracks).where(
                    *_places(_tracks, *place),
                    _tracks.c.stage == TrackStage.READY,
                    _tracks.c.size == track.size,
                    _tracks.c.seconds == track.seconds,
                )
            )
            if result.rowcount:
                await connection.execute(sa.delete(_uploads).where(*_places(_uploads, *place)))
                await touch_cards(connection, track.document)

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
        async with self._writing(track.document) as connection:
            if not await exists(connection, track.document):
                return
            keys = _track_keys(track.document, track.chapter, track.narration)
            keys |= {"platform": upload.platform, "kind": upload.kind}
            await insert_or_set(connection, _uploads, keys, remote_id=upload.remote_id)


def _track_keys(document: str, chapter: int, narration: Narration) -> dict[str, Any]:
    return {"document": document, "narration_key": narration.key, "chapter": chapter}


def _places(
    table: sa.Table, document: str, chapter: int, narration: Narration
) -> list[sa.ColumnElement[bool]]:
    keys = _track_keys(document, chapter, narration)
    return [table.c[name] == value for name, value in keys.items()]


async def tracks_of(rows: Sequence[Any]) -> list[Track]:
    """A book's times take a tenth of a second to be parsed: not on the loop."""
    return await asyncio.to_thread(lambda: [track_of(row) for row in rows])


def track_of(row: Any) -> Track:
    return Track(
        document=row.document,
        chapter=row.chapter,
        narration=from_json(Narration, row.narration),
        seconds=row.seconds,
        size=row.size,
        spoken_by=row.spoken_by,
        times=from_json(Times, row.times),
    )
