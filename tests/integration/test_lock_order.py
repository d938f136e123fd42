"""On PostgreSQL whoever changes several tables does it in one order, so that nobody waits for
somebody who waits for them."""

from __future__ import annotations

import asyncio

import sqlalchemy as sa

from adapters.database import open_library, schema
from adapters.database.queries import touch_cards
from bot.domain import CardPlace
from tests.samples import ENGLISH, a_sender
from tests.waiting import until, wait_for

BEES, ADA = "be" * 32, a_sender()


async def test_a_conversation_is_put_off_while_a_wish_of_it_is_fulfilled(
    emptied_postgres_url: str,
) -> None:
    async with open_library(emptied_postgres_url) as library:
        await library.receive(BEES, filename="bees.pdf", size=9)
        await library.shelve(ADA.listener, BEES, ENGLISH)
        await library.wish(ADA.conversation, ADA.listener, BEES, 1, ENGLISH)
        card = CardPlace(
            conversation=ADA.conversation, message="1", document=BEES, listener=ADA.listener
        )
        await library.save_card(card)

        async def waits() -> bool:
            async with library.engine.connect() as connection:
                waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
                return bool((await connection.execute(waiting)).scalar())

        async with library.engine.begin() as fulfilling:
            await fulfilling.execute(sa.delete(schema.wishes))
            putting_off = asyncio.create_task(library.put_off(ADA.conversation, 3600))
            await until(waits)
            await touch_cards(fulfilling, BEES)
        await wait_for(putting_off, "the other")
        assert await library.stale_cards(["memory"]) == []
