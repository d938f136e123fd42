"""What the pipeline needs from an outside engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Pcm = NDArray[np.float32]
"""Mono samples between -1 and 1, shape (n,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceFacts:
    """What is known of a voice without hearing it."""

    id: str  # "engine:speaker"
    sample_rate: int  # hertz
    languages: frozenset[str]  # ISO 639-1 codes that it speaks well enough to be offered
    max_characters: int  # the longest text of one `speak`
    speeds: tuple[float, float]  # slowest and fastest, 1.0 is natural
    is_deterministic: bool  # the same text gives the same samples
    needs_network: bool
    characters_per_second: float  # of sound, at speed 1.0 in its best language


class Voice(Protocol):
    """A speech engine and a speaker. Lives in a child process; blocking; never downloads.

    Its loudness is −19 LUFS: the adapter knows the gain that brings it there.
    """

    @property
    def facts(self) -> VoiceFacts: ...

    def speak(self, text: str, *, speed: float, language: str) -> Pcm:
        """One utterance. Raises `SpeechFailed` if nothing comes for a text with words."""
