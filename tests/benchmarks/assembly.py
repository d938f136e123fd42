"""From spoken sentences to MP3s: our way against the usual one, over the same samples in one run.

`python -m tests.benchmarks.assembly FILE.pdf`. The usual way, as scripts around a voice have it:
pydub `+=` sentence by sentence, loudness by ffmpeg's `loudnorm` in two passes, encoded by ffmpeg.
Ours: each sentence checked, trimmed, levelled by the voice's gain, encoded as it comes, tagged.
Speech itself is spoken once and handed to both, so that only the rest is compared.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydub import AudioSegment

from adapters.voices.hibari import open_voice
from pipeline.audio.ffmpeg import ffmpeg
from pipeline.audio.mp3 import RATE
from pipeline.audio.narrate import has_words, narrated
from pipeline.audio.sound import segment_of
from pipeline.domain import Chapter, Document, Narration, Script
from pipeline.ports import Pcm, Voice
from pipeline.spoken.script import script_of
from tests.benchmarks.narration import row, tags_of
from tests.reading import read_pdf

ENGLISH = Narration(voice="hibari:heart")
LOUDNORM = "loudnorm=I=-19:TP=-1:LRA=11"


@dataclass(frozen=True, slots=True)
class Remembered:
    """A voice that says again what it has said."""

    voice: Voice
    said: dict[str, Pcm]

    @property
    def facts(self) -> object:
        return self.voice.facts

    def speak(self, text: str, *, speed: float, language: str) -> Pcm:
        return self.said[text]


def main() -> None:
    if not sys.argv[1:]:
        print("needs FILE.pdf")
        return
    document = read_pdf(Path(sys.argv[1]), max_pages=10_000)
    scripts = [script_of(chapter, ENGLISH) for chapter in document.chapters]
    voice, said = open_voice("heart"), dict[str, Pcm]()
    speech = cpu_of(lambda: speak_all(voice, scripts, said))
    row("pure speech", f"{speech:.1f} CPU s")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        remembered = Remembered(voice, said)
        ours = cpu_of(lambda: our_way(document, scripts, remembered, folder))
        usual = cpu_of(lambda: usual_way(document.chapters, scripts, said, voice, folder))
        spread = {way: loudness_spread(folder, way) for way in ("our", "usual")}
    row("our way", f"{ours:.1f} CPU s, {ours / speech:.0%} of speech, {spread['our']}")
    row("the usual way", f"{usual:.1f} CPU s, {usual / speech:.0%} of speech, {spread['usual']}")
    row("usual / ours", f"{usual / ours:.1f} x")


def cpu_of(work: Callable[[], None]) -> float:
    """Processor seconds, those of children too."""
    before = time.process_time() + children_s()
    work()
    return time.process_time() + children_s() - before


def children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def speak_all(voice: Voice, scripts: list[Script], said: dict[str, Pcm]) -> None:
    for script in scripts:
        for utterance in script.utterances:
            if has_words(utterance) and utterance.text not in said:
                said[utterance.text] = voice.speak(utterance.text, speed=1.0, language="en")


def our_way(document: Document, scripts: list[Script], voice: Remembered, folder: Path) -> None:
    for chapter, script in zip(document.chapters, scripts, strict=True):
        out = folder / f"our-{chapter.number:02d}.mp3"
        narrated([lambda: voice], script, ENGLISH, out, tags=tags_of(document, chapter))  # type: ignore[list-item, return-value]


def usual_way(
    chapters: tuple[Chapter, ...],
    scripts: list[Script],
    said: dict[str, Pcm],
    voice: Voice,
    folder: Path,
) -> None:
    for chapter, script in zip(chapters, scripts, strict=True):
        whole = AudioSegment.silent(300, frame_rate=RATE)
        for utterance in script.utterances:
            if has_words(utterance):
                whole += segment_of(np.int16(32767 * np.clip(said[utterance.text], -1, 1)))
            whole += AudioSegment.silent(round(1000 * utterance.pause_s), frame_rate=RATE)
        wav = folder / "chapter.wav"
        whole.export(wav, format="wav")
        told = run("-i", str(wav), "-af", f"{LOUDNORM}:print_format=json", "-f", "null", "-")
        measured = json.loads(re.findall(r"\{[^{}]+\}", told)[-1])
        second = ":".join(
            (
                LOUDNORM,
                f"measured_I={measured['input_i']}",
                f"measured_TP={measured['input_tp']}",
                f"measured_LRA={measured['input_lra']}",
                f"measured_thresh={measured['input_thresh']}",
                "linear=true",
            )
        )
        out = folder / f"usual-{chapter.number:02d}.mp3"
        run("-i", str(wav), "-af", second, "-ar", str(RATE), "-b:a", "48k", str(out))


def run(*arguments: str) -> str:
    command = [ffmpeg(), "-hide_banner", "-nostdin", "-y", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


def loudness_spread(folder: Path, way: str) -> str:
    found = []
    for file in folder.glob(f"{way}-*.mp3"):
        told = run("-i", str(file), "-af", "ebur128", "-f", "null", "-")
        found.append(float(re.findall(r"I:\s+(-?[\d.]+) LUFS", told)[-1]))
    return f"{min(found):.1f} to {max(found):.1f} LUFS"


if __name__ == "__main__":
    main()
