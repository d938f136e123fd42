"""What a job does, step by step, free of any engine: read a document, speak a chapter.

Each job has a slow step that may run twice without harm, and a quick one that keeps its outcome in
one transaction. What lies between is small and JSON, so that an engine can remember it.
"""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import structlog

from bot.domain import LONG_S, Progress, ShelfEntry, Stage, Unfinished
from bot.ports import FileStore, Library, pdf_key, reading_key
from bot.quota import UNLIMITED, Quota
from bot.words import messages
from bot.work.covers import Covers
from bot.work.early import CoverOf, EarlyTracks, Speaking
from bot.work.folders import DISK_PAUSE_S, Folders
from bot.work.outages import patient
from bot.work.tellings import Tellings
from pipeline.domain import EDITION, Chapter, Document, Mode, Narration, Track, to_json
from pipeline.errors import (
    ChildDied,
    DamagedPdf,
    DiskFull,
    ListenDockError,
    NotTranslated,
    SpeechFailed,
    UserError,
)

log = structlog.get_logger()
READ_TRIES = SPEAK_TRIES = 3
FIRST_PAUSE_S = 0.5
TELL_S = 2.0  # between two notes of how far a reading is
ANY_VOICE = Narration(voice="")

OnProgress = Callable[[int, int], None]
OnDraft = Callable[[Document], Awaitable[None]]


class Pipeline(Speaking, Protocol):
    """What the pipeline does for a job (`pipeline.producer.Producer`)."""

    async def read(
        self,
        path: Path,
        *,
        max_pages: int,
        on_progress: OnProgress | None = None,
        on_draft: OnDraft | None = None,
    ) -> Document: ...

    async def cover(self, pdf: Path, out: Path) -> bool: ...

    def narration_for(self, document: Document, wanted: Narration) -> Narration: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOutcome:
    """A reading that lies in the file store, or why there is none."""

    document: str
    failure_kind: str = ""
    failure: str = ""
    failure_facts: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakOutcome:
    """A track that lies in the file store, or None: it could not be spoken."""

    document: str
    chapter: int
    narration: Narration
    track: Track | None = None


