"""Everything that reaches past DBOS's public interface (3.4), in one place, with contract tests.

No public call limits a queue for this process alone, moves a queued workflow to the front, counts
without loading, gives a dead process's workflows back, or ends a process without waiting in whole
seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from dbos import DBOS
from dbos._dbos import _get_dbos_instance, _get_or_create_dbos_registry

from adapters.engine.bells import Bells

QUEUE_THREAD = "queue_thread"  # what Python calls a thread after its function
TAKING_S = 2.0
FIRST_LOOK_S = 0.1
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


def hang(bells: Bells) -> None:
    """After launch. Every thread of DBOS that waits for the next look waits for a bell."""
    engine = _get_dbos_instance()
    for event in (*engine.background_thread_stop_events, engine._background_jobs_stop_event):
        bells.hang(event)
    bells.ring()  # for the first look


def backlog(queue: str, listener: str) -> int:
    """How many workflows of a listener wait or run there."""
    engine, table = _workflows()
    with engine.connect() as connection:
        statement = (
            sa.select(sa.func.count())
            .select_from(table)
            .where(
                table.c.queue_name == queue,
                table.c.status.in_(["ENQUEUED", "PENDING"]),
                table.c.authenticated_user == listener,
            )
        )
        return int(connection.execute(statement).scalar_one())


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


def other_executors(own: str) -> list[str]:
    """Executors that something is still pending with."""
    engine, table = _workflows()
    with engine.connect() as connection:
        statement = (
            sa.select(table.c.executor_id)
            .where(table.c.status == "PENDING", table.c.executor_id != own)
            .distinct()
        )
        return list(connection.execute(statement).scalars())


def recover(executors: Sequence[str]) -> int:
    """Give back to their queues what these dead executors were at. Idempotent."""
    return len(DBOS._recover_pending_workflows(list(executors)))


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
