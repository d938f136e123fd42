"""Hosts that share a PostgreSQL tell each other which queues have something new."""

from __future__ import annotations

import asyncio

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.engine.bells import Bells

log = structlog.get_logger()
CHANNEL = "listendock_queues"
AGAIN_S = 3.0


async def announce(engine: AsyncEngine, queue: str) -> None:
    """To the other hosts on a PostgreSQL. Whoever misses it looks by itself before long."""
    try:
        async with engine.begin() as connection:
            await connection.execute(sa.select(sa.func.pg_notify(CHANNEL, queue)))
    except sa.exc.DBAPIError as err:
        log.warning("queue not announced", reason=type(err).__name__)


async def listen(engine: AsyncEngine, bells: Bells) -> None:
    """Until cancelled: ring for what other hosts announce."""
    import psycopg  # an extra

    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                bells.ring()  # what was announced while nobody listened
                async for notice in connection.notifies():
                    bells.ring(notice.payload)
        except psycopg.Error as err:
            log.warning("queues not listened to", reason=type(err).__name__)
        await asyncio.sleep(AGAIN_S)
