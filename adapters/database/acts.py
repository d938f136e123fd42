"""What was done because of something that a chat may tell again after a crash."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import schema
from adapters.database.queries import Connected, insert_once

_acts = schema.acts


class ActQueries(Connected):
    async def has_acted(self, act: str) -> bool:
        async with self._reading() as connection:
            statement = sa.select(_acts.c.act).where(_acts.c.act == act)
            return (await connection.execute(statement)).scalar() is not None


async def is_first(connection: AsyncConnection, act: str) -> bool:
    """From now on it stands as done. Whether it did not before; one without a name never does."""
    today = datetime.now(UTC).date().isoformat()
    return not act or await insert_once(connection, _acts, act=act, day=today)


async def forget_acts(connection: AsyncConnection, before: str) -> None:
    await connection.execute(sa.delete(_acts).where(_acts.c.day < before))
