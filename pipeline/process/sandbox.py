"""A pool of warm child processes: killable, niced, limited, locked up, with an empty environment.

Children speak length-framed JSON over pipes and are not trusted: what they answer is parsed, never
unpickled. A child that dies, hangs or is cancelled is replaced; none outlives the program. Each has
a folder of its own, into which a job's files are put (`Given`) and out of which they are taken
(`Wanted`).
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import time
from collections.abc import Collection, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self, TypeVar

import structlog

from pipeline.errors import (
    ChildDied,
    ConfigurationError,
    DiskFull,
    ListenDockError,
    ReadingTookTooLong,
    ReadingTookTooMuchMemory,
)
from pipeline.process.answers import answer_of
from pipeline.process.child import Orders
from pipeline.process.frames import OUT_OF_MEMORY, UNLOCKED, Json
from pipeline.process.living import Child, OnProgress
from pipeline.process.workplace import Given, Job, Wanted, Workplace, has_room

__all__ = ["Given", "Limits", "Means", "Sandbox", "Wanted"]

log = structlog.get_logger()
T = TypeVar("T")
WARM_UP_S = 60.0
DYING_S = 10.0  # from its last word to its exit code: a moment, unless the machine is busy
LIFE = 4  # times the processor time of a job that a child may use in all
NO_SANDBOX = (
    "REQUIRE_SANDBOX is set, and children cannot be locked up here: `listendock doctor` says what "
    "is missing. It needs Linux 5.13 or newer on x86-64 or arm64."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one child may use. Zero means no limit."""

    memory_mb: int
    cpu_s: int  # for one job
    jobs: int = 200  # then a fresh child takes its place
    niceness: int = 10
    still_s: float = 60.0  # without any work, before a job is given up


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a child may use beside the files of a job. `packages`: of ours, beside the pipeline;
    `readable`: files and folders; `runs`: programs that it may start; `environment`: names of what
    it needs there beside that of every program; `must_hold`: unlocked it may not work."""

    packages: Collection[str] = ()
    readable: Collection[Path] = ()
    runs: Collection[Path] = ()
    environment: Collection[str] = ()
    must_hold: bool = False


class Sandbox:
    """`size` children at most, started when needed; idle ones end after `idle_s`, but for `kept`,
    which stay warm: who comes after an hour does not wait for one to load.

    `module`: where a child finds its tasks, a mapping `TASKS` by name. `warm_up`: the task that
    makes a child ready for its first real job. `blames_input`: a child over its limits says
    something about the file that it was given, and the listener is told so.
    """

    def __init__(
        self,
        *,
        module: str,
        size: int,
        limits: Limits,
        warm_up: str = "",
        blames_input: bool = False,
        idle_s: float = 300.0,
        kept: int = 0,
        means: Means = Means(),
    ) -> None:
        self.size = size
        self._module = module
        self._blames_input = blames_input
        self._limits = limits
        self._warm_up = warm_up
        self._idle_s = idle_s
        self._kept = kept
        self._readying: Json = {}  # what they are warmed up with
        self._means = means
        self._slots = asyncio.Semaphore(size)
        self._idle: list[Child] = []
        self._living: set[Child] = set()  # idle or at work
        self._errands: set[asyncio.Task[Any]] = set()  # what a cancel must not break off
        self._is_closed = False
        self._sweeper: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None
        self._folder: TemporaryDirectory[str] | None = None
        self._numbers = itertools.count()

    async def __aenter__(self) -> Self:
        self._folder = await asyncio.to_thread(TemporaryDirectory, prefix="listendock-children-")
        self._sweeper = asyncio.create_task(self._sweep())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._is_closed = True  # who is given back from now on ends
        for task in (self._sweeper, self._warming):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        while self._errands:
            await asyncio.gather(*self._errands, return_exceptions=True)
        self._idle.clear()
        await asyncio.gather(*(self._end(child) for child in list(self._living)))
        if self._folder is not None:
            await asyncio.to_thread(self._folder.cleanup)

    @property
    def is_busy(self) -> bool:
        """Whether whoever comes now would have to wait for a child."""
        return self._slots.locked()

    def start_warming(self, count: int, request: Json | None = None) -> None:
        """Have `count` children ready soon, without waiting for them."""
        self._readying = request or {}
        self._warming = asyncio.create_task(self._warm(min(count, self.size), self._readying))

    async def _warm(self, count: int, request: Json) -> None:
        warming = (self.run(self._warm_up, request, timeout_s=WARM_UP_S) for _ in range(count))
        with contextlib.suppress(ListenDockError):
            await asyncio.gather(*warming)

    async def run(
        self,
        task: str,
        request: Json,
        *,
        timeout_s: float,
        on_progress: OnProgress | None = None,
    ) -> Json:
        """Run one task in a child and return its answer. What is `Wanted` is brought back as far as
        it was made, also where this raises. `timeout_s` goes by the clock, less what the child
        stands in line for a processor: a busy machine is no failure of the work.

        Raises the error that the child named; `ReadingTookTooLong` or `ReadingTookTooMuchMemory`
        over its limits where the input is to blame; `ChildDied` for any other end; `OSError` for a
        given file that cannot be read. Cancelling kills the child.
        """
        async with self._slots:
            child = await self._take()
            job, answer = Job(), None
            try:
                job = await asyncio.to_thread(child.place.prepare, request)
                answer = await self._answer(child, task, job.request, timeout_s, on_progress)
            finally:
                await asyncio.shield(self._errand(self._settle(child, job, answer)))
        try:
            return answer_of(answer)
        except DiskFull as err:
            if await asyncio.to_thread(self._has_room):
                raise ChildDied(reason="no room, it says") from err
            raise

    def _has_room(self) -> bool:
        """Whether a child could write: who only says that it cannot would be waited for."""
        assert self._folder is not None
        with TemporaryDirectory(dir=self._folder.name) as folder:
            return has_room(Path(folder))

    async def _answer(
        self,
        child: Child,
        task: str,
        request: Json,
        timeout_s: float,
        on_progress: OnProgress | None,
    ) -> Json:
        limits = self._limits
        watching = asyncio.create_task(
            child.watch(most_s=limits.cpu_s, still_s=limits.still_s, had_s=timeout_s)
        )
        try:
            return await child.ask(task, request, on_progress)
        except (asyncio.IncompleteReadError, ConnectionError) as err:
            raise await self._death(child, task) from err
        except (ValueError, RecursionError) as err:
            log.warning("child talks nonsense", task=task)
            raise ChildDied(reason="nonsense") from err
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _take(self) -> Child:
        while self._idle:
            child = self._idle.pop()
            if not child.has_ended:
                child.jobs += 1
                return child
            self._errand(self._end(child))
        starting = self._errand(self._start())
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            self._errand(self._abandon(starting))
            raise

    def _errand(self, run: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(run)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)
        return task

    async def _abandon(self, starting: asyncio.Task[Child]) -> None:
        """Nobody wants it any more, but half a start would leave a process behind."""
        await self._end(await starting)

    async def _start(self) -> Child:
        assert self._folder is not None
        place = Workplace(Path(self._folder.name).resolve() / str(next(self._numbers)))
        await asyncio.to_thread(place.open)
        child = await Child.start(self._orders(place), place, self._means.environment)
        child.jobs = 1
        self._living.add(child)
        return child

    def _orders(self, place: Workplace) -> Orders:
        limits, means = self._limits, self._means
        packages = {"pipeline", self._module.partition(".")[0], *means.packages}
        return Orders(
            module=self._module,
            parent=os.getpid(),
            niceness=limits.niceness,
            memory_mb=limits.memory_mb,
            cpu_s=limits.cpu_s,
            life_s=LIFE * limits.cpu_s,
            in_folder=str(place.inlay),
            out_folder=str(place.outlay),
            packages=sorted(packages),
            readable=_texts(means.readable),
            runs=_texts(means.runs),
            must_hold=means.must_hold,
        )

    async def _settle(self, child: Child, job: Job, answer: Json | None) -> None:
        """After a job: bring back what was made, and have the child ready for the next or gone."""
        is_whole = answer is not None
        is_well = answer is not None and "answer" in answer
        if not is_whole:
            await child.end()
        try:
            await asyncio.to_thread(child.place.bring_back, job, is_well=is_well)
        finally:
            await asyncio.to_thread(child.place.clear)
            is_held = await asyncio.to_thread(child.place.is_held_by, child.process.pid)
            await self._give_back(child, is_whole=is_whole and not is_held)

    async def _give_back(self, child: Child, *, is_whole: bool) -> None:
        child.is_at_work = False
        if is_whole and not self._is_closed and self._has_life(child):
            child.idle_since = time.monotonic()
            self._idle.append(child)
        else:
            await self._end(child)
            self._keep_warm()

    def _keep_warm(self) -> None:
        """Of those that stay, another in the place of one that did its share."""
        is_wanted = self._warming is not None and self._warming.done() and not self._is_closed
        if is_wanted and len(self._living) < self._kept:
            self.start_warming(self._kept - len(self._living), self._readying)

    def _has_life(self, child: Child) -> bool:
        """Enough for another job."""
        limits = self._limits
        is_fresh = not limits.cpu_s or child.worked_s < (LIFE - 1) * limits.cpu_s
        return is_fresh and not child.has_ended and child.jobs < limits.jobs

    async def _death(self, child: Child, task: str) -> ListenDockError:
        """What to say of a child that broke off: its exit code tells, or why we ended it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DYING_S):
                await child.process.wait()
        code = child.process.returncode
        log.warning("child died", task=task, code=code, fate=child.fate)
        if code == UNLOCKED:
            return ConfigurationError(problem=NO_SANDBOX)
        if child.fate in ("overworked", "blocked", "overdue"):
            return self._overdue()
        is_greedy = child.fate == "greedy" or code in (OUT_OF_MEMORY, -signal.SIGKILL)
        if self._blames_input and is_greedy:
            return ReadingTookTooMuchMemory()
        if self._blames_input and code == -signal.SIGXCPU:
            return ReadingTookTooLong()
        return ChildDied(reason=f"code {code}")

    def _overdue(self) -> ListenDockError:
        return ReadingTookTooLong() if self._blames_input else ChildDied(reason="too slow")

    async def _end(self, child: Child) -> None:
        """Kill a child and all it started, and wait until it is gone."""
        await child.end()
        await asyncio.to_thread(child.place.remove)
        self._living.discard(child)

    async def _sweep(self) -> None:
        """End children that nobody needed for a while, and spare those that worked last."""
        while True:
            await asyncio.sleep(self._idle_s / 4)
            now = time.monotonic()
            spare = self._idle[: max(0, len(self._idle) - self._kept)]
            for child in [one for one in spare if now - one.idle_since > self._idle_s]:
                self._idle.remove(child)
                await self._end(child)


def _texts(paths: Collection[Path]) -> Sequence[str]:
    return sorted(map(str, paths))
