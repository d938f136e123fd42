"""Opening a database: its driver's settings, and the migrations that bring it up to date."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from pipeline.errors import ConfigurationError

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 7_241_981  # any number, the same for all who migrate
BUSY_TIMEOUT_MS = 20_000


def opened_engine(url: str) -> AsyncEngine:
    """An engine for `sqlite+aiosqlite:///…` or `postgresql+psycopg://…`.

    Raises `ConfigurationError` for anything else, without repeating the URL: it may hold a
    password.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise ConfigurationError(problem="DATABASE_URL is not a database URL.") from None
    if parsed.drivername == "sqlite+aiosqlite":
        return _sqlite(url, parsed)
    if parsed.drivername != "postgresql+psycopg":
        raise ConfigurationError(
            problem="DATABASE_URL must begin with sqlite+aiosqlite:// or postgresql+psycopg://."
        )
    if importlib.util.find_spec("psycopg") is None:
        raise ConfigurationError(
            problem="PostgreSQL needs its driver: pip install 'listendock[postgres]'."
        )
    return create_async_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True)


def _sqlite(url: str, parsed: sa.URL) -> AsyncEngine:
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url)

    @sa.event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # never upgrade a read lock: it can deadlock

    return engine


async def migrated(engine: AsyncEngine) -> None:
    """Bring the schema up to date; several processes may ask at once, one does it."""
    async with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execute(
                sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK}
            )
        await connection.run_sync(_upgrade)


def _upgrade(connection: sa.Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
