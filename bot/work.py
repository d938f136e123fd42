"""What a job does, step by step, free of any engine: read a document, speak a chapter.

Each job has a slow step that may run twice without harm, and a quick one that keeps its outcome in
one transaction. What lies between is small and JSON, so that an engine can remember it.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from bot.ports import FileStore, Library, cover_key, pdf_key, reading_key
from pipeline.domain import Chapter, Document, Narration, Track, from_json, to_json
from pipeline.errors import ChildDied, DamagedPdf, DiskFull, NoVoice, SpeechFailed, UserError

log = structlog.get_logger()
READ_TRIES = SPEAK_TRIES = 3
FIRST_PAUSE_S, DISK_PAUSE_S = 0.5, 15.0


class Producing(Protocol):
    """What the pipeline does for a job (`pipeline.producer.Producer`)."""

    async def read(
        self,
        path: Path,
        *,
        max_pages: int,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> Document: ...

    async def speak(
        self,
        document: Document,
        chapter: Chapter,
        narration: Narration,
        out: Path,
        cover: Path | None,
    ) -> Track: ...

    async def cover(self, pdf: Path, out: Path) -> bool: ...

    def narration_for(self, document: Document, wanted: Narration) -> Narration: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOutcome:
    """A reading that lies in the file store, or why there is none."""

    document: str
    failure_kind: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakOutcome:
    """A track that lies in the file store, or None: it could not be spoken."""

    document: str
    chapter: int
    narration: Narration
    track: Track | None = None


class Work:
    def __init__(
        self, *, library: Library, files: FileStore, producer: Producing, max_pages: int
    ) -> None:
        self._library = library
        self._files = files
        self._producer = producer
        self._max_pages = max_pages

    # --- read a document ------------------------------------------------------------------------

    async def read(self, document: str) -> ReadOutcome:
        """Slow. Leaves the reading in the file store."""
        await self._library.mark_reading(document)
        try:
            async with self._files.local(pdf_key(document)) as pdf:
                reading = await self._patiently_read(pdf)
                await self._patiently_put(reading_key(document), to_json(reading))
                await self._make_cover(document, pdf)
        except UserError as err:
            log.info("document not read", document=document[:12], kind=err.kind)
            return ReadOutcome(document=document, failure_kind=err.kind, failure=str(err))
        except FileNotFoundError:
            return ReadOutcome(document=document)  # deleted meanwhile
        log.info("document read", document=document[:12], chapters=len(reading.chapters))
        return ReadOutcome(document=document)

    async def _patiently_read(self, pdf: Path) -> Document:
        for attempt in range(READ_TRIES):
            try:
                return await self._producer.read(pdf, max_pages=self._max_pages)
            except ChildDied:
                await asyncio.sleep(FIRST_PAUSE_S * 2**attempt)
        raise DamagedPdf

    async def _make_cover(self, document: str, pdf: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            cover = Path(folder) / "cover.jpg"
            if await self._producer.cover(pdf, cover):
                await self._files.put(cover_key(document), cover)

    async def keep_reading(
        self, library: Library, outcome: ReadOutcome, wanted: Narration
    ) -> list[int]:
        """Quick, inside one transaction. Returns the chapters to be spoken, in order.

        The narration that was wished before the language was known is exchanged for one that
        speaks it."""
        document = outcome.document
        if outcome.failure_kind:
            await library.save_failure(
                document, kind=outcome.failure_kind, sentence=outcome.failure
            )
            return []
        reading = await self.reading(document)
        if reading is None:
            return []
        try:
            narration = self._producer.narration_for(reading, wanted)
        except NoVoice as err:
            await library.save_failure(document, kind=err.kind, sentence=str(err))
            return []
        await library.save_reading(reading)
        if narration != wanted:
            await library.renarrate(document, wanted, narration)
        return [chapter.number for chapter in reading.chapters]

    async def reading(self, document: str) -> Document | None:
        """What `read` left in the file store."""
        try:
            async with self._files.local(reading_key(document)) as path:
                return from_json(Document, await asyncio.to_thread(path.read_bytes))
        except FileNotFoundError:
            return None

    # --- speak a chapter ------------------------------------------------------------------------

    async def speak(self, document: str, chapter: int, narration: Narration) -> SpeakOutcome:
        """Slow. Leaves the track in the file store; one that exists is not made again."""
        done = await self._library.track(document, chapter, narration)
        if done is None:
            done = await self._spoken(document, chapter, narration)
        return SpeakOutcome(document=document, chapter=chapter, narration=narration, track=done)

    async def _spoken(self, document: str, number: int, narration: Narration) -> Track | None:
        holding = await self._library.holding(document)
        chapter = await self._library.chapter(document, number)
        if holding is None or holding.document is None or chapter is None:
            return None  # deleted meanwhile
        tries = 0
        while tries < SPEAK_TRIES:
            try:
                return await self._make_track(holding.document, chapter, narration)
            except DiskFull:  # the operator's to clear; the chapter waits instead of failing
                log.error("disk full", document=document[:12], chapter=number)
                await asyncio.sleep(DISK_PAUSE_S)
            except (SpeechFailed, ChildDied) as err:
                log.warning("chapter not spoken", chapter=number, reason=type(err).__name__)
                await asyncio.sleep(FIRST_PAUSE_S * 2**tries)
                tries += 1
        return None

    async def _make_track(
        self, document: Document, chapter: Chapter, narration: Narration
    ) -> Track:
        with tempfile.TemporaryDirectory() as folder:
            out, cover = Path(folder) / "track.mp3", Path(folder) / "cover.jpg"
            has_cover = await self._fetched(cover_key(document.id), cover)
            track = await self._producer.speak(
                document, chapter, narration, out, cover if has_cover else None
            )
            await self._files.put(track.key, out)
        log.info("track ready", chapter=chapter.number, seconds=round(track.seconds))
        return track

    async def _fetched(self, key: str, path: Path) -> bool:
        try:
            async with self._files.local(key) as found:
                await asyncio.to_thread(path.write_bytes, found.read_bytes())
        except FileNotFoundError:
            return False
        return True

    async def keep_track(self, library: Library, outcome: SpeakOutcome) -> None:
        """Quick, inside one transaction: the track, and with it all that is owed because of it."""
        if outcome.track is not None:
            await library.save_track(outcome.track)
        else:
            await library.save_track_failure(outcome.document, outcome.chapter, outcome.narration)

    async def _patiently_put(self, key: str, data: bytes) -> None:
        """Store bytes; a full disk is waited for."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "data"
            await asyncio.to_thread(path.write_bytes, data)
            while True:
                try:
                    await self._files.put(key, path)
                except DiskFull:
                    log.error("disk full", key=key[:24])
                    await asyncio.sleep(DISK_PAUSE_S)
                else:
                    return
