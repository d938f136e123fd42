"""Files by key in a bucket, through obstore: an extra, for those who have one."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import obstore
from obstore.store import from_url

from bot.ports import checked_key

CHUNK = 256 * 1024


def open_bucket(url: str) -> BucketFiles:
    """The bucket behind a URL. Raises `ValueError` for what is none."""
    try:
        return BucketFiles(from_url(url))
    except obstore.exceptions.BaseError as err:
        raise ValueError("no bucket") from err


class BucketFiles:
    """Files in a bucket: copied to this machine while they are used.

    obstore is called in threads: its own coroutines (0.12) abort the interpreter at exit when one
    of them has only just ended.
    """

    def __init__(self, store: Any) -> None:
        self._store = store

    async def put(self, key: str, source: Path) -> None:
        await asyncio.to_thread(obstore.put, self._store, checked_key(key), source)

    @asynccontextmanager
    async def local(self, key: str) -> AsyncIterator[Path]:
        checked_key(key)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / Path(key).name
            await asyncio.to_thread(self._fetch, key, path)
            yield path

    def _fetch(self, key: str, path: Path) -> None:
        with path.open("wb") as file:
            for chunk in obstore.get(self._store, key).stream(CHUNK):
                file.write(chunk)

    async def has(self, key: str) -> bool:
        return await self.size(key) is not None

    async def size(self, key: str) -> int | None:
        try:
            return await asyncio.to_thread(self._size, checked_key(key))
        except FileNotFoundError:
            return None

    def _size(self, key: str) -> int:
        return int(obstore.head(self._store, key)["size"])

    async def sizes(self, folder: str) -> Mapping[str, int]:
        return await asyncio.to_thread(self._sizes, checked_key(folder))

    def _sizes(self, folder: str) -> dict[str, int]:
        listed = obstore.list(self._store, prefix=folder)
        return {str(item["path"]): int(item["size"]) for found in listed for item in found}

    async def chunks(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        end = min(end, await asyncio.to_thread(self._size, checked_key(key)))
        for at in range(start, end, CHUNK):
            yield await asyncio.to_thread(self._piece, key, at, min(at + CHUNK, end))

    def _piece(self, key: str, start: int, end: int) -> bytes:
        return bytes(obstore.get_range(self._store, key, start=start, end=end))

    async def delete(self, keys: Sequence[str]) -> None:
        await asyncio.to_thread(self._delete, [checked_key(key) for key in keys])

    async def delete_under(self, folder: str) -> None:
        await asyncio.to_thread(self._delete_under, checked_key(folder))

    def _delete_under(self, folder: str) -> None:
        for found in obstore.list(self._store, prefix=folder):
            self._delete([str(item["path"]) for item in found])

    def _delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            with suppress(FileNotFoundError):
                obstore.delete(self._store, key)
