"""A small program around the real library, engine and publisher, to be killed by tests.

It works on what the library holds until nothing is left, and then ends. Every voice note it sends
stands in a file, flushed, before the chat answers; so does each note that was recorded as granted.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from adapters.database import DatabaseLibrary, open_library
from adapters.engine import caretaker, jobs, launch, open_engine
from adapters.files import FolderFiles
from adapters.memory import MemoryChat
from adapters.voices import available_voices
from bot.domain import Conversation, Wish
from bot.ports import Sent, Upload
from bot.views import NoteView
from bot.work.publishing import Publisher
from bot.work.steps import Pipeline, Work
from pipeline.domain import Chapter, Document, Narration, Telling, Track
from pipeline.producer import Producer
from tests.commands import forked
from tests.producing import MemoryProducer
from tests.waiting import pause_s

LOOK_S = 0.02
CRASHED = 86  # the exit code of a crash that was asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What one life of the program is like. `crash_at`: a boundary, and how often it is passed
    unharmed before."""

    home: Path
    url: str
    speak_s: float = 0.05
    speakers: int = 2
    has_real_voice: bool = False
    is_publishing: bool = True  # one program of several
    crash_at: tuple[str, int] | None = None
    finishing_s: float = 4.0
    stuck_after: int | None = None  # so many chapters are spoken, and then none any more
    together: int = 1  # no chapter is spoken before so many programs have begun one
    leaves_out: bool = False  # something, in what it reads
    opened: tuple[str, str] = ("", "")  # a document of an earlier edition, and who opens it
    settings: dict[str, float] = field(default_factory=dict)  # of `caretaker`

    @property
    def record(self) -> Path:
        return self.home / "record"


def started(life: Life) -> BaseProcess:
    """In a process of its own, whose imports are done already."""
    return forked(live, life)


def receive_in(url: str, document: str) -> None:
    """A program that does no more than this, from start to end."""

    async def receive() -> None:
        async with open_library(url) as library:
            await library.receive(document, filename="x", size=1)

    asyncio.run(receive())


def live(life: Life) -> None:
    for name, value in life.settings.items():
        setattr(caretaker, name, value)
    launch.FINISHING_S = life.finishing_s
    if life.crash_at is not None:
        Crash(*life.crash_at).set_up()
    asyncio.run(_live(life))


async def _live(life: Life) -> None:
    async with AsyncExitStack() as stack:
        library = await stack.enter_async_context(open_library(life.url))
        files = FolderFiles(life.home / "files")
        producer: Pipeline = NotedProducer(
            speak_s=life.speak_s,
            home=life.home,
            stuck_after=life.stuck_after,
            together=life.together,
            leaves_out=life.leaves_out,
        )
        if life.has_real_voice:
            producer = await stack.enter_async_context(
                Producer(
                    voices=available_voices(), default_voice="hibari:heart", workers=life.speakers
                )
            )
        recorded = RecordedLibrary(library.engine, record=life.record)
        publisher = Publisher(
            library=recorded, files=files, platforms={"memory": RecordedChat(record=life.record)}
        )
        work = Work(library=library, files=files, producer=producer, max_pages=100)
        jobs = await stack.enter_async_context(
            open_engine(
                library=library,
                work=work,
                home=life.home,
                speakers=life.speakers,
                on_change=publisher.notify,
            )
        )
        document, listener = life.opened
        if document:
            await jobs.read_again(document, listener)
        tasks = [asyncio.create_task(publisher.run())] if life.is_publishing else []
        stopped = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
        while not stopped.is_set():
            began = time.monotonic()
            if not await _is_at_work(library, document, is_publishing=bool(tasks)):
                break
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s(began)):
                    await stopped.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _is_at_work(library: DatabaseLibrary, document: str, *, is_publishing: bool) -> bool:
    """What is made is owed from then on: what is owed is asked for last."""
    holding = await library.holding(document) if document else None
    if await library.unfinished() or (holding is not None and holding.is_outdated):
        return True
    return is_publishing and bool(await library.due_wishes(["memory"]))


