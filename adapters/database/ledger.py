"""What servers cost, and what they answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from adapters.database import schema
from adapters.database.queries import Connected, insert_once
from bot.ports import Cost

_answers, _costs, _shelf = schema.answers, schema.costs, schema.shelf


class LedgerQueries(Connected):
    async def recall(self, keys: Sequence[str]) -> Mapping[str, str]:
        async with self._reading() as connection:
            statement = sa.select(_answers.c.key, _answers.c.body).where(_answers.c.key.in_(keys))
            return {row.key: row.body for row in await connection.execute(statement)}

    async def remember(self, answers: Mapping[str, str], *, document: str) -> None:
        async with self._writing() as connection:
            for key, body in answers.items():
                await insert_once(connection, _answers, key=key, document=document, body=body)

    async def record_cost(self, cost: Cost) -> None:
        async with self._writing() as connection:
            first = sa.select(_shelf.c.listener).where(_shelf.c.document == cost.usage.document)
            found = await connection.execute(first.order_by(_shelf.c.added_at).limit(1))
            await connection.execute(
                sa.insert(_costs).values(
                    month=cost.month,
                    document=cost.usage.document,
                    listener=found.scalar() or "",
                    model=cost.usage.model,
                    tokens_in=cost.usage.tokens_in,
                    tokens_out=cost.usage.tokens_out,
                    characters=cost.usage.characters,
                    micro_usd=cost.micro_usd,
                )
            )

    async def cost_of(self, month: str) -> int:
        async with self._reading() as connection:
            total = sa.select(sa.func.sum(_costs.c.micro_usd)).where(_costs.c.month == month)
            return int((await connection.execute(total)).scalar() or 0)

    async def forget_costs(self, before: str) -> None:
        async with self._writing() as connection:
            await connection.execute(sa.delete(_costs).where(_costs.c.month < before))
