"""A chat that one line registers lives the story of all chats, in the program as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.words import messages
from tests.commands import run_listendock
from tests.e2e.people import until
from tests.e2e.serving import QUICK_VOICE, serving
from tests.e2e.story import Person, live_through
from tests.example_chat.server import LinesServer, Message

LONGEST_CHAT = 150  # lines; what a chat needs beyond them, the program should do for it


@dataclass(slots=True)
class OnLines:
    server: LinesServer
    name: str
    other: str = ""
    _card: Message | None = None
    _note: Message | None = None
    _read: Message | None = None

    def _found(self, words: Sequence[str], *, is_card: bool) -> Message | None:
        for message in reversed(self.server.seen_in(self.name, "show")):
            has_menu = message.button(messages.BUTTON_TAKEAWAYS) is not None
            if has_menu is is_card and all(word in message.text for word in words):
                return message
        return None

    async def sends(self, paper: Path) -> None:
        self.server.sends(self.name, paper)

    async def sees_card(self, *words: str) -> None:
        self._card = await until(lambda: self._found(words, is_card=True), f"card with {words}")

    async def taps(self, label: str) -> None:
        card = self._card
        assert card is not None
        await until(lambda: card.button(label), label)
        self.server.taps(self.name, card, label)

    async def taps_chapter(self, title: str) -> None:
        await self.taps(title)

    async def hears(self, title: str, *, times: int = 1) -> bytes:
        def heard() -> list[Message]:
            notes = self.server.seen_in(self.name, "note")
            return [note for note in notes if note.text.startswith(title)]

        await until(lambda: len(heard()) >= times, title)
        self._note = heard()[-1]
        return self._note.data

    async def taps_left_out(self, kind: str) -> None:
        await self.taps(messages.BUTTON_LEFT_OUT)
        await self.reads(f"{kind} – ")
        await self.taps_there(f"○ {kind}")

    async def taps_note(self, label: str) -> None:
        note = self._note
        assert note is not None
        self.server.taps(self.name, note, label)
        await until(lambda: not note.button(label), f"no more {label}")

    async def says(self, command: str) -> None:
        self.server.says(self.name, command)

    async def reads(self, *words: str) -> None:
        self._read = await until(lambda: self._found(words, is_card=False), f"{words}")

    async def taps_there(self, label: str) -> None:
        assert self._read is not None
        self.server.taps(self.name, self._read, label)

    async def brings_another(self) -> Person | None:
        if not self.other:
            return None
        await self.taps(messages.BUTTON_SHARE)
        await self.reads("?start=")
        assert self._read is not None
        token = self._read.text.partition("?start=")[2].split()[0]
        self.server.says(self.other, f"/start {token}")
        other = OnLines(self.server, self.other)
        await other.sees_card("0 % heard")
        return other


async def test_it_lives_the_story(lender: str, tmp_path: Path) -> None:
    async with LinesServer().served() as server:
        environment = {"LINES_SERVER": f"127.0.0.1:{server.port}"} | QUICK_VOICE
        log = tmp_path / "log.txt"
        with serving(
            tmp_path / "home",
            log=log,
            package="tests.example_chat",
            lender=lender,
            **environment,
        ) as program:
            await live_through(OnLines(server, "ada", other="tom"), tmp_path)
            server.says("ada", "/privacy")
            await OnLines(server, "ada").reads("Lines")
            assert await asyncio.to_thread(program.stop) == 0
        assert server.uploaded == 4  # no sound goes over the wire twice
        assert "Traceback" not in log.read_text(encoding="utf-8")


@pytest.mark.usefixtures("warm_children")
async def test_the_doctor_asks_it_and_a_setting_of_it_is_checked(tmp_path: Path) -> None:
    async with LinesServer().served() as server:
        told = await doctor(tmp_path, f"127.0.0.1:{server.port}")
        assert "ok   lines: known there as ListenDock" in told
    told = await doctor(tmp_path, f"127.0.0.1:{server.port}")
    assert "FAIL lines: Lines cannot be reached (ChatUnavailable)" in told
    told = await doctor(tmp_path, "")
    assert "note lines: no LINES_SERVER" in told


async def doctor(home: Path, server: str) -> str:
    environment = {"LINES_SERVER": server, "LISTENDOCK_HOME": str(home), "ALLOWED": "lines:ada"}
    done = await run_listendock("doctor", package="tests.example_chat", **environment | QUICK_VOICE)
    assert "ok   settings:" in done.stdout
    return done.stdout


def test_it_is_short() -> None:
    chat = Path(__file__).parents[1] / "example_chat" / "__init__.py"
    assert len(chat.read_text(encoding="utf-8").splitlines()) <= LONGEST_CHAT
