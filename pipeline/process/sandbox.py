"""A pool of warm child processes: killable, niced, limited, with an empty environment.

Children speak length-framed JSON over pipes and are not trusted: what they answer is parsed, never
unpickled. A child that dies, hangs or is cancelled is replaced; none outlives the program.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import struct
import sys
import time
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

import structlog

from pipeline.errors import (
    ChildDied,
    ListenDockError,
    ReadingTookTooLong,
    ReadingTookTooMuchMemory,
    error_of,
)

log = structlog.get_logger()
T = TypeVar("T")
Json = dict[str, Any]
MAX_FRAME = 128 * 1024 * 1024
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "HOME")
WARM_UP_S = 60.0
DYING_S = 10.0  # from its last word to its exit code: a moment, unless the machine is busy
OUT_OF_MEMORY = 86  # a child's exit code when it could not get more memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one child may use. Zero means no limit."""

    memory_mb: int
    cpu_s: int  # for one job
    jobs: int = 200  # then a fresh child takes its place
    niceness: int = 10


@dataclass(slots=True, eq=False)
class _Child:
    process: asyncio.subprocess.Process
    jobs: int = 0
    idle_since: float = field(default_factory=time.monotonic)


class Sandbox:
    """`size` children at most, started when needed; idle ones end after `idle_s`.

    `module`: where a child finds its tasks, a mapping `TASKS` by name. `warm_up`: the task that
    makes a child ready for its first real job. `blames_input`: a child over its limits says
    something about the file that it was given, and the listener is told so. `environment`: names
    of what its tasks need beside that of every program.
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
        environment: Collection[str] = (),
    ) -> None:
        self.size = size
        self._module = module
        self._blames_input = blames_input
        self._limits = limits
        self._warm_up = warm_up
        self._idle_s = idle_s
        self._environment = environment
        self._slots = asyncio.Semaphore(size)
        self._idle: list[_Child] = []
        self._living: set[_Child] = set()  # idle or at work
        self._errands: set[asyncio.Task[Any]] = set()  # what a cancel must not break off
        self._is_closed = False
        self._sweeper: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._sweeper = asyncio.create_task(self._sweep())
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in (self._sweeper, self._warming):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        self._is_closed = True  # who is given back from now on ends
        while self._errands:
            await asyncio.gather(*self._errands, return_exceptions=True)
        self._idle.clear()
        await asyncio.gather(*(self._end(child) for child in list(self._living)))

    def start_warming(self, count: int, request: Json | None = None) -> None:
        """Have `count` children ready soon, without waiting for them."""
        self._warming = asyncio.create_task(self._warm(min(count, self.size), request or {}))

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
        on_progress: Callable[[int, int], None] | None = None,
    ) -> Json:
        """Run one task in a child and return its answer.

        Raises the error that the child named; `ReadingTookTooLong` or `ReadingTookTooMuchMemory`
        over its limits where the input is to blame; `ChildDied` for any other end. Cancelling
        kills the child.
        """
        async with self._slots:
            child = await self._take()
            is_whole = False
            try:
                async with asyncio.timeout(timeout_s):
                    answer = await self._ask(child, task, request, on_progress)
                is_whole = True
            except TimeoutError:
                log.warning("child too slow", task=task, seconds=timeout_s)
                raise self._overdue() from None
            except (
                asyncio.IncompleteReadError,
                ConnectionError,
                ValueError,
                RecursionError,
            ) as err:
                raise await self._death(child, task) from err
            finally:
                await asyncio.shield(self._errand(self._give_back(child, is_whole=is_whole)))
        if "error" in answer:
            raise _named_error(answer["error"])
        return _answer_of(answer)

    async def _ask(
        self,
        child: _Child,
        task: str,
        request: Json,
        on_progress: Callable[[int, int], None] | None,
    ) -> Json:
        assert child.process.stdin is not None
        child.process.stdin.write(framed({"task": task, "request": request}))
        await child.process.stdin.drain()
        while True:
            answer = await _receive(child.process.stdout)
            if "progress" not in answer:
                return answer
            done, total = _progress(answer["progress"])
            if on_progress is not None:
                on_progress(done, total)

    async def _take(self) -> _Child:
        while self._idle:
            child = self._idle.pop()
            if child.process.returncode is None:
                child.jobs += 1
                return child
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

    async def _abandon(self, starting: asyncio.Task[_Child]) -> None:
        """Nobody wants it any more, but half a start would leave a process behind."""
        await self._end(await starting)

    async def _start(self) -> _Child:
        limits = self._limits
        options = [str(n) for n in (limits.memory_mb, limits.cpu_s, limits.niceness, os.getpid())]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-m", "pipeline.process.child", self._module, *options),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_environment(self._environment),
            start_new_session=True,
        )
        child = _Child(process, jobs=1)
        self._living.add(child)
        return child

    async def _give_back(self, child: _Child, *, is_whole: bool) -> None:
        is_alive = child.process.returncode is None and not self._is_closed
        if is_whole and is_alive and child.jobs < self._limits.jobs:
            child.idle_since = time.monotonic()
            self._idle.append(child)
        else:
            await self._end(child)

    async def _death(self, child: _Child, task: str) -> ListenDockError:
        """What to say of a child that broke off: its exit code tells."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DYING_S):
                await child.process.wait()
        code = child.process.returncode
        log.warning("child died", task=task, code=code)
        if self._blames_input and code in (OUT_OF_MEMORY, -signal.SIGKILL):
            return ReadingTookTooMuchMemory()
        if self._blames_input and code == -signal.SIGXCPU:
            return ReadingTookTooLong()
        return ChildDied(reason=f"code {code}")

    def _overdue(self) -> ListenDockError:
        return ReadingTookTooLong() if self._blames_input else ChildDied(reason="too slow")

    async def _end(self, child: _Child) -> None:
        """Kill a child and all it started, and wait until it is gone."""
        if child.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
        await child.process.wait()
        if child.process.stdin is not None:
            child.process.stdin.close()
        transport = getattr(child.process, "_transport", None)
        if transport is not None:
            transport.close()
        self._living.discard(child)

    async def _sweep(self) -> None:
        """End children that nobody needed for a while."""
        while True:
            await asyncio.sleep(self._idle_s / 4)
            now = time.monotonic()
            late = [child for child in self._idle if now - child.idle_since > self._idle_s]
            for child in late:
                self._idle.remove(child)
                await self._end(child)


