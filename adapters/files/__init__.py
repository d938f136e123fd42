"""Files by key in a folder of this machine, and which store a URL names.

The folder is our own doing, in a few lines: obstore's would not flush a file before its row is
written, and tells a full disk only in prose.
"""

from __future__ import annotations

import asyncio
import errno
import importlib.util
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO
from urllib.parse import unquote, urlparse

from bot.ports import FileStore, checked_key
from pipeline.errors import ConfigurationError, DiskFull

CHUNK = 256 * 1024
INCOMING = ".incoming"  # no key begins with a dot
ABANDONED_S = 24 * 3600.0
NO_STORE = "AUDIO_URL must be a folder or a bucket such as s3://bucket/prefix."
NO_LIBRARY = "AUDIO_URL names a bucket, which needs its library: pip install 'listendock[s3]'."
RESERVE = 16 * 1024 * 1024  # left to the databases, which must note that the disk is full


class FolderFiles:
    """Files are used in place; a file appears whole and flushed, or not at all."""

    def __init__(self, folder: Path, *, reserve: int = RESERVE) -> None:
        self._folder = folder
        self._reserve = reserve
        (folder / INCOMING).mkdir(parents=True, exist_ok=True)
        _clear(folder / INCOMING)

    async def put(self, key: str, source: Path) -> None:
        await asyncio.to_thread(self._put, self._folder / checked_key(key), source)

    def _put(self, target: Path, source: Path) -> None:
        try:
            if shutil.disk_usage(self._folder).free < source.stat().st_size + self._reserve:
                raise DiskFull
            target.parent.mkdir(parents=True, exist_ok=True)
            self._copy(source, target)
        except OSError as err:
            if err.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull from err
            raise

    def _copy(self, source: Path, target: Path) -> None:
        number, name = tempfile.mkstemp(dir=self._folder / INCOMING)
        try:
            with os.fdopen(number, "wb") as copy, source.open("rb") as original:
                shutil.copyfileobj(original, copy, CHUNK)
                copy.flush()
                os.fsync(copy.fileno())
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
        _flush_folder(target.parent)

    @asynccontextmanager
    async def local(self, key: str) -> AsyncIterator[Path]:
        if not await self.has(key):
            raise FileNotFoundError(key)
        yield self._folder / key

    async def has(self, key: str) -> bool:
        return await asyncio.to_thread((self._folder / checked_key(key)).is_file)

    async def size(self, key: str) -> int | None:
        return await asyncio.to_thread(_size_of, self._folder / checked_key(key))

    async def sizes(self, folder: str) -> Mapping[str, int]:
        return await asyncio.to_thread(self._sizes, self._folder / checked_key(folder))

    def _sizes(self, folder: Path) -> dict[str, int]:
        """Of what is there: the folder may be going meanwhile."""
        found: dict[str, int] = {}
        for path in folder.rglob("*"):
            size = _size_of(path)
            if size is not None:
                found[path.relative_to(self._folder).as_posix()] = size
        return found

    async def chunks(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        path = self._folder / checked_key(key)
        file = await asyncio.to_thread(path.open, "rb")
        with file:
            for at in range(start, end, CHUNK):
                data = await asyncio.to_thread(_piece, file, at, min(at + CHUNK, end))
                if not data:
                    return
                yield data

    async def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            path = self._folder / checked_key(key)
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def delete_under(self, folder: str) -> None:
        path = self._folder / checked_key(folder)
        await asyncio.to_thread(shutil.rmtree, path, ignore_errors=True)


def _size_of(path: Path) -> int | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_size if S_ISREG(status.st_mode) else None


def _piece(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(end - start)


def _flush_folder(folder: Path) -> None:
    """A new name is durable when its folder is flushed too."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _clear(folder: Path) -> None:
    """What a killed program left half-written; what another one writes just now stays."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > ABANDONED_S:
                path.unlink()


def open_files(url: str) -> FileStore:
    """The store behind `file:///folder`, a plain path or `s3://bucket/prefix`.

    A bucket's keys come from the environment (AWS_ACCESS_KEY_ID …), never from the URL.
    """
    parsed = urlparse(url)
    if parsed.scheme not in ("", "file"):
        return _bucket(url)
    try:
        return FolderFiles(Path(unquote(parsed.path) if parsed.scheme else url))
    except OSError as err:
        raise ConfigurationError(problem=f"AUDIO_URL: {err.strerror}: {err.filename}") from err
    except ValueError:
        raise ConfigurationError(problem=NO_STORE) from None


def _bucket(url: str) -> FileStore:
    """Its library is loaded where there is one."""
    if importlib.util.find_spec("obstore") is None:
        raise ConfigurationError(problem=NO_LIBRARY)
    from adapters.files.bucket import open_bucket

    try:
        return open_bucket(url)
    except ValueError:
        raise ConfigurationError(problem=NO_STORE) from None
