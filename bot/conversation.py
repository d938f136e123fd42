"""The door: whatever a platform's listener does comes in here and is shown to its handler."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import structlog

from bot.commands import Command
from bot.domain import Bookmark, CardPlace, Pointed, Progress, Sender
from bot.handlers.collection import Handlers, Services, Studio
from bot.handlers.offers import Answer, Tap
from bot.handlers.policy import MEGABYTE, Policy
from bot.ports import ChatError, ChatPlatform, FileStore, Jobs, Ledger, Library, LibraryAway
from bot.views import Action, CaptionForm, CardView, NoticeView
from bot.words import Words, messages, words_in
from bot.work.captions import Captions
from bot.work.covers import Covers
from bot.work.pointing import at
from pipeline.domain import Track, is_extra
from pipeline.errors import PdfTooLarge, UserError
from pipeline.ports import Teller

log = structlog.get_logger()
LANGUAGES_KEPT = 10_000


class Conversations:
    """The `Inbox` of every platform. `on_change` is called whenever cards or wishes may be due."""

    def __init__(
        self,
        *,
        library: Library,
        ledger: Ledger,
        files: FileStore,
        jobs: Jobs,
        platforms: Mapping[str, ChatPlatform],
        producer: Studio,
        policy: Policy,
        on_change: Callable[[], None],
        teller: Teller | None = None,
        covers: Covers | None = None,
    ) -> None:
        self._library = library
        self._captions = Captions(library=library, teller=teller)
        self._covers = covers or Covers(library=library, files=files, producer=producer)
        self._admission = policy.admission
        self._max_bytes = policy.max_bytes
        self._on_change = on_change
        self._languages: dict[str, str] = {}  # of listeners seen lately
        self._handlers = Handlers(
            policy,
            Services(
                library=library,
                ledger=ledger,
                files=files,
                jobs=jobs,
                platforms=platforms,
                producer=producer,
                covers=self._covers,
            ),
        )
        self._offers = self._handlers.offers
        self._replies = self._handlers.replies
        self._mending = self._handlers.mending

    @property
    def is_waiting(self) -> bool:
        """Whether the library cannot be reached just now."""
        return self._library.is_away

    @property
    def commands(self) -> Sequence[Command]:
        """In the order of menus."""
        return self._offers.commands

    async def close(self) -> None:
        """What plays or packs by itself ends."""
        await self._handlers.close()

    # --- who comes ------------------------------------------------------------------------------

    def words_for(self, sender: Sender) -> Words:
        """The sender's, as far as they are known without asking the library."""
        return words_in(self._languages.get(sender.listener.id, sender.listener.language))

    async def words_of(self, sender: Sender) -> Words:
        """The sender's, as they chose them."""
        try:
            return words_in((await self._in_their_language(sender)).listener.language)
        except LibraryAway:
            return self.words_for(sender)

    async def _in_their_language(self, sender: Sender) -> Sender:
        """With the language that they chose, or else that their chat tells."""
        preferences = await self._library.preferences(sender.listener.id)
        language = preferences.language or sender.listener.language
        self._languages.pop(sender.listener.id, None)
        self._languages[sender.listener.id] = language
        if len(self._languages) > LANGUAGES_KEPT:
            del self._languages[next(iter(self._languages))]
        return replace(sender, listener=replace(sender.listener, language=language))

    def refusal(
        self, sender: Sender, *, size: int | None, platform_limit: int | None
    ) -> NoticeView | None:
        """What to answer instead of downloading `size` bytes; None: go on."""
        words = self.words_for(sender)
        if not self._admission.may_enter(sender):
            return _not_allowed(words, sender)
        error = self._too_large(size, platform_limit)
        return NoticeView(text=words.error(error)) if error else None

    def _too_large(self, size: int | None, platform_limit: int | None) -> UserError | None:
        if size is None:
            return None
        if size > self._max_bytes:
            return PdfTooLarge(megabytes=_megabytes(size), limit=self._max_bytes // MEGABYTE)
        if platform_limit is not None and size > platform_limit:
            limit = platform_limit // MEGABYTE
            return messages.TooLargeForChat(megabytes=_megabytes(size), limit=limit)
        return None

    async def is_known(self, sender: Sender) -> bool:
        """Whether something lies on the sender's shelf, and they may come in."""
        may_enter = self._admission.may_enter(sender)
        return may_enter and bool(await self._library.shelf(sender.listener.id))

    # --- documents ------------------------------------------------------------------------------

    async def on_document(self, sender: Sender, pdf: Path, filename: str) -> None:
        """A file came: keep it, put it on the sender's shelf, show its card, start the work."""
        await self._answer(sender, lambda known: self._take(known, pdf, filename))

    async def _take(self, sender: Sender, pdf: Path, filename: str) -> None:
        refusal = self.refusal(sender, size=pdf.stat().st_size, platform_limit=None)
        if refusal is not None:
            await self._replies.show(sender, refusal)
            return
        await self._handlers.documents.take(sender, pdf, filename)

    # --- taps -----------------------------------------------------------------------------------

    async def on_tap(self, sender: Sender, data: str, message: str) -> None:
        """A button was tapped. The platform has acknowledged the tap already."""
        await self._answer(sender, lambda known: self._take_tap(known, data, message))

    async def _take_tap(self, sender: Sender, data: str, message: str) -> None:
        action = Action.decoded(data)
        if action is None:
            await self._replies.say(sender, messages.OLD_BUTTON)
        elif not action.is_for(sender.listener):
            await self._replies.say(sender, messages.ASKED_OF_ANOTHER)
        elif not action.document or action.verb not in self._offers.taps:
            await self._take_loose_tap(sender, action, message)
        else:
            await self._take_document_tap(sender, action, message)

    async def _take_loose_tap(self, sender: Sender, action: Action, message: str) -> None:
        handler = self._offers.loose_taps.get(action.verb)
        if handler is None:
            await self._replies.say(sender, messages.NOT_YOURS)
            return
        await handler(sender, action, message)

    async def _take_document_tap(self, sender: Sender, action: Action, message: str) -> None:
        progress = await self._progress_of(sender, action.document, message)
        if progress is None:
            await self._replies.say(sender, messages.NOT_YOURS)
            return
        handler = self._offers.taps[action.verb]
        await handler(Tap(sender=sender, progress=progress, action=action, message=message))
        await self._mending.renew(progress.holding, sender.listener.id)

    async def _progress_of(self, sender: Sender, prefix: str, message: str) -> Progress | None:
        """What lies on the sender's shelf. Where a document's card stands in this very channel, it
        and its chapters may be tapped by anybody there: it then comes onto their own shelf."""
        listener = sender.listener
        progress = await self._library.progress(listener.id, prefix)
        if progress is not None:
            return progress
        card = await self._card_of(sender, prefix, message)
        if card is None:
            return None
        owner = await self._library.progress(card.listener.id, card.document)
        if owner is None:
            return None
        await self._library.shelve(listener, card.document, owner.narration)
        return await self._library.progress(listener.id, card.document)

    async def _card_of(self, sender: Sender, prefix: str, message: str) -> CardPlace | None:
        """The card that was tapped; for a chapter or another message about the document one that
        somebody has there."""
        card = await self._library.card_at(sender.conversation, message)
        if card is not None and card.document.startswith(prefix):
            return card
        return await self._library.others_card(sender.conversation, sender.listener.id, prefix)

    # --- commands and words ---------------------------------------------------------------------

    async def on_command(self, sender: Sender, name: str, argument: str, message: str = "") -> None:
        """`/name argument`, or a plain text (`name` empty). An unknown one gets help."""
        if name:
            await self._answer(sender, lambda known: self._run_command(known, name, argument))
        else:
            await self._answer(sender, lambda known: self._take_text(known, argument, message))

    async def _run_command(self, sender: Sender, name: str, argument: str) -> None:
        on_command = self._offers.on_command(name, is_admin=self._admission.is_admin(sender))
        await (on_command or self._handlers.greeting.on_unknown)(sender, argument)

    async def _take_text(self, sender: Sender, text: str, message: str) -> None:
        """An answer to what was asked, an address, or else a person who does not know how."""
        question = None
        if text.strip():
            question = await self._library.take_question(sender.conversation, sender.listener.id)
        if question is not None:
            on_answer = self._offers.answers[question.asked]
            document = question.document
            await on_answer(Answer(sender=sender, document=document, text=text, message=message))
        elif not await self._handlers.links.take(sender, text):
            await self._handlers.greeting.show_help(sender)

    # --- a page that shows the whole shelf --------------------------------------------------------

    async def on_open(self, sender: Sender) -> Sequence[CardView]:
        """A card for every document on the shelf, newest first."""
        if not self._admission.may_enter(sender):
            return []
        sender = await self._in_their_language(sender)
        platform = self._replies.platform_of(sender)
        shelf = await self._library.shelf(sender.listener.id)
        return [await self._handlers.drawing.card(platform, sender.listener, one) for one in shelf]

    async def track_of(self, sender: Sender, document: str, chapter: int) -> Track | None:
        """A finished track of something on the sender's shelf; None for anything else."""
        progress = await self._progress_on_shelf(sender, document)
        if progress is None:
            return None
        await self._mending.renew(progress.holding, sender.listener.id)
        track = await self._library.track(progress.holding.id, chapter, progress.narration)
        if track is None or await self._mending.is_whole(track):
            return track
        await self._mending.remake(track, sender.listener.id, is_awaited=True)
        self._on_change()
        return None

    async def captions_of(
        self, sender: Sender, document: str, chapter: int, form: CaptionForm, audio: str
    ) -> str | None:
        """What a track says and when; None as in `track_of`, and for one of which nobody knows."""
        track = await self.track_of(sender, document, chapter)
        return await self._captions.write(track, form, audio=audio) if track is not None else None

    async def on_place(self, sender: Sender, document: str, chapter: int, seconds: float) -> None:
        """A player is there in a track. Kept as a place of the text, which every narration has; an
        extra is none of it, and whoever hears one goes on in the text where they stopped."""
        if is_extra(chapter):
            return
        track = await self.track_of(sender, document, chapter)
        if track is None:
            return
        place = await asyncio.to_thread(track.times.place_at, round(seconds * 1000))
        if place is None:
            return
        passage, sign = place
        bookmark = Bookmark(chapter=chapter, passage=passage, sign=sign)
        await self._library.save_bookmark(sender.listener.id, track.document, bookmark)
        self._on_change()

    async def cover_of(self, sender: Sender, document: str) -> bytes | None:
        """The picture of something on the sender's shelf, drawn again if it is gone."""
        progress = await self._progress_on_shelf(sender, document)
        if progress is None:
            return None
        async with self._covers.local(progress.holding.id) as cover:
            return None if cover is None else await asyncio.to_thread(cover.read_bytes)

    async def what_is_at(
        self, sender: Sender, document: str, page: int, x: int, y: int
    ) -> Pointed | None:
        """What is read at a spot of a page, and when, in the narration that the sender hears."""
        progress = await self._progress_on_shelf(sender, document)
        if progress is None:
            return None
        await self._mending.renew(progress.holding, sender.listener.id)
        document, narration = progress.holding.id, progress.narration
        return await at(self._library, document, narration, page=page, x=x, y=y)

    async def _progress_on_shelf(self, sender: Sender, document: str) -> Progress | None:
        """What the sender may hear; None for anything else."""
        if not self._admission.may_enter(sender):
            return None
        return await self._library.progress(sender.listener.id, document)

    # --- answering ------------------------------------------------------------------------------

    async def _answer(self, sender: Sender, answer: Callable[[Sender], Awaitable[None]]) -> None:
        """Nothing that goes wrong here reaches the platform's loop; the listener gets a sentence
        with a reference that stands in the log too."""
        try:
            await self._let_in(sender, answer)
        except ChatError as err:
            log.warning("answer not shown", platform=sender.listener.platform, reason=type(err))
        except LibraryAway:
            log.warning("answer not given", platform=sender.listener.platform)
            await self._apologise(sender, messages.LIBRARY_AWAY)
        except Exception:
            reference = secrets.token_hex(3)
            log.exception("answer failed", reference=reference)
            await self._apologise(sender, messages.INTERNAL, reference=reference)

    async def _apologise(self, sender: Sender, sentence: str, **facts: str) -> None:
        text = self.words_for(sender)(sentence, **facts)
        try:
            await self._replies.show(sender, NoticeView(text=text))
        except ChatError:
            log.warning("apology not shown", platform=sender.listener.platform, **facts)

    async def _let_in(self, sender: Sender, answer: Callable[[Sender], Awaitable[None]]) -> None:
        if not self._admission.may_enter(sender):
            await self._replies.show(sender, _not_allowed(self.words_for(sender), sender))
            return
        await answer(await self._in_their_language(sender))
        self._on_change()


def _not_allowed(words: Words, sender: Sender) -> NoticeView:
    return NoticeView(text=words(messages.NOT_ALLOWED, account=sender.listener.id))


def _megabytes(size: int) -> int:
    return max(1, -(-size // MEGABYTE))
