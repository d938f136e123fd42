"""How loud each voice is on ten texts: LUFS and true peak of whole tracks, by EBU R128.

Every track of a document must lie within −19 ± 1 LUFS and under −1 dBTP with one gain a voice.
The last line is what loudnorm would cost for the same.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from adapters.voices import espeak, hibari
from pipeline.audio.ffmpeg import QUIETLY, ffmpeg
from pipeline.audio.narrate import narrated
from pipeline.audio.sound import limited
from pipeline.audio.tags import Tags
from pipeline.domain import Chapter, Narration, Passage
from pipeline.ports import Voice
from pipeline.spoken.script import script_of
from tests.drawing import BEES, DANCE, HONEY, WINTER
from tests.hearing import decoded, loudness

TEXTS = (
    f"{BEES} {DANCE}",
    f"{HONEY} {WINTER}",
    "In 2019 the loss fell from 0.9 to 0.05, i.e. by 94 %, at 25 °C (see Fig. 3).",
    "Why would anyone walk there? Nobody knows! And yet, every spring, thousands of people do.",
    "The enzyme cleaves the peptide; its activity, measured in μmol/L, doubles every 10 minutes.",
    "We train a network with 12 layers on 4 GPUs for three days, and report the mean of five runs.",
    "She said nothing. He said nothing. The rain said everything, all night long, on the roof.",
    "Let x be a vector and A a matrix; then the norm of A x is at most that of A times that of x.",
    "The committee shall meet twice a year and shall publish its findings within ninety days.",
    "Mix the flour, the salt and the yeast, add the water slowly, and let it rest for two hours.",
)
LANGUAGES = Path(__file__).parent.parent / "data" / "languages.txt"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for card in hibari.available():
            voice = hibari.open_voice(card.id.partition(":")[2])
            report(voice, "en", TEXTS, Path(folder))
        simple = espeak.open_voice("default")
        report(simple, "en", TEXTS, Path(folder))
        for line in LANGUAGES.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                language, text = line.split(": ", 1)
                report(simple, language, [text], Path(folder))
        costs(Path(folder))


def report(voice: Voice, language: str, texts: Iterable[str], folder: Path) -> None:
    heard = [loudness(track(voice, language, text, folder)) for text in texts]
    levels, peaks = [level for level, _ in heard], [peak for _, peak in heard]
    is_well = all(abs(level + 19) <= 1 for level in levels) and max(peaks) <= -1
    sys.stdout.write(
        f"{voice.facts.id:<18}{language}  {statistics.mean(levels):6.1f} LUFS "
        f"({min(levels):.1f} to {max(levels):.1f})  peak {max(peaks):5.1f} dBTP"
        f"{'' if is_well else '   << off'}\n"
    )
    sys.stdout.flush()


def track(voice: Voice, language: str, text: str, folder: Path) -> Path:
    chapter = Chapter(
        number=1, title=text[:20], level=1, page=1, passages=(Passage(text=text, page=1),)
    )
    narration = Narration(voice=voice.facts.id, language=language)
    out = folder / "track.mp3"
    tags = Tags(
        title="", album="", artist="", number=1, total=1, language=language, lyrics="", comment=""
    )
    narrated([lambda: voice], script_of(chapter, narration), narration, out, tags=tags)
    return out


def costs(folder: Path) -> None:
    """Our limiter against loudnorm, over ten minutes of the default voice."""
    pcm = decoded(track(hibari.open_voice("heart"), "en", " ".join(TEXTS[:2]), folder))
    pcm = np.resize(pcm, 600 * 24000)
    began = time.process_time()
    for start in range(0, len(pcm), 120_000):
        limited(pcm[start : start + 120_000].astype(np.float32) / 32768 * 1.2)
    ours = time.process_time() - began
    before = children_s()
    source = ("-f", "s16le", "-ar", "24000", "-ac", "1", "-i", "-")
    subprocess.run(
        [ffmpeg(), *QUIETLY, *source, "-af", "loudnorm=I=-19:TP=-1", "-f", "null", "-"],
        input=pcm.tobytes(),
        check=True,
    )
    theirs = children_s() - before
    sys.stdout.write(f"10 minutes: limiter {ours:.2f} CPU s, loudnorm (one pass) {theirs:.2f}\n")


def children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
