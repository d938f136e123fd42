"""Who is at work: each process beats here, so that others see when it died."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.database import schema
from adapters.database.queries import Connected, insert_or_set, now

_executors = schema.executors


class ExecutorQueries(Connected):
    async def beat(self, executor: str) -> None:
        async with self._writing() as connection:
            await insert_or_set(connection, _executors, {"id": executor}, beat_at=now(connection))

    async def living_executors(self, within_s: float) -> set[str]:
        """Executors that have beaten in the last `within_s` seconds."""
        async with self._reading() as connection:
            statement = sa.select(_executors.c.id).where(
                _executors.c.beat_at >= now(connection) - within_s
            )
            return set((await connection.execute(statement)).scalars())

    async def forget_executor(self, executor: str) -> None:
        async with self._writing() as connection:
            await connection.execute(sa.delete(_executors).where(_executors.c.id == executor))
