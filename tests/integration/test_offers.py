"""A handler that says what it offers is enough: menus, help, words and answers follow."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from adapters.telegram.opening import open_telegram
from bot.commands import Command, Section
from bot.domain import Sender
from bot.handlers.collection import Handlers
from bot.handlers.offers import Handler, Offer
from bot.handlers.replies import Replies
from bot.words import ENGLISH, LANGUAGES, composed, messages
from tests.integration.telegram import stage as telegram_stage
from tests.integration.test_conversation import ADA, opened
from tests.loopback.slack import LoopbackSlack
from tests.loopback.telegram import opened_telegram
from tests.slack_stage import SlackStage
from tests.slack_stage import opened_stage as opened_slack_stage
from tests.waiting import until

TEXT = "What bees do in winter"


class BeesHandler:
    """What somebody would write who wants a new command."""

    def __init__(self, replies: Replies) -> None:
        self._replies = replies

    @property
    def offers(self) -> tuple[Offer, ...]:
        return (
            Offer(
                command=Command(name="bees", section=Section.FINDING, text=TEXT),
                on_command=self._on_bees,
            ),
            Offer(
                command=Command(
                    name="sting", section=Section.OPERATING, text="Ouch", is_for_admins=True
                ),
                on_command=self._on_bees,
            ),
        )

    async def _on_bees(self, sender: Sender, argument: str) -> None:
        await self._replies.say(sender, "They dance: {argument}", argument=argument)


class WithBees(Handlers):
    @property
    def all(self) -> Sequence[Handler]:
        return (*super().all, BeesHandler(self.replies))


@pytest.fixture(autouse=True)
def _bees(monkeypatch: pytest.MonkeyPatch) -> None:
    """In life: one line in `bot/handlers/collection.py`."""
    monkeypatch.setattr("bot.conversation.Handlers", WithBees)


async def test_it_is_answered_and_stands_in_help(tmp_path: Path) -> None:
    stage = opened(tmp_path)
    await stage.inbox.on_command(ADA, "bees", "round")
    assert stage.last_text() == "They dance: round"
    await stage.inbox.on_command(ADA, "help", "")
    assert f"/search – {messages.MENU_SEARCH}\n/bees – {TEXT}\n" in stage.last_text()
    await stage.inbox.on_command(ADA, "sting", "")  # no admin
    assert stage.last_text() == composed.unknown_command(ENGLISH, stage.inbox.commands)


async def test_telegram_shows_it_to_whom_it_is_for_and_knows_it_in_groups(tmp_path: Path) -> None:
    async with (
        opened_telegram() as telegram,
        telegram_stage.opened_stage(telegram, tmp_path) as stage,
    ):
        menus = telegram.commands
        opened = open_telegram(
            stage.access, inbox=stage.inbox, folder=tmp_path, routes={}, admins=["7"]
        )
        async with opened as stage.platforms["telegram"]:
            await until(lambda: ("7", LANGUAGES[-1]) in menus, "the menus")
            ada = stage.ada.inside(stage.group())
            ada.says("/bees waggle")
            assert (await ada.sees(lambda chat: chat.last)).words == "They dance: waggle"
        for place in (("all_private_chats", ""), ("all_group_chats", "de")):
            entry = {"command": "bees", "description": TEXT}
            assert entry in menus[place]
            assert "sting" not in {one["command"] for one in menus[place]}
        assert menus["7", ""] == [
            *menus["all_private_chats", ""],
            {"command": "stats", "description": messages.MENU_STATS},
            {"command": "sting", "description": "Ouch"},
        ]


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[SlackStage]:
    async with (
        LoopbackSlack().served() as loopback,
        opened_slack_stage(loopback, tmp_path) as stage,
    ):
        yield stage


async def test_slack_knows_it_as_a_word_behind_its_own_command_and_in_help(
    slack: SlackStage,
) -> None:
    ada = slack.ada
    await ada.says(ada.direct, "bees tremble")
    await ada.awaits_words(ada.direct, "They dance: tremble")
    await ada.commands("/listendock", "bees waggle")
    await ada.awaits_words(ada.direct, "They dance: waggle")
    await ada.commands("/listendock", "help")
    await ada.awaits_words(ada.direct, f"/listendock bees – {TEXT}", "/listendock search – ")
