"""What was received is handled once, whatever happens to the program."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.domain import Sender
from bot.journal import Journal
from bot.words import messages
from tests import sayings
from tests.inboxes import SilentInbox
from tests.integration.telegram.stage import Stage, a_pdf, is_card
from tests.loopback.telegram import Fault
from tests.waiting import until


class DeafInbox(SilentInbox):
    """Hears everything and never gets to do anything: as a program that is about to be killed."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def on_document(self, sender: Sender, pdf: Path, filename: str) -> None:
        await self._hear(filename)

    async def on_tap(self, sender: Sender, data: str, message: str) -> None:
        await self._hear(data)

    async def on_command(self, sender: Sender, name: str, argument: str, message: str = "") -> None:
        await self._hear(name)

    async def _hear(self, what: str) -> None:
        self.heard.append(what)
        await asyncio.Event().wait()


async def test_what_was_confirmed_but_not_handled_is_handled_by_the_next_life(
    stage: Stage, tmp_path: Path
) -> None:
    deaf = DeafInbox()
    async with stage.living(deaf):
        stage.ada.forwards(a_pdf(tmp_path))
        stage.tom.says("/help")
        await until(lambda: len(deaf.heard) == 2 and not stage.telegram.pending)
    assert not stage.telegram.pending  # Telegram will not tell us again
    async with stage.living():
        await stage.ada.sees(is_card())
        assert (await stage.tom.sees(lambda chat: chat.last)).words == sayings.HELP
        await stage.settled()
    async with stage.living():
        await stage.settled()
    assert len(stage.ada.chat.ours) == 1
    assert len(stage.tom.chat.ours) == 1


async def test_the_same_update_twice_acts_once(home: Stage) -> None:
    update = home.ada.says("/help")
    await home.ada.sees(lambda chat: chat.last)
    await home.settled()
    home.telegram.deliver_again(update)
    await home.settled()
    home.ada.says("/progress")
    await home.ada.sees(lambda chat: chat.last.words == messages.NOTHING_YET)
    assert len(home.ada.chat.ours) == 2


async def test_killed_before_it_was_struck_an_update_shows_and_sends_nothing_twice(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(Journal, "strike", lambda *_: None)
        async with stage.living():
            stage.ada.forwards(a_pdf(tmp_path))
            await stage.ada.sees(is_card())
            stage.ada.taps("Abstract")
            await stage.ada.sees(lambda chat: chat.notes)
    async with stage.living():
        await stage.settled()
        await stage.looks_again()
    assert [message.kind for message in stage.ada.chat.ours] == ["text", "voice"]


async def test_the_same_update_again_in_the_next_life_acts_once(
    stage: Stage, tmp_path: Path
) -> None:
    async with stage.living():
        update = stage.ada.forwards(a_pdf(tmp_path))
        await stage.ada.sees(is_card())
        await stage.settled()
    stage.telegram.deliver_again(update)
    async with stage.living():
        stage.ada.says("/help")
        await stage.ada.sees(lambda chat: chat.last.words == sayings.HELP)
        await stage.settled()
    assert len(stage.ada.chat.ours) == 2
    assert len(stage.jobs.reads) == 1


async def test_an_update_whose_delivery_broke_is_delivered_again_and_acts_once(
    home: Stage,
) -> None:
    home.telegram.breaks("getUpdates", Fault.DROP_AFTER, times=2)
    home.ada.says("/help")
    await home.ada.sees(lambda chat: chat.last)
    await home.settled()
    assert len(home.ada.chat.ours) == 1


async def test_an_entry_that_nobody_can_read_does_not_stop_the_others(stage: Stage) -> None:
    folder = stage.folder / "incoming" / "telegram"
    Journal(folder).write("1", {"message": {"message_id": 5}})
    (folder / "todo" / "00000000000000000002-ffff.json").write_text('{"key": "2", "body": {"upd')
    stage.ada.says("/help")
    async with stage.living():
        await stage.ada.sees(lambda chat: chat.last)
        await stage.settled()


async def test_half_downloads_of_an_earlier_life_are_swept_away(stage: Stage) -> None:
    left = stage.folder / "incoming" / "telegram-abandoned"
    left.mkdir(parents=True)
    (left / "document.pdf").write_bytes(b"%PDF-1.7 half")
    async with stage.living():
        assert not left.exists()


async def test_an_update_that_cannot_be_kept_is_not_confirmed(
    home: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = [True]
    write = Journal.write

    def writes(self: Journal, key: str, body: Mapping[str, Any]) -> bool:
        if full:
            raise OSError(28, "No space left on device")
        return write(self, key, body)

    monkeypatch.setattr(Journal, "write", writes)
    home.ada.says("/help")
    polls = home.telegram.counts["getUpdates"]
    await until(lambda: home.telegram.counts["getUpdates"] > polls + 2)
    assert home.telegram.pending
    full.clear()
    await home.ada.sees(lambda chat: chat.last)
    await home.settled()
    assert len(home.ada.chat.ours) == 1
