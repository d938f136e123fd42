"""Ports in memory: real, shipped, and with records that a test can look at."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.domain import Conversation
from bot.ports import ChatError, MessageGone, Sent, Upload
from bot.views import NoteView, View
from pipeline.domain import Narration


@dataclass(slots=True)
class SentTrack:
    conversation: Conversation
    note: NoteView
    message: str
    was_uploaded: bool


@dataclass(slots=True)
class MemoryChat:
    """A chat platform. `messages` is what a listener sees now; `fail_next` breaks the next call;
    `known_uploads` are the tracks that it still holds."""

    name: str = "memory"
    menu_size: int = 10
    edit_interval_s: float = 0.0
    messages: dict[tuple[Conversation, str], View] = field(default_factory=dict)
    edits: int = 0
    tracks: list[SentTrack] = field(default_factory=list)
    fail_next: list[ChatError] = field(default_factory=list)
    known_uploads: list[Upload] = field(default_factory=list)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def show(
        self, conversation: Conversation, view: View, *, message: str | None = None
    ) -> str:
        self._maybe_fail()
        if message is None:
            message = str(next(self._ids))
        elif (conversation, message) not in self.messages:
            raise MessageGone
        else:
            self.edits += 1
        self.messages[conversation, message] = view
        return message

    async def send_track(
        self, conversation: Conversation, note: NoteView, audio: Path, uploads: Sequence[Upload]
    ) -> Sent:
        self._maybe_fail()
        message = str(next(self._ids))
        known = next((upload for upload in uploads if upload in self.known_uploads), None)
        self.tracks.append(SentTrack(conversation, note, message, known is None))
        if known is None:
            known = Upload(platform=self.name, kind="voice", remote_id=f"file-{message}")
            self.known_uploads.append(known)
        return Sent(message=message, upload=known)

    async def delete(self, conversation: Conversation, message: str) -> None:
        self.messages.pop((conversation, message), None)

    def _maybe_fail(self) -> None:
        if self.fail_next:
            raise self.fail_next.pop(0)


class MemoryFiles:
    """A file store."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    async def put(self, key: str, source: Path) -> None:
        self.files[key] = await asyncio.to_thread(source.read_bytes)

    @asynccontextmanager
    async def local(self, key: str) -> AsyncIterator[Path]:
        data = self._found(key)
        with TemporaryDirectory() as folder:
            path = Path(folder) / Path(key).name
            await asyncio.to_thread(path.write_bytes, data)
            yield path

    async def has(self, key: str) -> bool:
        return key in self.files

    async def chunks(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        yield self._found(key)[start:end]

    async def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.files.pop(key, None)

    def _found(self, key: str) -> bytes:
        if key not in self.files:
            raise FileNotFoundError(key)
        return self.files[key]


@dataclass(slots=True)
class MemoryJobs:
    """Jobs that are only written down."""

    reads: list[str] = field(default_factory=list)
    chapters: list[tuple[str, int]] = field(default_factory=list)
    hurried: list[tuple[str, int]] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)

    async def read(self, document: str, listener: str, narration: Narration) -> None:
        if document not in self.reads:
            self.reads.append(document)

    async def speak(
        self, document: str, chapters: Sequence[int], listener: str, narration: Narration
    ) -> None:
        for chapter in chapters:
            if (document, chapter) not in self.chapters:
                self.chapters.append((document, chapter))

    async def hurry(self, document: str, chapter: int, narration: Narration) -> None:
        self.hurried.append((document, chapter))

    async def cancel(self, document: str, narration: Narration) -> None:
        self.cancelled.append(document)
        self.chapters = [job for job in self.chapters if job[0] != document]
        self.reads = [job for job in self.reads if job != document]
