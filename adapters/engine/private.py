"""Everything that reaches past DBOS's public interface (3.4), in one place, with contract tests.

No public call limits a queue for this process alone, moves a queued workflow to the front, counts
or finds without loading and without reading all that is done, gives workflows back that a dead
process or an outage left behind, takes every failure to connect for an outage, or ends a process
without waiting in whole seconds.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, AsyncSQLAlchemyDatasource, _datasource, _dbos, _sys_db
from dbos._dbos import _get_dbos_instance, _get_or_create_dbos_registry
from dbos._sys_db import db_retry
from dbos._utils import INTERNAL_QUEUE_NAME, retriable_postgres_exception

from adapters.engine.bells import Bells

QUEUE_THREAD = "queue_thread"  # what Python calls a thread after its function
TAKING_S = 2.0
FIRST_LOOK_S = 0.1
LOG_TIMEOUT_S = 2.0
CLOSED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
FIRST_PRIORITY = 1000  # of what nobody waits for; smaller ones were hurried


def _workflows() -> tuple[sa.Engine, Any]:
    database = _get_dbos_instance()._sys_db
    return database.engine, database.tables.workflow_status


def open_queue(name: str, *, at_once: int) -> None:
    """Before launch. A registered queue keeps its limits in the database, where the process that
    started last sets them for all; this one is each process's own."""
    _get_or_create_dbos_registry()._register_internal_queue(
        name, worker_concurrency=at_once, polling_interval_sec=FIRST_LOOK_S
    )


def schedule_nothing() -> None:
    """Before launch. Nothing of ours is scheduled, and DBOS asks every second: also while the
    database is being closed."""
    _dbos.dynamic_scheduler_loop = _no_loop  # type: ignore[attr-defined]


def _no_loop(stop_event: threading.Event, polling_interval_sec: float) -> None:
    """Ends at once."""


def hang(bells: Bells) -> None:
    """After launch. Every thread of DBOS that waits for the next look waits for a bell."""
    engine = _get_dbos_instance()
    for event in (*engine.background_thread_stop_events, engine._background_jobs_stop_event):
        bells.hang(event)
    bells.ring()  # for the first look


def outlast_outages() -> None:
    """DBOS waits for a database that is away, but knows it by the driver's words: a name that does
    not resolve and a socket that is gone would fail the workflow."""
    for module in (_sys_db, _datasource):
        module.retriable_postgres_exception = _is_outage  # type: ignore[attr-defined]


def _is_outage(err: Exception) -> bool:
    driver: Any = getattr(err, "orig", None)
    is_unconnected = hasattr(driver, "sqlstate") and driver.sqlstate is None
    known = isinstance(err, sa.exc.OperationalError) and is_unconnected
    return known or retriable_postgres_exception(err)


def _are_open() -> sa.TextClause:
    """Letter by letter as DBOS's index of what is in flight has it: no database finds it else, and
    what is done within an hour is a thousand times as much."""
    return sa.text("status IN ('ENQUEUED', 'PENDING')")


def _is_pending() -> sa.TextClause:
    """Likewise, of what somebody is at."""
    return sa.text("status = 'PENDING'")


def _are_of(column: sa.Column[str], jobs: Sequence[str], dialect: str) -> sa.ColumnElement[bool]:
    """Whether a workflow is of one of these jobs; names of jobs end in a colon. SQLite looks up a
    range in its key, and would read all for LIKE; PostgreSQL has no order that we know."""
    if dialect != "sqlite":
        return sa.or_(*(column.startswith(job, autoescape=True) for job in jobs))
    ranges = ((job, job[:-1] + chr(ord(job[-1]) + 1)) for job in jobs)
    return sa.or_(*(sa.and_(column >= first, column < after) for first, after in ranges))


@db_retry()
def open_workflows(jobs: Sequence[str]) -> list[str]:
    """Those of these jobs that wait or run; a job may be named by what its name begins with."""
    engine, table = _workflows()
    are_theirs = _are_of(table.c.workflow_uuid, jobs, engine.dialect.name)
    with engine.connect() as connection:
        statement = sa.select(table.c.workflow_uuid).where(_are_open(), are_theirs)
        return list(connection.execute(statement).scalars())


@db_retry()
def closed_workflows(jobs: Sequence[str]) -> list[str]:
    """Those of these jobs that ended, in whatever way."""
    engine, table = _workflows()
    are_theirs = _are_of(table.c.workflow_uuid, jobs, engine.dialect.name)
    with engine.connect() as connection:
        statement = sa.select(table.c.workflow_uuid).where(table.c.status.in_(CLOSED), are_theirs)
        return list(connection.execute(statement).scalars())