class Work:
    """`tellings` None: every chapter is told in its own words. `covers`: those of the whole
    process, where others draw too. `quota`: how much is made for a
    listener unasked, and when they ask. `on_change`: called when cards may have to be edited
    though no job has ended."""

    def __init__(
        self,
        *,
        library: Library,
        files: FileStore,
        producer: Pipeline,
        max_pages: int,
        tellings: Tellings | None = None,
        covers: Covers | None = None,
        quota: Quota = UNLIMITED,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._library = library = patient(library)
        self._on_change = on_change
        self._quota = quota
        self._files = files
        self._folders = Folders(library, files)
        self._covers = covers or Covers(library=library, files=files, producer=producer)
        self._producer = producer
        self._early = EarlyTracks(producer)
        self._tellings = tellings or Tellings(library=library, teller=None)
        self._max_pages = max_pages

    # --- read a document ------------------------------------------------------------------------

    async def read(self, document: str, *, is_again: bool = False) -> ReadOutcome:
        """Slow. Leaves the reading in the file store; one that exists is not made again.
        `is_again`: an earlier version read it."""
        try:
            await self._read(document, is_again=is_again)
        except UserError as err:
            log.info("document not read", document=document[:12], kind=err.kind)
            return _failed(document, err.kind, err.sentence, err.facts)
        except Exception as err:  # noqa: BLE001 - around a job: the others go on
            facts: dict[str, str | int] = {"reference": _noted(err, document)}
            return _failed(document, ListenDockError.kind, messages.INTERNAL, facts)
        return ReadOutcome(document=document)

    async def _read(self, document: str, *, is_again: bool) -> None:
        holding = await self._library.holding(document)
        is_due = is_again and holding is not None and holding.is_outdated
        if holding is None or (holding.stage is Stage.READ and not is_due):
            return  # deleted meanwhile, or a second call that came late
        await self._library.mark_reading(document)
        self._on_change()
        found = await self._folders.reading(document)
        if found is not None and found.edition >= EDITION:
            return  # a program was killed right after it
        try:
            async with self._files.local(pdf_key(document)) as pdf:
                if (await asyncio.to_thread(pdf.stat)).st_size < holding.size:
                    raise messages.PdfLost
                await self._make_reading(document, pdf)
        except FileNotFoundError:
            if await self._library.holding(document) is not None:
                raise messages.PdfLost from None

    async def _make_reading(self, document: str, pdf: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            cover, data = Path(folder) / "cover.jpg", Path(folder) / "reading.json"
            async with self._drawing(pdf, cover) as has_cover:

                async def cover_of() -> Path | None:
                    return cover if await asyncio.shield(has_cover) else None

                async with self._noting_progress(document) as on_progress:
                    try:
                        reading = await self._read_patiently(document, pdf, on_progress, cover_of)
                    except BaseException:
                        self._early.drop(document)
                        raise
                self._producer.narration_for(reading, ANY_VOICE)  # raises NoVoice
                with suppress(DiskFull):
                    await self._covers.keep(document, cover if await has_cover else None)
            known = replace(
                reading, id=document
            )  # by the name it was received under, come what may
            await asyncio.to_thread(lambda: data.write_bytes(to_json(known)))
            await self._folders.patiently_put(document, reading_key(document), data)
        log.info("document read", document=document[:12], chapters=len(reading.chapters))

    @asynccontextmanager
    async def _drawing(self, pdf: Path, out: Path) -> AsyncIterator[asyncio.Task[bool]]:
        """The cover, while another child reads; what comes of it is of no use when that fails."""
        drawing = asyncio.ensure_future(self._producer.cover(pdf, out))
        try:
            yield drawing
        finally:
            drawing.cancel()
            await asyncio.gather(drawing, return_exceptions=True)

    async def _read_patiently(
        self, document: str, pdf: Path, on_progress: OnProgress, cover_of: CoverOf
    ) -> Document:
        async def on_draft(draft: Document) -> None:
            known = replace(draft, id=document, omissions=())  # no card tells them
            heads = tuple(replace(chapter, passages=()) for chapter in draft.chapters)
            await self._library.save_draft(replace(known, chapters=heads))
            self._on_change()
            await self._speak_early(known, cover_of)

        for attempt in range(READ_TRIES):
            try:
                return await self._producer.read(
                    pdf, max_pages=self._max_pages, on_progress=on_progress, on_draft=on_draft
                )
            except ChildDied:
                await asyncio.sleep(FIRST_PAUSE_S * 2**attempt)
        raise DamagedPdf

    async def _speak_early(self, draft: Document, cover_of: CoverOf) -> None:
        """For who forwarded it first, if it will be spoken for them unasked."""
        for entry in await self._library.listeners_of(draft.id):
            if entry.is_stopped or sum(c.seconds for c in draft.chapters) > LONG_S:
                continue
            if await self._quota.full_day_s(self._library, entry.listener):
                continue
            with suppress(UserError):  # no voice speaks it: that is told when it is read
                narration = self._producer.narration_for(draft, entry.narration)
                if narration.mode is Mode.ORIGINAL:
                    self._early.begin(draft, narration, cover_of)
            return

    @asynccontextmanager
    async def _noting_progress(self, document: str) -> AsyncIterator[OnProgress]:
        """Every few seconds, while the block runs, note how far the reading is. Not with every
        page: that would be a write for each."""
        share = 0.0

        def on_progress(done: int, total: int) -> None:
            nonlocal share
            share = min(1.0, done / max(1, total))

        async def tell() -> None:
            told = share
            while True:
                await asyncio.sleep(TELL_S)
                if share != told:
                    told = share
                    await self._library.save_read_share(document, told)
                    self._on_change()

        telling = asyncio.create_task(tell())
        try:
            yield on_progress
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    async def keep_reading(self, library: Library, outcome: ReadOutcome) -> list[Unfinished]:
        """Quick, inside one transaction. Returns what is to be spoken, and for whom.

        What was wished before the language was known is exchanged for a narration that speaks it.
        """
        document = outcome.document
        if outcome.failure_kind:
            await library.save_failure(
                document,
                kind=outcome.failure_kind,
                sentence=outcome.failure,
                facts=outcome.failure_facts,
            )
            return []
        reading = await self._folders.reading(document)
        if reading is None:
            return []  # deleted meanwhile
        await library.save_reading(reading)  # first: who shelves from now on finds it read
        wanted: list[Unfinished] = []
        for entry in await library.listeners_of(document):
            narration = self._producer.narration_for(reading, entry.narration)
            if narration != entry.narration:
                await library.renarrate(document, entry.narration, narration)
            if not entry.is_stopped:
                coming = {n for one in wanted if one.narration == narration for n in one.chapters}
                wanted.append(await self._allot(library, entry, narration, coming))
        return [one for one in wanted if one.chapters]

    async def renew_reading(self, library: Library, outcome: ReadOutcome) -> None:
        """Quick, inside one transaction: what a second reading keeps and the first did not."""
        holding = await library.holding(outcome.document)
        if holding is not None and holding.is_outdated:
            has_failed = bool(outcome.failure_kind)
            again = None if has_failed else await self._folders.reading(outcome.document)
            await library.renew_reading(outcome.document, again)

    async def _allot(
        self, library: Library, entry: ShelfEntry, narration: Narration, coming: set[int]
    ) -> Unfinished:
        """What is made for one listener without being asked for: nothing of what is long, and no
        more than their day allows. The rest waits, and so does its card. `coming`: chapters that
        are made for somebody else."""
        document, listener = entry.document, entry.listener
        progress = await library.progress(listener, document)
        missing = [n for n in _missing(progress) if n not in coming]
        granted: list[int] = []
        if progress is not None and progress.seconds <= LONG_S:
            granted = await self._quota.charge(library, listener, progress, missing)
        if len(granted) < len(missing):
            await library.stop(listener, document)
        return Unfinished(
            document=document, listener=listener, narration=narration, chapters=tuple(granted)
        )

    # --- speak a chapter ------------------------------------------------------------------------

    async def speak(self, document: str, chapter: int, narration: Narration) -> SpeakOutcome:
        """Slow. Leaves the track in the file store; one that exists is not made again."""
        try:
            track = await self._library.track(document, chapter, narration)
            if track is None:
                track = await self._speak_into(document, chapter, narration)
        except Exception as err:  # noqa: BLE001 - around a job: the others go on
            _noted(err, document, chapter=chapter)
            track = None
        return SpeakOutcome(document=document, chapter=chapter, narration=narration, track=track)

    async def _speak_into(self, document: str, number: int, narration: Narration) -> Track | None:
        holding = await self._library.holding(document)
        chapter = await self._library.chapter(document, number)
        if holding is None or holding.document is None or chapter is None:
            return None  # deleted meanwhile
        tries = 0
        while tries < SPEAK_TRIES:
            try:
                return await self._make_track(holding.document, chapter, narration)
            except NotTranslated:  # what could be asked was asked, patiently, before
                log.warning("chapter not translated", document=document[:12], chapter=number)
                return None
            except DiskFull:  # the operator's to clear; the chapter waits instead of failing
                log.error("disk full", document=document[:12], chapter=number)
                await asyncio.sleep(DISK_PAUSE_S)
            except (SpeechFailed, ChildDied, OSError) as err:
                log.warning("chapter not spoken", chapter=number, reason=type(err).__name__)
                await asyncio.sleep(FIRST_PAUSE_S * 2**tries)
                tries += 1
        return None

    async def _make_track(
        self, document: Document, chapter: Chapter, narration: Narration
    ) -> Track:
        telling = await self._tellings.find_telling(document, chapter, narration)
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "track.mp3"
            track = None
            if telling is None:
                track = await self._early.take(document, chapter, narration, out)
            if track is None:
                async with self._covers.local(document.id) as cover:
                    track = await self._producer.speak(
                        document, chapter, narration, out, cover, telling
                    )
            await self._folders.put(document.id, track.key, out)
        log.info("track ready", chapter=chapter.number, seconds=round(track.seconds))
        return track

    async def keep_track(self, library: Library, outcome: SpeakOutcome) -> None:
        """Quick, inside one transaction: the track, and with it all that is owed because of it."""
        if outcome.track is not None:
            await library.save_track(outcome.track)
        else:
            await library.save_track_failure(outcome.document, outcome.chapter, outcome.narration)


def _failed(document: str, kind: str, sentence: str, facts: dict[str, str | int]) -> ReadOutcome:
    return ReadOutcome(
        document=document, failure_kind=kind, failure=sentence.format(**facts), failure_facts=facts
    )


def _missing(progress: Progress | None) -> list[int]:
    """The chapters that no track answers."""
    if progress is None:
        return []
    return [c.number for c in progress.chapters if c.number not in progress.tracks]


def _noted(err: Exception, document: str, **facts: int) -> str:
    """Log an error that nobody foresaw, without its text, which may be the document's. Returns the
    reference that a listener is told."""
    reference = secrets.token_hex(3)
    frames = traceback.extract_tb(err.__traceback__)[-3:]
    log.error(
        "job failed",
        reference=reference,
        document=document[:12],
        kind=type(err).__name__,
        where=[f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames],
        **facts,
    )
    return reference
