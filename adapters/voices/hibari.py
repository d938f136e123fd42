"""hibari-tts: the embedded English voice, about 120 × real time on one core.

Measured −19 LUFS gain and its failures: see docs/narration.md. Facts that shape this module: it
must not get long text in one piece, and it answers text it cannot read with an empty array.
"""

from __future__ import annotations

import numpy as np

from pipeline.errors import SpeechFailed
from pipeline.ports import Pcm
from pipeline.producer import VoiceCard

SPEAKERS = ("heart", "fenrir", "emma", "fable", "kore")
GAIN = {"heart": 1.0}
SEED = 7


class HibariVoice:
    """One speaker. Deterministic: the same text gives the same samples."""

    def __init__(self, speaker: str) -> None:
        from hibari import Hibari

        self._engine = Hibari(voice=speaker, threads=1)
        self._speaker = speaker
        self._gain = GAIN.get(speaker, 1.0)

    @property
    def id(self) -> str:
        return f"hibari:{self._speaker}"

    @property
    def sample_rate(self) -> int:
        return int(self._engine.sample_rate)

    @property
    def languages(self) -> frozenset[str]:
        return frozenset({"en"})

    @property
    def max_characters(self) -> int:
        return 300

    def speak(self, text: str, *, speed: float, language: str) -> Pcm:
        pcm = np.asarray(self._engine(text, speed=speed, seed=SEED), dtype=np.float32)
        if not len(pcm):
            raise SpeechFailed
        return pcm * self._gain


def open_voice(speaker: str) -> HibariVoice:
    return HibariVoice(speaker)


def voice_cards() -> list[VoiceCard]:
    """Only speakers whose weights lie on this machine: speaking never downloads."""
    return [
        VoiceCard(
            id=f"hibari:{speaker}",
            factory="adapters.voices.hibari:open_voice",
            languages=frozenset({"en"}),
        )
        for speaker in SPEAKERS
        if speaker == "heart" or _is_downloaded(speaker)
    ]


def _is_downloaded(speaker: str) -> bool:
    from hibari import voices

    try:
        voices.voice_path(speaker, download_missing=False)
    except (FileNotFoundError, ValueError):
        return False
    return True
