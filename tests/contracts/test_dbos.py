"""What we use of DBOS beyond its public interface is still there and does what we think.

If one of these fails after an update: `adapters/engine/private.py` is the only place to change.
"""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest
from dbos import DBOS, SetWorkflowID, _datasource, _sys_db
from dbos._dbos import _get_dbos_instance, _get_or_create_dbos_registry

from adapters.database import open_library
from adapters.engine import bells, private
from adapters.engine.announcing import announce, listen
from adapters.engine.bells import EVERY, Bells
from adapters.engine.caretaker import VERSION
from tests.engines import Machine, open_jobs, open_machine
from tests.producing import MemoryProducer
from tests.samples import ENGLISH, a_sender
from tests.waiting import until

BEES = "be" * 32
ADA = a_sender("ada")
TAKING = "queue-worker-"  # what DBOS calls a thread that takes from a queue
HINT = "DBOS changed: see adapters/engine/private.py"


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.engine.launch.FINISHING_S", 0.05)


async def busy(machine: Machine, chapters: int = 3) -> list[str]:
    """One chapter runs, at a closed gate, the others wait. Their workflows, in order."""
    machine.producer.gate = asyncio.Event()
    await machine.takes(ADA, BEES, chapters)

    async def all_there() -> list[str]:
        found = await open_jobs()
        are_chapters = all(workflow.startswith("chapter:") for workflow in found)
        return found if are_chapters and len(found) == chapters else []

    await until(lambda: machine.producer.speaks)
    return sorted(await until(all_there), key=lambda workflow: workflow.split(":")[3])


def test_the_names_are_there() -> None:
    registry = _get_or_create_dbos_registry()
    assert callable(getattr(registry, "_register_internal_queue", None)), HINT
    assert callable(getattr(DBOS, "_recover_pending_workflows", None)), HINT
    for module in (_sys_db, _datasource):
        assert callable(getattr(module, "retriable_postgres_exception", None)), HINT


async def test_the_instance_knows_its_database_threads_and_tasks(machine: Machine) -> None:
    instance = _get_dbos_instance()
    columns = instance._sys_db.tables.workflow_status.c
    for name in (
        "workflow_uuid",
        "status",
        "priority",
        "queue_name",
        "executor_id",
        "authenticated_user",
    ):
        assert name in columns, HINT
    assert instance.background_thread_stop_events, HINT
    assert isinstance(instance._workflow_tasks, set), HINT
    assert machine.jobs is not None


async def test_a_backlog_counts_what_waits_and_runs_for_one_listener(machine: Machine) -> None:
    assert private.backlog("chapters", "memory:ada") == 0, HINT
    await busy(machine)
    assert private.backlog("chapters", "memory:ada") == 3, HINT
    assert private.backlog("chapters", "memory:tom") == 0, HINT
    assert private.backlog("documents", "memory:ada") == 0, HINT


async def test_moving_to_the_front_changes_what_waits_and_nothing_else(machine: Machine) -> None:
    running, second, third = await busy(machine)
    for workflow in (running, third, second, third, "unknown"):
        private.move_to_front(workflow)
    first = private.FIRST_PRIORITY
    assert [await priority_of(w) for w in (running, second, third)] == [first, 1, 0], HINT


async def priority_of(workflow: str) -> int | None:
    [status] = await DBOS.list_workflows_async(workflow_ids=[workflow])
    return status.priority