def _environment(needed: Collection[str]) -> dict[str, str]:
    """Nothing of the program's own: no token, no key, no database address."""
    names = (*KEPT_ENVIRONMENT, *needed)
    kept = {name: os.environ[name] for name in names if name in os.environ}
    root = str(Path(__file__).resolve().parents[2])
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    memory = {"MALLOC_ARENA_MAX": "1"}  # one thread works; more heaps only hold more
    silence = {"ORT_DISABLE_TELEMETRY": "1"}
    python = {"PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1"}
    return kept | threads | memory | silence | python


def framed(message: Json) -> bytes:
    """A message as it travels: four bytes of length, then JSON."""
    body = json.dumps(message, ensure_ascii=False).encode()
    return struct.pack(">I", len(body)) + body


async def _receive(stream: asyncio.StreamReader | None) -> Json:
    assert stream is not None
    (size,) = struct.unpack(">I", await stream.readexactly(4))
    if size > MAX_FRAME:
        raise ValueError("a child's answer is too large")
    message = json.loads(await stream.readexactly(size))
    if not isinstance(message, dict):
        raise ValueError("a child's answer is no object")  # noqa: TRY004 - one kind for all nonsense
    return message


def _progress(value: object) -> tuple[int, int]:
    match value:
        case [int(done), int(total)]:
            return done, total
    raise ValueError("a child's progress is no pair of numbers")


def _named_error(error: Any) -> ListenDockError:
    if not isinstance(error, dict):
        return ChildDied(reason="no answer")
    facts = error.get("facts")
    clean = facts if isinstance(facts, dict) else {}
    return error_of(str(error.get("kind")), {k: v for k, v in clean.items() if _is_plain(v)})


def _is_plain(value: object) -> bool:
    return isinstance(value, (str, int)) and len(str(value)) < 200


def _answer_of(answer: Json) -> Json:
    result = answer.get("answer")
    if not isinstance(result, dict):
        raise ChildDied(reason="no answer")
    return result
