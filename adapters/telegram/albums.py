"""Which albums are meant for us: one of their messages carries the words, often the last."""

from __future__ import annotations

import asyncio
import time

PATIENCE_S = 1.0  # Telegram sends the messages of an album together
REMEMBERED = 200


class _Album:
    def __init__(self) -> None:
        self.patience_ends = time.monotonic() + PATIENCE_S
        self.is_ours = asyncio.Event()


class Albums:
    """`address` as soon as a message of an album comes that is for us; `is_ours` waits for it."""

    def __init__(self) -> None:
        self._albums: dict[str, _Album] = {}

    def address(self, album: str) -> None:
        self._found(album).is_ours.set()

    async def is_ours(self, album: str) -> bool:
        """As soon as it is known; nobody waits long, and for one album only once."""
        found = self._found(album)
        try:
            async with asyncio.timeout(max(0.0, found.patience_ends - time.monotonic())):
                await found.is_ours.wait()
        except TimeoutError:
            pass
        return found.is_ours.is_set()

    def _found(self, album: str) -> _Album:
        if album not in self._albums:
            self._albums[album] = _Album()
            if len(self._albums) > REMEMBERED:
                del self._albums[next(iter(self._albums))]
        return self._albums[album]
