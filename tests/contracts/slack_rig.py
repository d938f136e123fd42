"""Slack in the suite of chat platforms (`Rig` in `test_chat_platform`)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from adapters.slack.chat import SlackChat
from adapters.slack.shipments import Shipments
from adapters.slack.workspaces import Caller, Workspace
from bot.domain import Conversation
from tests.loopback.slack import BOT, BOT_TOKEN, Fault, LoopbackSlack
from tests.loopback.slack_member import Member
from tests.offering import COMMANDS

RETRY_AFTER_S = 7
SENDING = ("chat.postMessage", "chat.update", "files.getUploadURLExternal")


class SlackRig:
    def __init__(self, slack: LoopbackSlack, chat: SlackChat) -> None:
        self.slack = slack
        self.chat = chat
        self.member = Member(slack, "U0ADA")
        self.conversation = Conversation(platform="slack", channel=self.member.direct)

    def seen(self) -> list[str]:
        return [m.words for m in self.member.sees(self.conversation.channel)]

    def notes(self) -> list[tuple[str, float]]:
        """What stands below each file tells no seconds: Slack's own player does."""
        titles = [re.match(r"\*(.+)\*", words) for words in self.seen()]
        return [(title[1], 60.0) for title in titles if title]

    def uploaded(self) -> int:
        return len(self.slack.calls_of("POST upload"))

    def throttles(self) -> None:
        self.slack.faults += [Fault(method, "429", RETRY_AFTER_S) for method in SENDING]

    def breaks(self) -> None:
        self.slack.faults += [Fault(method, "drop before") for method in SENDING]

    def closes(self) -> None:
        self.slack.channels[self.conversation.channel].members.discard(BOT)

    def loses(self, message: str) -> None:
        channel = self.conversation.channel
        self.slack.messages.remove(self.slack.message_at(channel, message))

    def forgets_uploads(self) -> None:
        for file in self.slack.files.values():
            file.is_deleted = True

    def keeps_tracks(self) -> bool:
        return True

    def note_labels(self) -> list[list[str]]:
        """Of what stands below each file."""
        notes = [m for m in self.member.sees(self.conversation.channel) if m.words.startswith("*")]
        return [[button["text"]["text"] for button in note.buttons] for note in notes]

    def files(self) -> list[tuple[str, bytes]]:
        return [(file.name, file.data) for file in self.slack.files.values()]


@asynccontextmanager
async def slack_rig() -> AsyncIterator[SlackRig]:
    async with LoopbackSlack().served() as slack, aiohttp.ClientSession() as session:
        workspace = await Caller(api_url=f"{slack.url}/api/", session=session).workspace(BOT_TOKEN)

        async def workspace_of(_: str) -> Workspace:
            return workspace

        with TemporaryDirectory() as folder:
            chat = SlackChat(workspace_of, COMMANDS, Shipments(Path(folder)))
            yield SlackRig(slack, chat)
