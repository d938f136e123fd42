"""What was made for whom, and what there is of everything."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from adapters.database import schema
from adapters.database.acts import forget_acts
from adapters.database.queries import Connected, insert
from adapters.database.unfinished import unspoken
from bot.domain import Stage, Statistics, TrackStage

_spendings, _documents, _tracks = schema.spendings, schema.documents, schema.tracks


class BookkeepingQueries(Connected):
    async def spend(self, listener: str, day: str, seconds: float) -> float:
        keys = {"listener": listener, "day": day}
        if not seconds:
            return await self._seconds_at(keys)
        async with self._writing() as connection:
            statement = insert(connection, _spendings).values(**keys, seconds=seconds)
            added = {"seconds": _spendings.c.seconds + statement.excluded.seconds}
            statement = statement.on_conflict_do_update(index_elements=list(keys), set_=added)
            row = await connection.execute(statement.returning(_spendings.c.seconds))
            return float(row.scalar_one())

    async def forget_days(self, before: str) -> None:
        async with self._writing() as connection:
            await connection.execute(sa.delete(_spendings).where(_spendings.c.day < before))
            await forget_acts(connection, before)

    async def _seconds_at(self, keys: dict[str, Any]) -> float:
        async with self._reading() as connection:
            is_it = (_spendings.c[name] == value for name, value in keys.items())
            found = await connection.execute(sa.select(_spendings.c.seconds).where(*is_it))
            return float(found.scalar() or 0.0)

    async def statistics(self) -> Statistics:
        async with self._reading() as connection:
            figures = (await connection.execute(_figures())).one()._mapping
            return Statistics(
                documents=figures["documents"],
                listeners=figures["listeners"],
                failed_documents=figures["failed_documents"],
                tracks=figures["tracks"],
                failed_tracks=figures["failed_tracks"],
                waiting_tracks=figures["waiting_tracks"],
                seconds=float(figures["seconds"] or 0.0),
                bytes=int(figures["pdf_bytes"] or 0) + int(figures["track_bytes"] or 0),
            )


def _figures() -> sa.Select[Any]:
    """One row, each column a query of its own."""
    is_ready, is_broken = (_tracks.c.stage == s for s in (TrackStage.READY, TrackStage.FAILED))
    waiting = unspoken().subquery()
    figures = {
        "documents": sa.select(sa.func.count()).select_from(_documents),
        "listeners": sa.select(sa.func.count()).select_from(schema.listeners),
        "failed_documents": sa.select(sa.func.count())
        .select_from(_documents)
        .where(_documents.c.stage == Stage.FAILED),
        "tracks": sa.select(sa.func.count()).select_from(_tracks).where(is_ready),
        "failed_tracks": sa.select(sa.func.count()).select_from(_tracks).where(is_broken),
        "waiting_tracks": sa.select(sa.func.count()).select_from(waiting),
        "seconds": sa.select(sa.func.sum(_tracks.c.seconds)).where(is_ready),
        "track_bytes": sa.select(sa.func.sum(_tracks.c.size)).where(is_ready),
        "pdf_bytes": sa.select(sa.func.sum(_documents.c.size)),
    }
    return sa.select(*(query.scalar_subquery().label(name) for name, query in figures.items()))
