"""The first chapter, spoken from a draft while the document is still read."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.quota import Quota
from bot.work.steps import Work
from pipeline.domain import Mode, Track
from pipeline.errors import ChildDied
from tests.bench import ADA, BEES, Bench
from tests.producing import MemoryProducer
from tests.samples import ENGLISH
from tests.waiting import until

BRIEF = replace(ENGLISH, mode=Mode.BRIEF)


@pytest.fixture
def early(bench: Bench) -> Bench:
    """A draft tells three chapters; reading ends when the gate is opened."""
    bench.producer.drafts, bench.producer.draft_title = 3, "Chapter"
    bench.producer.read_gate = asyncio.Event()
    return bench


async def _read_on(bench: Bench, work: Work) -> None:
    """It has been spoken early by then."""
    reading = asyncio.create_task(work.read(BEES))
    await until(lambda: bench.producer.spoken)
    assert bench.producer.read_gate is not None
    bench.producer.read_gate.set()
    await work.keep_reading(bench.library, await reading)


async def test_the_first_chapter_is_spoken_while_the_document_is_read(early: Bench) -> None:
    await early.receives()
    work = early.work
    await _read_on(early, work)
    outcome = await work.speak(BEES, 1, ENGLISH)
    await work.keep_track(early.library, outcome)
    assert (early.producer.spoken, early.producer.pictured) == ([(BEES, 1)], [1])
    assert outcome.track is not None
    assert early.files.files[outcome.track.key] == f"ID3Chapter 1 in {ENGLISH.key}".encode()
    assert (await early.progress()).ready == 1


@pytest.mark.parametrize("what", ["title", "number of chapters"])
async def test_what_turned_out_otherwise_is_spoken_again(early: Bench, what: str) -> None:
    if what == "title":
        early.producer.draft_title = "Draft"
    else:
        early.producer.drafts = 2  # players are told how many there are
    await early.receives()
    work = early.work
    await _read_on(early, work)
    outcome = await work.speak(BEES, 1, ENGLISH)
    assert early.producer.spoken == [(BEES, 1), (BEES, 1)]
    assert outcome.track is not None
    assert early.files.files[outcome.track.key] == f"ID3Chapter 1 in {ENGLISH.key}".encode()


async def test_another_voice_takes_nothing_and_leaves_it_to_whom_it_is_for(early: Bench) -> None:
    await early.receives()
    work = early.work
    await _read_on(early, work)
    sky = replace(ENGLISH, voice="hibari:sky")
    await work.speak(BEES, 1, sky)
    await work.speak(BEES, 2, ENGLISH)
    await work.speak(BEES, 1, ENGLISH)
    assert early.producer.spoken == [(BEES, 1), (BEES, 1), (BEES, 2)]


async def test_a_chapter_that_is_still_being_spoken_is_waited_for(early: Bench) -> None:
    early.producer.gate, gate = asyncio.Event(), early.producer.read_gate
    await early.receives()
    work = early.work
    reading = asyncio.create_task(work.read(BEES))
    await until(lambda: early.producer.speaks)
    assert gate is not None
    gate.set()
    await work.keep_reading(early.library, await reading)
    speaking = asyncio.create_task(work.speak(BEES, 1, ENGLISH))
    early.producer.gate.set()
    assert (await speaking).track is not None
    assert early.producer.speaks == [(BEES, 1)]


@pytest.mark.parametrize("failure", [ChildDied(reason="out of memory"), RuntimeError("a fault")])
async def test_what_failed_early_is_spoken_in_its_turn(
    early: Bench, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    speak, fails = MemoryProducer.speak, [failure]

    async def speak_or_fail(self: MemoryProducer, *given: Any) -> Track:
        track = await speak(self, *given)
        if fails:
            raise fails.pop()
        return track

    monkeypatch.setattr(MemoryProducer, "speak", speak_or_fail)
    await early.receives()
    work = early.work
    await _read_on(early, work)
    assert (await work.speak(BEES, 1, ENGLISH)).track is not None
    assert early.producer.speaks == [(BEES, 1), (BEES, 1)]


async def test_nothing_is_left_of_it_when_the_reading_is_broken_off(early: Bench) -> None:
    early.producer.gate = asyncio.Event()
    await early.receives()
    reading = asyncio.create_task(early.work.read(BEES))
    await until(lambda: early.producer.speaks)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    await until(lambda: early.producer.broken_off)
    assert early.producer.broken_off == [(BEES, 1)]


@pytest.mark.parametrize("why", ["stopped", "long", "day is over", "no room", "told by a model"])
async def test_what_nobody_is_sure_to_hear_is_not_spoken_early(early: Bench, why: str) -> None:
    await early.receives(narration=BRIEF if why == "told by a model" else ENGLISH)
    quota = Quota()
    early.producer.has_room = why != "no room"
    if why == "stopped":
        await early.library.stop(ADA.listener.id, BEES)
    elif why == "long":
        early.producer.drafts = 400
    elif why == "day is over":
        quota = Quota(daily_s=60.0)
        today = datetime.now(UTC).strftime("%Y-%m-%d")
        await early.library.spend(ADA.listener.id, today, 60.0)
    work = Work(
        library=early.library,
        files=early.files,
        producer=early.producer,
        max_pages=100,
        quota=quota,
    )
    reading = asyncio.create_task(work.read(BEES))

    async def is_told() -> bool:
        return (await early.progress()).holding.draft is not None

    await until(is_told)
    assert early.producer.read_gate is not None
    early.producer.read_gate.set()
    await reading
    assert early.producer.speaks == []
