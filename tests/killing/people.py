"""Who sends a document, asks for chapters, hears and marks them, while the program is killed: on
Telegram and on Slack one person for each document. Nobody looks into the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.killing.papers import CHAPTERS, title_of
from tests.loopback import slack, telegram_chats
from tests.loopback.slack_member import Member
from tests.loopback.telegram_person import Person
from tests.waiting import until

HEARD = "✓"
NUMBERS = range(1, CHAPTERS + 1)


class Sender(Protocol):
    """Of one document."""

    listener: str  # as the library calls them

    async def sends(self, pdf: Path) -> None:
        """Returns when it is no longer theirs to send it again."""

    async def asks(self, chapter: int) -> None:
        """Taps a chapter of the card, as soon as it stands there."""

    async def hears(self, chapter: int) -> bytes:
        """The sound, when it has come."""

    async def marks(self, chapter: int) -> None:
        """A chapter that came is heard."""

    def cards(self) -> int:
        """How many there are of the document."""

    def is_card_true(self, chapters: int, heard: Sequence[int]) -> bool:
        """Whether it says that all is ready, and which of it was heard."""

    def sent(self) -> dict[int, int]:
        """How often each chapter came."""

    def strange(self) -> list[str]:
        """What else the program said: nobody asked for anything."""


# --- Telegram -------------------------------------------------------------------------------------


@dataclass(slots=True)
class OnTelegram:
    account: Person

    @property
    def listener(self) -> str:
        return f"telegram:{self.account.account}"

    @property
    def _cards(self) -> list[telegram_chats.Message]:
        return [m for m in self.account.chat.texts if not self._is_strange(m)]

    def _is_strange(self, message: telegram_chats.Message) -> bool:
        """A card has chapters, or tells how far it is."""
        return not message.labels

    async def sends(self, pdf: Path) -> None:
        self.account.forwards(pdf)

    async def asks(self, chapter: int) -> None:
        card = await until(lambda: self._with(title_of(chapter)), "a card on Telegram")
        self.account.taps(title_of(chapter), card)

    def _with(self, label: str) -> telegram_chats.Message | None:
        return next((card for card in self._cards[::-1] if card.button(label)), None)

    def _notes(self, chapter: int) -> list[telegram_chats.Message]:
        chat, title = self.account.chat, title_of(chapter)
        return [note for note in chat.notes if note.words.startswith(title)]

    async def hears(self, chapter: int) -> bytes:
        (note, *_) = await until(lambda: self._notes(chapter), "a chapter on Telegram")
        return note.file.data

    async def marks(self, chapter: int) -> None:
        self.account.taps("✓ Heard", self._notes(chapter)[-1])

    def cards(self) -> int:
        return len(self._cards)

    def is_card_true(self, chapters: int, heard: Sequence[int]) -> bool:
        card = self._with(title_of(1))
        if card is None or f" · {chapters} ready · " not in card.words:
            return False
        return all(card.button(f"{HEARD} {number} · ") is not None for number in heard)

    def sent(self) -> dict[int, int]:
        numbers = [int(note.words.split()[1]) for note in self.account.chat.notes]
        return {number: numbers.count(number) for number in numbers}

    def strange(self) -> list[str]:
        return [m.words for m in self.account.chat.texts if self._is_strange(m)]


# --- Slack ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class OnSlack:
    """In direct messages with the bot."""

    member: Member

    @property
    def listener(self) -> str:
        return f"slack:{self.member.id}"

    @property
    def _channel(self) -> str:
        return f"D0{self.member.id[1:]}"

    @property
    def _seen(self) -> list[slack.Message]:
        return self.member.sees(self._channel)

    @property
    def _cards(self) -> list[slack.Message]:
        return [m for m in self._seen if not m.files and len(m.buttons) > 0 and not _is_note(m)]

    async def sends(self, pdf: Path) -> None:
        await self.member.shares(self.member.direct, pdf.read_bytes(), name=pdf.name)

    async def asks(self, chapter: int) -> None:
        card, button = await until(lambda: self._line(chapter), "a card on Slack")
        await self.member.taps_button(card, button)

    def _line(self, chapter: int) -> tuple[slack.Message, dict[str, Any]] | None:
        for card in self._cards[::-1]:
            for block in card.blocks:
                text = block.get("text") or {}
                if f"*{title_of(chapter)}*" in str(text.get("text")) and "accessory" in block:
                    return card, block["accessory"]
        return None

    def _files(self, chapter: int) -> list[slack.File]:
        return [f for f in self.member.audio_in(self._channel) if f.title == title_of(chapter)]

    def _notes(self, chapter: int) -> list[slack.Message]:
        title = f"*{title_of(chapter)}*"
        return [m for m in self._seen if _is_note(m) and m.words.startswith(title)]

    async def hears(self, chapter: int) -> bytes:
        await until(lambda: self._notes(chapter), "a chapter on Slack")
        return self._files(chapter)[0].data

    async def marks(self, chapter: int) -> None:
        await self.member.taps(self._notes(chapter)[-1], "✓ Heard")

    def cards(self) -> int:
        return len(self._cards)

    def is_card_true(self, chapters: int, heard: Sequence[int]) -> bool:
        if not self._cards or f" · {chapters} ready · " not in self._cards[-1].words:
            return False
        lines = self._cards[-1].words.splitlines()
        return all(
            any(HEARD in line and title_of(number) in line for line in lines) for number in heard
        )

    def sent(self) -> dict[int, int]:
        """File and buttons are one chapter: what came more often counts."""
        counts = {n: max(len(self._files(n)), len(self._notes(n))) for n in NUMBERS}
        return {number: count for number, count in counts.items() if count}

    def strange(self) -> list[str]:
        return [m.words for m in self._seen if not m.files and not m.buttons]


def _is_note(message: slack.Message) -> bool:
    return message.button("✓ Heard") is not None or message.button("↩ Undo") is not None
