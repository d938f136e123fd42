"""The first chapter, spoken from a draft while the layout model is still asked.

What is said of a draft's first chapter nearly always stays (nine papers of eleven, to the letter):
then its sound is there when the chapters are. Otherwise it is thrown away. Nothing depends on it.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Protocol

import structlog

from pipeline.domain import Chapter, Document, Narration, Telling, Track

log = structlog.get_logger()
KEPT_S = 600.0  # its job may stand in line behind other documents
MOST = 8  # documents
SOUND = "track.mp3"

# Of a document; None: it has none.
CoverOf = Callable[[], Awaitable[Path | None]]


class Speaking(Protocol):
    """What the pipeline does for it (`pipeline.producer.Producer`)."""

    def has_room_for(self, narration: Narration) -> bool: ...

    async def speak(
        self,
        document: Document,
        chapter: Chapter,
        narration: Narration,
        out: Path,
        cover: Path | None,
        telling: Telling | None = None,
    ) -> Track: ...


@dataclass(slots=True)
class _Begun:
    draft: Document
    narration: Narration
    folder: Path
    speaking: asyncio.Task[Track | None]

    def is_of(self, document: Document, chapter: Chapter) -> bool:
        """Whether the very same would be said, and written into the file beside it."""
        heads = [
            (one.title, one.authors, one.pages, one.language, len(one.chapters))
            for one in (self.draft, document)
        ]
        spoken = [
            (one.full_title, one.page, one.passages) for one in (self.draft.chapters[0], chapter)
        ]
        return heads[0] == heads[1] and spoken[0] == spoken[1]

    def end(self) -> None:
        """The folder goes when nobody writes into it any more."""
        self.speaking.cancel()
        self.speaking.add_done_callback(lambda _: shutil.rmtree(self.folder, ignore_errors=True))


class EarlyTracks:
    """Those of one process: a chapter whose job another takes is spoken there once more."""

    def __init__(self, producer: Speaking) -> None:
        self._producer = producer
        self._begun: dict[str, _Begun] = {}

    def begin(self, draft: Document, narration: Narration, cover_of: CoverOf) -> None:
        """Where a voice of ours has nothing else to do: nobody's chapter waits for one that may be
        in vain. `draft`: with the passages of its first chapter."""
        first = draft.chapters[0] if draft.chapters else None
        if first is None or not first.passages or not self._producer.has_room_for(narration):
            return
        self.drop(draft.id)
        while len(self._begun) >= MOST:
            self.drop(next(iter(self._begun)))
        folder = Path(mkdtemp(prefix="listendock-early-"))
        speaking = asyncio.create_task(self._speak(draft, narration, folder / SOUND, cover_of))
        self._begun[draft.id] = _Begun(draft, narration, folder, speaking)
        asyncio.get_running_loop().call_later(KEPT_S, self._drop_if_still, draft.id, speaking)

    async def _speak(
        self, draft: Document, narration: Narration, out: Path, cover_of: CoverOf
    ) -> Track | None:
        try:
            cover = await cover_of()
            return await self._producer.speak(draft, draft.chapters[0], narration, out, cover)
        except Exception as err:  # noqa: BLE001 - whatever it is, its job will find out more
            log.info("not spoken early", reason=type(err).__name__)
            return None

    async def take(
        self, document: Document, chapter: Chapter, narration: Narration, out: Path
    ) -> Track | None:
        """The track, its sound moved to `out`; waits while it is being spoken. None: there is none
        that says just this."""
        begun = self._begun.get(document.id)
        if begun is None or chapter.number != 1 or narration != begun.narration:
            return None
        del self._begun[document.id]
        try:
            if not begun.is_of(document, chapter):
                log.info("spoken early in vain", document=document.id[:12])
                return None
            await asyncio.wait({begun.speaking})
            track = None if begun.speaking.cancelled() else begun.speaking.result()
            if track is not None:
                await asyncio.to_thread(shutil.move, begun.folder / SOUND, out)
            return track
        finally:
            begun.end()

    def drop(self, document: str) -> None:
        """Nothing came of its reading, or it is gone."""
        if begun := self._begun.pop(document, None):
            begun.end()

    def _drop_if_still(self, document: str, speaking: asyncio.Task[Track | None]) -> None:
        begun = self._begun.get(document)
        if begun is not None and begun.speaking is speaking:
            self.drop(document)
