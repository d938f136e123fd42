"""Opening a database: its driver's settings, and the migrations that bring it up to date."""

from __future__ import annotations

import asyncio
import importlib.util
import random
import sqlite3
from contextlib import closing, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.database.outages import is_outage
from pipeline.errors import ConfigurationError

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 7_241_981  # any number, the same for all who migrate
GIVES_WAY_MS = 300  # well before PostgreSQL looks for deadlocks, after a second
MIGRATION_TRIES, MIGRATION_PAUSE_S = 120, 1.0
HELD_BY_OTHERS = ("55P03", "40P01")  # a lock that was waited for in vain, a deadlock
NEVER_FREE = "The database is too busy to be brought up to date. Stop the other programs first."
BUSY_TIMEOUT_MS = 20_000
# A server that vanished without a word is noticed within half a minute, not after hours.
REACHING = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
LOG_TIMEOUT_S = 2.0
ONLY_READING = {"is_only_reading": True}


def opened_engine(url: str) -> AsyncEngine:
    """An engine for `sqlite+aiosqlite:///…` or `postgresql+psycopg://…`.

    Raises `ConfigurationError` for anything else, without repeating the URL: it may hold a
    password. What it is asked to store never turns up in its errors either.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise ConfigurationError(problem="DATABASE_URL is not a database URL.") from None
    if parsed.drivername == "sqlite+aiosqlite":
        return _sqlite(parsed)
    if parsed.drivername != "postgresql+psycopg":
        raise ConfigurationError(
            problem="DATABASE_URL must begin with sqlite+aiosqlite:// or postgresql+psycopg://."
        )
    if importlib.util.find_spec("psycopg") is None:
        raise ConfigurationError(
            problem="PostgreSQL needs its driver: pip install 'listendock[postgres]'."
        )
    return create_async_engine(
        parsed,
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={name: value for name, value in REACHING.items() if name not in parsed.query},
    )


def _sqlite(url: sa.URL) -> AsyncEngine:
    if url.database:
        _make_room(Path(url.database).parent)
    engine = create_async_engine(url, hide_parameters=True)

    @sa.event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        """Writers queue from the start, for a read lock that is raised later can deadlock;
        readers take a snapshot and wait for nobody."""
        only_reads = connection.get_execution_options().get("is_only_reading", False)
        connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")

    @sa.event.listens_for(engine.sync_engine, "invalidate")
    def on_invalidate(connection: Any, _record: Any, _reason: Any) -> None:
        """Whoever is cancelled in the middle of a query leaves it running, and a connection that
        is closed with a query unfinished keeps its lock until it is collected. The end of the
        transaction lines up behind the query, whatever becomes of us meanwhile."""
        with suppress(sqlite3.Error, ValueError):  # it is closed already
            connection.run_async(lambda driver: asyncio.shield(driver.rollback()))

    return engine


def empty_log(engine: AsyncEngine) -> None:
    """SQLite's: into the database, and cut to nothing. Blocking; a reader that holds it up is
    waited for a moment."""
    path = engine.url.database or ""
    with closing(sqlite3.connect(path, timeout=LOG_TIMEOUT_S, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _make_room(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        problem = f"The database cannot be used: {err.strerror}: {folder}"
        raise ConfigurationError(problem=problem) from err


async def migrate(engine: AsyncEngine) -> None:
    """Bring the schema up to date; several processes may ask at once, one does it.

    Raises `ConfigurationError` if the database cannot be reached or was made by a newer program.
    """
    try:
        revision = await _revision(engine)
    except sa.exc.DBAPIError as err:
        raise _unusable(err) from err
    if revision == newest_revision():
        return  # without Alembic, whose loading is a sixth of a start
    from alembic.util import CommandError

    try:
        for _ in range(MIGRATION_TRIES):
            if await _try_to_migrate(engine):
                return
        raise ConfigurationError(problem=NEVER_FREE)
    except sa.exc.DBAPIError as err:
        raise _unusable(err) from err
    except CommandError as err:
        problem = "The database was made by a newer listendock: start that one."
        raise ConfigurationError(problem=problem) from err


async def _try_to_migrate(engine: AsyncEngine) -> bool:
    """False if others were at its tables. It gives way before PostgreSQL has to break a deadlock,
    which may cost them their work instead: a version before this one goes on meanwhile."""
    try:
        async with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                await connection.execute(
                    sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK}
                )
                await connection.execute(sa.text(f"SET LOCAL lock_timeout = {GIVES_WAY_MS}"))
            await connection.run_sync(_upgrade)
    except sa.exc.OperationalError as err:
        if getattr(err.orig, "sqlstate", "") not in HELD_BY_OTHERS:
            raise
    else:
        return True
    await asyncio.sleep(random.uniform(0, MIGRATION_PAUSE_S))  # noqa: S311 - no secret
    return False


def _unusable(err: sa.exc.DBAPIError) -> ConfigurationError:
    reason = str(err.orig).strip().splitlines()[0]  # the driver's own words hold no password
    return ConfigurationError(problem=f"The database cannot be used: {reason}")


@lru_cache(maxsize=1)
def newest_revision() -> str:
    """The migration that the tables here are of: the last one by its file's number."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


async def revision_of(url: str) -> str:
    """Which migration a database is at; empty: it has no tables, or cannot be reached. Makes no
    file: one that is missing beside documents must be found missing. Raises `ConfigurationError`
    for what is no database's URL."""
    engine = opened_engine(url)
    try:
        if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
            return ""
        return await _revision(engine)
    except sa.exc.DBAPIError:
        return ""
    finally:
        await engine.dispose()


async def _revision(engine: AsyncEngine) -> str:
    """Empty: there are no tables. Raises `sa.exc.DBAPIError` where a server cannot be reached: who
    asks anew would wait for it once more."""
    try:
        async with engine.execution_options(**ONLY_READING).connect() as connection:
            found = await connection.execute(sa.text("SELECT version_num FROM alembic_version"))
            return str(found.scalar() or "")
    except sa.exc.DBAPIError as err:
        if engine.dialect.name == "postgresql" and is_outage(err):
            raise
        return ""  # no tables; whoever makes them finds out what is wrong else


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
