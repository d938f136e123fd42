"""A document's chapters as files to keep: MP3s in a ZIP, or one audiobook."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, ExitStack, suppress
from pathlib import Path

import structlog

from bot.commands import Command, Section
from bot.domain import Progress, Sender
from bot.handlers.documents import ready_of
from bot.handlers.offers import Offer, Tap
from bot.handlers.replies import Replies
from bot.ports import ChatError, FileStore, Library
from bot.presenters.buttons import button
from bot.presenters.lines import filename, slug
from bot.presenters.shelf_views import choice_view
from bot.views import Verb
from bot.words import messages, words_in
from bot.work.covers import Covers
from bot.work.mending import Mending
from pipeline.audio.audiobook import Part, whole_tags
from pipeline.audio.exports import Exported, audiobook_parts, zip_parts
from pipeline.audio.ffmpeg import ffmpeg_is_installed
from pipeline.audio.mp3 import RATE
from pipeline.domain import Chapter, Track, is_extra
from pipeline.errors import ListenDockError

log = structlog.get_logger()
AS_ZIP, AS_AUDIOBOOK = 1, 2

Ready = Sequence[tuple[Chapter, Track, Path]]


class _Gone(Exception):
    """Files of chapters that rows promise."""


class ExportHandler:
    """Packs beside the conversation, one document at a time. Nobody is owed an export: a program
    that stops in between leaves nothing behind, and the listener asks again."""

    def __init__(
        self,
        *,
        library: Library,
        files: FileStore,
        replies: Replies,
        mending: Mending,
        covers: Covers,
    ) -> None:
        self._mending = mending
        self._covers = covers
        self._library = library
        self._files = files
        self._replies = replies
        self._packing: set[asyncio.Task[None]] = set()
        self._busy: set[str] = set()  # listeners for whom something is packed
        self._turn = asyncio.Lock()

    @property
    def offers(self) -> tuple[Offer, ...]:
        return (
            Offer(
                verb=Verb.EXPORT,
                on_tap=self._export,
                command=Command(name="export", section=Section.KEEPING, text=messages.MENU_EXPORT),
                on_command=self._on_export,
            ),
        )

    async def close(self) -> None:
        packing = list(self._packing)
        for task in packing:
            task.cancel()
        await asyncio.gather(*packing, return_exceptions=True)

    # --- asking ---------------------------------------------------------------------------------

    async def _on_export(self, sender: Sender, argument: str) -> None:
        if sender.is_among_others:
            await self._replies.say(sender, messages.IN_PRIVATE_ONLY)
            return
        if not self._replies.platform_of(sender).carries_files:
            await self._replies.say(sender, messages.EXPORT_ON_PAGE)
            return
        shelf = [one for one in await self._library.shelf(sender.listener.id) if one.ready]
        words = words_in(sender.listener.language)
        view = choice_view(words, shelf, messages.EXPORT_WHICH, Verb.EXPORT)
        await self._replies.show(sender, view)

    async def _export(self, tap: Tap) -> None:
        if tap.sender.is_among_others:
            await self._replies.say(tap.sender, messages.IN_PRIVATE_ONLY)
        elif not self._replies.platform_of(tap.sender).carries_files:
            await self._replies.say(tap.sender, messages.EXPORT_ON_PAGE)
        elif not tap.progress.ready:
            await self._replies.say(tap.sender, messages.EXPORT_NOTHING, title=tap.progress.title)
        elif tap.number not in _ways():
            await self._ask(tap)
        elif tap.listener.id in self._busy:
            await self._replies.say(tap.sender, messages.EXPORT_BUSY)
        else:
            await self._start(tap)

    async def _ask(self, tap: Tap) -> None:
        row = tuple(
            button(tap.words, Verb.EXPORT, tap.progress, way, label=label)
            for way, label in _ways().items()
        )
        await self._replies.say(
            tap.sender,
            messages.EXPORT_AS,
            buttons=(row,),
            title=tap.progress.title,
            ready=tap.progress.ready,
            total=len(tap.progress.chapters),
        )

    # --- packing --------------------------------------------------------------------------------

    async def _start(self, tap: Tap) -> None:
        self._busy.add(tap.listener.id)  # at once: a second tap comes while this is answered
        with ExitStack() as unless_told:
            unless_told.callback(self._busy.discard, tap.listener.id)
            notice = await self._replies.say(
                tap.sender,
                messages.EXPORTING,
                message=tap.message or None,
                title=tap.progress.title,
            )
            unless_told.pop_all()
        task = asyncio.create_task(self._pack(tap, notice))
        self._packing.add(task)
        task.add_done_callback(self._packing.discard)

    async def _pack(self, tap: Tap, notice: str) -> None:
        try:
            async with self._turn:
                has_cover = await self._send_packed(tap)
            sentence = messages.EXPORT_DONE if has_cover else messages.EXPORT_WITHOUT_COVER
        except _Gone:
            sentence = messages.EXPORT_REMADE
        except (ListenDockError, ChatError, OSError, ValueError) as err:
            log.warning("export failed", document=tap.document[:12], reason=type(err).__name__)
            sentence = messages.EXPORT_FAILED
        finally:
            self._busy.discard(tap.listener.id)  # whoever is told that it is over may ask again
        with suppress(ChatError):
            await self._replies.say(tap.sender, sentence, message=notice, title=tap.progress.title)

    async def _send_packed(self, tap: Tap) -> bool:
        """Whether its picture is there, or it never had one."""
        platform = self._replies.platform_of(tap.sender)
        is_whole = tap.number == AS_AUDIOBOOK  # the MP3s of a ZIP have their pictures inside
        pack = _audiobook if is_whole else _zip
        with tempfile.TemporaryDirectory(prefix="listendock-") as folder:
            async with AsyncExitStack() as stack:
                await self._have_remade(tap)
                ready = await self._ready(stack, tap.progress)
                cover = None
                if is_whole:
                    cover = await stack.enter_async_context(self._covers.local(tap.document))
                has_picture = cover is not None or not (
                    is_whole and await self._covers.is_pdf_gone(tap.document)
                )
                work = pack(tap.progress, ready, cover, Path(folder), platform.file_limit)
                parts = await asyncio.to_thread(work)
            for part in parts:
                first, last = ready[part.first - 1][0].number, ready[part.last - 1][0].number
                caption = tap.words(
                    messages.EXPORTED, title=tap.progress.title, first=first, last=last
                )
                await self._replies.send_file(tap.sender, part.file, caption)
        return has_picture

    async def _have_remade(self, tap: Tap) -> None:
        """Chapters whose files are gone, all of them. Raises `_Gone` if there were any: a file with
        gaps would be taken for the whole."""
        gone = [
            track
            for track in await self._mending.gone_of(tap.document)
            if track.narration == tap.progress.narration and not is_extra(track.chapter)
        ]
        for track in gone:
            await self._mending.remake(track, tap.listener.id)
        if gone:
            raise _Gone

    async def _ready(self, stack: AsyncExitStack, progress: Progress) -> Ready:
        """Chapters whose tracks are there, in order, on this machine while the stack is open."""
        found = []
        for chapter in progress.chapters:
            if chapter.number not in ready_of(progress):
                continue
            track = await self._library.track(
                progress.holding.id, chapter.number, progress.narration
            )
            if track is not None:
                file = await stack.enter_async_context(self._files.local(track.key))
                found.append((chapter, track, file))
        return found


def _ways() -> dict[int, str]:
    """The kinds of file that can be made here; a button may be older than this installation."""
    ways = {AS_ZIP: messages.BUTTON_ZIP}
    if ffmpeg_is_installed():
        ways[AS_AUDIOBOOK] = messages.BUTTON_AUDIOBOOK
    return ways


def _zip(
    progress: Progress, ready: Ready, cover: Path | None, folder: Path, limit: int
) -> Callable[[], list[Exported]]:
    tracks = [file for _, _, file in ready]
    names = [filename(chapter) for chapter, _, _ in ready]
    return lambda: zip_parts(tracks, names, folder, slug(progress.title), limit=limit)


def _audiobook(
    progress: Progress, ready: Ready, cover: Path | None, folder: Path, limit: int
) -> Callable[[], list[Exported]]:
    document = progress.holding.document
    assert document is not None  # it has tracks
    parts = [
        Part(file=file, title=chapter.shown_title, samples=round(track.seconds * RATE))
        for chapter, track, file in ready
    ]
    tags = whole_tags(document, progress.narration, cover)
    return lambda: audiobook_parts(parts, folder, slug(progress.title), tags, limit=limit)
