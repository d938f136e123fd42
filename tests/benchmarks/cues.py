"""Cues against what is heard: `python -m tests.benchmarks.cues [COUNT]`.

Texts are spoken by the voices inside, the MP3s decoded as a player does, and at random cues (500
without a number) it is measured where speech begins. Reach: within 50 ms of the cue.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adapters.voices import espeak, hibari
from pipeline.audio.mp3 import RATE
from pipeline.audio.narrate import narrated
from pipeline.audio.tags import Tags
from pipeline.domain import Chapter, Mode, Narration, Passage
from pipeline.ports import Voice
from pipeline.spoken.script import script_from
from pipeline.takeaways.tellings import telling_of
from pipeline.times import Cue
from tests.benchmarks.loudness import TEXTS
from tests.drawing import BEES, DANCE, HONEY, WINTER
from tests.hearing import decoded

COUNT, REACH_MS = 500, 50
SPARE = 1.25  # so many more are spoken than are measured
FRAME_S, BEFORE_S, AFTER_S = 0.002, 0.1, 0.4
SILENT = 60  # of 32,768: what an MP3 leaves of digital silence stays under it
TAGS = Tags(
    title="", album="", artist="", number=1, total=1, language="en", lyrics="", comment=""
)  # fmt: skip


def main() -> int:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    rng = random.Random(17)
    voices: list[Voice] = [hibari.open_voice("heart"), espeak.open_voice("default")]
    with tempfile.TemporaryDirectory() as folder:
        found = [late for voice in voices for late in _measured(voice, wanted // 2, rng, folder)]
    errors = np.array(found)
    share = float(np.mean(np.abs(errors) <= REACH_MS))
    sys.stdout.write(
        f"{len(errors)} cues: speech begins {np.median(errors):.0f} ms after its cue (median), "
        f"{errors.min():.0f} to {errors.max():.0f}; within {REACH_MS} ms: {100 * share:.1f} %\n"
    )
    return 0 if share == 1.0 else 1


def _measured(voice: Voice, wanted: int, rng: random.Random, folder: str) -> Iterator[float]:
    """Milliseconds from cues to speech, of so many random ones of this voice."""
    narration = Narration(voice=voice.facts.id)
    found: list[float] = []
    for number in range(1, 100):
        texts = [rng.choice((*TEXTS, BEES, DANCE, HONEY, WINTER)) for _ in range(12)]
        passages = tuple(Passage(text=text, page=1) for text in texts)
        chapter = Chapter(number=number, title="Bees", level=1, page=1, passages=passages)
        told = telling_of(chapter, Mode.ORIGINAL)
        out = Path(folder) / "track.mp3"
        script = script_from(told, "en")
        done = narrated([lambda: voice], script, narration, out, tags=TAGS, told=told)
        pcm = decoded(out)
        found += [_late_ms(pcm, cue) for cue in done.cues]
        if len(found) >= SPARE * wanted:
            break
    chosen = rng.sample(found, min(wanted, len(found)))
    sys.stdout.write(f"{voice.facts.id:<18}{np.median(chosen):5.0f} ms after the cue (median)\n")
    return iter(chosen)


def _late_ms(pcm: NDArray[np.int16], cue: Cue) -> float:
    """Where the sound begins that is nearest to the cue: behind it, or before it where the cue is
    late. What is far away counts as far away."""
    at = cue.start_ms * RATE // 1000
    first = max(0, at - round(BEFORE_S * RATE))
    near = np.abs(pcm[first : at + round(AFTER_S * RATE)].astype(np.int32))
    size = round(FRAME_S * RATE)
    frames = near[: len(near) // size * size].reshape(-1, size).max(axis=1)
    loud = np.flatnonzero(frames > SILENT)
    begins = [place for place in loud if place == 0 or frames[place - 1] <= SILENT]
    if not begins:
        return 1000 * AFTER_S
    cue_frame = (at - first) / size
    nearest = min(begins, key=lambda place: abs(place - cue_frame))
    return float((nearest - cue_frame) * 1000 * FRAME_S)


if __name__ == "__main__":
    sys.exit(main())
