"""What a listener can do, on any platform: send a document, tap, give a command."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Protocol, TypeVar
from weakref import WeakValueDictionary

import structlog

from bot import cards, messages
from bot.domain import (
    CardPlace,
    Holding,
    ListeningState,
    Progress,
    Sender,
    TrackStage,
)
from bot.patience import patiently
from bot.ports import ChatError, ChatPlatform, FileStore, Jobs, Library, pdf_key
from bot.preferences import Choices, Narrations
from bot.samples import Samples, Speaking
from bot.views import Action, CardView, NoticeView, Verb, View
from pipeline.domain import Document, Narration, Track, document_folder
from pipeline.errors import DiskFull, PdfTooLarge

log = structlog.get_logger()
T = TypeVar("T")
MEGABYTE = 1024 * 1024


class Narrating(Narrations, Speaking, Protocol):
    """What knows the voices and speaks (`pipeline.producer.Producer`)."""


class Conversations:
    """The `Inbox` of every platform. `on_change` is called whenever cards or wishes may be due."""

    def __init__(
        self,
        *,
        library: Library,
        files: FileStore,
        jobs: Jobs,
        platforms: Mapping[str, ChatPlatform],
        narration: Narration,
        producer: Narrating,
        max_pdf_mb: int,
        on_change: Callable[[], None],
        can_translate: bool = False,
    ) -> None:
        self._library = library
        self._files = files
        self._jobs = jobs
        self._platforms = platforms
        self._narration_for = producer.narration_for
        self._samples = Samples(speaking=producer, platforms=platforms)
        self._choices = Choices(
            library=library,
            narrations=producer,
            default=narration,
            show=self._show,
            start=self._start_otherwise,
            play_samples=self._samples.play,
            can_translate=can_translate,
        )
        self._max_bytes = max_pdf_mb * MEGABYTE
        self._on_change = on_change
        self._locks: MutableMapping[str, asyncio.Lock] = WeakValueDictionary()
        self._taps: dict[Verb, Callable[[Sender, Progress, Action], Awaitable[None]]] = {
            Verb.PLAY: self._play,
            Verb.STARTED: self._mark_started,
            Verb.HEARD: self._mark_heard,
            Verb.UNHEARD: self._mark_unheard,
            Verb.NEXT: self._next,
            Verb.OPEN: self._open,
            Verb.CONTINUE: self._continue,
            Verb.CANCEL: self._cancel,
            Verb.RESUME: self._resume,
            Verb.ASK_DELETE: self._ask_delete,
        }
        self._commands: dict[str, Callable[[Sender], Awaitable[None]]] = {
            "start": self._on_start,
            "help": self._on_help,
            "progress": self._on_progress,
            "library": self._on_library,
            "cancel": self._on_cancel,
            "delete": self._on_delete,
        }

    # --- documents ----------------------------------------------------------------------------

    def refusal(
        self, *, size: int | None, platform_limit: int | None, language: str = "en"
    ) -> NoticeView | None:
        """What to answer instead of downloading `size` bytes; None: go on."""
        if size is None:
            return None
        if size > self._max_bytes:
            error = PdfTooLarge(megabytes=_megabytes(size), limit=self._max_bytes // MEGABYTE)
            return NoticeView(text=str(error))
        if platform_limit is not None and size > platform_limit:
            limit = platform_limit // MEGABYTE
            return NoticeView(
                text=str(messages.TooLargeForChat(megabytes=_megabytes(size), limit=limit))
            )
        return None

    async def on_document(self, sender: Sender, pdf: Path, filename: str) -> None:
        """A file came: keep it, put it on the sender's shelf, show its card, start the work."""
        await self._answered(sender, self._take(sender, pdf, filename))

    async def _take(self, sender: Sender, pdf: Path, filename: str) -> None:
        size, document = await asyncio.to_thread(_measured, pdf)
        refusal = self.refusal(size=size, platform_limit=None)
        if refusal:
            await self._show(sender, refusal)
            return
        try:
            async with self._alone_with(document):
                holding = await self._keep(document, pdf, filename, size)
                wanted = await self._choices.wanted_by(sender.listener.id)
                await self._library.shelve(sender.listener, document, wanted)
        except DiskFull:
            log.error("no room for a document", size=size)
            await self._show(sender, NoticeView(text=messages.DISK_FULL))
            return
        log.info("document received", document=document[:12], size=size, stage=holding.stage)
        await self._start(sender, document)  # durable before anything is shown
        await self._show_card(sender, document)

    async def _keep(self, document: str, pdf: Path, filename: str, size: int) -> Holding:
        """Bytes first, then the row that promises them."""
        if not await self._files.has(pdf_key(document)):
            await self._files.put(pdf_key(document), pdf)
        name = filename.strip() or "document.pdf"
        return await self._library.receive(document, filename=name, size=size)

    async def _start(self, sender: Sender, document: str) -> None:
        """The work that is still to be done for a document on the sender's shelf, if any."""
        listener = sender.listener.id
        progress = await self._library.progress(listener, document)
        if progress is None:
            return
        if progress.holding.document is None:
            await self._jobs.read(document, listener)
            return
        progress = await self._in_its_language(progress, progress.holding.document, listener)
        missing = [c.number for c in progress.chapters if c.number not in _ready(progress)]
        if missing:
            await self._jobs.speak(document, missing, listener, progress.narration)

    async def _in_its_language(
        self, progress: Progress, document: Document, listener: str
    ) -> Progress:
        """What was shelved before its language was known, or was known to us, in a narration that
        speaks it. Here and not before: it may have been read while it was shelved."""
        narration = self._narration_for(document, progress.narration)
        if narration == progress.narration:
            return progress
        await self._library.renarrate(document.id, progress.narration, narration)
        return await self._library.progress(listener, document.id) or progress

    async def _start_otherwise(self, sender: Sender, document: str, before: Narration) -> None:
        """It is to be narrated otherwise than `before`, which nobody else may want."""
        await self._cancel_unless_wanted(document, before)
        await self._start(sender, document)

    async def close(self) -> None:
        """What plays by itself ends."""
        await self._samples.close()

    def _alone_with(self, document: str) -> asyncio.Lock:
        """Against a document's files going while somebody sends it anew."""
        return self._locks.setdefault(document, asyncio.Lock())

    # --- taps ---------------------------------------------------------------------------------

    async def on_tap(self, sender: Sender, data: str, message: str) -> None:
        """A button was tapped. The platform has acknowledged the tap already."""
        await self._answered(sender, self._tapped(sender, data, message))

    async def _tapped(self, sender: Sender, data: str, message: str) -> None:
        action = Action.decoded(data)
        if action is None:
            await self._show(sender, NoticeView(text=messages.OLD_BUTTON))
        elif action.verb is Verb.SHELF_PAGE:
            await self._turn_shelf(sender, action.number, message)
        elif action.verb in self._choices.verbs and not action.document:
            await self._choices.for_later(sender, action, message)
        elif action.verb is Verb.KEEP:
            await self._show(sender, NoticeView(text=messages.KEPT), message=message)
        else:
            await self._tapped_document(sender, action, message)

    async def _tapped_document(self, sender: Sender, action: Action, message: str) -> None:
        progress = await self._progress_of(sender, action.document)
        if progress is None:
            await self._show(sender, NoticeView(text=messages.NOT_YOURS))
        elif action.verb is Verb.PAGE:
            await self._turn_page(sender, progress, action.number, message)
        elif action.verb is Verb.DELETE:
            await self._delete(sender, progress, action, message)
        elif action.verb in self._choices.verbs:
            await self._choices.on_document(sender, progress, action, message)
        else:
            await self._taps[action.verb](sender, progress, action)
        self._on_change()

    async def _progress_of(self, sender: Sender, prefix: str) -> Progress | None:
        """What lies on the sender's shelf. Where a document's card stands in this very channel, it
        and its chapters may be tapped by anybody there: it then comes onto their own shelf."""
        listener = sender.listener
        progress = await self._library.progress(listener.id, prefix) if prefix else None
        if progress is not None:
            return progress
        card = await self._library.card_in(sender.conversation, prefix)
        if card is None:
            return None
        owner = await self._library.progress(card.listener.id, card.document)
        if owner is None:
            return None
        await self._library.shelve(listener, card.document, owner.narration)
        return await self._library.progress(listener.id, card.document)

    async def _play(self, sender: Sender, progress: Progress, action: Action) -> None:
        """Owe the voice note; a chapter that is not spoken yet jumps the queue."""
        if not any(chapter.number == action.number for chapter in progress.chapters):
            await self._show(sender, NoticeView(text=messages.OLD_BUTTON))
            return
        document, narration = progress.holding.id, progress.narration
        wanted, failed = [action.number], _failed(progress)
        if action.number in failed:  # a retry, and then of the others too
            await self._library.forget_track_failures(document, narration)
            wanted += sorted(failed - {action.number})
        await self._library.wish(
            sender.conversation, sender.listener, document, action.number, narration
        )
        self._on_change()
        if action.number in _ready(progress):
            return
        await self._jobs.speak(document, wanted, sender.listener.id, narration)
        await self._jobs.hurry(document, action.number, narration)

    async def _mark_started(self, sender: Sender, progress: Progress, action: Action) -> None:
        await self._mark(sender, progress, action.number, ListeningState.STARTED)

    async def _mark_heard(self, sender: Sender, progress: Progress, action: Action) -> None:
        await self._mark(sender, progress, action.number, ListeningState.HEARD)

    async def _mark_unheard(self, sender: Sender, progress: Progress, action: Action) -> None:
        await self._mark(sender, progress, action.number, ListeningState.NEW)

    async def _mark(
        self, sender: Sender, progress: Progress, number: int, state: ListeningState
    ) -> None:
        if any(chapter.number == number for chapter in progress.chapters):
            await self._library.mark(sender.listener.id, progress.holding.id, [number], state)

    async def _next(self, sender: Sender, progress: Progress, action: Action) -> None:
        """This one is heard; the one after it, please."""
        await self._mark_heard(sender, progress, action)
        if action.number < len(progress.chapters):
            onward = Action(verb=Verb.PLAY, document=action.document, number=action.number + 1)
            await self._play(sender, progress, onward)
            return
        current = await self._library.progress(sender.listener.id, progress.holding.id)
        await self._show(sender, _farewell(current or progress))

    async def _continue(self, sender: Sender, progress: Progress, action: Action) -> None:
        chapter = progress.next_chapter
        if chapter is None:
            text = messages.ALL_HEARD.format(title=progress.holding.title)
            await self._show(sender, NoticeView(text=text))
            return
        onward = Action(verb=Verb.PLAY, document=action.document, number=chapter.number)
        await self._play(sender, progress, onward)

    async def _open(self, sender: Sender, progress: Progress, action: Action) -> None:
        await self._show_card(sender, progress.holding.id)

    async def _turn_page(self, sender: Sender, progress: Progress, page: int, message: str) -> None:
        place = CardPlace(
            conversation=sender.conversation,
            message=message,
            document=progress.holding.id,
            listener=sender.listener,
            menu_page=page,
        )
        view = self._card(sender, progress, page)
        await self._show(sender, view, message=message)
        await self._library.turn_page(place, page)

    async def _turn_shelf(self, sender: Sender, page: int, message: str) -> None:
        shelf = await self._library.shelf(sender.listener.id)
        await self._show(sender, cards.library_view(list(shelf), page=page), message=message)

    # --- the work: cancel, resume, delete -------------------------------------------------------

    async def _cancel(self, sender: Sender, progress: Progress, action: Action) -> None:
        """Stop for this listener; the work itself stops when nobody else waits for it."""
        document = progress.holding.id
        await self._library.stop(sender.listener.id, document)
        await self._cancel_unless_wanted(document, progress.narration)

    async def _cancel_unless_wanted(self, document: str, narration: Narration) -> None:
        entries = await self._library.listeners_of(document)
        wanted = {entry.narration for entry in entries if not entry.is_stopped}
        if not wanted:
            await self._jobs.cancel(document)
        elif narration not in wanted:
            await self._jobs.cancel(document, narration)

    async def _resume(self, sender: Sender, progress: Progress, action: Action) -> None:
        document, narration = progress.holding.id, progress.narration
        await self._library.forget_track_failures(document, narration)
        await self._library.shelve(sender.listener, document, narration)
        await self._start(sender, document)

    async def _ask_delete(self, sender: Sender, progress: Progress, action: Action) -> None:
        await self._show(sender, cards.delete_question(progress))

    async def _delete(
        self, sender: Sender, progress: Progress, action: Action, message: str = ""
    ) -> None:
        document = progress.holding.id
        if await self._library.unshelve(sender.listener.id, document):
            await self._jobs.cancel(document)
            async with self._alone_with(document):
                if await self._library.forget_document(document):
                    await self._files.delete_under(document_folder(document))
        else:
            await self._cancel_unless_wanted(document, progress.narration)
        text = messages.DELETED.format(title=progress.holding.title)  # last: a chat may refuse it
        await self._show(sender, NoticeView(text=text), message=message or None)

    # --- commands -------------------------------------------------------------------------------

    async def on_command(self, sender: Sender, name: str, argument: str, message: str = "") -> None:
        """`/name argument`, or a plain text (`name` empty). An unknown one gets help."""
        choice = self._choices.commands.get(name.lower())
        if choice is not None:
            await self._answered(sender, choice(sender, argument))
            return
        command = self._commands.get(name.lower(), self._on_unknown if name else self._on_help)
        await self._answered(sender, command(sender))

    async def _on_start(self, sender: Sender) -> None:
        await self._show(sender, NoticeView(text=messages.WELCOME))

    async def _on_help(self, sender: Sender) -> None:
        await self._show(sender, NoticeView(text=messages.HELP))

    async def _on_unknown(self, sender: Sender) -> None:
        await self._show(sender, NoticeView(text=messages.UNKNOWN_COMMAND))

    async def _on_progress(self, sender: Sender) -> None:
        shelf = await self._library.shelf(sender.listener.id)
        await self._show(sender, cards.progress_view(list(shelf)))

    async def _on_library(self, sender: Sender) -> None:
        shelf = await self._library.shelf(sender.listener.id)
        await self._show(sender, cards.library_view(list(shelf)))

    async def _on_delete(self, sender: Sender) -> None:
        shelf = await self._library.shelf(sender.listener.id)
        await self._show(sender, cards.delete_view(list(shelf)))

    async def _on_cancel(self, sender: Sender) -> None:
        """Of the documents that are worked on, the newest."""
        shelf = await self._library.shelf(sender.listener.id)
        working = next((progress for progress in shelf if progress.is_working), None)
        if working is None:
            await self._show(sender, NoticeView(text=messages.NOTHING_TO_CANCEL))
            return
        await self._cancel(sender, working, Action(verb=Verb.CANCEL))
        await self._show(sender, NoticeView(text=messages.STOPPED))
        self._on_change()

    # --- a page that shows the whole shelf --------------------------------------------------------

    async def on_open(self, sender: Sender) -> Sequence[CardView]:
        """A card for every document on the shelf, newest first."""
        shelf = await self._library.shelf(sender.listener.id)
        return [self._card(sender, progress) for progress in shelf]

    async def track_of(self, sender: Sender, document: str, chapter: int) -> Track | None:
        """A finished track of something on the sender's shelf; None for anything else."""
        progress = await self._library.progress(sender.listener.id, document)
        if progress is None:
            return None
        return await self._library.track(progress.holding.id, chapter, progress.narration)

    # --- showing --------------------------------------------------------------------------------

    def _card(self, sender: Sender, progress: Progress, page: int = 1) -> CardView:
        platform = self._platforms[sender.conversation.platform]
        return cards.card(progress, page=page, menu_size=platform.menu_size)

    async def _show_card(self, sender: Sender, document: str) -> None:
        """A new card at the end of the conversation; from now on that one is kept up to date."""
        progress = await self._library.progress(sender.listener.id, document)
        if progress is None:
            return
        message = await self._show(sender, self._card(sender, progress))
        await self._library.save_card(
            CardPlace(
                conversation=sender.conversation,
                message=message,
                document=document,
                listener=sender.listener,
            )
        )
        self._on_change()

    async def _show(self, sender: Sender, view: View, *, message: str | None = None) -> str:
        platform = self._platforms[sender.conversation.platform]
        return await patiently(lambda: platform.show(sender.conversation, view, message=message))

    async def _answered(self, sender: Sender, answer: Awaitable[None]) -> None:
        """Nothing that goes wrong here reaches the platform's loop; the listener gets a sentence
        with a reference that stands in the log too."""
        try:
            await answer
        except ChatError as err:
            log.warning("answer not shown", platform=sender.listener.platform, reason=type(err))
        except Exception:
            reference = secrets.token_hex(3)
            log.exception("answer failed", reference=reference)
            text = messages.INTERNAL.format(reference=reference)
            try:
                await self._show(sender, NoticeView(text=text))
            except ChatError:
                log.warning("apology not shown", reference=reference)


def _measured(pdf: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256."""
    with pdf.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


def _megabytes(size: int) -> int:
    return max(1, -(-size // MEGABYTE))


def _ready(progress: Progress) -> set[int]:
    return {n for n, track in progress.tracks.items() if track.stage is TrackStage.READY}


def _failed(progress: Progress) -> set[int]:
    return {n for n, track in progress.tracks.items() if track.stage is TrackStage.FAILED}


def _farewell(progress: Progress) -> NoticeView:
    title = progress.holding.title
    if progress.next_chapter is None:
        return NoticeView(text=messages.ALL_HEARD.format(title=title))
    text = messages.THAT_WAS_THE_LAST.format(title=title, percent=progress.percent)
    return NoticeView(text=text)
