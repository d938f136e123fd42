"""Chapters that a model tells first: nobody else waits, whoever waits is not forgotten, and what
does not come is done without."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain import TrackStage
from pipeline.domain import Mode
from tests.engines import Machine, open_jobs, open_machine
from tests.producing import MemoryTeller
from tests.samples import ENGLISH, REFERENCES, a_sender
from tests.waiting import until

BEES, ANTS = "be" * 32, "a7" * 32
BRIEF = replace(ENGLISH, mode=Mode.BRIEF)
GERMAN = replace(ENGLISH, mode=Mode.TRANSLATION, language="de")
ADA, TOM = a_sender("ada"), a_sender("tom")


@pytest.fixture
def teller() -> MemoryTeller:
    return MemoryTeller()


@pytest.fixture
async def machine(place: tuple[Path, str], teller: MemoryTeller) -> AsyncIterator[Machine]:
    async with open_machine(*place, teller=teller) as found:
        yield found


async def until_asked(teller: MemoryTeller, count: int) -> None:
    await until(lambda: len(teller.asked) >= count)


async def sound(machine: Machine, chapter: int) -> str:
    track = await machine.library.track(BEES, chapter, BRIEF)
    assert track is not None
    async with machine.files.local(track.key) as path:
        return path.read_text()


async def test_a_chapter_in_brief_is_spoken_from_what_the_model_told(
    machine: Machine, teller: MemoryTeller
) -> None:
    await machine.shelves(ADA, BEES, chapters=3, narration=BRIEF)
    await machine.jobs.read(BEES, ADA.listener.id)
    await machine.is_done(ADA, BEES)
    assert sorted(teller.asked) == [(BEES, 1), (BEES, 2), (BEES, 3)]
    assert "Chapter 2, told" in await sound(machine, 2)


async def test_a_chapter_in_its_own_words_is_not_asked_for(
    machine: Machine, teller: MemoryTeller
) -> None:
    await machine.takes(ADA, BEES)
    await machine.is_done(ADA, BEES)
    assert not teller.asked


async def test_a_brief_that_the_model_could_not_tell_is_made_of_the_chapters_own_sentences(
    machine: Machine, teller: MemoryTeller
) -> None:
    teller.is_broken = True
    await machine.shelves(ADA, BEES, chapters=2, narration=BRIEF)
    await machine.jobs.read(BEES, ADA.listener.id)
    await machine.is_done(ADA, BEES)
    assert "told" not in await sound(machine, 1)


async def test_what_is_spoken_already_is_not_asked_for_again(
    machine: Machine, teller: MemoryTeller
) -> None:
    await machine.shelves(ADA, BEES, chapters=2, narration=BRIEF)
    await machine.jobs.read(BEES, ADA.listener.id)
    await machine.is_done(ADA, BEES)
    teller.asked.clear()
    await machine.jobs.speak(BEES, [1, 2], TOM.listener.id, BRIEF)
    await machine.is_idle()
    assert not teller.asked
    assert len(machine.producer.speaks) == 2


async def test_what_is_left_out_is_not_told_by_a_model_nor_made_unasked(
    machine: Machine, teller: MemoryTeller
) -> None:
    machine.producer.leaves_out = True
    await machine.shelves(ADA, BEES, chapters=1, narration=BRIEF)
    await machine.jobs.read(BEES, ADA.listener.id)
    await machine.is_done(ADA, BEES)
    await machine.is_idle()
    assert machine.order() == [("be", 1)]
    teller.asked.clear()
    await machine.jobs.speak(BEES, [REFERENCES], ADA.listener.id, BRIEF)
    await machine.jobs.hurry(BEES, REFERENCES, BRIEF)
    await machine.is_idle()
    assert not teller.asked
    assert "References is what this chapter tells about." in await sound(machine, REFERENCES)
    assert (await machine.progress(ADA, BEES)).stage_of(REFERENCES) is TrackStage.READY


async def test_nobody_elses_chapter_waits_for_a_model(
    machine: Machine, teller: MemoryTeller
) -> None:
    teller.gate = asyncio.Event()
    await machine.shelves(ADA, BEES, chapters=6, narration=BRIEF)
    await machine.jobs.read(BEES, ADA.listener.id)
    await until_asked(teller, 4)
    await machine.takes(TOM, ANTS)
    await machine.is_done(TOM, ANTS)
    assert (await machine.progress(ADA, BEES)).ready == 0
    teller.gate.set()
    await machine.is_done(ADA, BEES)


async def test_a_chapter_tapped_while_it_was_told_comes_before_all_that_nobody_waits_for(
    machine: Machine, teller: MemoryTeller
) -> None:
    teller.gate = asyncio.Event()
    await machine.shelves(ADA, BEES, chapters=4, narration=BRIEF)
    await machine.jobs.read(BEES, ADA.listener.id)
    await until_asked(teller, 4)
    await machine.jobs.hurry(BEES, 4, BRIEF)
    machine.producer.gate = asyncio.Event()
    await machine.takes(TOM, ANTS, chapters=5)
    await until(lambda: machine.producer.speaks)  # the first of Tom's; the other four wait
    teller.gate.set()

    async def are_told() -> bool:
        return not await open_tellings()

    await until(are_told)
    machine.producer.gate.set()
    await machine.is_done(ADA, BEES)
    assert machine.order()[:2] == [("a7", 1), ("be", 4)]


async def open_tellings() -> list[str]:
    return [job for job in await open_jobs() if job.startswith("telling:")]


async def test_cancelling_ends_what_is_being_told_and_what_waits_for_it(
    machine: Machine, teller: MemoryTeller
) -> None:
    teller.gate = asyncio.Event()
    await machine.shelves(ADA, BEES, chapters=6, narration=BRIEF)
    await machine.jobs.read(BEES, ADA.listener.id)
    await until_asked(teller, 4)
    await machine.jobs.cancel(BEES, BRIEF)
    await machine.is_idle()
    assert machine.producer.speaks == []


async def test_a_translation_that_did_not_come_fails_and_comes_on_another_try(
    machine: Machine, teller: MemoryTeller
) -> None:
    teller.is_broken = True
    await machine.takes(ADA, BEES, chapters=2)
    await machine.is_done(ADA, BEES)
    machine.producer.speaks.clear()
    await machine.library.narrate_as(ADA.listener.id, BEES, GERMAN)
    await machine.jobs.speak(BEES, [1, 2], ADA.listener.id, GERMAN)
    await machine.is_idle()
    progress = await machine.progress(ADA, BEES)
    assert (progress.ready, progress.failed) == (0, 2)
    assert machine.producer.speaks == []
    teller.is_broken = False
    await machine.library.forget_track_failures(BEES, GERMAN)
    await machine.jobs.speak(BEES, [1, 2], ADA.listener.id, GERMAN)
    await machine.is_idle()
    assert (await machine.progress(ADA, BEES)).ready == 2


async def test_a_program_that_ends_while_a_chapter_is_told_tells_it_when_it_starts_again(
    place: tuple[Path, str],
) -> None:
    slow = MemoryTeller(gate=asyncio.Event())
    async with open_machine(*place, teller=slow) as machine:
        await machine.shelves(ADA, BEES, chapters=2, narration=BRIEF)
        await machine.jobs.read(BEES, ADA.listener.id)
        await until_asked(slow, 2)
    async with open_machine(*place, teller=MemoryTeller()) as machine:
        await machine.is_done(ADA, BEES)
        assert "Chapter 1, told" in await sound(machine, 1)


async def test_a_brief_does_not_wait_behind_translations(
    machine: Machine, teller: MemoryTeller
) -> None:
    teller.gate = asyncio.Event()
    await machine.shelves(ADA, BEES, chapters=9, narration=GERMAN)
    await machine.jobs.read(BEES, ADA.listener.id)
    await until_asked(teller, 4)
    await machine.shelves(TOM, ANTS, chapters=1, narration=BRIEF)
    await machine.jobs.read(ANTS, TOM.listener.id)
    await until_asked(teller, 5)
    assert teller.asked[4] == (ANTS, 1)
    teller.gate.set()
    await machine.is_done(TOM, ANTS)


async def test_what_waited_for_a_model_is_spoken_by_a_program_that_has_none(
    place: tuple[Path, str], teller: MemoryTeller
) -> None:
    """It looks into no queue that only a model could work on, and leaves nobody waiting."""
    teller.gate = asyncio.Event()
    async with open_machine(*place, teller=teller) as machine:
        await machine.shelves(ADA, BEES, chapters=2, narration=BRIEF)
        await machine.jobs.read(BEES, ADA.listener.id)
        await until_asked(teller, 1)
    async with open_machine(*place) as machine:
        await machine.is_done(ADA, BEES)
        takers = [thread.name for thread in threading.enumerate()]
        assert any(name.endswith("chapters") for name in takers)
        assert not any("tellings" in name or "improvements" in name for name in takers)
        assert "told" not in await sound(machine, 1)
