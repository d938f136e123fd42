"""A document comes, is worked on, waits, goes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol
from weakref import WeakValueDictionary

import structlog

from bot.commands import Command, Section
from bot.domain import (
    LONG_S,
    Holding,
    Listener,
    Progress,
    Sender,
    TrackStage,
)
from bot.handlers.offers import Offer, Tap
from bot.handlers.replies import Replies
from bot.ports import FileStore, Jobs, Library, pdf_key
from bot.presenters.shelf_views import choice_view, delete_question
from bot.quota import Quota
from bot.views import Verb, asking
from bot.words import messages, words_in
from pipeline.domain import Document, Narration, document_folder, is_extra
from pipeline.errors import DiskFull

log = structlog.get_logger()
SUMMED_UP = 5  # documents whose takeaways are written anew when another language is wanted
Wanted = Callable[[Listener], Awaitable[Narration]]


class NarrationChooser(Protocol):
    """What knows the voices (`pipeline.producer.Producer`)."""

    def narration_for(self, document: Document, wanted: Narration) -> Narration:
        """In the document's language, with a voice that speaks it. Raises `NoVoice`."""


class DocumentHandler:
    """`wanted_by`: how a listener wants what they send to be narrated."""

    def __init__(
        self,
        *,
        library: Library,
        files: FileStore,
        jobs: Jobs,
        producer: NarrationChooser,
        replies: Replies,
        quota: Quota,
        wanted_by: Wanted,
    ) -> None:
        self._library = library
        self._files = files
        self._jobs = jobs
        self._producer = producer
        self._replies = replies
        self._quota = quota
        self._wanted_by = wanted_by
        self._locks: MutableMapping[str, asyncio.Lock] = WeakValueDictionary()

    @property
    def offers(self) -> tuple[Offer, ...]:
        return (
            Offer(
                verb=Verb.CANCEL,
                on_tap=self._cancel,
                command=Command(name="cancel", section=Section.KEEPING, text=messages.MENU_CANCEL),
                on_command=self._on_cancel,
            ),
            Offer(verb=Verb.RESUME, on_tap=self._resume),
            Offer(
                verb=Verb.ASK_DELETE,
                on_tap=self._ask_delete,
                command=Command(name="delete", section=Section.KEEPING, text=messages.MENU_DELETE),
                on_command=self._on_delete,
            ),
            Offer(verb=Verb.DELETE, on_tap=self._delete),
        )

    # --- it comes -------------------------------------------------------------------------------

    async def take(self, sender: Sender, pdf: Path, filename: str) -> str:
        """A file came: keep it, put it on the sender's shelf, show its card, start the work.
        Returns the document's id; nothing if there is no room for it."""
        size, document = await asyncio.to_thread(_measured, pdf)
        try:
            async with self._alone_with(document):
                holding = await self._keep(document, pdf, filename, size)
                before = await self._library.progress(sender.listener.id, document)
                wanted = await self._wanted_by(sender.listener)
                await self._library.shelve(sender.listener, document, wanted)
        except DiskFull:
            log.error("no room for a document", size=size)
            await self._replies.say(sender, messages.DISK_FULL)
            return ""
        log.info("document received", document=document[:12], size=size, stage=holding.stage)
        await self._begin(sender, document, before)  # durable before anything is shown
        await self._replies.show_card(sender, document)
        return document

    async def open_shared(self, sender: Sender, document: str, narration: Narration) -> None:
        """Somebody else's document comes onto the sender's shelf. Raises `LookupError`: gone."""
        before = await self._library.progress(sender.listener.id, document)
        await self._library.shelve(sender.listener, document, narration)
        await self._begin(sender, document, before)
        await self._replies.show_card(sender, document)

    async def _keep(self, document: str, pdf: Path, filename: str, size: int) -> Holding:
        """Bytes first, then the row that promises them."""
        if await self._files.size(pdf_key(document)) != size:  # none, or not all of it
            await self._files.put(pdf_key(document), pdf)
        name = filename.strip() or "document.pdf"
        return await self._library.receive(document, filename=name, size=size)

    async def _begin(self, sender: Sender, document: str, before: Progress | None) -> None:
        """What was being made goes on; what is long, and was not chosen, waits to be chosen."""
        progress = await self._library.progress(sender.listener.id, document)
        if progress is None:
            return
        is_under_way = before is not None and before.is_working
        is_chosen = is_under_way or not progress.is_unfinished
        if progress.chapters and progress.seconds > LONG_S and not is_chosen:
            await self._library.stop(sender.listener.id, document)
            return
        await self.start(sender, document, is_charged=is_under_way)

    def _alone_with(self, document: str) -> asyncio.Lock:
        """Against a document's files going while somebody sends it anew."""
        return self._locks.setdefault(document, asyncio.Lock())

    # --- it is worked on ------------------------------------------------------------------------

    async def start(self, sender: Sender, document: str, *, is_charged: bool = False) -> None:
        """The work that is still to be done for a document on the sender's shelf, if any.
        `is_charged`: it was granted before."""
        listener = sender.listener.id
        progress = await self._library.progress(listener, document)
        if progress is None:
            return
        if progress.holding.document is None:
            await self._jobs.read(document, listener)
            return
        progress = await self._in_its_language(progress, progress.holding.document, listener)
        missing = [c.number for c in progress.chapters if c.number not in ready_of(progress)]
        missing += sorted(
            number
            for number in progress.awaited
            if is_extra(number) and progress.stage_of(number) is not TrackStage.READY
        )
        await self.speak(sender, progress, missing, is_charged=is_charged)
        await self._sum_up(listener, progress)

    async def sum_up_newest(self, sender: Sender) -> None:
        """The listener wants takeaways in another language: those of their newest documents."""
        for progress in (await self._library.shelf(sender.listener.id))[:SUMMED_UP]:
            await self._sum_up(sender.listener.id, progress)

    async def _sum_up(self, listener: str, progress: Progress) -> None:
        """Unless that is done, or the document is in the wanted language."""
        document = progress.holding.document
        wanted = (await self._library.preferences(listener)).takeaways
        if document is None or wanted in ("", document.language):
            return
        if not await self._library.has_takeaways(document.id, wanted):
            await self._jobs.sum_up(document.id, wanted)

    async def speak(
        self,
        sender: Sender,
        progress: Progress,
        chapters: list[int],
        *,
        is_charged: bool = False,
    ) -> list[int]:
        """Have chapters and extras made, as many as the listener may today; returns which. Where
        chapters may not, the document stands still, and its card says why."""
        listener, document = sender.listener.id, progress.holding.id
        granted = chapters
        if not is_charged:
            granted = await self._quota.charge(self._library, listener, progress, chapters)
        if granted:
            await self._jobs.speak(document, granted, listener, progress.narration)
        if not all(is_extra(number) for number in set(chapters) - set(granted)):
            await self._library.stop(listener, document)
        return granted

    async def full_day_s(self, sender: Sender) -> float:
        """The minutes of today, once they are used up."""
        return await self._quota.full_day_s(self._library, sender.listener.id)

    async def _in_its_language(
        self, progress: Progress, document: Document, listener: str
    ) -> Progress:
        """What was shelved before its language was known, or was known to us, in a narration that
        speaks it. Here and not before: it may have been read while it was shelved."""
        narration = self._producer.narration_for(document, progress.narration)
        if narration == progress.narration:
            return progress
        await self._library.renarrate(document.id, progress.narration, narration)
        return await self._library.progress(listener, document.id) or progress

    async def start_otherwise(self, sender: Sender, document: str, before: Narration) -> None:
        """It is to be narrated otherwise than `before`, which nobody else may want. What stood
        still goes on standing still."""
        await self._cancel_unless_wanted(document, before)
        progress = await self._library.progress(sender.listener.id, document)
        if progress is not None and not progress.is_stopped:
            await self.start(sender, document)

    async def _cancel(self, tap: Tap) -> None:
        await self._stop(tap.sender, tap.progress)

    async def _stop(self, sender: Sender, progress: Progress) -> None:
        """Stop for this listener; the work itself stops when nobody else waits for it."""
        document = progress.holding.id
        await self._library.stop(sender.listener.id, document)
        await self._library.drop_unasked(sender.listener.id, document)
        await self._cancel_unless_wanted(document, progress.narration)

    async def _cancel_unless_wanted(self, document: str, narration: Narration) -> None:
        entries = await self._library.listeners_of(document)
        wanted = {entry.narration for entry in entries if not entry.is_stopped}
        if not wanted:
            await self._jobs.cancel(document)
        elif narration not in wanted:
            await self._jobs.cancel(document, narration)

    async def _resume(self, tap: Tap) -> None:
        await self._library.forget_track_failures(tap.document, tap.progress.narration)
        await self._library.shelve(tap.listener, tap.document, tap.progress.narration)
        await self.start(tap.sender, tap.document)

    async def _on_cancel(self, sender: Sender, argument: str) -> None:
        """Of the documents that are worked on, the newest."""
        shelf = await self._library.shelf(sender.listener.id)
        working = next((progress for progress in shelf if progress.is_working), None)
        if working is None:
            await self._replies.say(sender, messages.NOTHING_TO_CANCEL)
            return
        await self._stop(sender, working)
        await self._replies.say(sender, messages.STOPPED)

    # --- it goes --------------------------------------------------------------------------------

    async def _on_delete(self, sender: Sender, argument: str) -> None:
        shelf = await self._library.shelf(sender.listener.id)
        words = words_in(sender.listener.language)
        view = choice_view(words, shelf, messages.DELETE_WHICH, Verb.ASK_DELETE)
        await self._replies.show(sender, view)

    async def _ask_delete(self, tap: Tap) -> None:
        question = delete_question(tap.words, tap.progress)
        buttons = asking(tap.listener, question.buttons)
        await self._replies.show(tap.sender, replace(question, buttons=buttons))

    async def _delete(self, tap: Tap) -> None:
        await self.remove(tap.sender, tap.progress)
        try:
            await self._replies.say(
                tap.sender, messages.DELETED, message=tap.message or None, title=tap.progress.title
            )
        finally:  # a chat may refuse it
            await self.leave_nothing([tap.document])

    async def remove(self, sender: Sender, progress: Progress) -> None:
        """Off the sender's shelf; its audio too, if nobody else has it."""
        document = progress.holding.id
        if not await self._library.unshelve(sender.listener.id, document):
            await self._cancel_unless_wanted(document, progress.narration)
            return
        await self._jobs.cancel(document)
        async with self._alone_with(document):
            if await self._library.forget_document(document):
                await self._files.delete_under(document_folder(document))

    async def leave_nothing(self, documents: list[str], listener: str = "") -> None:
        """After `remove`: of what is gone, not even in the files of databases."""
        await self._jobs.forget(documents, listener)
        await self._library.overwrite_deleted()


def ready_of(progress: Progress) -> set[int]:
    return {n for n, track in progress.tracks.items() if track.stage is TrackStage.READY}


def failed_of(progress: Progress) -> set[int]:
    return {n for n, track in progress.tracks.items() if track.stage is TrackStage.FAILED}


def _measured(pdf: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256."""
    with pdf.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest
