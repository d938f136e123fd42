"""A chat platform in memory."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.domain import Conversation
from bot.ports import ChatError, MessageGone, Sent, TrackTooLarge, Upload
from bot.views import NoteView, Rows, View


@dataclass(slots=True)
class SentTrack:
    conversation: Conversation
    note: NoteView
    message: str
    was_uploaded: bool


@dataclass(slots=True)
class SentFile:
    conversation: Conversation
    name: str
    data: bytes
    caption: str


@dataclass(slots=True)
class MemoryChat:
    """A chat platform. `messages` is what a listener sees now; `fail_next` breaks the next call;
    `known_uploads` are the tracks that it still holds; `undeletable` are messages of others."""

    name: str = "memory"
    menu_size: int = 10
    edit_interval_s: float = 0.0
    carries_files: bool = True
    messages: dict[tuple[Conversation, str], View] = field(default_factory=dict)
    edits: int = 0
    tracks: list[SentTrack] = field(default_factory=list)
    fail_next: list[ChatError] = field(default_factory=list)
    files: list[SentFile] = field(default_factory=list)
    file_limit: int = 50 * 1024 * 1024
    known_uploads: list[Upload] = field(default_factory=list)
    undeletable: set[str] = field(default_factory=set)
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

    async def set_note_buttons(
        self, conversation: Conversation, message: str, buttons: Rows, *, noted: str
    ) -> None:
        self._maybe_fail()
        for sent in self.tracks:
            if (sent.conversation, sent.message) == (conversation, message):
                sent.note = replace(sent.note, buttons=buttons)

    async def send_file(self, conversation: Conversation, file: Path, *, caption: str) -> None:
        self._maybe_fail()
        if file.stat().st_size > self.file_limit:
            raise TrackTooLarge
        self.files.append(SentFile(conversation, file.name, file.read_bytes(), caption))

    def link(self, token: str) -> str | None:
        return f"memory:start?{token}"

    async def delete(self, conversation: Conversation, message: str) -> bool:
        if message in self.undeletable:
            return False
        self.messages.pop((conversation, message), None)
        self.tracks = [
            sent
            for sent in self.tracks
            if (sent.conversation, sent.message) != (conversation, message)
        ]
        return True

    def _maybe_fail(self) -> None:
        if self.fail_next:
            raise self.fail_next.pop(0)
