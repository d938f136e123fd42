"""What the pipeline needs from an outside engine."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from pipeline.domain import Chapter, Digest, Document, Narration, Script, Telling

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pcm: TypeAlias = NDArray[np.float32]
    """Mono samples between -1 and 1, shape (n,)."""
else:
    Pcm = Any  # the program has no samples: children load numpy


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceFacts:
    """What is known of a voice without hearing it."""

    id: str  # "engine:speaker"
    sample_rate: int  # hertz
    languages: frozenset[str]  # ISO 639-1 codes that it speaks well enough to be offered
    speeds: tuple[float, float]  # slowest and fastest, 1.0 is natural


class Voice(Protocol):
    """A speech engine and a speaker. Lives in a child process; blocking; never downloads.

    Its loudness is −19 LUFS: the adapter knows the gain that brings it there.
    """

    @property
    def facts(self) -> VoiceFacts: ...

    def speak(self, text: str, *, speed: float, language: str) -> Pcm:
        """One utterance. Raises `SpeechFailed` if nothing comes for a text with words."""


class Summarizer(Protocol):
    """Writes what a document comes down to. Lives in the program, where its key is."""

    async def digest(self, document: Document, language: str = "") -> Digest:
        """One sentence for each chapter with text, and one for the whole, checked against the
        document (`pipeline.takeaways.claims`). In `language`, ISO 639-1; without one as the
        operator has it. Takes at most two minutes. A server that fails is no error: what it did
        not write is not in the digest."""


class RemoteVoice(Protocol):
    """A voice behind a network. Lives in the program, where its key is; children play what it
    said from a folder (`adapters.voices.fetched`)."""

    @property
    def id(self) -> str: ...

    @property
    def longest_piece(self) -> int:
        """Characters of one call; longer pieces sound better than many short ones."""

    def fetch(
        self, script: Script, narration: Narration, *, document: str
    ) -> AbstractAsyncContextManager[Path]:
        """The folder with all of it, while the block runs. Raises `SpeechFailed`."""


def remote_voice_id(speaker: str) -> str:
    """`openai:alloy`, after the protocol. Speakers of some servers have signs in their names that
    keys of tracks may not hold."""
    return f"openai:{re.sub(r'[^A-Za-z0-9.-]+', '-', speaker)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a paid server was asked to do for a document."""

    document: str
    model: str
    tokens_in: int = 0
    tokens_out: int = 0
    characters: int = 0  # spoken


Tell = Callable[[str], Awaitable[None]]  # for what only whoever runs the program can mend


class Purse(Protocol):
    """Pays for servers."""

    async def allows(self, usage: Usage) -> bool:
        """Whether so much may still be spent this month. What is known to be free always may."""

    async def pay(self, usage: Usage) -> None:
        """It was used: put it down."""


class AnswerCache(Protocol):
    """What a model said before: nothing is paid twice. Keys are hashes, values JSON."""

    async def recall(self, keys: Sequence[str]) -> Mapping[str, str]: ...

    async def remember(self, answers: Mapping[str, str], *, document: str) -> None:
        """Until the document is deleted."""


class Teller(Protocol):
    """Has a model tell a chapter in other words than its own: in brief, or in another language.
    Lives in the program, where its key is."""

    async def write(self, document: Document, chapter: Chapter, narration: Narration) -> None:
        """Ask for what is not known yet, and remember it. Slow, but it ends; a server that fails
        is no error."""

    async def find_telling(
        self, document: Document, chapter: Chapter, narration: Narration
    ) -> Telling | None:
        """What was written, as far as it may be spoken (`pipeline.takeaways.retold`). Asks nobody.
        None: there is nothing, or not enough."""