def note(record: Path, *words: object) -> None:
    """A line that survives whatever comes."""
    with record.open("a") as file:
        file.write(" ".join(map(str, words)) + "\n")
        file.flush()
        os.fsync(file.fileno())


def begun_by(home: Path) -> list[int]:
    """Which process began, for each chapter that was begun."""
    return _processes(home / "begun")


def spoken_by(home: Path) -> list[int]:
    return _processes(home / "spoken")


def _processes(record: Path) -> list[int]:
    lines = record.read_text().splitlines() if record.exists() else []
    return [int(line.split()[0]) for line in lines]


@dataclass(slots=True)
class NotedProducer(MemoryProducer):
    """Which process begins and ends to speak a chapter stands in files."""

    home: Path = Path()
    stuck_after: int | None = None
    together: int = 1

    async def speak(
        self,
        document: Document,
        chapter: Chapter,
        narration: Narration,
        out: Path,
        cover: Path | None,
        telling: Telling | None = None,
    ) -> Track:
        note(self.home / "begun", os.getpid(), document.id, chapter.number)
        while len(set(begun_by(self.home))) < self.together:
            await asyncio.sleep(LOOK_S)
        if self.stuck_after is not None and len(self.speaks) >= self.stuck_after:
            await asyncio.Event().wait()
        track = await MemoryProducer.speak(self, document, chapter, narration, out, cover, telling)
        note(self.home / "spoken", os.getpid(), document.id, chapter.number)
        return track


class RecordedChat(MemoryChat):
    def __init__(self, *, record: Path) -> None:
        super().__init__()
        self._record = record

    async def send_track(
        self, conversation: Conversation, sending: NoteView, audio: Path, uploads: Sequence[Upload]
    ) -> Sent:
        sent = await super().send_track(conversation, sending, audio, uploads)
        assert audio.stat().st_size == sending.size
        place = (conversation.channel, sending.document, sending.chapter)
        note(self._record, os.getpid(), "sent", *place)
        return sent


class RecordedLibrary(DatabaseLibrary):
    def __init__(self, engine: Any, *, record: Path) -> None:
        super().__init__(engine)
        self._record = record

    async def fulfil_wish(self, wish: Wish) -> None:
        await super().fulfil_wish(wish)
        place = (wish.conversation.channel, wish.document, wish.chapter)
        note(self._record, os.getpid(), "granted", *place)


# --- crashes at a boundary ----------------------------------------------------------------------

BOUNDARIES: dict[str, tuple[Any, str]] = {
    "read": (Work, "read"),
    "read step": (jobs, "_step"),
    "keep reading": (Work, "keep_reading"),
    "transaction": (jobs.DurableJobs, "_in_transaction"),
    "enqueue": (jobs.DurableJobs, "_enqueue"),
    "speak": (Work, "speak"),
    "put": (FolderFiles, "put"),
    "keep track": (Work, "keep_track"),
    "send": (RecordedChat, "send_track"),
    "granted": (DatabaseLibrary, "fulfil_wish"),
}
OF_RENEWAL: dict[str, tuple[Any, str]] = {"renew reading": (Work, "renew_reading")}


@dataclass(slots=True)
class Crash:
    """Ends the program, as a power cut would, before or after a boundary: "after put"."""

    where: str
    unharmed: int

    def set_up(self) -> None:
        moment, _, boundary = self.where.partition(" ")
        owner, name = (BOUNDARIES | OF_RENEWAL)[boundary]
        setattr(owner, name, self._around(getattr(owner, name), is_before=moment == "before"))

    def _around(
        self, run: Callable[..., Awaitable[Any]], *, is_before: bool
    ) -> Callable[..., Awaitable[Any]]:
        async def around(*arguments: Any, **named: Any) -> Any:
            if is_before:
                self._pass()
            result = await run(*arguments, **named)
            if not is_before:
                self._pass()
            return result

        return around

    def _pass(self) -> None:
        if self.unharmed == 0:
            os._exit(CRASHED)
        self.unharmed -= 1
