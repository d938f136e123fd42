"""Telegram's limits: obeyed when it names them, kept to before it has to."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path

from tests import sayings
from tests.integration.telegram.stage import Stage, a_pdf, is_card
from tests.loopback.telegram import Fault
from tests.loopback.telegram_person import Person
from tests.waiting import until


async def test_an_answer_that_is_throttled_comes_when_it_may(home: Stage) -> None:
    home.telegram.throttles("sendMessage", 2)
    home.ada.says("/help")
    await home.ada.sees(lambda chat: chat.last)
    refused, sent = home.telegram.calls_of("sendMessage")
    assert refused.code == 429
    assert sent.at - refused.at >= 2


async def test_all_that_a_throttled_chat_is_owed_waits_and_comes(
    home: Stage, tmp_path: Path
) -> None:
    home.ada.forwards(a_pdf(tmp_path))
    await home.ada.sees(is_card())
    await home.settled()
    home.telegram.throttles("sendVoice", 2)
    for title in ("Abstract", "Introduction"):
        home.ada.taps(title)
    home.ada.says("/help")
    await home.ada.sees(lambda chat: len(chat.notes) == 2 and chat.texts[1:])
    await home.settled()
    assert {call.code for call in home.telegram.refused} == {429}
    assert home.ada.chat.texts[1].words == sayings.HELP
    assert [note.words.split("\n")[0] for note in home.ada.chat.notes] == [
        "Abstract",
        "Introduction",
    ]


async def test_a_throttled_chat_holds_up_no_other(home: Stage, tmp_path: Path) -> None:
    pdf = a_pdf(tmp_path)
    for person in (home.ada, home.tom):
        person.forwards(pdf)
        await person.sees(is_card())
    await home.settled()
    home.telegram.throttles("sendVoice", 30)
    home.ada.taps("Abstract")
    await until(lambda: home.telegram.refused)
    home.tom.taps("Abstract")
    await home.tom.sees(lambda chat: chat.notes)
    assert home.ada.chat.notes == []


async def test_when_telegram_throttles_all_chats_everything_comes_once_it_may(
    home: Stage, tmp_path: Path
) -> None:
    people = [Person(home.telegram, account, "Reader") for account in range(20, 32)]
    pdf = a_pdf(tmp_path)
    for person in people:
        person.forwards(pdf)
    for person in people:
        await person.sees(is_card())
    await home.settled()
    refused = len(home.telegram.refused)
    home.telegram.flood.close_at_next(2)
    for person in people:
        person.taps("Abstract")
    for person in people:
        await person.sees(lambda chat: chat.notes)
    await home.settled()
    assert {call.code for call in home.telegram.refused} == {429}
    assert len(home.telegram.refused) - refused <= len(people)  # each at most once
    assert [len(person.chat.notes) for person in people] == [1] * len(people)


async def test_a_slow_chat_holds_up_no_other(home: Stage, tmp_path: Path) -> None:
    pdf = a_pdf(tmp_path)
    for person in (home.ada, home.tom):
        person.forwards(pdf)
        await person.sees(is_card())
    await home.settled()
    home.telegram.breaks("sendVoice", Fault.HELD)
    home.ada.taps("Abstract")
    await until(lambda: home.telegram.counts["sendVoice"])
    home.tom.taps("Introduction")
    await home.tom.sees(lambda chat: chat.notes)
    assert home.ada.chat.notes == []


async def test_one_card_is_edited_at_intervals_and_only_to_say_something_new(
    stage: Stage, tmp_path: Path
) -> None:
    async with stage.living() as chat:
        chat.edit_interval_s = 1.0
        stage.jobs.is_idle = True
        stage.ada.forwards(a_pdf(tmp_path))
        await stage.ada.sees(lambda chat: chat.texts)
        await stage.settled()
        stage.jobs.is_idle = False
        document = stage.jobs.reads[0]
        await stage.jobs.finish(document)
        for _ in range(8):
            await stage.jobs.spoken(document, 1, 2, 3, 4)  # again: nothing new
            await asyncio.sleep(0.2)
        await stage.ada.sees(is_card())
        await stage.settled()
    (card,) = stage.ada.chat.ours
    assert 1 <= len(card.edited_at) <= 2
    for before, after in itertools.pairwise(card.edited_at):
        assert after - before >= 1.0
    assert stage.telegram.refused == []


async def test_a_card_above_newer_messages_stays_the_one_that_is_edited(
    home: Stage, tmp_path: Path
) -> None:
    home.jobs.is_idle = True
    home.ada.forwards(a_pdf(tmp_path))
    card = await home.ada.sees(lambda chat: chat.last)
    home.ada.says("/help")
    await home.ada.sees(lambda chat: chat.last is not card)
    home.jobs.is_idle = False
    await home.jobs.finish(home.jobs.reads[0])
    await home.ada.sees(is_card())
    assert card is home.ada.chat.ours[0]
    assert len(home.ada.chat.ours) == 2


async def test_an_eager_listener_does_not_make_telegram_angry(home: Stage, tmp_path: Path) -> None:
    home.ada.forwards(a_pdf(tmp_path))
    await home.ada.sees(is_card())
    for title in ("Abstract", "Introduction", "The dance"):
        home.ada.taps(title)
        home.ada.says("/progress")
    await home.ada.sees(lambda chat: len(chat.ours) == 7)
    await home.settled()
    assert home.telegram.refused == []
