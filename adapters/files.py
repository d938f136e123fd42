"""Files by key on obstore: a local folder, or a bucket."""

from __future__ import annotations

import asyncio
import errno
import re
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import obstore
from obstore.store import LocalStore, from_url

from pipeline.errors import ConfigurationError, DiskFull

CHUNK = 256 * 1024
_KEY = re.compile(r"^[\w.-]+(?:/[\w.-]+)*$")
_NO_ROOM = re.compile(r"no space left|os error 28|disk quota|os error 122", re.I)


class ObjectFiles:
    """`folder` is set when the files lie on this machine: they are then used in place."""

    def __init__(self, store: Any, folder: Path | None) -> None:
        self._store = store
        self._folder = folder

    async def put(self, key: str, source: Path) -> None:
        try:
            await obstore.put_async(self._store, _checked(key), source)
        except OSError as err:
            if err.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull from err
            raise
        except obstore.exceptions.BaseError as err:
            if _NO_ROOM.search(str(err)):
                raise DiskFull from err
            raise

    @asynccontextmanager
    async def local(self, key: str) -> AsyncIterator[Path]:
        if self._folder is not None:
            path = self._folder / _checked(key)
            if not await asyncio.to_thread(path.is_file):
                raise FileNotFoundError(key)
            yield path
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / Path(key).name
            with path.open("wb") as file:
                async for chunk in self.chunks(key, 0, await self._size(key)):
                    await asyncio.to_thread(file.write, chunk)
            yield path

    async def has(self, key: str) -> bool:
        try:
            await obstore.head_async(self._store, _checked(key))
        except FileNotFoundError:
            return False
        return True

    async def _size(self, key: str) -> int:
        return int((await obstore.head_async(self._store, _checked(key)))["size"])

    async def chunks(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        for at in range(start, end, CHUNK):
            data = await obstore.get_range_async(
                self._store, _checked(key), start=at, end=min(at + CHUNK, end)
            )
            yield bytes(data)

    async def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            try:
                await obstore.delete_async(self._store, _checked(key))
            except FileNotFoundError:
                continue


def _checked(key: str) -> str:
    """Keys are ours, but they end in file names: nothing may climb out of the folder."""
    if not _KEY.match(key) or any(part in (".", "..") for part in key.split("/")):
        raise ValueError("not a key of the file store")
    return key


def open_files(url: str) -> ObjectFiles:
    """The store behind `file:///folder`, a plain path or `s3://bucket/prefix`.

    A bucket's keys come from the environment (AWS_ACCESS_KEY_ID …), never from the URL.
    """
    parsed = urlparse(url)
    if parsed.scheme in ("", "file"):
        folder = Path(unquote(parsed.path) if parsed.scheme else url)
        folder.mkdir(parents=True, exist_ok=True)
        return ObjectFiles(LocalStore(folder), folder)
    try:
        return ObjectFiles(from_url(url), None)
    except (ValueError, obstore.exceptions.BaseError):
        problem = "AUDIO_URL must be a folder or a bucket such as s3://bucket/prefix."
        raise ConfigurationError(problem=problem) from None
