"""Durable jobs on DBOS: the workflows *document* and *chapter* around `bot.work`.

SQLite on one machine, PostgreSQL for many processes, the same code. `keep_…` runs in one
transaction of the app's database together with the workflow's checkpoint, so a kill at any point
neither loses a chapter nor applies one twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import sqlite3
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
import structlog
from dbos import (
    DBOS,
    AsyncSQLAlchemyDatasource,
    DBOSConfig,
    DBOSContextSetAuth,
    SetEnqueueOptions,
    SetWorkflowID,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.engine import private
from bot.ports import Library
from bot.work import ReadOutcome, SpeakOutcome, Work
from pipeline.domain import Narration, from_json, to_json
from pipeline.errors import ConfigurationError

log = structlog.get_logger()
VERSION = "1"  # raise it when a workflow's steps change: old runs then wait for an old program
DOCUMENTS, CHAPTERS = "documents", "chapters"
POLL_S = 0.1
BEAT_S, DEAD_AFTER_S = 3.0, 15.0
KEPT_S = 7 * 24 * 3600.0
TIDY_S = 3600.0
FINISHING_S = 4
RECOVERIES = 20
OPEN = ["ENQUEUED", "PENDING", "DELAYED"]


class EngineLibrary(Library, Protocol):
    """A library whose transactions can be shared, and that knows who is at work."""

    @property
    def engine(self) -> AsyncEngine: ...

    async def beat(self, executor: str, now: float) -> None: ...

    async def silent_since(self, moment: float) -> Sequence[str]: ...

    async def forget_executor(self, executor: str) -> None: ...


class DurableJobs:
    """`bot.ports.Jobs`. Needs a launched DBOS: use `open_engine`."""

    def __init__(
        self,
        *,
        library: EngineLibrary,
        work: Work,
        datasource: Any,
        on_change: Callable[[], None],
    ) -> None:
        self._library = library
        self._work = work
        self._datasource = datasource
        self._on_change = on_change
        self._read_step = _step("read", self._read)
        self._speak_step = _step("speak", self._speak)
        self._document = _workflow("document", self._on_document)
        self._chapter = _workflow("chapter", self._on_chapter)

    # --- bot.ports.Jobs -------------------------------------------------------------------------

    async def read(self, document: str, listener: str, narration: Narration) -> None:
        base = f"document:{document}:"
        attempts = await self._attempts(base)
        if any(status in OPEN for status in attempts.values()):
            return
        with SetWorkflowID(f"{base}{len(attempts)}"), DBOSContextSetAuth(listener, []):
            await DBOS.enqueue_workflow_async(
                DOCUMENTS, self._document, document, listener, _text(narration)
            )

    async def speak(
        self, document: str, chapters: Sequence[int], listener: str, narration: Narration
    ) -> None:
        base = _chapter_base(document, narration)
        attempts = await self._attempts(base)
        backlog = await self._backlog(listener)
        for number in chapters:
            mine = {w: s for w, s in attempts.items() if w.startswith(f"{base}{number}:")}
            if any(status in OPEN for status in mine.values()):
                continue
            backlog += 1
            with (
                SetWorkflowID(f"{base}{number}:{len(mine)}"),
                SetEnqueueOptions(priority=min(backlog, 2**30)),
                DBOSContextSetAuth(listener, []),
            ):
                await DBOS.enqueue_workflow_async(
                    CHAPTERS, self._chapter, document, number, _text(narration)
                )

    async def hurry(self, document: str, chapter: int, narration: Narration) -> None:
        attempts = await self._attempts(f"{_chapter_base(document, narration)}{chapter}:")
        for workflow, status in attempts.items():
            if status == "ENQUEUED":
                await asyncio.to_thread(private.move_to_front, workflow)

    async def cancel(self, document: str, narration: Narration) -> None:
        open_ = [
            workflow
            for base in (f"document:{document}:", _chapter_base(document, narration))
            for workflow, status in (await self._attempts(base)).items()
            if status in OPEN
        ]
        if open_:
            await DBOS.cancel_workflows_async(open_)

    async def _attempts(self, prefix: str) -> dict[str, str]:
        """Workflows whose id begins so, with their status."""
        found = await DBOS.list_workflows_async(
            workflow_id_prefix=prefix, load_input=False, load_output=False
        )
        return {status.workflow_id: status.status for status in found}

    async def _backlog(self, listener: str) -> int:
        """How many chapters already wait for this listener: their next one comes after those, so
        that a book does not stand before somebody else's first chapter."""
        found = await DBOS.list_workflows_async(
            user=listener, queue_name=CHAPTERS, status=OPEN, load_input=False, load_output=False
        )
        return len(found)

    # --- the workflow document ------------------------------------------------------------------

    async def _on_document(self, document: str, listener: str, narration: str) -> None:
        outcome = await self._read_step(document)
        chapters = await self._in_transaction(self._keep_reading, outcome, narration)
        self._on_change()
        if chapters:
            progress = await self._library.progress(listener, document)
            wanted = progress.narration if progress else from_json(Narration, narration)
            await self.speak(document, chapters, listener, wanted)

    async def _read(self, document: str) -> str:
        reading = asyncio.ensure_future(self._work.read(document))
        self._on_change()
        return _text(await reading)

    async def _keep_reading(self, library: Library, outcome: str, narration: str) -> list[int]:
        return await self._work.keep_reading(
            library, from_json(ReadOutcome, outcome), from_json(Narration, narration)
        )

    # --- the workflow chapter -------------------------------------------------------------------

    async def _on_chapter(self, document: str, number: int, narration: str) -> None:
        outcome = await self._speak_step(document, number, narration)
        await self._in_transaction(self._keep_track, outcome)
        self._on_change()

    async def _speak(self, document: str, number: int, narration: str) -> str:
        return _text(await self._work.speak(document, number, from_json(Narration, narration)))

    async def _keep_track(self, library: Library, outcome: str) -> None:
        await self._work.keep_track(library, from_json(SpeakOutcome, outcome))

    async def _in_transaction(self, keep: Any, *arguments: str) -> Any:
        """Run `keep` with a library bound to the transaction that also takes the checkpoint."""

        async def kept(*given: str) -> Any:
            session = self._datasource.sql_session()
            return await keep(self._library.within(await session.connection()), *given)

        return await self._datasource.run_tx_step_async({"name": keep.__name__}, kept, *arguments)


