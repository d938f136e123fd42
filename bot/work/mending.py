"""What rows promise and files do not hold is made again: rows are not believed over files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import structlog

from bot.domain import Holding, Stage
from bot.ports import FileStore, Jobs, Library, cover_key, pdf_key
from bot.work.covers import Covers
from bot.work.outages import patient
from pipeline.domain import Track, document_folder

log = structlog.get_logger()
DOCUMENTS_AT_START, COVERS_AT_START = 5000, 20  # the newest; a start must not become a day's work


class Mending:
    """`jobs`: asked for when something is to be made; they may be opened after this."""

    def __init__(self, *, library: Library, files: FileStore, jobs: Callable[[], Jobs]) -> None:
        self._library = library
        self._files = files
        self._jobs = jobs

    async def is_whole(self, track: Track) -> bool:
        """Whether its file is there, all of it."""
        size = await self._files.size(track.key)
        return size is not None and size >= track.size

    async def gone_of(self, document: str) -> list[Track]:
        """Its tracks whose files are not there, or not whole: one look at its folder. Rows first:
        a file is there before its row."""
        tracks = await self._library.ready_tracks(document)
        return _gone(tracks, await self._files.sizes(document_folder(document)))

    async def remake(self, track: Track, listener: str, *, is_awaited: bool = False) -> None:
        """Its chapter is spoken once more; nobody's minutes are charged for that."""
        await self.forget(track)
        place = (track.document, track.chapter, track.narration)
        await self._jobs().speak(track.document, [track.chapter], listener, track.narration)
        if is_awaited:
            await self._jobs().hurry(*place)

    async def renew(self, holding: Holding, listener: str) -> None:
        """What an earlier version read is read again, if its file is there, for what that version
        did not keep."""
        if not holding.is_outdated:
            return
        try:
            size = await self._files.size(pdf_key(holding.id))
            if size is not None and size >= holding.size:
                await self._jobs().read_again(holding.id, listener)
        except Exception as err:  # noqa: BLE001 - nobody asked for it: what was asked for goes on
            log.warning("not read again", document=holding.id[:12], reason=type(err).__name__)

    async def forget(self, track: Track) -> None:
        """Whoever asks for the chapter has it made."""
        log.error("track gone", document=track.document[:12], chapter=track.chapter)
        await self._library.forget_track(track)


def _gone(tracks: Sequence[Track], sizes: Mapping[str, int]) -> list[Track]:
    return [track for track in tracks if sizes.get(track.key, -1) < track.size]


class Inspection:
    """At start, of the files of the newest documents, beside all else: their sizes only."""

    def __init__(
        self, *, library: Library, files: FileStore, covers: Covers, mending: Mending
    ) -> None:
        self._library = patient(library)
        self._files = files
        self._covers = covers
        self._mending = mending
        self._covers_left = COVERS_AT_START

    async def run(self) -> None:
        """Once. What is gone is made again."""
        gone = 0
        for document in await self._library.newest_documents(DOCUMENTS_AT_START):
            try:
                tracks = await self._library.ready_tracks(document)  # their files came before
                sizes = await self._files.sizes(document_folder(document))
                gone += await self._have_remade(document, _gone(tracks, sizes))
                await self._inspect_cover(document, sizes)
            except Exception as err:  # noqa: BLE001 - one that cannot be looked at hides no other
                log.warning("document not inspected", reason=type(err).__name__)
        if gone:
            log.warning("tracks to be made again", count=gone)

    async def _have_remade(self, document: str, gone: Sequence[Track]) -> int:
        entries = await self._library.listeners_of(document) if gone else ()
        wanting = {e.narration.key: e.listener for e in reversed(entries) if not e.is_stopped}
        for track in gone:
            listener = wanting.get(track.narration.key)
            if listener is None:
                await self._mending.forget(track)
            else:
                await self._mending.remake(track, listener)
        return len(gone)

    async def _inspect_cover(self, document: str, sizes: Mapping[str, int]) -> None:
        """Its picture; and a PDF that is gone is told, for only whoever has it can mend that."""
        holding = await self._library.holding(document)
        if holding is None or holding.stage is not Stage.READ:
            return
        if sizes.get(pdf_key(document), -1) < holding.size:
            log.warning("pdf gone", document=document[:12])
        elif not sizes.get(cover_key(document)) and self._covers_left:
            self._covers_left -= 1
            await self._covers.draw(document)
