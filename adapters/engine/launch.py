"""Launching DBOS beside the app's database, and ending it in time."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import sqlite3
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from dbos import DBOS, AsyncSQLAlchemyDatasource, DBOSConfig
from dbos import error as dbos_error
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.engine import private
from adapters.engine.announcing import announce, listen
from adapters.engine.bells import Bells
from adapters.engine.caretaker import VERSION, Caretaker
from adapters.engine.jobs import (
    CHAPTERS,
    DOCUMENTS,
    IMPROVEMENTS,
    TELLINGS,
    DurableJobs,
    EngineLibrary,
)
from bot.work.improving import Improving
from bot.work.steps import Work
from bot.work.tellings import Tellings
from pipeline.errors import ConfigurationError

READERS = 2  # documents at once; each is read by several children
IMPROVERS = 16  # they wait for servers, some for an hour
TELLERS = 4  # chapters that a model tells at once in brief, and as many translated
FINISHING_S = 4.0
TELL_AGAIN_S = 60.0


@asynccontextmanager
async def open_engine(
    *,
    library: EngineLibrary,
    work: Work,
    home: Path,
    speakers: int,
    on_change: Callable[[], None],
    improving: Improving | None = None,
    tellings: Tellings | None = None,
) -> AsyncIterator[DurableJobs]:
    """Launch the engine beside the app's database and take up what was left unfinished.

    Ends within seconds: what is nearly done is finished, the rest handed back. Raises
    `ConfigurationError` where it cannot work."""
    executor = uuid.uuid4().hex
    bells = Bells()
    with contextlib.nullcontext() if library.is_shared else _alone_in(home):
        _to_our_logs()
        private.outlast_outages()
        private.schedule_nothing()
        DBOS(config=_config(_jobs_url(library.engine, home), executor))
        datasource = await AsyncSQLAlchemyDatasource.create(
            _url(library.engine), engine=library.engine
        )
        jobs = DurableJobs(
            library=library,
            work=work,
            improving=improving or Improving(library=library, summarizer=None),
            tellings=tellings or Tellings(library=library, teller=None),
            datasource=datasource,
            on_change=on_change,
            bells=bells,
            announce=partial(announce, library.engine) if library.is_shared else _nobody_else,
        )
        private.open_queue(DOCUMENTS, at_once=READERS)
        if jobs.can_improve:  # else another host's, or nobody's until a model is back
            private.open_queue(IMPROVEMENTS, at_once=IMPROVERS)
        for queue in TELLINGS.values() if jobs.can_tell else ():
            private.open_queue(queue, at_once=TELLERS)
        private.open_queue(CHAPTERS, at_once=speakers)
        if library.is_shared:
            await library.beat(executor)  # before anything is taken: who never beat is dead
        DBOS.launch()  # in this very thread, for the workflows to run in this loop
        private.hang(bells)
        await DBOS.set_latest_application_version_async(VERSION)
        caretaker = Caretaker(library=library, jobs=jobs, executor=executor)
        beside = [asyncio.create_task(caretaker.run())]
        if library.is_shared:
            beside.append(asyncio.create_task(listen(library.engine, bells)))
        try:
            yield jobs
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await _end()
            if library.is_shared:
                await library.forget_executor(executor)


async def _nobody_else(queue: str) -> None:
    """There is no other host on a SQLite."""


async def _end() -> None:
    """Finish what takes seconds, hand back the rest."""
    private.stop_taking()
    await asyncio.to_thread(private.await_takers)
    if running := private.running():
        await asyncio.wait(running, timeout=FINISHING_S)
    while running := private.running():
        for task in running:
            task.cancel()  # nothing is recorded: it stays pending, for the next program
        await asyncio.gather(*running, return_exceptions=True)
    await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
    private.give_back_threads()


def _config(url: str, executor: str) -> DBOSConfig:
    return {
        "name": "listendock",
        "system_database_url": url,
        "application_version": VERSION,
        "executor_id": executor,
        "log_level": "WARNING",
        "enable_otlp": False,
        "max_executor_threads": 64,
        "notification_listener_polling_interval_sec": 0.25,  # for which its ending waits
        "db_engine_kwargs": _engine_options(url),
    }


def _engine_options(url: str) -> dict[str, Any]:
    """On SQLite what is deleted is overwritten, which some builds do anyway. A listener that is
    added later would meet the engine's threads on their way."""
    options: dict[str, Any] = {"hide_parameters": True}
    if url.startswith("sqlite"):
        options["pool_events"] = [(_overwrite, "connect")]
    return options


def _overwrite(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA secure_delete=ON")


def _url(engine: AsyncEngine) -> str:
    """With its password."""
    return engine.url.render_as_string(hide_password=False)


def _jobs_url(engine: AsyncEngine, home: Path) -> str:
    """On PostgreSQL the app's own database, in a schema apart; else a file beside it, in WAL
    mode: with DBOS's default journal each enqueueing takes 117 ms instead of 4."""
    if engine.dialect.name == "postgresql":
        return _url(engine)
    if sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < (3, 42):
        raise ConfigurationError(
            problem=f"Python {sys.version_info[0]}.{sys.version_info[1]} with SQLite "
            f"{sqlite3.sqlite_version} cannot run the job engine: use Python 3.11, an SQLite of "
            "3.42 or newer, or PostgreSQL (DATABASE_URL)."
        )
    path = home / "jobs.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    return f"sqlite:///{path}"


@contextmanager
def _alone_in(home: Path) -> Iterator[None]:
    """Two programs on one SQLite file would redo each other's work."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ConfigurationError(
                problem=f"Another listendock already works in {home}. Stop it, or give this one "
                "its own LISTENDOCK_HOME, or use PostgreSQL (DATABASE_URL) for both."
            ) from None
        yield


def _to_our_logs() -> None:
    """DBOS's messages go where all others go, instead of to a handler of its own that knows
    nothing of secrets; and a job that a listener cancelled is no error."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())  # it adds its own where there is none
    if not any(isinstance(known, _Unexpected) for known in logger.filters):
        logger.addFilter(_Unexpected())
        logger.addFilter(_Seldom())


_TRACEBACK = "Traceback (most recent call last):"
_TELLING = 20  # characters that tell its messages apart, before the names of queues in them
_EXPECTED = (
    "was cancelled during execution",
    "is no longer owned by this execution",
    "outcome was not recorded",
    "Asyncio task cancelled",
)


class _Seldom(logging.Filter):
    """Of a warning of one kind a line, once a minute: while the database is away, each of its
    threads tells that several times a second, in pages."""

    def __init__(self) -> None:
        super().__init__()
        self._told_at: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno > logging.WARNING:
            return True
        text = record.getMessage()
        beginning, now = text[:_TELLING], time.monotonic()
        if now - self._told_at.get(beginning, float("-inf")) < TELL_AGAIN_S:
            return False
        self._told_at[beginning] = now
        record.msg, record.args = _in_a_line(text), None
        record.exc_info = None
        return True


def _in_a_line(text: str) -> str:
    """Of a traceback its end."""
    first, *others = text.splitlines()
    if others and _TRACEBACK in first:
        return first.partition(_TRACEBACK)[0] + others[-1]
    return first


class _Unexpected(logging.Filter):
    """Lets through what is not a job that was cancelled or taken over."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, dbos_error.DBOSAwaitedWorkflowCancelledError):
            return False
        return not any(text in record.getMessage() for text in _EXPECTED)
