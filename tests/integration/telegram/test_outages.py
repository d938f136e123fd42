"""Telegram is away, wrong or closed to us: nothing is lost, nobody is pestered."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.telegram.access import TelegramAccess
from adapters.telegram.opening import telegram_name
from bot.words import messages
from pipeline.errors import ConfigurationError
from tests.integration.telegram.stage import Stage, a_pdf, is_card
from tests.loopback.telegram import TOKEN, Fault, LoopbackTelegram
from tests.waiting import until


async def test_a_start_without_telegram_works_as_soon_as_it_is_there(stage: Stage) -> None:
    stage.telegram.is_down = True
    async with stage.living():
        await until(lambda: stage.telegram.counts["getMe"] >= 3)
        stage.telegram.is_down = False
        stage.ada.says("/help")
        await stage.ada.sees(lambda chat: chat.last)
        await until(lambda: stage.telegram.commands)


async def test_receiving_survives_an_outage(home: Stage) -> None:
    await until(lambda: home.telegram.counts["getUpdates"])
    home.telegram.is_down = True
    home.telegram.tell()
    polls = home.telegram.counts["getUpdates"]
    await until(lambda: home.telegram.counts["getUpdates"] > polls + 3)
    home.telegram.is_down = False
    home.ada.says("/help")
    await home.ada.sees(lambda chat: chat.last)


@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.SERVER_ERROR, Fault.NONSENSE])
async def test_receiving_survives_every_kind_of_failure(home: Stage, fault: Fault) -> None:
    home.telegram.breaks("getUpdates", fault, times=3)
    home.ada.says("/help")
    await home.ada.sees(lambda chat: chat.last)
    home.ada.says("/progress")
    await home.ada.sees(lambda chat: chat.last.words == messages.NOTHING_YET)
    assert len(home.ada.chat.ours) == 2


async def test_a_second_program_with_the_token_does_not_end_the_first(stage: Stage) -> None:
    async with stage.living():
        await until(lambda: stage.telegram.counts["getUpdates"])
        await stage.telegram.call("getUpdates", {}, {})  # somebody else's
        await until(lambda: stage.telegram.refused)
        assert stage.telegram.refused[0].code == 409
        stage.ada.says("/help")
        await stage.ada.sees(lambda chat: chat.last)


async def test_a_refused_token_is_asked_again(stage: Stage) -> None:
    stage.telegram.token = "123:another"
    async with stage.living():
        await until(lambda: len(stage.telegram.refused) >= 2)
        assert {call.code for call in stage.telegram.refused} == {401}
        stage.telegram.token = TOKEN
        stage.ada.says("/help")
        await stage.ada.sees(lambda chat: chat.last)


@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.SERVER_ERROR, Fault.NONSENSE])
async def test_an_answer_that_could_not_be_shown_is_shown_later(
    home: Stage, tmp_path: Path, fault: Fault
) -> None:
    home.telegram.breaks("sendMessage", fault)
    home.ada.forwards(a_pdf(tmp_path))
    await home.ada.sees(is_card())
    home.telegram.breaks("sendVoice", fault)
    home.ada.taps("Introduction")
    await home.ada.sees(lambda chat: chat.notes)
    await home.settled()
    assert (len(home.ada.chat.texts), len(home.ada.chat.notes)) == (1, 1)


async def test_a_note_whose_answer_was_lost_is_sent_once_more_and_not_again(
    home: Stage, tmp_path: Path
) -> None:
    home.ada.forwards(a_pdf(tmp_path))
    await home.ada.sees(is_card())
    home.telegram.breaks("sendVoice", Fault.DROP_AFTER)
    home.ada.taps("Introduction")
    await home.ada.sees(lambda chat: len(chat.notes) == 2)
    await home.settled()
    assert len(home.ada.chat.notes) == 2


async def test_an_edit_whose_answer_was_lost_changes_nothing(home: Stage, tmp_path: Path) -> None:
    home.telegram.breaks("editMessageText", Fault.DROP_AFTER)
    home.ada.forwards(a_pdf(tmp_path))
    await home.ada.sees(is_card())
    await home.settled()
    assert len(home.ada.chat.ours) == 1


async def test_who_blocked_the_bot_is_left_alone(home: Stage, tmp_path: Path) -> None:
    home.ada.forwards(a_pdf(tmp_path))
    card = await home.ada.sees(is_card())
    await home.settled()
    home.ada.blocks()
    home.ada.taps("Introduction", card)
    await home.settled()
    calls = len(home.telegram.refused)
    await home.jobs.spoken(home.jobs.reads[0], 1)
    await home.settled()
    await home.looks_again()
    assert calls <= 3
    assert len(home.telegram.refused) == calls
    assert home.ada.chat.notes == []


@pytest.mark.parametrize(
    "reason", ["chat not found", "user is deactivated", "bot was kicked from the group chat"]
)
async def test_a_chat_that_is_no_more_is_left_alone(
    home: Stage, tmp_path: Path, reason: str
) -> None:
    home.ada.forwards(a_pdf(tmp_path))
    card = await home.ada.sees(is_card())
    await home.settled()
    if reason == "chat not found":
        del home.telegram.chats[home.ada.account]
    else:
        home.ada.chat.closed = reason
    home.ada.taps("Introduction", card)
    home.ada.says("/progress")
    await home.settled()
    calls = len(home.telegram.refused)
    await home.jobs.spoken(home.jobs.reads[0], 1)
    await home.settled()
    await home.looks_again()
    assert len(home.telegram.refused) == calls <= 4
    home.tom.says("/help")  # and nobody else notices
    await home.tom.sees(lambda chat: chat.last)


async def test_a_card_that_was_taken_away_does_not_come_back_by_itself(
    home: Stage, tmp_path: Path
) -> None:
    home.jobs.is_idle = True
    home.ada.forwards(a_pdf(tmp_path))
    card = await home.ada.sees(lambda chat: chat.last)
    await home.settled()
    home.ada.removes(card)
    home.jobs.is_idle = False
    await home.jobs.finish(home.jobs.reads[0])
    await home.settled()
    assert home.ada.chat.ours == []
    home.ada.says("/library")
    await home.ada.sees(lambda chat: chat.with_button("Open"))
    home.ada.taps("Open")
    await home.ada.sees(is_card())


async def test_the_doctor_learns_the_bots_name_or_what_is_wrong(
    telegram: LoopbackTelegram,
) -> None:
    assert (
        await telegram_name(TelegramAccess(token=TOKEN, api_url=telegram.url)) == "listendock_bot"
    )
    wrong = "987654321:AAwrong-token-nobody-may-see-this"
    with pytest.raises(ConfigurationError, match="not accepted") as caught:
        await telegram_name(TelegramAccess(token=wrong, api_url=telegram.url))
    telegram.is_down = True
    with pytest.raises(ConfigurationError, match="cannot be reached") as caught_down:
        await telegram_name(TelegramAccess(token=TOKEN, api_url=telegram.url))
    for err in (caught.value, caught_down.value):
        assert "AA" not in str(err)
        assert err.__cause__ is None
        assert err.__suppress_context__
