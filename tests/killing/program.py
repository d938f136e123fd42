"""The whole program in a process group of its own, to be killed with all that it started.

Forked from a process that has done the imports. It may be told a boundary, in a file, at which it
kills itself: no clock hits a moment of microseconds.
"""

from __future__ import annotations

import functools
import inspect
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import psutil

from adapters.database import DatabaseLibrary
from adapters.engine import caretaker
from adapters.engine.jobs import DurableJobs
from adapters.files import FolderFiles
from adapters.slack import opening as slack_opening
from adapters.slack import uploads
from adapters.slack.chat import SlackChat
from adapters.telegram import opening as telegram_opening
from adapters.telegram.chat import TelegramChat
from adapters.web import opening as web_opening
from adapters.web.chat import WebChat
from bot.app import program
from bot.journal import Journal
from bot.work.steps import Work
from pipeline.process.limits import die_with
from tests.commands import PRELOADED, forked, run_command
from tests.killing.sounds import SoundProducer

OPENINGS = (telegram_opening, slack_opening, web_opening)  # loaded before anything is forked
PRELOADED.append(__name__)
BOUNDARIES: dict[str, list[tuple[Any, str]]] = {
    "an update is written down": [(Journal, "write")],
    "an update is struck": [(Journal, "strike")],
    "a file is kept": [(FolderFiles, "put")],
    "a document is received": [(DatabaseLibrary, "receive")],
    "a document is shelved": [(DatabaseLibrary, "shelve")],
    "a job is asked for": [(DurableJobs, "_enqueue")],
    "a document is read": [(Work, "read")],
    "a reading is kept": [(Work, "keep_reading")],
    "a chapter is spoken": [(Work, "speak")],
    "a track is kept": [(Work, "keep_track")],
    "a transaction": [(DurableJobs, "_in_transaction")],
    "a card is shown": [(chat, "show") for chat in (TelegramChat, SlackChat, WebChat)],
    "a card is noted": [(DatabaseLibrary, "save_card")],
    "a chapter is wished": [(DatabaseLibrary, "wish")],
    "a chapter is sent": [(chat, "send_track") for chat in (TelegramChat, SlackChat, WebChat)],
    "an upload is completed": [(uploads, "_complete")],
    "an upload is noted": [(DatabaseLibrary, "save_upload")],
    "a wish is fulfilled": [(DatabaseLibrary, "fulfil_wish")],
    "a mark is kept": [(DatabaseLibrary, "mark")],
    "buttons are exchanged": [(chat, "set_note_buttons") for chat in (TelegramChat, SlackChat)],
}
MOMENTS = [f"{moment} {name}" for name in BOUNDARIES for moment in ("before", "after")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """How it is served. `plan`: where it is told when to end; `sounds`: MP3s that stand in for
    reading and speaking, in place of children; `settings`: of the engine's caretaker."""

    home: Path
    port: int
    plan: Path
    environment: Mapping[str, str]
    sounds: Path | None = None
    settings: Mapping[str, float] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        return self.home.with_name("log.txt")

    @property
    def said(self) -> Path:
        return self.home.with_name("said.txt")


@dataclass(slots=True)
class Life:
    """One run of the program."""

    process: BaseProcess
    served: Served

    @property
    def number(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    @property
    def is_over(self) -> bool:
        return self.process.exitcode is not None

    @property
    def listens(self) -> bool:
        said = self.served.said
        return said.exists() and "listening on" in said.read_text(encoding="utf-8")

    def is_killed(self) -> None:
        """It and all that are of its group; its children, in groups of their own, have to see to
        it themselves, as when the system kills it."""
        with suppress(ProcessLookupError):
            os.killpg(self.number, signal.SIGKILL)
        self.process.kill()  # it may have had no group yet

    def stops(self) -> None:
        self.process.terminate()


def begun(served: Served) -> Life:
    served.said.unlink(missing_ok=True)
    return Life(forked(live, served), served)


def live(served: Served) -> None:
    os.setsid()
    die_with(os.getppid())
    for name, value in served.settings.items():
        setattr(caretaker, name, value)
    if served.sounds is not None:
        sounds = served.sounds
        program.open_producer = lambda *_: SoundProducer(sounds=sounds)  # type: ignore[assignment, return-value]
    _plant(Planned(served.plan))
    environment = {**os.environ, **served.environment}
    run_command(["serve", "--port", str(served.port)], environment, served.said, served.log)


def processor_s() -> float:
    """Of this process and of all lives that are over. Who forked them keeps the count."""
    here = psutil.Process()
    forking = [child for child in here.children() if "forkserver" in " ".join(child.cmdline())]
    times = [here.cpu_times(), *(process.cpu_times() for process in forking)]
    return sum(t.user + t.system + t.children_user + t.children_system for t in times)


# --- killed at a boundary -------------------------------------------------------------------------


@dataclass(slots=True)
class Planned:
    """The file holds a moment and how often it is passed unharmed before: `2 after a file is
    kept`. It may be written and taken away while the program runs."""

    plan: Path
    _known: str = ""
    _left: int = 0

    def passes(self, moment: str) -> None:
        try:
            told = self.plan.read_text(encoding="utf-8")
        except FileNotFoundError:
            self._known = ""
            return
        if told != self._known:
            self._known, self._left = told, int(told.partition(" ")[0])
        if moment != told.partition(" ")[2]:
            return
        if self._left == 0:
            os.killpg(0, signal.SIGKILL)
        self._left -= 1


def _plant(planned: Planned) -> None:
    for name, places in BOUNDARIES.items():
        for owner, function in places:
            run = getattr(owner, function)
            around = _around_async if inspect.iscoroutinefunction(run) else _around
            setattr(owner, function, around(run, name, planned))


def _around(run: Callable[..., Any], name: str, planned: Planned) -> Callable[..., Any]:
    @functools.wraps(run)
    def around(*arguments: Any, **named: Any) -> Any:
        planned.passes(f"before {name}")
        result = run(*arguments, **named)
        planned.passes(f"after {name}")
        return result

    return around


def _around_async(run: Callable[..., Any], name: str, planned: Planned) -> Callable[..., Any]:
    @functools.wraps(run)
    async def around(*arguments: Any, **named: Any) -> Any:
        planned.passes(f"before {name}")
        result = await run(*arguments, **named)
        planned.passes(f"after {name}")
        return result

    return around
