"""hibari-tts: the embedded English voice, about 120 × real time on one core.

Facts that shape this module (docs/narration.md): it must not get long text in one piece, it answers
text it cannot read with an empty array, and a lone capital A behind another letter is an article
to it ("H B A one C").
"""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.audio.voices import VoiceCard
from pipeline.errors import SpeechFailed
from pipeline.ports import Pcm, VoiceFacts

SPEAKERS = ("heart", "fenrir", "emma", "fable", "kore")
SEED = 7
# To −19 LUFS, measured by tests/benchmarks/loudness.py; heart ± 0.3 dB over ten texts. The others
# are the same teacher's voices, levelled alike; measured when they are on the machine.
GAIN_DB = {"heart": 7.4}
USUAL_GAIN_DB = 7.4
_LETTER_A = re.compile(r"(?<=\b[A-Za-z] )A\b|\bA(?= [B-Z]\b)")
# What onnxruntime and the phonemizer raise on input that they do not expect.
_FAILURES = (RuntimeError, ValueError, KeyError, IndexError, TypeError)


class HibariVoice:
    """One speaker. Deterministic: the same text gives the same samples."""

    def __init__(self, speaker: str) -> None:
        from hibari import Hibari

        self._engine = Hibari(voice=speaker, threads=1)
        self._gain = 10 ** (GAIN_DB.get(speaker, USUAL_GAIN_DB) / 20)
        self.facts = VoiceFacts(
            id=f"hibari:{speaker}",
            sample_rate=int(self._engine.sample_rate),
            languages=frozenset({"en"}),
            speeds=(0.5, 2.0),
        )

    def speak(self, text: str, *, speed: float, language: str) -> Pcm:
        import numpy as np  # in children alone

        text = _LETTER_A.sub("eh", text)
        try:
            pcm = np.asarray(self._engine(text, speed=speed, seed=SEED), dtype=np.float32)
        except _FAILURES as err:
            raise SpeechFailed from err
        if not len(pcm):
            raise SpeechFailed
        return pcm * self._gain


def open_voice(speaker: str) -> HibariVoice:
    return HibariVoice(speaker)


def available() -> list[VoiceCard]:
    """Only speakers whose weights lie on this machine: neither asking nor speaking downloads."""
    return [
        VoiceCard(
            id=f"hibari:{speaker}",
            factory="adapters.voices.hibari:open_voice",
            languages=frozenset({"en"}),
            environment=frozenset({"HIBARI_HOME"}),  # where it keeps what it downloaded
            files=files,
        )
        for speaker in SPEAKERS
        if (files := _files_of(speaker)) is not None
    ]


def _files_of(speaker: str) -> frozenset[Path] | None:
    """Its weights, where they do not lie in the package; None for a speaker who is not here."""
    if speaker == "heart":
        return frozenset()
    from hibari import voices

    try:
        return frozenset({Path(voices.voice_path(speaker, download_missing=False))})
    except (FileNotFoundError, ValueError):
        return None
