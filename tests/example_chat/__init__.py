"""A complete chat in one file, to begin a new one from: people on a server that answers a line of
JSON with another (`tests.example_chat.server`). See docs/contributing/add-a-chat.md."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bot import ports
from bot.domain import Conversation, Listener, Sender
from bot.patience import patiently
from bot.ports import Sent, Upload
from bot.schema import setting
from bot.views import CardView, NoteView, NoticeView, Rows, ShelfView, View

LONGEST = 64 * 1024 * 1024
ERRORS = {"gone": ports.MessageGone, "closed": ports.Unreachable, "slow": ports.Throttled}


class LinesSettings(BaseModel):
    lines_server: str = setting("where it listens, `host:port`", otherwise="no Lines")


class LinesChat:
    name, menu_size, edit_interval_s, carries_files = "lines", 20, 0.0, True
    file_limit = LONGEST // 2

    def __init__(self, settings: LinesSettings) -> None:
        self._host, _, self._port = settings.lines_server.rpartition(":")

    async def ask(self, what: str, **more: Any) -> Any:
        try:
            reader, writer = await asyncio.open_connection(self._host, self._port, limit=LONGEST)
            with closing(writer):
                writer.write(json.dumps({"do": what, **more}).encode() + b"\n")
                answer = json.loads(await reader.readline())
        except (OSError, ValueError) as err:
            raise ports.ChatUnavailable(type(err).__name__) from None
        if "error" in answer:
            raise ERRORS[answer["error"]](*answer["facts"])
        return answer["is"]

    async def show(
        self, conversation: Conversation, view: View, *, message: str | None = None
    ) -> str:
        what = {"text": text_of(view), "buttons": buttons_of(view), "message": message}
        return str(await self.ask("show", channel=conversation.channel, **what))

    async def send_track(
        self, conversation: Conversation, note: NoteView, audio: Path, uploads: Sequence[Upload]
    ) -> Sent:
        text = "\n".join([note.title, note.takeaway, note.position])
        what = {"channel": conversation.channel, "text": text, "seconds": note.seconds}
        what["buttons"] = encoded(note.buttons)
        for upload in uploads:
            with suppress(ports.MessageGone):
                return await self._note(file=upload.remote_id, **what)
        return await self._note(data=await self._packed(audio), **what)

    async def _note(self, **what: Any) -> Sent:
        message, file = await self.ask("note", **what)
        return Sent(message=message, upload=Upload(platform="lines", kind="", remote_id=file))

    async def send_file(self, conversation: Conversation, file: Path, *, caption: str) -> None:
        what = {"name": file.name, "text": caption, "data": await self._packed(file)}
        await self.ask("file", channel=conversation.channel, **what)

    async def _packed(self, file: Path) -> str:
        if file.stat().st_size > self.file_limit:
            raise ports.TrackTooLarge
        return base64.b64encode(await asyncio.to_thread(file.read_bytes)).decode()

    async def set_note_buttons(
        self, conversation: Conversation, message: str, buttons: Rows, *, noted: str
    ) -> None:
        what = {"channel": conversation.channel, "message": message}
        with suppress(ports.MessageGone):
            await self.ask("buttons", buttons=encoded(buttons), **what)

    async def delete(self, conversation: Conversation, message: str) -> bool:
        with suppress(ports.MessageGone):
            await self.ask("delete", channel=conversation.channel, message=message)
        return True

    def link(self, token: str) -> str | None:
        return f"lines://{self._host}:{self._port}?start={token}"

    async def receive(self, given: ports.Provisions, done: int = 0) -> None:
        while True:  # the server keeps what somebody did until it is asked for what is behind it
            did = await patiently(lambda: self.ask("next", done=done))  # noqa: B023 - at once
            who = Listener(platform="lines", account=did["who"])
            where = Conversation(platform="lines", channel=did["channel"])
            done = did["number"]
            await take(did, Sender(listener=who, conversation=where, cause=str(done)), given)


async def take(did: dict[str, Any], sender: Sender, given: ports.Provisions) -> None:
    if "data" in did:
        file = given.folder / "lines-file"
        file.write_bytes(base64.b64decode(did["data"]))
        await given.inbox.on_document(sender, file, did["name"])
    elif "button" in did:
        await given.inbox.on_tap(sender, did["button"], did["message"])
    else:
        await given.inbox.on_command(sender, did["command"], did["text"], did["message"])


def text_of(view: View) -> str:
    if isinstance(view, NoticeView):
        return view.text
    if isinstance(view, ShelfView):
        return "\n".join([view.heading, *(f"{line.title}\n{line.text}" for line in view.lines)])
    return "\n".join([view.title, view.summary, view.facts, view.status, view.skipped])


def encoded(rows: Rows) -> list[list[tuple[str, str]]]:
    return [[(button.label, button.action.encoded()) for button in row] for row in rows]


def buttons_of(view: View) -> list[list[tuple[str, str]]]:
    if isinstance(view, ShelfView):
        return encoded((*(line.buttons for line in view.lines), *view.buttons))
    menu = view.chapters if isinstance(view, CardView) else ()
    return [[(line.title, line.action.encoded())] for line in menu] + encoded(view.buttons)


async def check(settings: LinesSettings) -> str:
    return f"known there as {await LinesChat(settings).ask('who')}"


@asynccontextmanager
async def open_lines(settings: LinesSettings, given: ports.Provisions) -> AsyncIterator[LinesChat]:
    receiving = asyncio.create_task((chat := LinesChat(settings)).receive(given))
    try:
        yield chat
    finally:
        receiving.cancel()


LINES = ports.ChatExtension(
    name="lines", label="Lines", schema=LinesSettings, check=check, open=open_lines, person="ada",
    missing=lambda settings: "" if settings.lines_server else "LINES_SERVER",
)  # fmt: skip
