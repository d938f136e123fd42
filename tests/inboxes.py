"""An inbox that takes everything and answers nothing, for tests of what comes before it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.commands import Command
from bot.domain import Pointed, Sender
from bot.ports import Inbox
from bot.views import CaptionForm, CardView, NoticeView
from bot.words import ENGLISH, Words
from pipeline.domain import Track
from tests.offering import COMMANDS


class SilentInbox(Inbox):
    @property
    def commands(self) -> Sequence[Command]:
        return COMMANDS

    def words_for(self, sender: Sender) -> Words:
        return ENGLISH

    def refusal(
        self, sender: Sender, *, size: int | None, platform_limit: int | None
    ) -> NoticeView | None:
        return None

    async def on_document(self, sender: Sender, pdf: Path, filename: str) -> None: ...

    async def on_tap(self, sender: Sender, data: str, message: str) -> None: ...

    async def on_command(
        self, sender: Sender, name: str, argument: str, message: str = ""
    ) -> None: ...

    async def is_known(self, sender: Sender) -> bool:
        raise AssertionError

    async def on_open(self, sender: Sender) -> Sequence[CardView]:
        return []

    async def track_of(self, sender: Sender, document: str, chapter: int) -> Track | None:
        return None

    async def captions_of(
        self, sender: Sender, document: str, chapter: int, form: CaptionForm, audio: str
    ) -> str | None:
        return None

    async def what_is_at(
        self, sender: Sender, document: str, page: int, x: int, y: int
    ) -> Pointed | None:
        return None

    async def on_place(self, sender: Sender, document: str, chapter: int, seconds: float) -> None:
        raise AssertionError

    async def cover_of(self, sender: Sender, document: str) -> bytes | None:
        return None
