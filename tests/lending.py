"""Children of one process, lent to any program that a test starts.

Loading what reads and speaks costs a program more than all else that it does in a short story. Who
asks is answered by `pipeline.process.sandbox` and by real children; only whose they are differs. A
story that is about a program's own children borrows none.
"""

from __future__ import annotations

import asyncio
import pickle
import struct
import tempfile
from collections.abc import AsyncIterator, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

from adapters.voices import available_voices
from bot.app import workshop
from pipeline.errors import ListenDockError, error_of
from pipeline.producer import Producer, recognition_is_installed

ADDRESS = "TESTS_LENDER"  # in a program's environment: whose children it borrows
QUICK_VOICE = "espeak:default"  # where nobody listens closely: a hundredth of the time
Json = dict[str, Any]


def lend(address: str, ends: Connection) -> None:
    """In a process of its own, until the other of the `ends` is closed, whoever closed it. Its
    children work in the folder of the address."""
    tempfile.tempdir = str(Path(address).parent)
    asyncio.run(_lend_until(address, ends))


async def _lend_until(address: str, ends: Connection) -> None:
    over = asyncio.Event()
    asyncio.get_running_loop().add_reader(ends.fileno(), over.set)
    async with AsyncExitStack() as stack:
        producer = Producer(
            voices=available_voices(),
            default_voice=QUICK_VOICE,
            workers=1,
            can_recognise=recognition_is_installed(),
        )
        lender = await stack.enter_async_context(producer)
        server = await asyncio.start_unix_server(partial(_serve, lender), address)
        stack.callback(server.close)
        await over.wait()
        asyncio.get_running_loop().remove_reader(ends.fileno())


async def _serve(
    lender: Producer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """One job. Who asked may be killed meanwhile: it is done all the same, for nobody."""
    kind, task, request, timeout_s = await _received(reader)

    def on_progress(done: int, total: int) -> None:
        _send(writer, "progress", (done, total))

    sandbox = getattr(lender, kind)
    try:
        answer = await sandbox.run(task, request, timeout_s=timeout_s, on_progress=on_progress)
        _send(writer, "answer", answer)
    except ListenDockError as err:
        _send(writer, "error", (err.kind, err.facts))
    except OSError as err:
        _send(writer, "raise", err)
    with suppress(ConnectionError):
        await writer.drain()
        writer.close()


class Borrower(Producer):
    """A program's producer, that works with another's children."""

    def __init__(self, address: str, **wanted: Any) -> None:
        super().__init__(**wanted)
        for kind in ("_readers", "_recognisers", "_speakers", "_players"):
            setattr(self, kind, Lent(address, kind, getattr(self, kind).size))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """They are not ours to end."""


class Lent:
    """What a producer needs of a sandbox."""

    def __init__(self, address: str, kind: str, size: int) -> None:
        self.size = size
        self._address, self._kind = address, kind

    @property
    def is_busy(self) -> bool:
        """The lender's matter."""
        return False

    def start_warming(self, count: int, request: Json | None = None) -> None:
        """They are warm."""

    async def run(
        self, task: str, request: Json, *, timeout_s: float, on_progress: Any = None
    ) -> Json:
        async with _connected(self._address) as (reader, writer):
            _send(writer, self._kind, task, request, timeout_s)
            while True:
                what, told = await _received(reader)
                match what:
                    case "progress" if on_progress is not None:
                        on_progress(*told)
                    case "answer":
                        return dict(told)
                    case "error":
                        raise error_of(*told)
                    case "raise":
                        raise told


def borrowing(address: str) -> Any:
    """In the place of `Producer` where a program is put together."""
    return partial(Borrower, address)


def borrow(environment: MutableMapping[str, str]) -> None:
    """This process's programs borrow, where the environment says of whom. It says so no more."""
    if address := environment.pop(ADDRESS, ""):
        workshop.Producer = borrowing(address)  # type: ignore[misc]


@asynccontextmanager
async def _connected(
    address: str,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_unix_connection(address)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def _send(writer: asyncio.StreamWriter, *message: object) -> None:
    told = pickle.dumps(message)
    writer.write(struct.pack(">I", len(told)) + told)


async def _received(reader: asyncio.StreamReader) -> Any:
    (size,) = struct.unpack(">I", await reader.readexactly(4))
    return pickle.loads(await reader.readexactly(size))
