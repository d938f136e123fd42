"""What lies behind addresses, in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from bot.words.messages import LinkNotFound, LinkTooLarge
from pipeline.errors import ListenDockError

MEGABYTE = 1024 * 1024


class MemoryLinks:
    """`behind` has a name and bytes for an address, or the error to raise; `asked` is all that
    was asked for, `askers` by whom. What is not there is not found."""

    def __init__(
        self, behind: Mapping[str, tuple[str, bytes] | ListenDockError] | None = None
    ) -> None:
        self.behind = dict(behind or {})
        self.asked: list[str] = []
        self.askers: list[str] = []

    async def fetch(self, address: str, into: Path, *, limit: int, listener: str) -> str:
        self.asked.append(address)
        self.askers.append(listener)
        found = self.behind.get(address, LinkNotFound())
        if isinstance(found, ListenDockError):
            raise found
        name, data = found
        if len(data) > limit:
            raise LinkTooLarge(limit=limit // MEGABYTE)
        await asyncio.to_thread(into.write_bytes, data)
        return name
