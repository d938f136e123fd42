"""Everything that reaches past DBOS's public interface, in one place, with contract tests.

Three things have no public call in 3.4: moving a queued workflow to the front, giving a dead
process's workflows back to the queue, and forgetting finished ones.
"""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa
from dbos import DBOS
from dbos._dbos import _get_dbos_instance

FINISHED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


def _workflows() -> tuple[sa.Engine, Any]:
    database = _get_dbos_instance()._sys_db
    return database.engine, database.tables.workflow_status


def move_to_front(workflow: str) -> None:
    """0 is before all priorities that are given at enqueueing; they begin at 1."""
    engine, table = _workflows()
    with engine.begin() as connection:
        connection.execute(
            sa.update(table)
            .where(table.c.workflow_uuid == workflow, table.c.status == "ENQUEUED")
            .values(priority=0)
        )


def recover(executors: list[str]) -> int:
    """Give back to their queues what these dead executors were at. Idempotent."""
    return len(DBOS._recover_pending_workflows(executors))


def other_executors(own: str) -> list[str]:
    """Executors that something is still pending with."""
    engine, table = _workflows()
    with engine.begin() as connection:
        statement = (
            sa.select(table.c.executor_id)
            .where(table.c.status == "PENDING", table.c.executor_id != own)
            .distinct()
        )
        return list(connection.execute(statement).scalars())


def forget_finished(older_than_s: float) -> int:
    """Drop finished workflows with their steps, so that the jobs database stays small."""
    engine, table = _workflows()
    limit_ms = int((time.time() - older_than_s) * 1000)
    with engine.begin() as connection:
        result = connection.execute(
            sa.delete(table).where(table.c.status.in_(FINISHED), table.c.created_at < limit_ms)
        )
        return int(result.rowcount)
