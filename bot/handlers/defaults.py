"""What a listener wants of documents to come."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import Listener
from bot.ports import Library
from pipeline.domain import Narration


class Defaults:
    """`default`: the operator's, where the listener has chosen nothing."""

    def __init__(self, library: Library, default: Narration) -> None:
        self._library = library
        self._default = default

    async def of(self, listener: Listener) -> Narration:
        wanted = await self._library.preferences(listener.id)
        words = await self._library.words(listener.id)
        return replace(
            self._default,
            voice=wanted.voice or self._default.voice,
            speed=wanted.speed,
            mode=wanted.mode,
            lexicon=tuple(sorted(words.items())),
        )
