"""Chats on the loopback's Telegram, as the people in them see them."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class StoredFile:
    """`kind`: `document`, `voice`, `audio`. `size` may claim more than the `data` that is there."""

    id: str
    kind: str
    data: bytes
    name: str
    mime: str
    size: int
    path: str
    is_size_told: bool = True
    is_uploaded: bool = False  # by the bot

    def as_json(self) -> dict[str, Any]:
        body = {
            "file_id": self.id,
            "file_unique_id": f"u{self.id}",
            "file_name": self.name,
            "mime_type": self.mime,
        }
        return body | ({"file_size": self.size} if self.is_size_told else {})


@dataclass(slots=True)
class Button:
    label: str
    data: str


@dataclass(slots=True)
class Message:
    """`words`: text or caption without markup. `is_ours`: the bot's."""

    id: int
    chat: Chat
    sender: dict[str, Any]
    words: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    kind: str = "text"
    file: StoredFile | None = None
    seconds: int = 0
    title: str = ""
    performer: str = ""
    thumbnail: bytes = b""
    rows: list[list[Button]] = field(default_factory=list)
    thread: int | None = None
    album: str = ""
    reply_to: Message | None = None
    sent_at: float = field(default_factory=time.monotonic)
    edited_at: list[float] = field(default_factory=list)

    @property
    def is_ours(self) -> bool:
        return bool(self.sender["is_bot"])

    @property
    def labels(self) -> list[str]:
        return [button.label for row in self.rows for button in row]

    def button(self, label: str) -> Button | None:
        found = (b for row in self.rows for b in row if label in b.label)
        return next(found, None)

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "message_id": self.id,
            "date": int(time.time()),
            "chat": self.chat.as_json(),
            "from": self.sender,
        }
        if self.file is None:
            body |= {"text": self.words, "entities": self.entities}
        else:
            body |= {self.kind: self._file_json()}
            body |= {"caption": self.words, "caption_entities": self.entities}
        if self.rows:
            rows = [[{"text": b.label, "callback_data": b.data} for b in r] for r in self.rows]
            body["reply_markup"] = {"inline_keyboard": rows}
        if self.thread is not None:
            body |= {"message_thread_id": self.thread, "is_topic_message": True}
        if self.album:
            body["media_group_id"] = self.album
        if self.reply_to is not None:
            body["reply_to_message"] = self.reply_to.as_json()
        return body

    def _file_json(self) -> dict[str, Any]:
        assert self.file is not None
        body = self.file.as_json()
        if self.kind in ("voice", "audio"):
            body["duration"] = self.seconds
        if self.kind == "audio":
            body |= {"title": self.title, "performer": self.performer}
        return body


@dataclass(slots=True)
class Chat:
    """`closed`: why the bot may not write here any more. `moved_to`: the supergroup it became."""

    id: int
    kind: str  # private, group, supergroup
    title: str
    is_forum: bool = False
    topics: set[int] = field(default_factory=set)
    messages: dict[int, Message] = field(default_factory=dict)
    closed: str = ""
    moved_to: int | None = None
    takes_voice: bool = True
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def next_id(self) -> int:
        return next(self._ids)

    @property
    def ours(self) -> list[Message]:
        """What the bot wrote, oldest first."""
        return [message for message in self.messages.values() if message.is_ours]

    @property
    def notes(self) -> list[Message]:
        return [message for message in self.ours if message.kind in ("voice", "audio")]

    @property
    def texts(self) -> list[Message]:
        return [message for message in self.ours if message.kind == "text"]

    @property
    def last(self) -> Message | None:
        return next(reversed(self.ours), None)

    def with_button(self, label: str) -> Message | None:
        """The newest message with such a button."""
        return next((m for m in reversed(self.ours) if m.button(label)), None)

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {"id": self.id, "type": self.kind}
        body |= {"first_name" if self.kind == "private" else "title": self.title}
        return body | ({"is_forum": True} if self.is_forum else {})

    def __str__(self) -> str:
        lines = []
        for message in self.messages.values():
            who = "bot" if message.is_ours else message.sender["first_name"]
            lines.append(f"{message.id} {who} [{message.kind}] {message.words!r} {message.labels}")
        return "\n".join(lines) or "(nothing)"
