"""What all jobs promise: durable ones on SQLite and PostgreSQL, and those that are only noted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.engine import private
from adapters.memory import MemoryJobs
from bot.ports import Jobs
from pipeline.domain import Mode
from tests.engines import open_jobs, open_machine
from tests.samples import ENGLISH, a_sender

BEES, ANTS = "be" * 32, "a7" * 32
BRIEF = replace(ENGLISH, mode=Mode.BRIEF)
ADA, TOM = a_sender("ada").listener.id, a_sender("tom").listener.id


@dataclass(frozen=True, slots=True)
class Asked:
    """Jobs that are not done meanwhile, and what of them is open."""

    jobs: Jobs
    open: Callable[[], Awaitable[list[str]]]

    async def waiting(self) -> list[str]:
        """`be`, or `be 2 brief`, sorted."""
        return sorted(await self.open())


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str] | None:
    if request.param == "memory":
        return None
    if request.param == "postgres":
        return tmp_path, str(request.getfixturevalue("engine_postgres_url"))
    home: Path = request.getfixturevalue("sqlite_home")
    return home, f"sqlite+aiosqlite:///{home / 'app.db'}"


@pytest.fixture
async def asked(where: tuple[Path, str] | None) -> AsyncIterator[Asked]:
    if where is None:
        memory = MemoryJobs()

        async def noted() -> list[str]:
            spoken = [f"{d[:2]} {chapter} {n.mode}" for d, chapter, n in memory.speaks]
            return [*(d[:2] for d in memory.reads), *spoken]

        yield Asked(memory, noted)
        return
    async with open_machine(*where) as machine:
        private.stop_taking()
        yield Asked(machine.jobs, _queued)


async def _queued() -> list[str]:
    return [_short(*workflow.split(":")) for workflow in await open_jobs()]


def _short(kind: str, document: str, *rest: str) -> str:
    if kind == "document":
        return document[:2]
    narration, chapter, _ = rest
    return f"{document[:2]} {chapter} {narration.partition('-')[0]}"


async def test_a_document_is_asked_for_once_however_many_ask(asked: Asked) -> None:
    await asyncio.gather(*(asked.jobs.read(BEES, listener) for listener in (ADA, TOM) * 5))
    await asked.jobs.read(ANTS, ADA)
    assert await asked.waiting() == ["a7", "be"]


async def test_chapters_are_asked_for_once_in_each_narration(asked: Asked) -> None:
    await asked.jobs.speak(BEES, [1, 2], ADA, ENGLISH)
    await asked.jobs.speak(BEES, [2, 3], TOM, ENGLISH)
    await asked.jobs.speak(BEES, [2], TOM, BRIEF)
    assert await asked.waiting() == [
        "be 1 original",
        "be 2 brief",
        "be 2 original",
        "be 3 original",
    ]


async def test_hurrying_adds_and_loses_nothing(asked: Asked) -> None:
    await asked.jobs.speak(BEES, [1, 2, 3], ADA, ENGLISH)
    before = await asked.waiting()
    await asked.jobs.hurry(BEES, 3, ENGLISH)
    await asked.jobs.hurry(BEES, 3, BRIEF)
    await asked.jobs.hurry(ANTS, 1, ENGLISH)
    assert await asked.waiting() == before


async def test_cancel_in_a_narration_leaves_the_others_the_reading_and_other_documents(
    asked: Asked,
) -> None:
    await asked.jobs.read(BEES, ADA)
    await asked.jobs.speak(BEES, [1, 2], ADA, ENGLISH)
    await asked.jobs.speak(BEES, [1], TOM, BRIEF)
    await asked.jobs.speak(ANTS, [1], TOM, ENGLISH)
    await asked.jobs.cancel(BEES, ENGLISH)
    assert await asked.waiting() == ["a7 1 original", "be", "be 1 brief"]


async def test_cancel_without_a_narration_leaves_nothing_of_that_document(asked: Asked) -> None:
    await asked.jobs.read(BEES, ADA)
    await asked.jobs.speak(BEES, [1], ADA, ENGLISH)
    await asked.jobs.speak(BEES, [1], TOM, BRIEF)
    await asked.jobs.read(ANTS, ADA)
    await asked.jobs.cancel(BEES)
    await asked.jobs.cancel(BEES)
    assert await asked.waiting() == ["a7"]


async def test_what_was_cancelled_can_be_asked_for_again(asked: Asked) -> None:
    for _ in range(2):
        await asked.jobs.read(BEES, ADA)
        await asked.jobs.speak(BEES, [1], ADA, ENGLISH)
        assert await asked.waiting() == ["be", "be 1 original"]
        await asked.jobs.cancel(BEES)
        assert await asked.waiting() == []


async def test_asking_for_no_chapters_is_asking_for_nothing(asked: Asked) -> None:
    await asked.jobs.speak(BEES, [], ADA, ENGLISH)
    assert await asked.waiting() == []
