"""The outside of the example chat: a server of people who send files, say things and tap buttons.
It answers each line of JSON with one: `{"is": …}`, or `{"error": "gone" | "closed" | "slow",
"facts": […]}`. Files that it was sent once it sends again by their names."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LONGEST = 64 * 1024 * 1024
Buttons = list[list[list[str]]]


@dataclass(slots=True)
class Message:
    """`kind`: what it was asked for with: "show", "note" or "file"."""

    channel: str
    kind: str
    text: str
    buttons: Buttons = field(default_factory=list)
    name: str = ""
    seconds: float = 0.0
    data: bytes = b""

    def button(self, label: str) -> str | None:
        """What a button sends."""
        return next((data for row in self.buttons for name, data in row if label in name), None)


class Refused(Exception):
    def __init__(self, error: str, *facts: object) -> None:
        self.answer = {"error": error, "facts": facts}


@dataclass(slots=True)
class LinesServer:
    port: int = 0
    messages: dict[str, Message] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)  # channels
    faults: list[Refused | None] = field(default_factory=list)  # of the next calls; None: no answer
    uploaded: int = 0
    _did: list[dict[str, Any]] = field(default_factory=list)
    _numbers: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[LinesServer]:
        server = await asyncio.start_server(self._answer, "127.0.0.1", self.port, limit=LONGEST)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    def did(self, who: str, channel: str, **what: Any) -> None:
        """Somebody did something: it is told until it is asked for what is behind it."""
        self._numbers += 1
        self._did.append({"number": self._numbers, "who": who, "channel": channel, **what})
        self._news.set()

    def sends(self, who: str, file: Path) -> None:
        data = base64.b64encode(file.read_bytes()).decode()
        self.did(who, who, name=file.name, data=data)

    def says(self, who: str, text: str) -> None:
        command, _, rest = text[1:].partition(" ") if text.startswith("/") else ("", "", text)
        self.did(who, who, command=command, text=rest, message="")

    def taps(self, who: str, message: Message, label: str) -> None:
        name = next(name for name, known in self.messages.items() if known is message)
        data = message.button(label)
        assert data, f"no {label} below {message.text!r}"
        self.did(who, who, button=data, message=name)

    def seen_in(self, channel: str, *kinds: str) -> list[Message]:
        return [m for m in self.messages.values() if m.channel == channel and m.kind in kinds]

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = json.loads(await reader.readline())
            writer.write(json.dumps(await self._answer_to(asked)).encode() + b"\n")
            await writer.drain()
        except (ConnectionError, ValueError):  # gone, or a fault that was asked for
            pass
        finally:
            writer.close()

    async def _answer_to(self, asked: dict[str, Any]) -> dict[str, Any]:
        what = asked.pop("do")
        try:
            if what in ("show", "note", "file") and self.faults:
                raise self.faults.pop(0) or ConnectionError
            if asked.get("channel") in self.closed:
                raise Refused("closed")
            return {"is": await getattr(self, f"_{what}")(**asked)}
        except Refused as err:
            return err.answer

    async def _who(self) -> str:
        return "ListenDock"

    async def _next(self, done: int) -> dict[str, Any]:
        self._did = [one for one in self._did if one["number"] > done]
        while not self._did:
            self._news.clear()
            await self._news.wait()
        return self._did[0]

    async def _show(self, channel: str, message: str | None, text: str, buttons: Buttons) -> str:
        if message is None:
            return self._added(Message(channel, "show", text, buttons))
        known = self._known(message)
        known.text, known.buttons = text, buttons
        return message

    async def _note(
        self,
        channel: str,
        text: str,
        seconds: float,
        buttons: Buttons,
        file: str = "",
        data: str = "",
    ) -> tuple[str, str]:
        if data:
            file = f"file-{len(self.uploads) + self.uploaded}"
            self.uploads[file] = base64.b64decode(data)
            self.uploaded += 1
        elif file not in self.uploads:
            raise Refused("gone")
        note = Message(channel, "note", text, buttons, seconds=seconds, data=self.uploads[file])
        return self._added(note), file

    async def _file(self, channel: str, name: str, text: str, data: str) -> str:
        return self._added(Message(channel, "file", text, name=name, data=base64.b64decode(data)))

    async def _buttons(self, channel: str, message: str, buttons: Buttons) -> None:
        self._known(message).buttons = buttons

    async def _delete(self, channel: str, message: str) -> None:
        self._known(message)
        del self.messages[message]

    def _added(self, message: Message) -> str:
        self._numbers += 1
        self.messages[str(self._numbers)] = message
        return str(self._numbers)

    def _known(self, message: str) -> Message:
        if message not in self.messages:
            raise Refused("gone")
        return self.messages[message]
