"""What a job does, over a library, a file store and a pipeline in memory."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.memory import MemoryFiles, MemoryLibrary
from bot.domain import Stage, Unfinished
from bot.ports import cover_key, pdf_key, reading_key
from bot.quota import Quota
from bot.words import messages
from bot.work import steps
from bot.work.steps import Work
from bot.work.tellings import Tellings, as_it_stands
from pipeline.domain import Document, Mode, Narration, from_json, to_json
from pipeline.errors import (
    ChildDied,
    DamagedPdf,
    EncryptedPdf,
    NoVoice,
    SpeechFailed,
)
from tests.bench import ADA, BEES, Bench, FullDisk
from tests.producing import MemoryProducer, MemoryTeller
from tests.samples import (
    ENGLISH,
    REFERENCES,
    a_document,
    a_sender,
    a_track,
    with_left_out,
)
from tests.waiting import until

GERMAN = replace(ENGLISH, language="de")
BRIEF = replace(ENGLISH, mode=Mode.BRIEF)
TRANSLATED = replace(ENGLISH, mode=Mode.TRANSLATION, language="de")
TOM = a_sender("tom")


# --- reading ------------------------------------------------------------------------------------


async def test_a_reading_goes_by_way_of_the_file_store_into_the_library(bench: Bench) -> None:
    await bench.receives(chapters=3)
    outcome = await bench.work.read(BEES)
    assert (await bench.progress()).holding.stage is Stage.READING
    stored = from_json(Document, bench.files.files[reading_key(BEES)])
    assert len(stored.chapters) == 3
    assert cover_key(BEES) in bench.files.files
    wanted = await bench.work.keep_reading(bench.library, outcome)
    assert (await bench.progress()).holding.stage is Stage.READ
    assert wanted == [
        Unfinished(document=BEES, listener="memory:ada", narration=ENGLISH, chapters=(1, 2, 3))
    ]


async def test_a_reading_that_is_stored_is_not_made_again(bench: Bench) -> None:
    await bench.receives()
    await bench.work.read(BEES)  # and then the program is killed
    await bench.reads()
    await bench.work.read(BEES)  # a second call that came late
    assert bench.producer.reads == [BEES]
    assert (await bench.progress()).holding.stage is Stage.READ


async def test_a_second_job_for_what_is_read_wants_only_what_is_missing(bench: Bench) -> None:
    await bench.receives()
    await bench.reads()
    await bench.speaks(1)
    await bench.library.save_track_failure(BEES, 2, ENGLISH)
    [wanted] = await bench.reads()
    assert wanted.chapters == (3,)


async def test_a_long_document_waits_for_whoever_did_not_choose(bench: Bench) -> None:
    await bench.receives(chapters=200)  # a minute each
    assert await bench.reads() == []
    progress = await bench.progress()
    assert progress.is_stopped
    assert progress.is_waiting_for_choice


async def test_no_more_is_made_unasked_than_the_day_allows(bench: Bench) -> None:
    await bench.receives(chapters=5)
    limited = Work(
        library=bench.library,
        files=bench.files,
        producer=bench.producer,
        max_pages=100,
        quota=Quota(daily_s=90.0),
    )
    [wanted] = await limited.keep_reading(bench.library, await limited.read(BEES))
    assert wanted.chapters == (1, 2)  # the second was begun while something was left
    assert (await bench.progress()).is_stopped


async def test_what_one_listener_has_made_costs_the_other_nothing(bench: Bench) -> None:
    await bench.receives(chapters=2)
    await bench.library.shelve(TOM.listener, BEES, ENGLISH)
    limited = Work(
        library=bench.library,
        files=bench.files,
        producer=bench.producer,
        max_pages=100,
        quota=Quota(daily_s=600.0),
    )
    [wanted] = await limited.keep_reading(bench.library, await limited.read(BEES))
    assert (wanted.listener, wanted.chapters) == ("memory:ada", (1, 2))
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    assert await bench.library.spend("memory:ada", day, 0.0) == 120.0
    assert await bench.library.spend("memory:tom", day, 0.0) == 0.0


async def test_what_is_wrong_with_a_file_is_told_in_its_own_sentence(bench: Bench) -> None:
    await bench.receives()
    bench.producer.fail_next = [EncryptedPdf()]
    assert await bench.reads() == []
    holding = (await bench.progress()).holding
    assert (holding.stage, holding.failure_kind) == (Stage.FAILED, "encrypted")
    assert holding.failure == EncryptedPdf.sentence


async def test_a_language_that_no_voice_speaks_is_told_before_anything_is_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: MemoryProducer, document: Document, wanted: Narration) -> Narration:
        raise NoVoice(language=document.language)

    monkeypatch.setattr(MemoryProducer, "narration_for", refuse)
    bench.producer.language = "tlh"
    await bench.receives()
    assert await bench.reads() == []
    holding = (await bench.progress()).holding
    assert (holding.failure_kind, "(tlh)" in holding.failure) == ("no_voice", True)
    assert reading_key(BEES) not in bench.files.files


async def test_a_reading_whose_child_died_is_tried_again(bench: Bench) -> None:
    await bench.receives()
    bench.producer.fail_next = [ChildDied(reason="code 1")] * 2
    await bench.reads()
    assert len(bench.producer.reads) == 3
    assert (await bench.progress()).holding.stage is Stage.READ


async def test_a_file_that_kills_every_child_counts_as_damaged(bench: Bench) -> None:
    await bench.receives()
    bench.producer.fail_next = [ChildDied(reason="code 1")] * 3
    await bench.reads()
    assert (await bench.progress()).holding.failure == DamagedPdf.sentence


async def test_a_full_disk_is_waited_for_and_a_cover_is_done_without(bench: Bench) -> None:
    await bench.receives()
    bench.files.refusals = 4
    await bench.reads()
    assert bench.files.refused == [cover_key(BEES), *[reading_key(BEES)] * 3]
    assert (await bench.progress()).holding.stage is Stage.READ
    assert cover_key(BEES) not in bench.files.files


async def test_what_nobody_foresaw_fails_the_document_with_a_reference_and_no_text_in_the_log(
    bench: Bench,
) -> None:
    await bench.receives()
    bench.producer.fail_next = [RuntimeError("secret text of the document")]
    with capture_logs() as logs:
        await bench.reads()
    holding = (await bench.progress()).holding
    [event] = [entry for entry in logs if entry["event"] == "job failed"]
    assert (holding.stage, holding.failure_kind) == (Stage.FAILED, "internal")
    assert event["reference"] in holding.failure
    assert "secret" not in str(logs)
    assert event["kind"] == "RuntimeError"


async def test_a_document_deleted_before_it_was_read_is_passed_over(bench: Bench) -> None:
    await bench.receives()
    await bench.is_deleted()
    assert await bench.reads() == []
    assert (bench.producer.reads, bench.files.files) == ([], {})


async def test_a_document_deleted_while_it_was_read_leaves_no_file(bench: Bench) -> None:
    await bench.receives()
    bench.producer.read_s = 0.05
    reading = asyncio.create_task(bench.work.read(BEES))
    while not bench.producer.reads:
        await asyncio.sleep(0)
    await bench.is_deleted()
    assert await bench.work.keep_reading(bench.library, await reading) == []
    assert bench.files.files == {}
    assert await bench.library.holding(BEES) is None


async def test_a_lost_file_is_told_and_the_same_document_can_be_sent_again(
    bench: Bench,
) -> None:
    await bench.receives()
    await bench.files.delete([pdf_key(BEES)])
    await bench.reads()
    assert (await bench.progress()).holding.failure == messages.PdfLost.sentence
    await bench.receives()
    await bench.reads()
    assert (await bench.progress()).holding.stage is Stage.READ


async def test_how_far_a_reading_is_gets_noted_now_and_then_not_page_by_page(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[float] = []
    save = MemoryLibrary.save_read_share

    async def note(self: MemoryLibrary, document: str, share: float) -> None:
        noted.append(share)
        await save(self, document, share)

    monkeypatch.setattr(MemoryLibrary, "save_read_share", note)
    monkeypatch.setattr(steps, "TELL_S", 0.05)
    bench.producer.read_s, bench.producer.pages = 0.4, 200
    await bench.receives()
    await bench.work.read(BEES)
    assert 1 <= len(noted) < 50
    assert noted == sorted(set(noted))
    assert (await bench.progress()).holding.read_share == noted[-1] <= 1.0


# --- narrations ---------------------------------------------------------------------------------


async def test_what_was_wished_before_the_language_was_known_is_exchanged_for_everybody(
    bench: Bench,
) -> None:
    bench.producer.language = "de"
    await bench.receives(chapters=2)
    await bench.library.shelve(TOM.listener, BEES, BRIEF)
    await bench.library.shelve(a_sender("eve").listener, BEES, ENGLISH)
    wanted = await bench.reads()
    narrations = {e.listener: e.narration for e in await bench.library.listeners_of(BEES)}
    german_brief = replace(BRIEF, language="de")
    assert narrations == {
        "memory:ada": GERMAN,
        "memory:tom": german_brief,
        "memory:eve": GERMAN,
    }
    assert [(one.listener, one.narration) for one in wanted] == [
        ("memory:ada", GERMAN),
        ("memory:tom", german_brief),
    ]


async def test_who_stopped_a_document_while_it_was_read_gets_it_read_and_nothing_spoken(
    bench: Bench,
) -> None:
    await bench.receives()
    outcome = await bench.work.read(BEES)
    await bench.library.stop(ADA.listener.id, BEES)
    assert await bench.work.keep_reading(bench.library, outcome) == []
    assert (await bench.progress()).holding.stage is Stage.READ


# --- what is left out ---------------------------------------------------------------------------


@pytest.mark.parametrize("narration", [BRIEF, TRANSLATED])
async def test_an_extra_is_read_as_it_stands_whatever_is_told_otherwise(
    bench: Bench, narration: Narration
) -> None:
    bench.producer.leaves_out = True
    await bench.receives()
    assert [wanted.chapters for wanted in await bench.reads()] == [(1, 2, 3)]
    teller = MemoryTeller()
    tellings = Tellings(library=bench.library, teller=teller)
    work = Work(
        library=bench.library,
        files=bench.files,
        producer=bench.producer,
        max_pages=100,
        tellings=tellings,
    )
    assert tellings.is_wanted(1, narration)
    assert not tellings.is_wanted(REFERENCES, narration)
    outcome = await work.speak(BEES, REFERENCES, narration)
    assert outcome.track is not None
    sound = bench.files.files[outcome.track.key].decode()
    assert sound.startswith("ID3References\n\nReferences is what this chapter tells about.")


def test_what_is_not_translated_is_said_in_its_own_language() -> None:
    document = with_left_out(a_document(BEES))
    extra = document.extras[0]
    assert {p.language for p in as_it_stands(document, extra, TRANSLATED).passages} == {"en"}
    assert {p.language for p in as_it_stands(document, extra, BRIEF).passages} == {""}


# --- speaking -----------------------------------------------------------------------------------


async def test_a_spoken_chapter_lies_in_the_store_before_it_is_kept(bench: Bench) -> None:
    await bench.receives()
    await bench.reads()
    outcome = await bench.work.speak(BEES, 2, ENGLISH)
    assert outcome.track is not None
    assert bench.files.files[outcome.track.key].startswith(b"ID3Chapter 2")
    assert await bench.library.track(BEES, 2, ENGLISH) is None
    await bench.work.keep_track(bench.library, outcome)
    assert await bench.library.track(BEES, 2, ENGLISH) == outcome.track


async def test_a_chapter_that_is_spoken_is_not_spoken_again(bench: Bench) -> None:
    await bench.receives()
    await bench.reads()
    await bench.speaks(1)
    await bench.speaks(1)
    assert bench.producer.speaks == [(BEES, 1)]


@pytest.mark.parametrize("error", [SpeechFailed(), ChildDied(reason="code 9"), OSError("gone")])
async def test_a_chapter_that_could_not_be_spoken_is_tried_again(
    bench: Bench, error: Exception
) -> None:
    await bench.receives()
    await bench.reads()
    bench.producer.fail_next = [error, error]
    await bench.speaks(1)
    assert (await bench.progress()).ready == 1


async def test_one_chapter_fails_and_the_others_stand(bench: Bench) -> None:
    await bench.receives(chapters=2)
    await bench.reads()
    bench.producer.fail_next = [SpeechFailed()] * 3
    await bench.speaks(1)
    await bench.speaks(2)
    progress = await bench.progress()
    assert (progress.ready, progress.failed) == (1, 1)


async def test_a_failed_chapter_is_spoken_when_it_is_tried_again_later(bench: Bench) -> None:
    await bench.receives(chapters=1)
    await bench.reads()
    bench.producer.fail_next = [SpeechFailed()] * 3
    await bench.speaks(1)
    await bench.library.forget_track_failures(BEES, ENGLISH)
    await bench.speaks(1)
    progress = await bench.progress()
    assert (progress.ready, progress.failed) == (1, 0)


async def test_a_full_disk_fails_no_chapter_however_often_it_is_full(bench: Bench) -> None:
    await bench.receives()
    await bench.reads()
    bench.files.refusals = 20
    with capture_logs() as logs:
        await bench.speaks(1)
    assert (await bench.progress()).ready == 1
    assert sum(entry["event"] == "disk full" for entry in logs) == 20


async def test_what_nobody_foresaw_fails_one_chapter_only(bench: Bench) -> None:
    await bench.receives(chapters=2)
    await bench.reads()
    bench.producer.fail_next = [ZeroDivisionError("secret text")]
    with capture_logs() as logs:
        await bench.speaks(1)
    await bench.speaks(2)
    progress = await bench.progress()
    assert (progress.ready, progress.failed) == (1, 1)
    assert "secret" not in str(logs)


async def test_a_document_deleted_before_its_chapter_was_spoken_is_passed_over(
    bench: Bench,
) -> None:
    await bench.receives()
    await bench.reads()
    await bench.is_deleted()
    await bench.speaks(1)
    assert (bench.producer.speaks, bench.files.files) == ([], {})


async def speaking(bench: Bench) -> asyncio.Task[None]:
    """A chapter that is just being spoken, until the gate is opened."""
    await bench.receives()
    await bench.reads()
    bench.producer.gate = asyncio.Event()
    task = asyncio.create_task(bench.speaks(1))
    while not bench.producer.speaks:
        await asyncio.sleep(0)
    return task


async def test_a_document_deleted_while_its_chapter_was_spoken_leaves_no_file(
    bench: Bench,
) -> None:
    task = await speaking(bench)
    await bench.is_deleted()
    assert bench.producer.gate is not None
    bench.producer.gate.set()
    await task
    assert bench.producer.spoken == [(BEES, 1)]
    assert bench.files.files == {}


async def test_a_job_cancelled_while_it_stores_a_track_of_a_deleted_document_leaves_no_file(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    putting, gone_on = asyncio.Event(), asyncio.Event()
    put = MemoryFiles.put

    async def slow_put(self: MemoryFiles, key: str, source: Path) -> None:
        putting.set()
        await gone_on.wait()
        await put(self, key, source)

    task = await speaking(bench)
    monkeypatch.setattr(FullDisk, "put", slow_put)
    assert bench.producer.gate is not None
    bench.producer.gate.set()
    await putting.wait()
    await bench.is_deleted()
    task.cancel()
    await asyncio.sleep(0)
    gone_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert bench.files.files == {}


async def test_a_job_cancelled_while_it_stores_a_track_of_a_kept_document_leaves_it_whole(
    bench: Bench,
) -> None:
    task = await speaking(bench)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await bench.progress()).ready == 0
    bench.producer.gate = None
    await bench.speaks(1)
    assert (await bench.progress()).ready == 1


def test_what_travels_between_the_steps_survives_as_json() -> None:
    track = a_track(BEES, 1)
    outcome = steps.SpeakOutcome(document=BEES, chapter=1, narration=ENGLISH, track=track)
    assert from_json(steps.SpeakOutcome, to_json(outcome)) == outcome
    wanted = Unfinished(document=BEES, listener="x", narration=GERMAN, chapters=(1, 2))
    assert from_json(Unfinished, to_json(wanted)) == wanted
    assert from_json(Document, to_json(a_document(BEES))) == a_document(BEES)


# --- what the disk lost ---------------------------------------------------------------------------


async def test_a_pdf_that_was_cut_short_is_lost_and_not_called_damaged(bench: Bench) -> None:
    await bench.receives()
    size = len(bench.files.files[pdf_key(BEES)])
    await bench.library.forget_document(BEES)
    await bench.library.unshelve(ADA.listener.id, BEES)
    await bench.library.forget_document(BEES)
    await bench.library.receive(BEES, filename="bees.pdf", size=size)
    await bench.library.shelve(ADA.listener, BEES, ENGLISH)
    bench.files.files[pdf_key(BEES)] = bench.files.files[pdf_key(BEES)][:-1]
    await bench.reads()
    assert (await bench.progress()).holding.failure == messages.PdfLost.sentence


async def test_a_reading_that_was_damaged_on_disk_is_made_again(bench: Bench) -> None:
    await bench.receives()
    await bench.work.read(BEES)
    bench.files.files[reading_key(BEES)] = b'{"id": "be'
    assert await bench.reads()
    assert bench.producer.reads == [BEES, BEES]
    assert (await bench.progress()).holding.stage is Stage.READ


async def test_a_chapter_that_is_made_again_has_its_picture_though_that_was_gone(
    bench: Bench,
) -> None:
    await bench.receives()
    await bench.reads()
    await bench.speaks(1)
    bench.files.files[cover_key(BEES)] = b""  # as good as gone
    (track,) = await bench.library.ready_tracks(BEES)
    await bench.library.forget_track(track)
    await bench.speaks(1)
    assert bench.producer.pictured == [1, 1]
    assert bench.files.files[cover_key(BEES)]


async def test_a_chapter_is_spoken_without_a_picture_where_the_pdf_is_gone_too(
    bench: Bench,
) -> None:
    await bench.receives()
    await bench.reads()
    bench.files.files = {}
    await bench.speaks(1)
    assert (bench.producer.spoken, bench.producer.pictured) == ([(BEES, 1)], [])


async def test_what_is_known_while_a_document_is_read_is_told_until_it_is_read(
    bench: Bench,
) -> None:
    bench.producer.drafts, bench.producer.read_gate = 2, asyncio.Event()
    await bench.receives()
    reading = asyncio.create_task(bench.reads())

    async def is_told() -> bool:
        return (await bench.progress()).holding.draft is not None

    await until(is_told)
    holding = (await bench.progress()).holding
    assert holding.draft is not None
    assert [chapter.title for chapter in holding.draft.chapters] == ["Draft 1", "Draft 2"]
    assert (holding.stage, holding.document, holding.title) == (Stage.READING, None, "On Bees")
    bench.producer.read_gate.set()
    await reading
    holding = (await bench.progress()).holding
    assert (holding.stage, holding.draft) == (Stage.READ, None)


async def test_a_cover_is_drawn_while_the_document_is_read(bench: Bench) -> None:
    bench.producer.read_gate = asyncio.Event()
    await bench.receives()
    reading = asyncio.create_task(bench.reads())
    await until(lambda: bench.producer.covers)
    assert (await bench.progress()).holding.stage is Stage.READING
    bench.producer.read_gate.set()
    await reading
    assert cover_key(BEES) in bench.files.files
