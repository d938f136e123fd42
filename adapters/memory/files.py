"""A file store in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.ports import checked_key


class MemoryFiles:
    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    async def put(self, key: str, source: Path) -> None:
        self.files[checked_key(key)] = await asyncio.to_thread(source.read_bytes)

    @asynccontextmanager
    async def local(self, key: str) -> AsyncIterator[Path]:
        data = self._found(key)
        with TemporaryDirectory() as folder:
            path = Path(folder) / Path(key).name
            await asyncio.to_thread(path.write_bytes, data)
            yield path

    async def has(self, key: str) -> bool:
        return checked_key(key) in self.files

    async def size(self, key: str) -> int | None:
        data = self.files.get(checked_key(key))
        return len(data) if data is not None else None

    async def sizes(self, folder: str) -> Mapping[str, int]:
        beginning = f"{checked_key(folder)}/"
        return {key: len(data) for key, data in self.files.items() if key.startswith(beginning)}

    async def chunks(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        data = self._found(key)[start:end]
        if data:
            yield data

    async def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.files.pop(checked_key(key), None)

    async def delete_under(self, folder: str) -> None:
        beginning = f"{checked_key(folder)}/"
        await self.delete([key for key in self.files if key.startswith(beginning)])

    def _found(self, key: str) -> bytes:
        if checked_key(key) not in self.files:
            raise FileNotFoundError(key)
        return self.files[key]