def _step(name: str, run: Callable[..., Awaitable[str]]) -> Callable[..., Awaitable[str]]:
    """A step that is cancelled with its workflow. DBOS marks functions, so methods are wrapped."""

    @DBOS.step(name=name, preemptible=True)
    async def step(*arguments: Any) -> str:
        return await run(*arguments)

    return step


def _workflow(
    name: str, run: Callable[..., Awaitable[None]]
) -> Callable[..., Coroutine[Any, Any, None]]:
    """A workflow that gives up after a few crashes of the program instead of a hundred."""

    @DBOS.workflow(name=name, max_recovery_attempts=RECOVERIES)
    async def workflow(*arguments: Any) -> None:
        await run(*arguments)

    return workflow


def _text(value: object) -> str:
    return to_json(value).decode()


def _chapter_base(document: str, narration: Narration) -> str:
    return f"chapter:{document}:{narration.key}:"


@asynccontextmanager
async def open_engine(
    *,
    library: EngineLibrary,
    work: Work,
    home: Path,
    speakers: int,
    on_change: Callable[[], None],
) -> AsyncIterator[DurableJobs]:
    """Launch the engine beside the app's database and take up what was left unfinished."""
    is_postgres = library.engine.dialect.name == "postgresql"
    executor = uuid.uuid4().hex
    with contextlib.ExitStack() as stack:
        if not is_postgres:
            stack.enter_context(_alone_in(home))
        url = _jobs_url(library.engine, home)
        _quieten()
        DBOS(config=_config(url, executor))
        app_url = library.engine.url.render_as_string(hide_password=False)
        datasource = await AsyncSQLAlchemyDatasource.create(app_url, engine=library.engine)
        jobs = DurableJobs(library=library, work=work, datasource=datasource, on_change=on_change)
        DBOS.launch()
        await DBOS.register_queue_async(
            DOCUMENTS, worker_concurrency=2, polling_interval_sec=POLL_S
        )
        await DBOS.register_queue_async(
            CHAPTERS, worker_concurrency=speakers, polling_interval_sec=POLL_S
        )
        minding = asyncio.create_task(_mind(library, executor, is_postgres=is_postgres))
        try:
            yield jobs
        finally:
            minding.cancel()
            await asyncio.gather(minding, return_exceptions=True)
            await asyncio.to_thread(
                DBOS.destroy, destroy_registry=True, workflow_completion_timeout_sec=FINISHING_S
            )
            if is_postgres:
                await library.forget_executor(executor)


def _config(url: str, executor: str) -> DBOSConfig:
    return {
        "name": "listendock",
        "system_database_url": url,
        "application_version": VERSION,
        "executor_id": executor,
        "log_level": "WARNING",
        "enable_otlp": False,
        "max_executor_threads": 64,
    }


def _jobs_url(engine: AsyncEngine, home: Path) -> str:
    """On PostgreSQL the app's own database, in a schema apart; else a file beside it, in WAL
    mode: with DBOS's default journal each enqueueing takes 117 ms instead of 4."""
    if engine.dialect.name == "postgresql":
        return engine.url.render_as_string(hide_password=False)
    if sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < (3, 42):
        raise ConfigurationError(
            problem=f"Python {sys.version_info.major}.{sys.version_info.minor} with SQLite "
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


def _quieten() -> None:
    logging.getLogger("dbos").setLevel(logging.WARNING)


async def _mind(library: EngineLibrary, executor: str, *, is_postgres: bool) -> None:
    """Beat, take over from the dead, forget what is long done."""
    tidied_at = float("-inf")
    while True:
        try:
            if is_postgres:
                await library.beat(executor, time.time())
            await _take_over(library, executor, is_postgres=is_postgres)
            if time.monotonic() - tidied_at > TIDY_S:
                await asyncio.to_thread(private.forget_finished, KEPT_S)
                tidied_at = time.monotonic()
        except (sa.exc.SQLAlchemyError, OSError) as err:
            log.warning("engine not minded", reason=type(err).__name__)
        await asyncio.sleep(BEAT_S)


async def _take_over(library: EngineLibrary, executor: str, *, is_postgres: bool) -> None:
    """Recover executors that are dead: on SQLite all others, since we hold the lock; on PostgreSQL
    those that did not beat for a while, or never did."""
    others = await asyncio.to_thread(private.other_executors, executor)
    if not others:
        return
    if is_postgres:
        silent = set(await library.silent_since(time.time() - DEAD_AFTER_S))
        alive = set(await library.silent_since(float("inf"))) - silent
        others = [other for other in others if other not in alive]
    if others:
        count = await asyncio.to_thread(private.recover, others)
        log.info("took over", executors=len(others), workflows=count)
        for other in others if is_postgres else ():
            await library.forget_executor(other)
