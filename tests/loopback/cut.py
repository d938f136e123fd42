"""A wire to PostgreSQL that can be cut and mended: connections break, new ones are refused."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SOCKET = ".s.PGSQL.5432"


class Wire:
    """`folder`: where it listens, as a server of its own; `server`: the folder of the real one. In
    a thread of its own: who blocks the loop of a test blocks no database."""

    def __init__(self, folder: Path, server: Path) -> None:
        self._path = folder / SOCKET
        self._server = server / SOCKET
        self._loop = asyncio.new_event_loop()
        self._listening: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._carrying: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        self._do(self._cut())

    def mend(self) -> None:
        self._do(self._mend())

    def run(self) -> None:
        self._loop.run_forever()

    def stop(self) -> None:
        self._do(self._cut())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def close(self) -> None:
        self._loop.close()

    def _do(self, what: object) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result()  # type: ignore[arg-type]

    async def _mend(self) -> None:
        self._path.unlink(missing_ok=True)
        self._listening = await asyncio.start_unix_server(self._connect, self._path)

    async def _cut(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._path.unlink(missing_ok=True)
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_unix_connection(self._server)
        both = {writer, ours}
        self._writers |= both
        try:
            await asyncio.gather(self._pump(reader, ours), self._pump(theirs, writer))
        finally:
            self._writers -= both

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(_carry(reader, writer))
        self._carrying.add(task)
        await task
        self._carrying.discard(task)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()


@contextmanager
def wire_to(server: Path, folder: Path) -> Iterator[Wire]:
    wire = Wire(folder, server)
    thread = threading.Thread(target=wire.run)
    thread.start()
    wire.mend()
    try:
        yield wire
    finally:
        wire.stop()
        thread.join()
        wire.close()
