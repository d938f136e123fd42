"""The example chat in the suite of chat platforms (`Rig` in `test_chat_platform`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.domain import Conversation
from tests.example_chat import LinesChat, LinesSettings
from tests.example_chat.server import LinesServer, Refused

RETRY_AFTER_S = 7


class LinesRig:
    def __init__(self, server: LinesServer) -> None:
        self.server = server
        self.chat = LinesChat(LinesSettings(lines_server=f"127.0.0.1:{server.port}"))
        self.conversation = Conversation(platform="lines", channel="ada")

    def seen(self) -> list[str]:
        return [message.text for message in self.server.seen_in("ada", "show")]

    def notes(self) -> list[tuple[str, float]]:
        notes = self.server.seen_in("ada", "note")
        return [(note.text.splitlines()[0], note.seconds) for note in notes]

    def uploaded(self) -> int:
        return self.server.uploaded

    def throttles(self) -> None:
        self.server.faults.append(Refused("slow", RETRY_AFTER_S))

    def breaks(self) -> None:
        self.server.faults.append(None)

    def closes(self) -> None:
        self.server.closed.add("ada")

    def loses(self, message: str) -> None:
        del self.server.messages[message]

    def forgets_uploads(self) -> None:
        self.server.uploads.clear()

    def keeps_tracks(self) -> bool:
        return True

    def note_labels(self) -> list[list[str]]:
        notes = self.server.seen_in("ada", "note")
        return [[label for row in note.buttons for label, _ in row] for note in notes]

    def files(self) -> list[tuple[str, bytes]]:
        return [(file.name, file.data) for file in self.server.seen_in("ada", "file")]


@asynccontextmanager
async def example_rig() -> AsyncIterator[LinesRig]:
    async with LinesServer().served() as server:
        yield LinesRig(server)
