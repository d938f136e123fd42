"""What the pipeline needs from an outside engine."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Pcm = NDArray[np.float32]
"""Mono samples between -1 and 1, shape (n,)."""


class Voice(Protocol):
    """A speech engine and a speaker. Lives in a child process; blocking; never downloads."""

    @property
    def id(self) -> str:
        """`engine:speaker`."""

    @property
    def sample_rate(self) -> int:
        """Hertz."""

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes that it speaks well enough to be offered."""

    @property
    def max_characters(self) -> int:
        """The longest text of one `speak`."""

    def speak(self, text: str, *, speed: float, language: str) -> Pcm:
        """One utterance. Raises `SpeechFailed` if nothing comes for a text with words."""