async def asked_again(machine: Machine, queue: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait until the queue was looked into twice, from beginning to end."""
    monkeypatch.setattr(bells, "SWEEP_S", 0.02)
    machine.jobs._bells.ring()
    database, looks = _get_dbos_instance()._sys_db, 0
    scopes = database.dequeue_scopes

    def counted(name: str) -> Any:
        nonlocal looks
        looks += name == queue
        return scopes(name)

    with monkeypatch.context() as watching:
        watching.setattr(database, "dequeue_scopes", counted)
        await until(lambda: looks >= 3)  # the third begins when the second is over


async def test_a_queue_has_a_thread_that_takes_from_it(machine: Machine) -> None:
    await busy(machine)
    assert f"{TAKING}chapters" in {thread.name for thread in threading.enumerate()}, HINT


async def test_a_limit_of_a_queue_is_this_processs_own(
    place: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_machine(*place, speakers=2) as machine:
        await busy(machine, chapters=4)
        await until(lambda: len(machine.producer.speaks) == 2)
        await asked_again(machine, "chapters", monkeypatch)
        assert len(machine.producer.speaks) == 2, HINT
        assert await DBOS.list_queues_async() == [], HINT


async def test_what_a_dead_process_was_at_goes_back_to_its_queue_once(
    place: tuple[Path, str],
) -> None:
    async with open_machine(*place, producer=MemoryProducer()) as machine:
        running, *_ = await busy(machine)
        [dead] = await executors_of(running)
        assert private.other_executors(dead) == [], HINT
        assert private.other_executors("somebody else") == [dead], HINT
        assert private.recover(["nobody"]) == 0, HINT
        await stop_taking()
        assert private.recover([dead]) == 1, HINT
        assert private.recover([dead]) == 0, HINT
        [status] = await DBOS.list_workflows_async(workflow_ids=[running])
        assert (status.status, status.queue_name) == ("ENQUEUED", "chapters"), HINT


async def stop_taking() -> None:
    """When this returns, nobody looks into a queue any more."""
    private.stop_taking()
    await asyncio.to_thread(private.await_takers)
    assert not [t for t in threading.enumerate() if t.name.startswith(TAKING)], HINT


async def executors_of(workflow: str) -> list[str | None]:
    found = await DBOS.list_workflows_async(workflow_ids=[workflow])
    return [status.executor_id for status in found]


async def test_nothing_is_taken_any_more_once_that_was_said(machine: Machine) -> None:
    await stop_taking()
    await machine.takes(ADA, BEES)
    assert machine.producer.reads == [], HINT
    assert private.running() == [], HINT


async def test_what_runs_here_can_be_broken_off_and_stays_pending(machine: Machine) -> None:
    running, *_ = await busy(machine, chapters=1)
    await until(lambda: len(private.running()) == 1)  # the reading may be ending yet
    [task] = private.running()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    [status] = await DBOS.list_workflows_async(workflow_ids=[running])
    assert status.status == "PENDING", HINT


async def test_a_name_keeps_a_second_job_out_until_the_first_is_over(machine: Machine) -> None:
    await busy(machine, chapters=2)
    await machine.jobs.speak(BEES, [1, 2], "memory:tom", ENGLISH)
    assert len(await open_jobs()) == 2, HINT
    await machine.jobs.cancel(BEES)
    await machine.jobs.speak(BEES, [1, 2], "memory:tom", ENGLISH)
    assert len(await open_jobs()) == 2, HINT


async def test_work_without_a_version_is_taken_by_this_program(machine: Machine) -> None:
    with SetWorkflowID("x"):
        await machine.takes(ADA, BEES, chapters=1)
    await machine.is_done(ADA, BEES)
    found: list[Any] = await DBOS.list_workflows_async()
    assert {status.app_version for status in found} == {VERSION}, HINT


async def test_nobody_asks_what_is_scheduled(
    place: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[None] = []

    def asks(*_: object, **__: object) -> list[Any]:
        asked.append(None)
        return []

    monkeypatch.setattr(_sys_db.SystemDatabase, "list_schedules", asks)
    async with open_machine(*place) as machine:
        await busy(machine, chapters=1)
    assert asked == [], HINT


async def test_no_work_needs_a_look_that_nobody_asked_for(
    place: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the upload to the last chapter, and what an earlier life left behind."""
    monkeypatch.setattr(bells, "SWEEP_S", 3600.0)
    monkeypatch.setattr(bells, "ECHO_S", 3600.0)
    async with open_machine(*place, producer=MemoryProducer(gate=asyncio.Event())) as machine:
        await busy(machine)
    async with open_machine(*place) as machine:
        await machine.is_idle()
        await machine.takes(ADA, "c0" * 32)
        await machine.is_done(ADA, "c0" * 32)


async def test_hosts_hear_of_each_other_s_work(engine_postgres_url: str) -> None:
    rung = Bells()
    async with open_library(engine_postgres_url) as library:
        listening = asyncio.create_task(listen(library.engine, rung))
        await until(lambda: rung._rings[EVERY])
        await announce(library.engine, "chapters")
        await until(lambda: rung._rings["chapters"])
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
