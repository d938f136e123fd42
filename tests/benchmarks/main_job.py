"""Forward a PDF, get its card, hear it: seconds and processor time, against pure speech.

`python -m tests.benchmarks.main_job FILE.pdf [IDLE_S]` (without a file: a drawn paper; IDLE_S: how
long nobody sends anything before). It runs the whole program but for a platform's network: the chat
is the one in memory. Pure speech is the default
voice speaking the same scripts in one process, without anything else, in the same run.
"""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from adapters.memory import MemoryChat
from adapters.voices.hibari import HibariVoice
from bot.app.heap import settled_heap
from bot.app.program import open_program
from bot.domain import Conversation, Listener, Sender
from bot.logs import configure_logs
from bot.ports import Inbox
from bot.settings import Settings
from bot.views import CardView
from pipeline.domain import Narration
from pipeline.spoken.script import script_of
from tests.drawing import a_paper
from tests.reading import read_pdf

WARMED_S = 8.0  # a program that has been up for a moment, as it is when somebody forwards a file
PATIENCE_S = 600.0
TAP_EVERY_S = 0.1
SENDER = Sender(
    listener=Listener(platform="memory", account="1"),
    conversation=Conversation(platform="memory", channel="1"),
)


@dataclass(slots=True)
class Figures:
    """Seconds since the file came; taps and gaps in seconds each."""

    first_sight: float = 0.0  # title, minutes, number of chapters
    card: float = 0.0
    first_track: float = 0.0
    all_tracks: float = 0.0
    warm_cpu: float = 0.0  # processor seconds from the file to the last track
    taps: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)


def main() -> None:
    configure_logs(level="error", style="console")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        pdf = Path(sys.argv[1]) if len(sys.argv) > 1 else a_paper(home / "paper.pdf")
        before = _cpu()
        figures = asyncio.run(_story(home, pdf))
        whole_cpu = _cpu() - before
        speech_cpu, seconds = _pure_speech(pdf)
    _print(figures, whole_cpu, speech_cpu, seconds)


async def _story(home: Path, pdf: Path) -> Figures:
    os.environ["LISTENDOCK_HOME"] = str(home / "home")
    figures, chat = Figures(), MemoryChat()
    async with open_program(Settings(_env_file=None)) as program:
        program.platforms["memory"] = chat
        publishing = asyncio.create_task(program.publisher.run())
        await asyncio.sleep(float(sys.argv[2]) if len(sys.argv) > 2 else WARMED_S)
        with settled_heap():
            async with _beating(figures.gaps):
                before = _family_cpu()
                await _forward(program.inbox, chat, pdf, figures)
                figures.warm_cpu = _family_cpu() - before
        publishing.cancel()
        await asyncio.gather(publishing, return_exceptions=True)
    return figures


async def _forward(inbox: Inbox, chat: MemoryChat, pdf: Path, figures: Figures) -> None:
    began = time.perf_counter()
    await inbox.on_document(SENDER, pdf, pdf.name)
    figures.first_sight = await _when(began, lambda: bool(_card(chat).facts))
    figures.card = await _when(began, lambda: bool(_card(chat).chapters))
    figures.first_track = await _when(
        began, lambda: any(line.is_ready for line in _card(chat).chapters)
    )
    tapping = asyncio.create_task(_tap(inbox, chat, figures.taps))
    figures.all_tracks = await _when(began, lambda: _is_done(_card(chat)))
    tapping.cancel()
    await asyncio.gather(tapping, return_exceptions=True)


def _card(chat: MemoryChat) -> CardView:
    view = next(iter(chat.messages.values()))
    assert isinstance(view, CardView)
    return view


def _is_done(card: CardView) -> bool:
    return card.done is None and not card.status


async def _when(began: float, is_so: Callable[[], bool]) -> float:
    while not is_so():
        if time.perf_counter() - began > PATIENCE_S:
            raise SystemExit("it did not finish")
        await asyncio.sleep(0.02)
    return time.perf_counter() - began


async def _tap(inbox: Inbox, chat: MemoryChat, taps: list[float]) -> None:
    """A chapter that is ready, again and again while the others are spoken: seconds from the tap
    to its voice note."""
    action = next(line.action for line in _card(chat).chapters if line.is_ready)
    while True:
        sent, began = len(chat.tracks), time.perf_counter()
        await inbox.on_tap(SENDER, action.encoded(), "1")
        while len(chat.tracks) == sent:
            await asyncio.sleep(0.001)
        taps.append(time.perf_counter() - began)
        await asyncio.sleep(TAP_EVERY_S)


@asynccontextmanager
async def _beating(gaps: list[float]) -> AsyncIterator[None]:
    """How late the event loop wakes: what every tap has to wait at least."""

    async def beat() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.01)
            gaps.append(time.perf_counter() - began - 0.01)

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _pure_speech(pdf: Path) -> tuple[float, float]:
    """Processor seconds of the voice alone over the same scripts, and seconds of sound."""
    document = read_pdf(pdf, max_pages=10_000)
    voice = HibariVoice("heart")
    narration = Narration(voice=voice.facts.id, language=document.language)
    scripts = [script_of(chapter, narration) for chapter in document.chapters]
    began, samples = time.process_time(), 0
    for script in scripts:
        for utterance in script.utterances:
            samples += len(voice.speak(utterance.text, speed=1.0, language=document.language))
    return time.process_time() - began, samples / voice.facts.sample_rate


def _family_cpu() -> float:
    program = psutil.Process()
    family = (program, *program.children(recursive=True))
    return sum(one.cpu_times().user + one.cpu_times().system for one in family)


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _print(figures: Figures, whole_cpu: float, speech_cpu: float, seconds: float) -> None:
    rows = (
        ("file to title and minutes", f"{figures.first_sight:.2f} s"),
        ("file to chapters", f"{figures.card:.2f} s"),
        ("file to first track", f"{figures.first_track:.2f} s"),
        ("file to all tracks", f"{figures.all_tracks:.2f} s"),
        ("sound", f"{seconds / 60:.1f} min, {seconds / figures.all_tracks:.0f} x real time"),
        ("processor, whole program", f"{whole_cpu:.1f} s"),
        ("processor, pure speech", f"{speech_cpu:.1f} s"),
        ("ratio, warm", f"{figures.warm_cpu / speech_cpu:.2f}"),
        ("ratio, with the start", f"{whole_cpu / speech_cpu:.2f}"),
        ("tap to voice note, median", f"{statistics.median(figures.taps) * 1000:.0f} ms"),
        ("tap to voice note, p99", f"{_p99(figures.taps) * 1000:.0f} ms of {len(figures.taps)}"),
        ("event loop late, p99", f"{_p99(figures.gaps) * 1000:.0f} ms"),
    )
    for name, value in rows:
        sys.stdout.write(f"{name:<28}{value}\n")


def _p99(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(0.99 * len(values)))]


if __name__ == "__main__":
    main()
