"""Durable jobs: order, fairness, joining, cancelling, ending and starting again."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from dbos import DBOS

from adapters.engine import caretaker, launch, open_engine, private
from bot.domain import ListeningState, Stage
from bot.ports import pdf_key
from bot.work.steps import Work
from pipeline.domain import Mode, document_folder
from pipeline.errors import ConfigurationError, EncryptedPdf, SpeechFailed
from tests.engines import Machine, open_jobs, open_machine
from tests.producing import MemoryProducer
from tests.samples import ENGLISH, a_sender
from tests.waiting import until

BEES, ANTS, WASP = "be" * 32, "a7" * 32, "3a" * 32
BRIEF = replace(ENGLISH, mode=Mode.BRIEF)
ADA, TOM = a_sender("ada"), a_sender("tom")
Place = tuple[Path, str]


async def until_speaking(machine: Machine, document: str = BEES) -> asyncio.Event:
    """Wait until a chapter is being spoken, at a gate that is closed."""
    assert machine.producer.gate is not None

    await until(lambda: any(spoken == document for spoken, _ in machine.producer.speaks))
    return machine.producer.gate


async def until_queued(chapters: int) -> None:
    """Wait until so many chapters are open, and no document is read any more."""

    async def queued() -> bool:
        found = await open_jobs()
        are_chapters = all(workflow.startswith("chapter:") for workflow in found)
        return are_chapters and len(found) == chapters

    await until(queued, f"{chapters} open chapters")


# --- the way of a document ----------------------------------------------------------------------


async def test_a_document_is_read_and_its_chapters_are_spoken_first_ones_first(
    machine: Machine,
) -> None:
    await machine.takes(ADA, BEES, chapters=5)
    await machine.is_done(ADA, BEES)
    assert machine.order() == [("be", number) for number in range(1, 6)]
    progress = await machine.progress(ADA, BEES)
    assert (progress.ready, progress.holding.stage) == (5, Stage.READ)
    assert machine.changes
    for number in range(1, 6):
        track = await machine.library.track(BEES, number, ENGLISH)
        assert track is not None
        async with machine.files.local(track.key) as path:
            assert path.stat().st_size == track.size


async def test_a_document_that_cannot_be_read_says_so_and_another_try_reads_it(
    machine: Machine,
) -> None:
    machine.producer.fail_next = [EncryptedPdf()]
    await machine.takes(ADA, BEES)
    await machine.is_idle()
    assert (await machine.progress(ADA, BEES)).holding.failure == EncryptedPdf.sentence
    await machine.takes(ADA, BEES)
    await machine.is_done(ADA, BEES)
    assert (await machine.progress(ADA, BEES)).ready == 3


async def test_chapters_that_failed_are_spoken_on_request_and_the_others_are_not_again(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.work.steps.FIRST_PAUSE_S", 0.0)
    await machine.takes(ADA, BEES)
    machine.producer.fail_next = []
    await machine.is_done(ADA, BEES)
    await machine.shelves(TOM, ANTS)
    machine.producer.gate = asyncio.Event()
    await machine.jobs.read(ANTS, TOM.listener.id)
    await until_speaking(machine, ANTS)
    machine.producer.fail_next = [SpeechFailed()] * 3  # of the second chapter
    machine.producer.gate.set()
    await machine.is_done(TOM, ANTS)
    progress = await machine.progress(TOM, ANTS)
    assert (progress.ready, progress.failed) == (2, 1)
    await machine.library.forget_track_failures(ANTS, ENGLISH)
    machine.producer.spoken.clear()
    await machine.jobs.speak(ANTS, [1, 2, 3], TOM.listener.id, ENGLISH)
    await machine.is_idle()
    assert machine.producer.spoken == [(ANTS, 2)]
    assert (await machine.progress(TOM, ANTS)).ready == 3


async def test_who_tapped_a_chapter_is_owed_it_when_it_is_spoken_and_told_when_it_is_not(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.work.steps.FIRST_PAUSE_S", 0.0)
    machine.producer.gate = asyncio.Event()
    await machine.takes(ADA, BEES, chapters=2)
    gate = await until_speaking(machine)
    for chapter in (1, 2):
        await machine.library.wish(ADA.conversation, ADA.listener, BEES, chapter, ENGLISH)
    machine.producer.fail_next = [SpeechFailed()] * 3
    gate.set()
    await machine.is_done(ADA, BEES)
    due = await machine.library.due_wishes(["memory"])
    assert [(wish.chapter, track is not None) for wish, track in due] == [(1, True), (2, False)]


# --- joining ------------------------------------------------------------------------------------


async def test_the_same_document_asked_for_twenty_times_at_once_is_read_once(
    machine: Machine,
) -> None:
    machine.producer.read_gate = asyncio.Event()
    senders = [a_sender(str(number)) for number in range(20)]
    await asyncio.gather(*(machine.takes(sender, BEES) for sender in senders))
    machine.producer.read_gate.set()
    for sender in senders:
        await machine.is_done(sender, BEES)
    await machine.is_idle()
    assert machine.producer.reads == [BEES]
    assert sorted(machine.order()) == [("be", 1), ("be", 2), ("be", 3)]


async def test_a_call_that_comes_after_all_is_done_does_nothing_again(machine: Machine) -> None:
    await machine.takes(ADA, BEES)
    await machine.is_done(ADA, BEES)
    await machine.takes(TOM, BEES)
    await machine.jobs.speak(BEES, [1, 2, 3], TOM.listener.id, ENGLISH)
    await machine.is_idle()
    assert machine.producer.reads == [BEES]
    assert len(machine.order()) == 3
    assert (await machine.progress(TOM, BEES)).ready == 3


async def test_chapters_under_way_are_joined_and_new_ones_come_behind(machine: Machine) -> None:
    machine.producer.gate = asyncio.Event()
    await machine.takes(ADA, BEES, chapters=3)
    gate = await until_speaking(machine)
    await machine.jobs.speak(BEES, [3, 2, 1], TOM.listener.id, ENGLISH)
    gate.set()
    await machine.is_idle()
    assert machine.order() == [("be", 1), ("be", 2), ("be", 3)]


async def test_each_narration_that_somebody_holds_is_spoken(machine: Machine) -> None:
    await machine.shelves(ADA, BEES, chapters=2)
    await machine.shelves(TOM, BEES, chapters=2, narration=BRIEF)
    await machine.jobs.read(BEES, ADA.listener.id)
    await machine.is_done(ADA, BEES)
    await machine.is_done(TOM, BEES)
    assert len(machine.order()) == 4


async def test_a_document_that_proves_german_is_spoken_in_german_for_all_who_hold_it(
    machine: Machine,
) -> None:
    machine.producer.language = "de"
    await machine.shelves(ADA, BEES)
    await machine.shelves(TOM, BEES)
    await machine.jobs.read(BEES, ADA.listener.id)
    await machine.library.unshelve(ADA.listener.id, BEES)  # who asked for it is gone
    await machine.is_done(TOM, BEES)
    progress = await machine.progress(TOM, BEES)
    assert progress.narration.language == "de"
    assert progress.ready == 3


# --- order --------------------------------------------------------------------------------------


async def test_a_hurried_chapter_comes_before_all_that_nobody_waits_for(
    machine: Machine,
) -> None:
    machine.producer.gate = asyncio.Event()
    await machine.takes(ADA, BEES, chapters=6)
    gate = await until_speaking(machine)
    await until_queued(6)
    await machine.jobs.hurry(BEES, 5, ENGLISH)
    await machine.jobs.hurry(BEES, 3, ENGLISH)
    await machine.jobs.hurry(BEES, 5, ENGLISH)
    await machine.jobs.hurry(BEES, 99, ENGLISH)
    gate.set()
    await machine.is_done(ADA, BEES)
    assert [chapter for _, chapter in machine.order()] == [1, 5, 3, 2, 4, 6]


async def test_a_book_does_not_stand_before_somebody_elses_first_chapter(
    machine: Machine,
) -> None:
    machine.producer.gate = asyncio.Event()
    await machine.takes(ADA, BEES, chapters=14)
    gate = await until_speaking(machine)
    await machine.takes(TOM, ANTS, chapters=3)
    await until_queued(17)
    gate.set()
    await machine.is_idle()
    order = machine.order()
    assert order.index(("a7", 1)) <= 3
    assert order.index(("a7", 3)) <= 7


async def test_many_taps_of_one_listener_do_not_stand_before_the_first_tap_of_another(
    machine: Machine,
) -> None:
    machine.producer.gate = asyncio.Event()
    await machine.takes(ADA, BEES, chapters=8)
    gate = await until_speaking(machine)
    await machine.takes(TOM, ANTS, chapters=3)
    await until_queued(11)
    for chapter in range(2, 9):
        await machine.jobs.hurry(BEES, chapter, ENGLISH)
    await machine.jobs.hurry(ANTS, 3, ENGLISH)
    gate.set()
    await machine.is_idle()
    assert machine.order().index(("a7", 3)) <= 2


async def test_many_documents_of_one_listener_do_not_stand_before_the_first_of_another(
    machine: Machine,
) -> None:
    machine.producer.read_gate = asyncio.Event()
    for number in range(8):
        await machine.takes(ADA, f"{number:02d}" * 32, chapters=1)
    await machine.takes(TOM, BEES, chapters=1)
    machine.producer.read_gate.set()
    await machine.is_done(TOM, BEES)
    # behind what was being read already, with what else begins when that ends
    assert machine.producer.reads.index(BEES) < 2 * launch.READERS
    await machine.is_idle()


# --- cancelling ---------------------------------------------------------------------------------


async def test_cancel_ends_what_runs_and_what_waits_and_no_track_appears_afterwards(
    machine: Machine,
) -> None:
    machine.producer.gate = asyncio.Event()
    await machine.takes(ADA, BEES, chapters=4)
    gate = await until_speaking(machine)
    await machine.library.stop(ADA.listener.id, BEES)
    await machine.jobs.cancel(BEES)
    assert await open_jobs() == []
    await until(lambda: machine.producer.broken_off)
    gate.set()
    await machine.takes(TOM, ANTS, chapters=1)
    await machine.is_done(TOM, ANTS)
    assert machine.order() == [("be", 1), ("a7", 1)]
    assert machine.producer.spoken == [(ANTS, 1)]
    assert (await machine.progress(ADA, BEES)).ready == 0


async def test_a_reading_can_be_cancelled_and_asked_for_again(machine: Machine) -> None:
    machine.producer.read_gate = asyncio.Event()
    await machine.takes(ADA, BEES)
    await until(lambda: machine.producer.reads == [BEES])
    await machine.jobs.cancel(BEES)
    assert await open_jobs() == []
    machine.producer.read_gate = None
    await machine.jobs.read(BEES, ADA.listener.id)
    await machine.is_done(ADA, BEES)
    assert machine.producer.reads == [BEES, BEES]


async def test_cancel_in_one_narration_leaves_the_other(machine: Machine) -> None:
    machine.producer.gate = asyncio.Event()
    await machine.shelves(ADA, BEES, chapters=2)
    await machine.shelves(TOM, BEES, chapters=2, narration=BRIEF)
    await machine.jobs.read(BEES, ADA.listener.id)
    gate = await until_speaking(machine)
    await machine.jobs.cancel(BEES, ENGLISH)
    gate.set()
    await machine.is_done(TOM, BEES)
    await machine.is_idle()
    assert (await machine.progress(ADA, BEES)).ready == 0


async def test_cancelled_chapters_can_be_resumed(machine: Machine) -> None:
    machine.producer.gate = asyncio.Event()
    await machine.takes(ADA, BEES, chapters=3)
    gate = await until_speaking(machine)
    await machine.jobs.cancel(BEES)
    gate.set()
    await machine.jobs.speak(BEES, [1, 2, 3], ADA.listener.id, ENGLISH)
    await machine.is_done(ADA, BEES)
    assert (await machine.progress(ADA, BEES)).ready == 3


async def test_a_document_deleted_while_it_is_spoken_leaves_no_file_and_no_job(
    machine: Machine,
) -> None:
    machine.producer.gate = asyncio.Event()
    await machine.takes(ADA, BEES, chapters=4)
    gate = await until_speaking(machine)
    await machine.library.unshelve(ADA.listener.id, BEES)
    await machine.jobs.cancel(BEES)
    assert await machine.library.forget_document(BEES)
    await machine.files.delete_under(document_folder(BEES))
    gate.set()  # the chapter is spoken to its end before anybody breaks it off
    await until(lambda: len(machine.producer.spoken) + len(machine.producer.broken_off) == 1)
    await machine.takes(TOM, ANTS, chapters=1)
    await machine.is_done(TOM, ANTS)
    found = [path.name for path in (machine.home / "files" / "documents").iterdir()]
    assert found == [ANTS]
    assert await machine.library.holding(BEES) is None


# --- ending and starting again ------------------------------------------------------------------


async def test_what_takes_a_moment_is_finished_before_the_end(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "FINISHING_S", 3600.0)
    producer, stop_taking = MemoryProducer(gate=asyncio.Event()), private.stop_taking

    def stopped() -> None:
        """The end begins, and the chapter that is being spoken is nearly done."""
        stop_taking()
        assert producer.gate is not None
        producer.gate.set()

    async with open_machine(*place, producer=producer) as machine:
        await machine.takes(ADA, BEES, chapters=3)
        await until_speaking(machine)
        monkeypatch.setattr(private, "stop_taking", stopped)
    monkeypatch.undo()
    assert producer.broken_off == []
    assert producer.spoken == [(BEES, 1)]
    async with open_machine(*place) as machine:
        await machine.is_done(ADA, BEES)
        assert sorted(machine.producer.spoken) == [(BEES, 2), (BEES, 3)]


async def test_what_takes_longer_is_handed_back_and_done_by_the_next_program(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "FINISHING_S", 0.1)
    producer = MemoryProducer(gate=asyncio.Event())
    async with open_machine(*place, producer=producer) as machine:
        await machine.takes(ADA, BEES, chapters=3)
        await until_speaking(machine)
    assert producer.broken_off == [(BEES, 1)]
    async with open_machine(*place) as machine:
        await machine.is_done(ADA, BEES)
        assert machine.producer.reads == []
        assert sorted(machine.order()) == [("be", 1), ("be", 2), ("be", 3)]


async def test_what_an_older_program_was_at_starts_over(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "FINISHING_S", 0.1)
    with monkeypatch.context() as older:
        for module in (launch, caretaker):
            older.setattr(module, "VERSION", "0")
        async with open_machine(*place, producer=MemoryProducer(gate=asyncio.Event())) as machine:
            await machine.takes(ADA, BEES, chapters=3)
            await until_speaking(machine)
            await machine.shelves(TOM, ANTS)
            await machine.jobs.read(ANTS, TOM.listener.id)
    async with open_machine(*place) as machine:
        await machine.is_done(ADA, BEES)
        await machine.is_done(TOM, ANTS)
        assert len(machine.producer.spoken) == 6


async def test_an_older_program_started_again_takes_the_work_back(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        for module in (launch, caretaker):
            newer.setattr(module, "VERSION", "2")
        async with open_machine(*place):
            pass
    async with open_machine(*place) as machine:
        await machine.takes(ADA, BEES)
        await machine.is_done(ADA, BEES)


async def test_work_whose_job_was_never_written_down_is_found_at_the_start(
    place: Place,
) -> None:
    """The program was killed after the rows, before the job."""
    async with open_machine(*place) as machine:
        await machine.takes(ADA, BEES, chapters=3)
        await machine.is_done(ADA, BEES)
        await machine.library.stop(ADA.listener.id, BEES)
        await machine.library.renarrate(BEES, ENGLISH, BRIEF)
        await machine.library.wish(ADA.conversation, ADA.listener, BEES, 2, BRIEF)
        await machine.shelves(TOM, ANTS, chapters=1)
    async with open_machine(*place) as machine:
        await machine.is_done(TOM, ANTS)

        async def owed() -> bool:
            return bool(await machine.library.due_wishes(["memory"]))

        await until(owed)
        await machine.is_idle()
        assert sorted(machine.order()) == [("a7", 1), ("be", 2)]


async def test_what_brings_the_program_down_again_and_again_is_given_up_and_told(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "FINISHING_S", 0.1)
    monkeypatch.setattr("adapters.engine.jobs.RECOVERIES", 1)
    async with open_machine(*place) as machine:
        await machine.takes(ADA, BEES, chapters=1)
        await machine.is_done(ADA, BEES)
    for life in range(3):
        producer = MemoryProducer(gate=asyncio.Event())
        async with open_machine(*place, producer=producer) as machine:
            if life == 0:
                await machine.library.renarrate(BEES, ENGLISH, BRIEF)
                await machine.jobs.speak(BEES, [1], ADA.listener.id, BRIEF)
            await until(lambda: is_tried_or_given_up(machine))
    async with open_machine(*place) as machine:

        async def told() -> bool:
            return (await machine.progress(ADA, BEES)).failed == 1

        await until(told)
        assert machine.producer.speaks == []
        await machine.library.forget_track_failures(BEES, BRIEF)
        await machine.jobs.speak(BEES, [1], ADA.listener.id, BRIEF)
        await machine.is_done(ADA, BEES)
        assert (await machine.progress(ADA, BEES)).ready == 1


async def is_tried_or_given_up(machine: Machine) -> bool:
    if machine.producer.speaks or await DBOS.list_workflows_async(status=caretaker.GIVEN_UP):
        return True
    return (await machine.progress(ADA, BEES)).failed == 1  # and that is told already


async def test_finished_jobs_are_forgotten_in_time_with_all_that_was_remembered_of_them(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await machine.takes(ADA, BEES)
    await machine.is_done(ADA, BEES)
    await machine.is_idle()
    assert len(await DBOS.list_workflows_async()) == 4
    await caretaker._forget_finished()
    assert len(await DBOS.list_workflows_async()) == 4
    monkeypatch.setattr(caretaker, "KEPT", -caretaker.KEPT)
    await caretaker._forget_finished()
    assert await DBOS.list_workflows_async() == []


async def test_the_loop_can_use_threads_after_the_end(place: Place) -> None:
    async with open_machine(*place) as machine:
        await machine.takes(ADA, BEES, chapters=1)
        await machine.is_done(ADA, BEES)
    assert await asyncio.to_thread(lambda: 42) == 42


# --- where it works, and what it tells ----------------------------------------------------------


async def test_two_programs_in_one_home_are_refused_in_a_sentence(sqlite_home: Path) -> None:
    url = f"sqlite+aiosqlite:///{sqlite_home / 'app.db'}"
    async with open_machine(sqlite_home, url) as machine:
        work = Work(
            library=machine.library, files=machine.files, producer=MemoryProducer(), max_pages=1
        )
        with pytest.raises(ConfigurationError, match="Another listendock already works in"):
            async with open_engine(
                library=machine.library,
                work=work,
                home=sqlite_home,
                speakers=1,
                on_change=lambda: None,
            ):
                pass
        await machine.takes(ADA, BEES, chapters=1)
        await machine.is_done(ADA, BEES)


async def test_a_python_with_too_old_an_sqlite_is_refused_with_the_remedy(
    sqlite_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 12, 0))
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    with pytest.raises(ConfigurationError, match="use Python 3"):
        async with open_machine(sqlite_home, f"sqlite+aiosqlite:///{sqlite_home / 'app.db'}"):
            pass


async def test_it_listens_nowhere_and_calls_nobody(machine: Machine) -> None:
    await machine.takes(ADA, BEES)
    await machine.is_done(ADA, BEES)
    assert psutil.Process().net_connections("inet") == []


async def test_it_tells_neither_what_a_job_was_given_nor_where_the_database_is(
    place: Place, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async with open_machine(*place) as machine:
        machine.producer.gate = asyncio.Event()
        await machine.takes(ADA, BEES)
        gate = await until_speaking(machine)
        await machine.jobs.cancel(BEES)
        await until(lambda: machine.producer.broken_off)  # it has noticed
        gate.set()
        await until(lambda: not private.running())
    told = caplog.text + "".join(capfd.readouterr())
    for secret in (ENGLISH.voice, place[1], str(place[0])):
        assert secret not in told
    assert [r for r in caplog.records if r.name == "dbos" and r.levelname != "INFO"] == []


async def test_a_cancel_that_comes_while_a_track_is_kept_loses_or_keeps_it_whole(
    machine: Machine,
) -> None:
    for number in range(5):
        document = f"{number:02d}" * 32
        await machine.takes(ADA, document, chapters=2)
        await until_reads(machine, document)
        await asyncio.sleep(0.05 * number)
        await machine.jobs.cancel(document)
        await machine.is_idle()
        progress = await machine.progress(ADA, document)
        for chapter, state in progress.tracks.items():
            track = await machine.library.track(document, chapter, ENGLISH)
            assert track is not None
            assert track.seconds == state.seconds
            assert await machine.files.has(track.key)


async def until_reads(machine: Machine, document: str) -> None:
    await until(lambda: document in machine.producer.reads)


async def test_what_was_heard_stays_heard_while_tracks_come(machine: Machine) -> None:
    await machine.takes(ADA, BEES)
    await machine.is_done(ADA, BEES)
    await machine.library.mark(ADA.listener.id, BEES, [1], ListeningState.HEARD)
    await machine.jobs.speak(BEES, [1], ADA.listener.id, ENGLISH)
    await machine.is_idle()
    assert (await machine.progress(ADA, BEES)).listenings == {1: ListeningState.HEARD}
    assert await machine.files.has(pdf_key(BEES))
