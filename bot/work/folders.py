"""The folder of files that each document has in the store: PDF, cover, reading, tracks."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import structlog

from bot.ports import FileStore, Library, reading_key
from pipeline.domain import Document, document_folder, from_json
from pipeline.errors import DiskFull

log = structlog.get_logger()
DISK_PAUSE_S = 15.0


class Folders:
    def __init__(self, library: Library, files: FileStore) -> None:
        self._library = library
        self._files = files

    async def put(self, document: str, key: str, source: Path) -> None:
        """Store a file. Of a document that was deleted meanwhile nothing stays behind, even if who
        calls is cancelled because of that very deletion. Raises `DiskFull`."""
        await _to_its_end(self._put_or_clear(document, key, source))

    async def _put_or_clear(self, document: str, key: str, source: Path) -> None:
        await self._files.put(key, source)
        if await self._library.holding(document) is None:
            await self._files.delete_under(document_folder(document))

    async def patiently_put(self, document: str, key: str, source: Path) -> None:
        """Store a file; a full disk is waited for."""
        while True:
            try:
                await self.put(document, key, source)
            except DiskFull:
                log.error("disk full", document=document[:12])
                await asyncio.sleep(DISK_PAUSE_S)
            else:
                return

    async def reading(self, document: str) -> Document | None:
        """What was read of it; None if there is nothing (any more), or not all of it."""
        try:
            async with self._files.local(reading_key(document)) as path:
                data = await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            return None
        try:
            return await asyncio.to_thread(from_json, Document, data)
        except ValueError:  # the disk's doing: we store it whole
            log.error("reading damaged", document=document[:12])
            return None


async def _to_its_end(doing: Coroutine[Any, Any, None]) -> None:
    """Await it; a cancellation is let through when it is done."""
    task = asyncio.ensure_future(doing)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
