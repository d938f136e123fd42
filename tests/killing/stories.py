"""The way of one document, from the file to the mark, and what must be true at its end."""

from __future__ import annotations

import functools
import hashlib
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa

from adapters.database import DatabaseLibrary
from bot.domain import ListeningState, Stage
from tests import hearing
from tests.killing.people import Sender
from tests.waiting import until

CARD = 0  # among chapters, whose numbers begin at 1
SAME_LENGTH_S = 0.06


class Step(StrEnum):
    """How far it is, as whoever sent it sees it."""

    COMING = "not sent"
    RECEIPT = "receipt"
    READING = "reading"
    SPEAKING = "speaking, sending"
    MARKING = "marking"
    REST = "the rest"
    DONE = "done"


@dataclass(slots=True)
class Story:
    """`asked`: chapters; the last of them when the others have come. `unrecorded`: what had been
    sent at a kill and stood nowhere as sent, by chapter, with the card as 0."""

    chat: str
    sender: Sender
    pdf: Path
    chapters: int
    asked: tuple[int, ...]
    step: Step = Step.COMING
    kills: list[tuple[Step, str]] = field(default_factory=list)
    unrecorded: Counter[int] = field(default_factory=Counter)
    sounds: dict[int, bytes] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    began: float = 0.0
    lasted_s: float = 0.0

    @property
    def document(self) -> str:
        return hashlib.sha256(self.pdf.read_bytes()).hexdigest()

    @property
    def is_under_way(self) -> bool:
        return self.step not in (Step.COMING, Step.DONE)

    async def is_lived(self) -> None:
        """To its end, or to what never came."""
        self.began = time.monotonic()
        try:
            await self._lives()
        except AssertionError as err:
            self.lost.append(f"{self.step}: {str(err).splitlines()[0]}")
        self.lasted_s = time.monotonic() - self.began
        self.step = Step.DONE

    async def _lives(self) -> None:
        self.step = Step.RECEIPT
        await self.sender.sends(self.pdf)
        self.step = Step.READING
        *first, last = self.asked
        for chapter in first:
            await self.sender.asks(chapter)
        self.step = Step.SPEAKING
        await self._hears(first)
        await self.sender.asks(last)
        await self._hears([last])
        self.step = Step.MARKING
        for chapter in self.asked:
            await self.sender.marks(chapter)
        self.step = Step.REST
        await until(
            lambda: self.sender.is_card_true(self.chapters, self.asked), "a card that is true"
        )

    async def _hears(self, chapters: list[int]) -> None:
        for chapter in chapters:
            self.sounds[chapter] = await self.sender.hears(chapter)

    # --- twice ------------------------------------------------------------------------------------

    def sent(self) -> Counter[int]:
        """By chapter, with the card as 0."""
        return Counter({CARD: self.sender.cards(), **self.sender.sent()})

    def twice(self) -> Counter[int]:
        return Counter({what: count - 1 for what, count in self.sent().items() if count > 1})

    def twice_though_recorded(self) -> Counter[int]:
        """Where the program knew that it had been sent."""
        return self.twice() - self.unrecorded

    async def is_hit(self, how: str, library: DatabaseLibrary) -> None:
        """The program is dead: what was sent and does it not know of?"""
        self.kills.append((self.step, how))
        owed, cards = await _rows_of(self, library)
        sent = self.sent()
        self.unrecorded[CARD] += int(bool(sent[CARD]) and cards == 0)
        for chapter in owed:
            self.unrecorded[chapter] += int(bool(sent[chapter]))

    # --- truth ------------------------------------------------------------------------------------

    async def is_checked(self, library: DatabaseLibrary, files: Path) -> None:
        """What the rows say is so, and nothing else was said."""
        progress = await library.progress(self.sender.listener, self.document)
        if progress is None or progress.holding.stage is not Stage.READ:
            self.lost.append("not in the library, or not read")
            return
        for chapter in self.asked:
            if progress.listenings.get(chapter) is not ListeningState.HEARD:
                self.lost.append(f"the mark of chapter {chapter}")
        for number in range(1, self.chapters + 1):
            track = await library.track(self.document, number, progress.narration)
            if track is None:
                self.lost.append(f"chapter {number} is not spoken")
                continue
            kept = (files / track.key).read_bytes()
            for sound in {kept, self.sounds.get(number, kept)}:
                self._check_sound(number, sound, track.seconds)
        self.lost += [f"strange words: {words[:200]}" for words in self.sender.strange()]

    def _check_sound(self, number: int, sound: bytes, seconds: float) -> None:
        heard_s = seconds_of(sound)
        if abs(heard_s - seconds) > SAME_LENGTH_S:
            self.lost.append(f"chapter {number} sounds {heard_s:.2f} s, its row says {seconds:.2f}")


@functools.lru_cache(maxsize=64)
def seconds_of(sound: bytes) -> float:
    """Decoded."""
    with tempfile.NamedTemporaryFile(suffix=".mp3") as file:
        Path(file.name).write_bytes(sound)
        return hearing.seconds(Path(file.name))


async def _rows_of(story: Story, library: DatabaseLibrary) -> tuple[list[int], int]:
    """The chapters that are owed, and how many cards are known."""
    values = {"document": story.document}
    async with library.engine.connect() as connection:
        owed = await connection.execute(
            sa.text("SELECT chapter FROM wishes WHERE document = :document"), values
        )
        cards = await connection.execute(
            sa.text("SELECT count(*) FROM cards WHERE document = :document"), values
        )
        return [row.chapter for row in owed], int(cards.scalar_one())
