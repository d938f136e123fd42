"""Where the updates that a chat pushes come in.

A chat wants each update acknowledged at once, long before it is handled, and forgets what was
acknowledged. So an update is in the journal when `take` returns, and struck when it was handled;
what a program that was killed had taken is handled by the next life, before anything new.

This is all that a chat needs of it:

    def read(raw: Raw) -> Said | None:  # None is nothing to us; what makes it raise is passed over
        return Said(chat=raw["chat"], text=raw["text"]) if "text" in raw else None

    async def handle(arrival: Arrival[Said]) -> None:  # begins at once, beside all others
        said = arrival.update
        async with arrival.turn("messages", said.chat):  # behind those of this chat that came first
            await inbox.on_command(sender_of(said), "", said.text)

    async with open_inlet(folder / "parrot", read=read, handle=handle) as inlet:
        async for raw in connection:
            await inlet.take(str(raw["id"]), raw)
            await connection.acknowledge(raw)
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar
from weakref import WeakValueDictionary

import structlog

from bot.journal import Journal

log = structlog.get_logger()
T = TypeVar("T")
Done = TypeVar("Done")
Raw = Mapping[str, Any]
Read = Callable[[Raw], T | None]
Turns = WeakValueDictionary[tuple[Hashable, ...], asyncio.Lock]  # each as long as somebody holds it
STOPPING_S = 2.0


class NotTaken(Exception):
    """It is not in the journal, so it must not be acknowledged: then it comes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival(Generic[T]):
    """An update that came, as `read` understood it. `key`: the same whenever it comes again."""

    key: str
    update: T
    _turns: Turns = field(repr=False)
    _owners: Owners = field(repr=False)

    def turn(self, *names: Hashable) -> AbstractAsyncContextManager[None]:
        """Those that name the same go one after the other, in the order in which they asked; that
        is the order of their coming if nothing was awaited before. Other names do not wait, so what
        must be quick (a tap) names another turn than what may take long (a download). One update
        takes one turn at a time."""
        return self._turns.setdefault(names, asyncio.Lock())

    def claim(self, name: str, *, again: bool = False) -> bool:
        """Whether this update is the one to act where several tell of the same thing. The others
        may not, now or after it was handled; the same update may, when it comes again after a
        crash. `again`: whatever acted on it before, this may."""
        return self._owners.claim(name, self.key, again=again)


class Owners:
    """Which update acts on what several tell of. Those under way are remembered here, those that
    were handled in the journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._owners: dict[str, str] = {}  # keys by names

    def claim(self, name: str, key: str, *, again: bool) -> bool:
        if again:
            self._owners[name] = key
        elif self._journal.is_handled(name):
            return False
        return self._owners.setdefault(name, key) == key

    def claimed_by(self, key: str) -> list[str]:
        """To be struck from the journal with it, and only then to be released."""
        return [name for name, owner in self._owners.items() if owner == key]

    def release(self, key: str) -> None:
        for name in self.claimed_by(key):
            del self._owners[name]


class Inlet(Generic[T]):
    """`skipped`: how many updates in this life nobody could make sense of."""

    def __init__(
        self,
        journal: Journal,
        writer: ThreadPoolExecutor,
        read: Read[T],
        handle: Callable[[Arrival[T]], Awaitable[None]],
    ) -> None:
        self._journal = journal
        self._writer = writer
        self._read = read
        self._handle = handle
        self._turns: Turns = WeakValueDictionary()
        self._owners = Owners(journal)
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closed = False
        self.skipped = 0

    async def take(self, key: str, raw: Raw) -> None:
        """Returns when the update may be acknowledged: it is in the journal, or nothing is to be
        done about it (any more). Raises `NotTaken`. `raw` is JSON."""
        if self._is_closed:
            raise NotTaken
        update = self._understand(key, raw)
        if update is not None:  # kept and begun as a whole, even if nobody waits for it any more
            await asyncio.shield(self._start(self._keep(key, raw, update)))

    def _understand(self, key: str, raw: Raw) -> T | None:
        """None also for what cannot be read; the log has its key and nothing of what it says."""
        try:
            return self._read(raw)
        except Exception as err:  # noqa: BLE001 - whatever it is, others must not wait behind it
            self.skipped += 1
            reason = type(err).__name__
            log.error("update not understood", update=key, reason=reason, skipped=self.skipped)
            return None

    async def _keep(self, key: str, raw: Raw, update: T) -> None:
        try:
            is_new = await self._write(self._journal.write, key, raw)
        except OSError as err:
            log.error("update not kept on disk", errno=err.errno)
            raise NotTaken from None
        if is_new and not self._is_closed:
            self._start(self._work_off(key, update))

    async def _work_off(self, key: str, update: T) -> None:
        try:
            await self._handle(
                Arrival(key=key, update=update, _turns=self._turns, _owners=self._owners)
            )
        except Exception:  # struck all the same: it would break the next life in the same way
            log.exception("update not handled", update=key)
        await self._strike(key)

    async def _strike(self, key: str) -> None:
        try:
            await self._write(self._journal.strike, key, *self._owners.claimed_by(key))
        except OSError as err:  # then the next life handles it once more
            log.error("journal not struck", errno=err.errno)
        else:
            self._owners.release(key)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _write(self, write: Callable[..., Done], *what: Any) -> Done:
        """In a thread of its own: what comes in never waits for somebody else's work."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, write, *what)

    async def catch_up(self) -> None:
        """Begin what an earlier life did not finish."""
        for key, raw in await self._write(lambda: list(self._journal.left())):
            update = self._understand(key, raw)
            if update is None:
                await self._strike(key)
            else:
                self._start(self._work_off(key, update))

    async def close(self) -> None:
        """What is being handled has a moment to end; the next life does the rest."""
        self._is_closed = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOPPING_S)
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


@asynccontextmanager
async def open_inlet(
    folder: Path, *, read: Read[T], handle: Callable[[Arrival[T]], Awaitable[None]]
) -> AsyncIterator[Inlet[T]]:
    """Takes updates while the block runs. `folder`: the chat's own, for the journal."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal") as writer:
        journal = await asyncio.get_running_loop().run_in_executor(writer, Journal, folder)
        inlet = Inlet(journal, writer, read, handle)
        await inlet.catch_up()
        try:
            yield inlet
        finally:
            await inlet.close()
