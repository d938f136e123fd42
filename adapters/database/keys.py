"""Hashes of keys, one for each door: the same on every host."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.database import schema
from adapters.database.queries import Connected, insert, insert_once

_keys = schema.keys


class KeyQueries(Connected):
    async def key_hash(self, door: str) -> str:
        async with self._reading() as connection:
            found = await connection.execute(sa.select(_keys.c.hash).where(_keys.c.door == door))
            return str(found.scalar() or "")

    async def keep_first_key(self, door: str, key_hash: str) -> bool:
        async with self._writing() as connection:
            return await insert_once(connection, _keys, door=door, hash=key_hash)

    async def change_key(self, door: str, key_hash: str) -> None:
        async with self._writing() as connection:
            statement = insert(connection, _keys).values(door=door, hash=key_hash)
            changed = {"hash": statement.excluded.hash}
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["door"], set_=changed)
            )
