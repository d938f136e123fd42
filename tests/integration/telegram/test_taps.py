"""Buttons: acknowledged at once, acted upon whatever their age."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from adapters.database import DatabaseLibrary
from bot.domain import ListeningState
from bot.views import Verb
from bot.words import messages
from tests.integration.telegram.stage import Stage, a_pdf, is_card
from tests.loopback.telegram import Fault
from tests.waiting import until


@pytest.fixture
async def reading(home: Stage, tmp_path: Path) -> Stage:
    """Ada has a document with four chapters."""
    home.ada.forwards(a_pdf(tmp_path))
    await home.ada.sees(is_card())
    await home.settled()
    return home


async def test_a_tap_brings_the_chapters_voice_note(reading: Stage) -> None:
    tap = reading.ada.taps("The dance")
    note = await reading.ada.sees(lambda chat: chat.notes and chat.notes[0])
    assert note.words == "The dance\n\nThe dance in one sentence.\n\n3 of 4 · On Bees"
    assert (note.kind, note.seconds, note.thread) == ("voice", 60, None)
    assert note.labels == ["✓ Heard", "Next ▶", "✓ Heard up to here", "Text"]
    assert tap.toast == Verb.PLAY.toast
    await reading.ada.sees(lambda chat: chat.texts[0].button("▶ 3 · The dance"))


async def test_a_second_tap_sends_the_stored_file_to_whoever_taps(reading: Stage) -> None:
    reading.ada.taps("The dance")
    await reading.ada.sees(lambda chat: chat.notes)
    await reading.settled()
    reading.ada.taps("The dance")
    await reading.ada.sees(lambda chat: len(chat.notes) == 2)
    first, second = reading.ada.chat.notes
    assert first.file is second.file
    assert len(reading.telegram.uploads) == 1


async def test_a_tap_is_acknowledged_before_anything_else_even_while_work_is_slow(
    reading: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_free = asyncio.Event()
    progress = DatabaseLibrary.progress

    async def slow(self: DatabaseLibrary, *arguments: str) -> object:
        await is_free.wait()
        return await progress(self, *arguments)

    monkeypatch.setattr(DatabaseLibrary, "progress", slow)
    before = len(reading.telegram.calls)
    tap = reading.ada.taps("Introduction")
    await tap.answered()
    assert {call.method for call in reading.telegram.calls[before:]} <= {
        "getUpdates",
        "answerCallbackQuery",
    }
    is_free.set()
    await reading.ada.sees(lambda chat: chat.notes)


async def test_taps_act_in_their_order_however_long_each_takes(
    reading: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish, pauses = DatabaseLibrary.wish, [0.3, 0.1, 0.0]

    async def slow(self: DatabaseLibrary, *arguments: Any, **named: Any) -> None:
        await asyncio.sleep(pauses.pop(0))
        await wish(self, *arguments, **named)

    monkeypatch.setattr(DatabaseLibrary, "wish", slow)
    titles = ["Discussion", "Abstract", "The dance"]
    for title in titles:
        reading.ada.taps(title)
    await reading.ada.sees(lambda chat: len(chat.notes) == 3)
    assert [note.words.split("\n")[0] for note in reading.ada.chat.notes] == titles


async def test_a_tap_does_not_wait_behind_a_download(reading: Stage, tmp_path: Path) -> None:
    reading.telegram.breaks("file", Fault.HELD)
    reading.ada.forwards(a_pdf(tmp_path, "slow.pdf"))
    await until(lambda: reading.telegram.counts["file"] == 2)
    reading.ada.taps("Abstract")
    await reading.ada.sees(lambda chat: chat.notes)
    assert len(reading.jobs.reads) == 1


@pytest.mark.parametrize("age", [{"is_old": True}, {"is_forgotten": True}])
async def test_an_old_button_still_works(reading: Stage, age: dict[str, bool]) -> None:
    reading.ada.taps("Discussion", **age)
    await reading.ada.sees(lambda chat: chat.notes)


async def test_a_tap_whose_acknowledgement_breaks_still_acts(reading: Stage) -> None:
    reading.telegram.breaks("answerCallbackQuery", Fault.DROP_BEFORE)
    reading.ada.taps("Discussion")
    await reading.ada.sees(lambda chat: chat.notes)


async def test_a_double_tap_is_one_voice_note(reading: Stage) -> None:
    reading.telegram.breaks("sendVoice", Fault.HELD)
    taps = [reading.ada.taps("Abstract") for _ in range(3)]
    for tap in taps:
        await tap.answered()
    await reading.handled()
    reading.telegram.let_go()
    await reading.settled()
    assert len(reading.ada.chat.notes) == 1


async def test_a_button_that_nobody_made_is_answered_politely(reading: Stage) -> None:
    tap = reading.ada.taps_data("x" * 64, reading.ada.chat.texts[0])
    answer = await reading.ada.sees(lambda chat: chat.texts[1:] and chat.texts[1])
    assert answer.words == messages.OLD_BUTTON
    assert tap.is_answered


async def test_a_button_of_somebody_elses_document_reaches_nothing_of_theirs(
    reading: Stage,
) -> None:
    theirs = reading.ada.chat.texts[0].rows[1][0].data
    reading.tom.says("/help")
    ours = await reading.tom.sees(lambda chat: chat.last)
    tap = reading.tom.taps_data(theirs, ours)
    await reading.tom.sees(lambda chat: chat.last.words == messages.NOT_YOURS)
    await reading.settled()
    assert tap.is_answered
    assert reading.tom.chat.notes == []
    assert await reading.library.shelf("telegram:8") == []


async def test_a_button_of_a_document_that_was_deleted_is_answered_politely(
    reading: Stage,
) -> None:
    card = reading.ada.chat.texts[0]
    reading.ada.says("/delete")
    reading.ada.taps("Delete", await reading.ada.sees(lambda chat: chat.with_button("1. Delete")))
    question = await reading.ada.sees(lambda chat: chat.with_button("Keep"))
    reading.ada.taps("Delete", question)
    await reading.settled()
    tap = reading.ada.taps("The dance", card)
    await reading.ada.sees(lambda chat: chat.last.words == messages.NOT_YOURS)
    assert tap.is_answered
    assert reading.ada.chat.notes == []


async def test_heard_and_next_lead_through_the_document(reading: Stage) -> None:
    reading.ada.taps("Start listening")
    for count, title in enumerate(("Abstract", "Introduction", "The dance", "Discussion"), start=1):
        note = await reading.ada.sees(
            lambda chat, count=count: len(chat.notes) == count and chat.notes[-1]
        )
        assert note.words.startswith(title)
        if "Next ▶" in note.labels:
            reading.ada.taps("Next ▶", note)
    reading.ada.taps("✓ Heard", note)
    card = reading.ada.chat.texts[0]
    await reading.ada.sees(lambda _: card.words.count("100 % heard"))
    assert [label[0] for label in card.labels] == [*"✓✓✓✓", *"✎↗⇄⚙"]
    document = reading.jobs.reads[0]
    progress = await reading.library.progress(f"telegram:{reading.ada.account}", document)
    assert progress is not None
    assert progress.count(ListeningState.HEARD) == 4
    assert reading.telegram.refused == []


async def test_a_chapter_that_could_not_be_spoken_is_told_with_a_way_to_try_again(
    home: Stage, tmp_path: Path
) -> None:
    home.jobs.failing = {2}
    home.ada.forwards(a_pdf(tmp_path))
    await home.ada.sees(lambda chat: chat.texts and chat.texts[0].button("⚠ 2 · Introduction"))
    home.ada.taps("Introduction")
    sentence = messages.NOT_SPOKEN.format(title="Introduction")
    excuse = await home.ada.sees(
        lambda chat: next((m for m in chat.texts if m.words == sentence), None)
    )
    home.jobs.failing = set()
    home.ada.taps("Retry", excuse)
    await home.ada.sees(lambda chat: chat.notes)


async def test_turning_pages_and_asking_twice_makes_no_refused_call(reading: Stage) -> None:
    for _ in range(2):
        for command in ("/progress", "/library", "/delete"):
            reading.ada.says(command)
    await reading.ada.sees(lambda chat: len(chat.texts) == 7)
    reading.ada.taps("Delete")
    question = await reading.ada.sees(lambda chat: chat.with_button("Keep"))
    reading.ada.taps("Keep", question)
    await reading.ada.sees(lambda _: question.words == messages.KEPT)
    await reading.settled()
    assert reading.telegram.refused == []
