"""A chapter on its way to Slack when the program is killed: the next life asks Slack how far it
came, and sends nothing twice."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import pytest

from adapters.slack.chat import SlackChat
from adapters.slack.shipments import SWEPT_EVERY_S, Delivery, Shipments
from adapters.slack.workspaces import Caller, Workspace
from bot.domain import Conversation
from bot.ports import ChatUnavailable, Sent, Upload
from bot.views import Action, Button, CardView, NoteView, Verb
from tests.integration.test_slack import a_note
from tests.loopback.slack import BOT_TOKEN, Fault, LoopbackSlack, Message
from tests.loopback.slack_member import Member
from tests.offering import COMMANDS

HEARD = Button(label="✓ Heard", action=Action(verb=Verb.HEARD, document="0" * 64, number=1))
ON = Button(label="▶ Continue", action=Action(verb=Verb.CONTINUE, document="0" * 64))
CARD = CardView(
    document="0" * 64,
    title="On Bees",
    summary="Bees dance.",
    facts="",
    status="",
    done=None,
    skipped="",
    chapters=(),
    buttons=((ON,),),
    delivery="of an update",
)
ROOM = Conversation(platform="slack", channel="C0ROOM")
DAYS_AGO = 1_700_000_000.0
NOTE = replace(a_note(), buttons=((HEARD,),), delivery="17")


@dataclass(slots=True)
class Lives:
    slack: LoopbackSlack
    workspace: Workspace
    folder: Path
    ada: Member
    room: str

    def begun(self) -> SlackChat:
        """It knows of earlier lives what is on disk."""

        async def workspace_of(_: str) -> Workspace:
            return self.workspace

        return SlackChat(workspace_of, COMMANDS, Shipments(self.folder / "shipments"))

    async def sends(
        self,
        note: NoteView,
        *,
        thread: str = "",
        chat: SlackChat | None = None,
        uploads: Sequence[Upload] = (),
    ) -> Sent:
        """In a life of its own, or in that of a `chat`."""
        audio = self.folder / "track.mp3"
        audio.write_bytes(b"ID3 bytes")
        place = Conversation(platform="slack", channel=self.room, thread=thread)
        return await (chat or self.begun()).send_track(place, note, audio, uploads)

    async def is_killed_at(self, method: str, when: str, note: NoteView = NOTE, **at: str) -> None:
        """As far as Slack and the disk can tell."""
        self.slack.faults.append(Fault(method, when))
        with pytest.raises(ChatUnavailable):
            await self.sends(note, **at)

    @property
    def seen(self) -> list[str]:
        """Files by their titles, messages by their buttons."""
        return [self._words(message) for message in self.ada.sees(self.room)]

    def _words(self, message: Message) -> str:
        files = [self.slack.files[file].title for file in message.files]
        return " ".join(files + [button["text"]["text"] for button in message.buttons])


@pytest.fixture
async def lives(tmp_path: Path) -> AsyncIterator[Lives]:
    async with LoopbackSlack().served() as slack, aiohttp.ClientSession() as session:
        workspace = await Caller(api_url=f"{slack.url}/api/", session=session).workspace(BOT_TOKEN)
        ada = Member(slack, "U0ADA")
        yield Lives(slack, workspace, tmp_path, ada, ada.direct)


@pytest.mark.parametrize(
    ("method", "when", "uploads"),
    [
        ("POST upload", "drop after", 2),
        ("files.completeUploadExternal", "drop before", 2),
        ("files.completeUploadExternal", "drop after", 1),
        ("chat.postMessage", "drop before", 1),
        ("chat.postMessage", "drop after", 1),
    ],
)
@pytest.mark.parametrize("is_thread", [False, True])
async def test_a_chapter_is_sent_once_whenever_the_program_is_killed(
    lives: Lives, method: str, when: str, uploads: int, is_thread: bool
) -> None:
    at = {}
    if is_thread:
        said = lives.ada._says(lives.room, "look", "")
        at = {"thread": said.ts}
    await lives.is_killed_at(method, when, **at)
    sent = await lives.sends(NOTE, **at)
    assert lives.seen == ["Abstract", "✓ Heard"]
    assert sent.message == lives.ada.sees(lives.room)[-1].ts
    assert sent.upload is not None
    assert len(lives.slack.calls_of("POST upload")) == uploads
    assert {refusal.partition(":")[0] for refusal in lives.slack.refusals} <= {"files.info"}


async def test_what_was_sent_is_not_sent_again_in_the_next_life(lives: Lives) -> None:
    first = await lives.sends(NOTE)
    assert await lives.sends(NOTE) == first
    assert lives.seen == ["Abstract", "✓ Heard"]


async def test_nor_is_what_was_posted_while_the_answer_was_lost(lives: Lives) -> None:
    chat = lives.begun()
    lives.slack.faults.append(Fault("chat.postMessage", "drop after"))
    with pytest.raises(ChatUnavailable):
        await lives.sends(NOTE, chat=chat)
    await lives.sends(NOTE, chat=chat)
    assert lives.seen == ["Abstract", "✓ Heard"]


@pytest.mark.parametrize("when", ["drop before", "drop after"])
@pytest.mark.parametrize("is_same_life", [False, True])
async def test_a_card_is_shown_once_whenever_the_answer_was_lost(
    lives: Lives, when: str, is_same_life: bool
) -> None:
    chat = lives.begun()
    place = Conversation(platform="slack", channel=lives.room)
    await chat.show(place, CARD)  # with the same buttons, a moment ago
    again = replace(CARD, delivery="of another update")
    lives.slack.faults.append(Fault("chat.postMessage", when))
    with pytest.raises(ChatUnavailable):
        await chat.show(place, again)
    message = await (chat if is_same_life else lives.begun()).show(place, again)
    assert lives.seen == ["▶ Continue", "▶ Continue"]
    assert message == lives.ada.sees(lives.room)[-1].ts


@pytest.mark.parametrize("is_same_life", [False, True])
@pytest.mark.parametrize("when", ["drop before", "drop after"])
async def test_a_chapter_that_slack_has_comes_once_whichever_answers_were_lost(
    lives: Lives, when: str, is_same_life: bool
) -> None:
    stored = (await lives.sends(NOTE)).upload
    assert stored is not None
    again = replace(NOTE, delivery="18")
    chat = lives.begun() if is_same_life else None
    for _ in ("its link", "its buttons"):
        lives.slack.faults.append(Fault("chat.postMessage", when))
        with pytest.raises(ChatUnavailable):
            await lives.sends(again, chat=chat, uploads=[stored])
        if when == "drop before":
            break
    sent = await lives.sends(again, chat=chat, uploads=[stored])
    assert lives.seen == ["Abstract", "✓ Heard", "Abstract", "✓ Heard"]
    assert sent == Sent(message=lives.ada.sees(lives.room)[-1].ts, upload=stored)


async def test_the_link_of_another_sending_a_moment_ago_is_not_taken_for_this_ones(
    lives: Lives,
) -> None:
    stored = (await lives.sends(NOTE)).upload
    assert stored is not None
    chat = lives.begun()
    await lives.sends(replace(NOTE, delivery="18"), chat=chat, uploads=[stored])
    lives.slack.faults.append(Fault("chat.postMessage", "drop before"))
    with pytest.raises(ChatUnavailable):
        await lives.sends(replace(NOTE, delivery="19"), chat=chat, uploads=[stored])
    await lives.sends(replace(NOTE, delivery="19"), uploads=[stored])
    assert lives.seen == ["Abstract", "✓ Heard"] * 3


async def test_a_link_that_was_lost_is_not_missed_where_its_file_is_gone_meanwhile(
    lives: Lives,
) -> None:
    stored = (await lives.sends(NOTE)).upload
    assert stored is not None
    again = replace(NOTE, delivery="18")
    lives.slack.faults.append(Fault("chat.postMessage", "drop before"))
    with pytest.raises(ChatUnavailable):
        await lives.sends(again, uploads=[stored])
    for file in lives.slack.files.values():
        file.is_deleted = True
    sent = await lives.sends(again, uploads=[stored])
    assert sent.upload not in (None, stored)
    assert lives.seen == ["Abstract", "✓ Heard"] * 2


async def test_what_was_sent_is_known_however_late_the_program_is_started_again(
    lives: Lives,
) -> None:
    await lives.is_killed_at("chat.postMessage", "drop after")
    for note in (lives.folder / "shipments").iterdir():
        os.utime(note, (DAYS_AGO, DAYS_AGO))
    await lives.sends(NOTE)
    assert lives.seen == ["Abstract", "✓ Heard"]


async def test_notes_are_swept_hourly_but_for_those_of_what_is_under_way(tmp_path: Path) -> None:
    now = [0.0]
    shipments = Shipments(tmp_path, clock=lambda: now[0])

    async def is_kept(name: str) -> Delivery:
        delivery = Delivery(conversation=ROOM, document="0" * 64, name=name)
        await shipments.keep(delivery, await shipments.of(delivery))
        return delivery

    over, under_way = await is_kept("over"), await is_kept("under way")
    shipments.forget(over)
    for note in tmp_path.iterdir():
        os.utime(note, (DAYS_AGO, DAYS_AGO))
    now[0] = SWEPT_EVERY_S - 1.0
    soon = await is_kept("soon")
    assert _marks_in(tmp_path) == {over.mark, under_way.mark, soon.mark}
    now[0] = SWEPT_EVERY_S
    late = await is_kept("late")
    assert _marks_in(tmp_path) == {under_way.mark, soon.mark, late.mark}


def _marks_in(folder: Path) -> set[str]:
    return {note.stem for note in folder.iterdir()}


async def test_another_sending_of_the_same_chapter_is_another_message(lives: Lives) -> None:
    await lives.sends(NOTE)
    await lives.sends(replace(NOTE, delivery="18"))
    assert lives.seen == ["Abstract", "✓ Heard"] * 2


async def test_where_the_channel_may_not_be_read_a_chapter_comes_twice_rather_than_never(
    lives: Lives,
) -> None:
    await lives.is_killed_at("chat.postMessage", "drop after")
    lives.slack.scopes.discard("channels:history")
    await lives.sends(NOTE)
    assert lives.seen == ["Abstract", "✓ Heard", "✓ Heard"]


async def test_what_others_say_below_a_file_is_not_taken_for_its_buttons(lives: Lives) -> None:
    await lives.is_killed_at("chat.postMessage", "drop before")
    lives.ada._says(lives.room, "thanks", "")
    await lives.sends(NOTE)
    assert lives.seen == ["Abstract", "✓ Heard"]
