"""Chats, and what they call when a listener does something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.commands import Command
from bot.domain import Conversation, Pointed, Sender
from bot.views import CaptionForm, CardView, NoteView, NoticeView, Rows, View
from bot.words import Words
from pipeline.domain import Track


class ChatError(Exception):
    """Something the platform refused."""


class Throttled(ChatError):
    """Too fast: try again after `retry_after_s`."""

    def __init__(self, retry_after_s: float) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(f"retry after {retry_after_s} s")


class Unreachable(ChatError):
    """This conversation is closed to us: blocked, left, deleted. Stop quietly."""


class MessageGone(ChatError):
    """The message to edit is no longer there: send a new one."""


class TrackTooLarge(ChatError):
    """No file of this size goes through this chat."""


class ChatUnavailable(ChatError):
    """The platform or the network failed: the same again may work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A track that a platform already holds: what to send instead of the bytes."""

    platform: str
    kind: str  # the platform's own: "voice", "audio", "permalink"
    remote_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    message: str
    upload: Upload | None  # to be remembered for the next time
    has_begun: bool = True  # a chat cannot tell; a page says `Verb.STARTED` when it plays


class ChatPlatform(Protocol):
    """A chat that can show views and send voice notes. Raises `ChatError`s only."""

    @property
    def name(self) -> str:
        """`telegram`, `slack`, `web`: the `platform` of its listeners and conversations."""

    @property
    def menu_size(self) -> int:
        """How many chapters one page of its chapter menu shows."""

    @property
    def edit_interval_s(self) -> float:
        """The shortest time between two edits of one message."""

    @property
    def carries_files(self) -> bool:
        """Whether a track's bytes go through it; a page fetches what is in the file store."""

    async def show(
        self, conversation: Conversation, view: View, *, message: str | None = None
    ) -> str:
        """Send a view, or edit the message that shows it. Returns the message's id; nothing for one
        that cannot be edited. What concerns one person is for nobody else to see (`seen_by`)."""

    async def send_track(
        self, conversation: Conversation, note: NoteView, audio: Path, uploads: Sequence[Upload]
    ) -> Sent:
        """Send a chapter: one of `uploads` again when it is still good, else the file's bytes."""

    async def delete(self, conversation: Conversation, message: str) -> bool:
        """Take a message away. False: the platform does not let us, and it still stands."""

    async def set_note_buttons(
        self, conversation: Conversation, message: str, buttons: Rows, *, noted: str
    ) -> None:
        """Exchange the buttons below a chapter that was sent. Gone or the same: no error. Where
        many read it they may have to stay; then whoever tapped is told `noted`, if it can be."""

    @property
    def file_limit(self) -> int:
        """Bytes of the largest file that it carries."""

    async def send_file(self, conversation: Conversation, file: Path, *, caption: str) -> None:
        """Send a file as a document, under its own name."""

    def link(self, token: str) -> str | None:
        """An address that gives us `/start token` from whoever opens it; None: it has none."""


class Inbox(Protocol):
    """What a platform calls when a listener does something. `bot.conversation` answers.

    Nothing here waits for work: every call returns when what was asked for is durable and the
    immediate answer is shown. Raises nothing but `ChatError`s of the platform itself.
    """

    @property
    def is_waiting(self) -> bool:
        """Whether the library cannot be reached just now, so that nothing goes on."""

    @property
    def commands(self) -> Sequence[Command]:
        """All that can be said by name, in the order of menus: what a chat shows and knows."""

    def words_for(self, sender: Sender) -> Words:
        """The sender's language, as far as it is known without waiting."""

    async def words_of(self, sender: Sender) -> Words:
        """The sender's language, as they chose it."""

    def refusal(
        self, sender: Sender, *, size: int | None, platform_limit: int | None
    ) -> NoticeView | None:
        """What to answer instead of downloading `size` bytes, with the way out; None: go on."""

    async def is_known(self, sender: Sender) -> bool:
        """Whether something lies on the sender's shelf, and they may come in."""

    async def on_document(self, sender: Sender, pdf: Path, filename: str) -> None:
        """A file came. It is copied before this returns; the caller may then delete it."""

    async def on_tap(self, sender: Sender, data: str, message: str) -> None:
        """A button of `message` was tapped. The platform has acknowledged the tap already."""

    async def on_command(self, sender: Sender, name: str, argument: str, message: str = "") -> None:
        """`/name argument`, or a plain text (`name` empty); `message` is the one that said it."""

    async def on_open(self, sender: Sender) -> Sequence[CardView]:
        """A listener opened a page that shows their whole shelf: a card each, newest first.
        Raises `LibraryAway`."""

    async def track_of(self, sender: Sender, document: str, chapter: int) -> Track | None:
        """A finished track of something on the sender's shelf; None for anything else. Raises
        `LibraryAway`."""

    async def captions_of(
        self, sender: Sender, document: str, chapter: int, form: CaptionForm, audio: str
    ) -> str | None:
        """What such a track says and when; `audio`: its address as seen from there. None: there is
        no track, or nobody knows. Raises `LibraryAway`."""

    async def on_place(self, sender: Sender, document: str, chapter: int, seconds: float) -> None:
        """A player that plays such a track has come so far. Raises `LibraryAway`."""

    async def cover_of(self, sender: Sender, document: str) -> bytes | None:
        """The picture (JPEG) of something on the sender's shelf; None: it has none, or there is no
        such thing. Raises `LibraryAway`."""

    async def what_is_at(
        self, sender: Sender, document: str, page: int, x: int, y: int
    ) -> Pointed | None:
        """What is read at a spot of a page, in 1/10,000 of it, of something on the sender's shelf;
        None: nothing. Raises `LibraryAway`."""
