"""Slack's windows: opened by a tap, turned and filled there; and where none opens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.slack.windows import Trigger, answering
from bot.domain import Conversation
from bot.views import NoticeView
from bot.words import messages, words_in
from tests.loopback.slack import BOT, Fault, LoopbackSlack, Message
from tests.slack_stage import SlackStage, opened_stage

PDF = b"%PDF-1.7 a paper on bees"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.intake.EARLIER_EVENTS_S", 0.3)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[SlackStage]:
    async with LoopbackSlack().served() as slack, opened_stage(slack, tmp_path) as stage:
        yield stage


async def a_card(stage: SlackStage) -> Message:
    await stage.ada.shares(stage.ada.direct, PDF)
    return await stage.ada.awaits_words(stage.ada.direct, "4 ready")


async def test_takeaways_are_looked_at_in_a_window_and_turned_there(stage: SlackStage) -> None:
    stage.jobs.titles = [f"Chapter {number}" for number in range(1, 15)]
    await stage.ada.shares(stage.ada.direct, PDF)
    card = await stage.ada.awaits_words(stage.ada.direct, "14 ready")
    before = len(stage.ada.sees(stage.ada.direct))
    await stage.ada.taps(card, messages.BUTTON_TAKEAWAYS)
    first = await stage.ada.awaits_window("1 · Chapter 1", "12 · Chapter 12")
    await stage.ada.taps_in_window(messages.BUTTON_LATER)
    second = await stage.ada.awaits_window("14 · Chapter 14")
    assert first is second
    assert len(stage.ada.sees(stage.ada.direct)) == before
    assert stage.slack.refusals == []


async def test_settings_are_chosen_in_a_window_and_the_chosen_one_is_marked(
    stage: SlackStage,
) -> None:
    card = await a_card(stage)
    await stage.ada.taps(card, messages.BUTTON_SETTINGS)
    await stage.ada.awaits_window("Mode: Original")
    await stage.ada.taps_in_window("Brief")
    window = await stage.ada.awaits_window("Mode: Brief")
    assert "● Brief" in [button["text"]["text"] for button in window.buttons]
    await stage.ada.awaits_words(stage.ada.direct, " · Brief · ")
    assert stage.slack.refusals == []


async def test_a_name_is_asked_for_and_answered_in_a_window_on_the_settings(
    stage: SlackStage,
) -> None:
    card = await a_card(stage)
    await stage.ada.taps(card, messages.BUTTON_SETTINGS)
    settings = await stage.ada.awaits_window("Voice: ")
    await stage.ada.taps_in_window(messages.BUTTON_RENAME)
    await stage.ada.awaits_window("New name of “On Bees”")
    await stage.ada.fills_in("Bees at home")
    await stage.ada.awaits_words(stage.ada.direct, "is called “Bees at home”")
    await stage.ada.awaits_words(stage.ada.direct, "Bees at home", "4 ready")
    assert stage.ada.window is settings
    assert stage.slack.refusals == []


async def test_a_password_is_answered_in_a_window_and_stands_in_no_channel(
    stage: SlackStage,
) -> None:
    locked = b"locked %PDF-1.7 a paper on bees"  # its password is "bees"
    room = stage.slack.channel("C0ROOM", stage.ada.id, stage.tom.id)
    await stage.ada.shares(room, locked, text=f"<@{BOT}>", name="locked.pdf")
    card = await stage.ada.awaits_words(room, "locked with a password")
    await stage.ada.taps(card, messages.BUTTON_UNLOCK)
    await stage.ada.awaits_window("Password of “locked.pdf”")
    await stage.ada.fills_in("bees")
    await stage.ada.awaits_words(room, "On Bees", "4 ready")
    assert stage.tom.window is None
    assert not any(message.text == "bees" for message in stage.slack.messages)
    assert stage.slack.refusals == []


async def test_what_is_asked_in_a_window_is_answered_there_too(stage: SlackStage) -> None:
    card = await a_card(stage)
    await stage.ada.taps(card, messages.BUTTON_SETTINGS)
    await stage.ada.awaits_window("Voice: ")
    await stage.ada.taps_in_window(messages.BUTTON_DELETE)
    await stage.ada.awaits_window("Delete “On Bees”")
    await stage.ada.taps_in_window(messages.BUTTON_DELETE)
    await stage.ada.awaits_window("“On Bees” is gone")
    assert stage.slack.refusals == []


@pytest.mark.parametrize("reason", ["expired_trigger_id", "internal_error"])
async def test_where_no_window_opens_the_same_is_said_in_the_chat(
    stage: SlackStage, reason: str
) -> None:
    card = await a_card(stage)
    stage.slack.faults.append(Fault("views.open", reason))
    await stage.ada.taps(card, messages.BUTTON_TAKEAWAYS)
    await stage.ada.awaits_words(stage.ada.direct, "1 · Abstract", "4 · Discussion")
    assert stage.ada.window is None


async def test_a_window_that_was_closed_is_followed_by_another(stage: SlackStage) -> None:
    card = await a_card(stage)
    await stage.ada.taps(card, messages.BUTTON_SETTINGS)
    window = await stage.ada.awaits_window("Mode: Original")
    button = next(b for b in window.buttons if b["text"]["text"] == "Brief")
    view = {"id": window.id, **window.view}
    stage.ada.closes_window()
    await stage.ada._acts(button, container={"type": "view", "view_id": window.id}, view=view)
    await stage.ada.awaits_words(stage.ada.direct, "Mode: Brief")
    assert stage.slack.refusals == ["views.update: not_found: "]


async def test_no_more_than_three_windows_lie_on_one_another(stage: SlackStage) -> None:
    triggers, window = stage.slack.windows, ""
    here = Conversation(platform="slack", channel=stage.ada.direct)
    for number in range(1, 5):
        with answering(Trigger.of(triggers.trigger(stage.ada.id), window)):
            view = NoticeView(text=f"Window {number}", is_aside=True)
            window = await stage.chat.show(here, view)
    opened = triggers.open[stage.ada.id]
    assert [one.words for one in opened] == ["Window 1", "Window 2", "Window 4"]
    assert stage.slack.refusals == ["views.push: push_limit_reached: "]


async def test_in_a_channel_a_window_is_its_members_own(stage: SlackStage) -> None:
    room = stage.slack.channel("C0ROOM", stage.ada.id, stage.tom.id)
    shared = await stage.ada.shares(room, PDF, text=f"<@{BOT}>")
    card = await stage.ada.awaits_words(room, "4 ready")
    await stage.tom.taps(card, "▶ 1:00")
    note = await stage.tom.awaits_words(room, "*Abstract*", "1 of 4")
    seen = len(stage.ada.sees(room))
    await stage.tom.taps(note, messages.BUTTON_TEXT)
    await stage.tom.awaits_window("1 · Abstract")
    assert stage.ada.window is None
    assert len(stage.ada.sees(room)) == seen
    assert note.thread == shared.ts


async def test_home_and_commands_open_windows_too(stage: SlackStage) -> None:
    await stage.ada.opens_home()
    await stage.ada.commands("/listendock", "settings")
    await stage.ada.awaits_window("How your next documents are read to you")
    stage.ada.closes_window()
    await stage.ada.taps_at_home("⚙")
    await stage.ada.awaits_window("How your next documents are read to you")
    assert stage.ada.sees(stage.ada.direct) == []


async def test_everybody_is_spoken_to_in_the_language_of_their_slack(stage: SlackStage) -> None:
    german = words_in("de")
    stage.slack.locales[stage.tom.id] = "de-DE"
    room = stage.slack.channel("C0ROOM", stage.ada.id, stage.tom.id)
    await stage.tom.shares(room, PDF, text=f"<@{BOT}>")
    card = await stage.tom.awaits_words(room, "4 Kapitel")
    assert german(messages.BUTTON_MINE) in [b["text"]["text"] for b in card.buttons]
    await stage.ada.taps(card, "▶ 1:00")
    note = await stage.ada.awaits_words(room, "*Abstract*", "1 of 4")
    await stage.tom.taps(note, "✓ Heard")
    told = await stage.tom.awaits_words(room, german(messages.NOTED))
    assert told.only_for == stage.tom.id
    await stage.tom.opens_home()
    await stage.tom.commands("/listendock", "help", channel=room)
    await stage.tom.awaits_words(room, "/listendock library")
    assert german(messages.BUTTON_SETTINGS) in str(stage.tom.home)
    assert len(stage.slack.calls_of("users.info")) == 2
    assert stage.slack.refusals == []


async def test_a_workspace_that_does_not_tell_languages_is_spoken_to_in_english(
    stage: SlackStage,
) -> None:
    stage.slack.scopes.discard("users:read")
    stage.slack.locales[stage.ada.id] = "de-DE"
    await stage.ada.says(stage.ada.direct, "help")
    await stage.ada.awaits_words(stage.ada.direct, messages.HELP[:40])
    await stage.ada.says(stage.ada.direct, "help")
    await stage.ada.awaits_many(stage.ada.direct, 2, messages.HELP[:40])
    assert len(stage.slack.calls_of("users.info")) == 1