@db_retry()
def backlog(queue: str, listener: str) -> int:
    """How many workflows of a listener wait or run there."""
    engine, table = _workflows()
    with engine.connect() as connection:
        statement = (
            sa.select(sa.func.count())
            .select_from(table)
            .where(
                table.c.queue_name == queue,
                _are_open(),
                table.c.authenticated_user == listener,
            )
        )
        return int(connection.execute(statement).scalar_one())


@db_retry()
def move_to_front(workflow: str) -> None:
    """Before all that was not hurried, and after what was hurried before for the same listener: so
    that many taps of one do not stand before the first tap of another."""
    engine, table = _workflows()
    mine = table.alias()
    listener = (
        sa.select(mine.c.authenticated_user)
        .where(mine.c.workflow_uuid == workflow)
        .scalar_subquery()
    )
    with engine.begin() as connection:
        hurried = connection.execute(
            sa.select(sa.func.count())
            .select_from(table)
            .where(
                _are_open(),
                table.c.status == "ENQUEUED",
                table.c.priority < FIRST_PRIORITY,
                table.c.authenticated_user == listener,
            )
        ).scalar_one()
        connection.execute(
            sa.update(table)
            .where(
                table.c.workflow_uuid == workflow,
                table.c.status == "ENQUEUED",
                table.c.priority >= FIRST_PRIORITY,
            )
            .values(priority=min(int(hurried), FIRST_PRIORITY - 1))
        )


@db_retry()
def other_executors(own: str) -> list[str]:
    """Executors that something is still pending with."""
    engine, table = _workflows()
    with engine.connect() as connection:
        statement = (
            sa.select(table.c.executor_id)
            .where(_is_pending(), table.c.executor_id != own)
            .distinct()
        )
        return list(connection.execute(statement).scalars())


def recover(executors: Sequence[str]) -> int:
    """Give back to their queues what these dead executors were at. Idempotent."""
    return len(DBOS._recover_pending_workflows(list(executors)))


@db_retry()
def left_behind(own: str) -> set[str]:
    """What the database says that we are at, and we are not: it was taken when the connection
    broke, before we were told."""
    engine, table = _workflows()
    with engine.connect() as connection:
        statement = sa.select(table.c.workflow_uuid).where(
            _is_pending(), table.c.executor_id == own
        )
        ours = set(connection.execute(statement).scalars())
    return ours - set(_get_dbos_instance()._active_workflows_set.activeList())


def give_back(workflow: str, own: str) -> None:
    """To its queue."""
    _get_dbos_instance()._sys_db.reenqueue_for_recovery(workflow, [own], INTERNAL_QUEUE_NAME)


def are_active(jobs: Sequence[str]) -> bool:
    """Whether a workflow of these jobs still runs here, if only to its next step."""
    active = _get_dbos_instance()._active_workflows_set.activeList()
    return any(workflow.startswith(tuple(jobs)) for workflow in active)


@db_retry()
def forget_listener(listener: str) -> None:
    """Who asked for what others wait for too."""
    engine, table = _workflows()
    with engine.begin() as connection:
        connection.execute(
            sa.update(table)
            .where(table.c.authenticated_user == listener)
            .values(authenticated_user="")
        )


async def forget_checkpoints(datasource: AsyncSQLAlchemyDatasource, jobs: Sequence[str]) -> None:
    """What transactions returned, of workflows that were broken off; DBOS clears those that
    ended."""
    table = datasource._outputs_table
    ids = _are_of(table.c.workflow_id, jobs, datasource.engine.dialect.name)
    async with datasource.engine.begin() as connection:
        await connection.execute(sa.delete(table).where(ids), execution_options=datasource._pin)


def empty_log() -> None:
    """SQLite's write-ahead log holds what was deleted until it is written over."""
    engine, _ = _workflows()
    if engine.dialect.name == "sqlite":
        path = engine.url.database or ""
        connecting = sqlite3.connect(path, timeout=LOG_TIMEOUT_S, isolation_level=None)
        with closing(connecting) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def stop_taking() -> None:
    """Take nothing more from the queues, but for what is being taken just now."""
    for event in _get_dbos_instance().background_thread_stop_events:
        event.set()


def await_takers() -> None:
    """After `stop_taking`: returns when nothing is being taken any more, or a thread that takes
    hangs, whose jobs stay pending. Blocks."""
    for thread in _get_dbos_instance()._background_threads:
        if QUEUE_THREAD in thread.name:
            thread.join(TAKING_S)


def running() -> list[asyncio.Task[Any]]:
    """The workflows that run in this process."""
    return list(_get_dbos_instance()._workflow_tasks)


def give_back_threads() -> None:
    """After destroy. DBOS made its thread pool the loop's own, and has shut it down."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
