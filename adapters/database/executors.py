"""Who is at work: each process beats here, so that others see when it died."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from adapters.database import schema
from adapters.database.queries import Connected, insert_or_set

_executors = schema.executors


class ExecutorQueries(Connected):
    async def beat(self, executor: str, now: float) -> None:
        async with self._writing() as connection:
            await insert_or_set(connection, _executors, {"id": executor}, beat_at=now)

    async def silent_since(self, moment: float) -> Sequence[str]:
        """Executors whose last beat is older."""
        async with self._reading() as connection:
            statement = sa.select(_executors.c.id).where(_executors.c.beat_at < moment)
            return list((await connection.execute(statement)).scalars())

    async def forget_executor(self, executor: str) -> None:
        async with self._writing() as connection:
            await connection.execute(sa.delete(_executors).where(_executors.c.id == executor))
