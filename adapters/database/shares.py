"""Addresses that open a document to whoever has them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import schema
from adapters.database.documents import text_of
from adapters.database.queries import Connected
from bot.domain import Share
from pipeline.domain import Narration, from_json

_shares, _shelf = schema.shares, schema.shelf


class ShareQueries(Connected):
    async def share(self, share: Share) -> Share:
        async with self._writing(share.document) as connection:
            theirs = sa.select(_shelf.c.listener).where(
                _shelf.c.listener == share.owner, _shelf.c.document == share.document
            )
            if (await connection.execute(theirs)).scalar() is None:
                raise LookupError("not on the owner's shelf")
            place = (_shares.c.owner == share.owner, _shares.c.document == share.document)
            found = await _share_at(connection, *place)
            if found is not None:
                return found
            await connection.execute(
                sa.insert(_shares).values(
                    token=share.token,
                    owner=share.owner,
                    document=share.document,
                    narration=text_of(share.narration),
                )
            )
            return share

    async def share_of(self, token: str) -> Share | None:
        async with self._reading() as connection:
            return await _share_at(connection, _shares.c.token == token)

    async def revoke(self, owner: str, document: str) -> None:
        async with self._writing(document) as connection:
            await delete_share(connection, owner, document)


async def delete_share(connection: AsyncConnection, owner: str, document: str) -> None:
    await connection.execute(
        sa.delete(_shares).where(_shares.c.owner == owner, _shares.c.document == document)
    )


async def _share_at(connection: AsyncConnection, *place: sa.ColumnElement[bool]) -> Share | None:
    row = (await connection.execute(sa.select(_shares).where(*place))).one_or_none()
    if row is None:
        return None
    return Share(
        token=row.token,
        owner=row.owner,
        document=row.document,
        narration=from_json(Narration, row.narration),
    )
