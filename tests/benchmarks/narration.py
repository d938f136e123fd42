"""Speaking a document: processor seconds by stage against pure speech, children, memory.

`python -m tests.benchmarks.narration [FILE.pdf]` (without a file: a drawn paper). Pure speech is
the voice's own time over the same scripts in the same run; the machine's noise cancels in ratios.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from adapters.voices.hibari import open_voice
from pipeline.audio.narrate import narrated
from pipeline.audio.tags import Tags
from pipeline.domain import Chapter, Document, Narration, Passage, from_json, to_json
from pipeline.spoken.script import estimated_seconds, script_of

ENGLISH = Narration(voice="hibari:heart")
HARD_TEXTS = {
    "a paragraph": "The river rises in the hills and runs for many miles to the sea.",
    "2,000 words, no stop": "word " * 2000,
    "one word of 5,000 letters": "w" * 5000,
    "one hour of text": "The river rises in the hills and runs for many miles to the sea. " * 750,
}
SPEAKER = "tests.benchmarks.narration"


def main() -> None:
    if sys.argv[1:2] == ["--speak"]:
        speak_alone(Path(sys.argv[2]))
        return
    from tests.drawing import a_paper
    from tests.reading import read_pdf  # not in the children: it would be in their memory

    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(sys.argv[1]) if sys.argv[1:] else a_paper(Path(folder) / "paper.pdf")
        document = read_pdf(pdf, max_pages=10_000)
        stages = spoken_in_a_child(document, Path(folder))
        print_stages(stages)
        print_estimate(document, stages)
        print_scaling(document, Path(folder))
        print_memory(Path(folder))


def speak_alone(request: Path) -> None:
    """What a speaking child does, with a clock at each stage; prints JSON."""
    started = time.process_time()
    voice = open_voice("heart")
    voice.speak("Ready.", speed=1.0, language="en")
    loaded = time.process_time()
    document = from_json(Document, request.read_bytes())
    scripts = [script_of(chapter, ENGLISH) for chapter in document.chapters]
    scripted = time.process_time()
    speech_s, samples, wall = 0.0, [], time.perf_counter()
    for chapter, script in zip(document.chapters, scripts, strict=True):
        out = request.with_name(f"{request.stem}-{chapter.number}.mp3")
        done = narrated([lambda: voice], script, ENGLISH, out, tags=tags_of(document, chapter))
        speech_s += done.speech_cpu_s
        samples.append(done.samples)
    answer = {
        "start": started,
        "load": loaded - started,
        "script": scripted - loaded,
        "speech": speech_s,
        "rest": time.process_time() - scripted - speech_s,
        "wall": time.perf_counter() - wall,
        "seconds": [count / 24000 for count in samples],
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    sys.stdout.write(json.dumps(answer))


def tags_of(document: Document, chapter: Chapter) -> Tags:
    return Tags(
        title=chapter.title, album=document.title, artist="", number=chapter.number,
        total=len(document.chapters), language="en", lyrics=chapter.text, comment="",
    )  # fmt: skip


def spoken_in_a_child(document: Document, folder: Path, name: str = "all") -> dict[str, float]:
    request = folder / f"{name}.json"
    request.write_bytes(to_json(document))
    command = [sys.executable, "-m", SPEAKER, "--speak", str(request)]
    single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, check=True, env=os.environ | single)
    return dict(json.loads(done.stdout))


def print_stages(stages: dict[str, float]) -> None:
    seconds = sum(stages["seconds"])  # type: ignore[arg-type]
    speech = stages["speech"]
    total = sum(stages[name] for name in ("start", "load", "script", "speech", "rest"))
    row("sound", f"{seconds / 60:.1f} min")
    row("pure speech", f"{speech:.2f} CPU s, {seconds / speech:.0f} x real time")
    row("imports, voice loaded", f"{stages['start']:.2f} + {stages['load']:.2f} CPU s")
    row("words", f"{stages['script']:.2f} CPU s")
    row(
        "checks, level, MP3, tags",
        f"{stages['rest']:.2f} CPU s, {stages['rest'] / speech:.0%} of speech",
    )
    row("all of it", f"{total:.2f} CPU s, {total / speech:.2f} x pure speech")
    row("peak memory", f"{stages['peak_mb']:.0f} MB")


def print_estimate(document: Document, stages: dict[str, float]) -> None:
    estimates = [estimated_seconds(script_of(c, ENGLISH)) for c in document.chapters]
    measured: Sequence[float] = stages["seconds"]  # type: ignore[assignment]
    off = [estimate / real - 1 for estimate, real in zip(estimates, measured, strict=True)]
    row("estimate, document", f"{sum(estimates) / sum(measured) - 1:+.1%}")
    row("estimate, chapters", f"{min(off):+.1%} to {max(off):+.1%}")


def print_scaling(document: Document, folder: Path) -> None:
    """N children speak the same document N times; N times the work in the same time is 1.0 N."""
    alone = spoken_in_a_child(document, folder, "alone")["wall"]
    for count in range(2, (os.cpu_count() or 1) + 1):
        names = [f"child{number}" for number in range(count)]
        with ThreadPoolExecutor(count) as pool:
            walls = list(pool.map(lambda n: spoken_in_a_child(document, folder, n)["wall"], names))
        row(f"{count} children", f"{count * alone / max(walls):.2f} x one")


def print_memory(folder: Path) -> None:
    for name, text in HARD_TEXTS.items():
        chapter = Chapter(
            number=1, title="Memory", level=1, page=1, passages=(Passage(text=text, page=1),)
        )
        document = Document(id="0" * 64, title="Memory", pages=1)
        stages = spoken_in_a_child(replace(document, chapters=(chapter,)), folder, "memory")
        row(f"memory, {name}", f"{stages['peak_mb']:.0f} MB")


def row(name: str, value: str) -> None:
    sys.stdout.write(f"{name:<36}{value}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
