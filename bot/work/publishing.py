"""Brings what changed to the listeners: cards are edited, wished voice notes are sent.

What is owed stands in the library, so nothing depends on this process staying alive: a card is
stale until it was shown, a wish is owed until it was fulfilled. A send whose answer was lost is
repeated, unless the chat lets one ask whether it arrived.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol

import structlog

from bot.domain import CardPlace, Conversation, Progress, Stage, Wish
from bot.ports import (
    ChatError,
    ChatPlatform,
    ChatUnavailable,
    FileStore,
    Library,
    LibraryAway,
    MessageGone,
    Throttled,
    TrackTooLarge,
    Unreachable,
)
from bot.presenters import notes
from bot.presenters.drawing import Drawing
from bot.quota import UNLIMITED, Quota
from bot.views import NoticeView, View
from bot.words import messages, words_in
from bot.work.edits import Edits
from pipeline.audio.voices import VoiceCard
from pipeline.domain import Chapter, Mode, Track, is_extra

log = structlog.get_logger()
POLL_S = 0.3  # while something is due that cannot go yet; and other hosts' work is seen this late
ALONE_S = 15.0  # what nobody else does announces itself: a safety net
FIRST_RETRY_S, LAST_RETRY_S = 1.0, 60.0
FINISHING_S = 2.0
EDITS_AT_ONCE = 8  # on one platform; a tap does not wait for all the cards of hundreds


class Remake(Protocol):
    """Has a track spoken again whose file is gone (`bot.work.mending`)."""

    def __call__(
        self, track: Track, listener: str, *, is_awaited: bool = False
    ) -> Awaitable[None]: ...


Owed = Sequence[tuple[Wish, Track | None]]
StaleCard = tuple[CardPlace, int]


class Publisher:
    """Runs beside the platforms. One conversation's messages go out in order, one at a time; one
    that is throttled, slow or down holds up no other. `idle_s`: how long to wait for an
    announcement while nothing is due."""

    def __init__(
        self,
        *,
        library: Library,
        files: FileStore,
        platforms: Mapping[str, ChatPlatform],
        quota: Quota = UNLIMITED,
        voices: Sequence[VoiceCard] = (),
        idle_s: float = POLL_S,
        remake: Remake | None = None,
    ) -> None:
        """`remake` None: what is gone is only forgotten, and made when the engine next looks."""
        self._library = library
        self._idle_s = idle_s
        self._has_due = True
        self._drawing = Drawing(library, quota, voices)
        self._files = files
        self._remake = remake or self._forget
        self._platforms = platforms
        self._changed = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._serving: dict[Conversation, asyncio.Task[None]] = {}
        self._editing: set[Conversation] = set()  # of those, where it is a card
        self._waiting: dict[Conversation, list[StaleCard]] = {}
        self._delays = Delays()
        self._edits = Edits()
        self._pace = Pace()

    def notify(self) -> None:
        """Something may be due: look at once. May be called from any thread."""
        loop = self._loop
        if loop is None:
            self._changed.set()
        else:
            loop.call_soon_threadsafe(self._changed.set)

    async def run(self) -> None:
        """Until cancelled. What is being sent then has a moment to arrive."""
        self._loop = asyncio.get_running_loop()
        looking: asyncio.Future[None] | None = None
        try:
            while True:
                self._changed.clear()
                looking = asyncio.ensure_future(self._look())
                await asyncio.shield(looking)  # a query that is broken off may leave a lock behind
                with suppress(TimeoutError):  # `wait_for` swallows a cancel now and then
                    async with asyncio.timeout(self._rest_s()):
                        await self._changed.wait()
        finally:
            self._loop = None
            if looking is not None:
                await asyncio.wait({looking}, timeout=FINISHING_S)
            self._waiting.clear()
            await self._finish()

    def _rest_s(self) -> float:
        """Until the next look, if nothing is announced: what was put off is in no answer of the
        library, but due when its pause is over."""
        return min(POLL_S if self._has_due else self._idle_s, self._delays.next_s())

    async def _look(self) -> None:
        """A library that is away for a moment is asked again: a program that stops publishing for
        good would be worse."""
        self._has_due = True
        try:
            self._has_due = await self.publish_due()
        except LibraryAway:  # who found out has told the log
            await asyncio.sleep(FIRST_RETRY_S)
        except Exception:
            log.exception("nothing published")
            await asyncio.sleep(FIRST_RETRY_S)

    async def _finish(self) -> None:
        serving = list(self._serving.values())
        if serving:
            await asyncio.wait(serving, timeout=FINISHING_S)
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)

    async def publish_due(self) -> bool:
        """Start sending whatever is due, conversation by conversation. Whether there was anything,
        though it may have to wait.

        Those that are being served when it begins are left out: what is due there may be done by
        the time the library has answered, and would be sent twice."""
        names, busy = list(self._platforms), set(self._serving)
        owed: dict[Conversation, list[tuple[Wish, Track | None]]] = defaultdict(list)
        for wish, track in await self._library.due_wishes(names):
            owed[wish.conversation].append((wish, track))
        stale: dict[Conversation, list[StaleCard]] = defaultdict(list)
        found = await self._library.stale_cards(names)
        for card, version in found:
            if await self._may_edit(card):
                stale[card.conversation].append((card, version))
        self._waiting = {c: cards for c, cards in stale.items() if c not in busy and c not in owed}
        for conversation, wishes in owed.items():
            # an edit may have begun there while the library was asked: the next look finds the wish
            is_served = conversation in busy or conversation in self._serving
            if not is_served and self._delays.is_over(conversation):
                self._serve(conversation, self._grant_all(wishes))
        self._edit_waiting()
        return bool(owed or found)

    def _edit_waiting(self) -> None:
        """Begin to edit as many of the cards that were found as may be edited at once: one of each
        conversation, the one that was left alone longest, so that notes that are wished meanwhile
        wait for one edit at most. Where notes are owed, none: a note changes its card, which is
        staler then than it was found."""
        editing = Counter(conversation.platform for conversation in self._editing)
        for conversation, stale in list(self._waiting.items()):
            if editing[conversation.platform] >= EDITS_AT_ONCE:
                continue
            del self._waiting[conversation]
            if conversation not in self._serving and self._delays.is_over(conversation):
                editing[conversation.platform] += 1
                self._editing.add(conversation)
                longest_left = min(stale, key=lambda found: self._edits.last_at(found[0]))
                self._serve(conversation, self._refresh(*longest_left))

    def _serve(self, conversation: Conversation, doing: Coroutine[Any, Any, None]) -> None:
        self._serving[conversation] = asyncio.create_task(self._await(conversation, doing))

    async def _await(self, conversation: Conversation, doing: Coroutine[Any, Any, None]) -> None:
        try:
            await doing
            self._delays.reset(conversation)
        except Throttled as wait:
            await self._put_off(conversation, wait.retry_after_s)
        except (ChatUnavailable, LibraryAway):
            await self._put_off(conversation, self._delays.longer_s(conversation))
        except Exception:
            log.exception("publishing failed", platform=conversation.platform)
            await self._put_off(conversation, LAST_RETRY_S)
        finally:
            self._serving.pop(conversation, None)
            self._editing.discard(conversation)
            self._edit_waiting()
            if not self._waiting:
                self._changed.set()  # there may be more for this conversation

    async def _put_off(self, conversation: Conversation, pause_s: float) -> None:
        """In the library too, so that what is due elsewhere is not pushed out of its answers."""
        try:
            with suppress(LibraryAway):
                await self._library.put_off(conversation, pause_s)
        finally:
            self._delays.put_off(conversation, pause_s)  # after it: its pause is over before ours

    async def _grant_all(self, owed: Owed) -> None:
        """Somebody waits for each of them."""
        for wish, track in owed:
            await self._grant(wish, track)

    # --- voice notes ----------------------------------------------------------------------------

    async def _grant(self, wish: Wish, track: Track | None) -> None:
        progress = await self._library.progress(wish.listener.id, wish.document)
        chapter = progress.find(wish.chapter) if progress is not None else None
        if progress is None or chapter is None:
            await self._library.drop_wish(wish)
            return
        try:
            if track is not None:
                await self._send_note(wish, track, progress, chapter)
            else:
                await self._excuse(wish, progress, chapter, _failure_of(wish))
        except Unreachable:
            await self._library.drop_wish(wish)

    async def _send_note(
        self, wish: Wish, track: Track, progress: Progress, chapter: Chapter
    ) -> None:
        try:
            await self._send_track(wish, track, progress, chapter)
        except (Throttled, ChatUnavailable, Unreachable):
            raise
        except FileNotFoundError:
            await self._have_remade(wish, track, chapter)
        except ChatError as err:
            log.error("track not sent", chapter=wish.chapter, reason=type(err).__name__)
            is_too_large = isinstance(err, TrackTooLarge)
            sentence = messages.TRACK_TOO_LARGE if is_too_large else messages.SEND_TROUBLE
            await self._excuse(wish, progress, chapter, sentence)

    async def _send_track(
        self, wish: Wish, track: Track, progress: Progress, chapter: Chapter
    ) -> None:
        platform = self._platforms[wish.conversation.platform]
        preferences = await self._library.preferences(wish.listener.id)
        words = words_in(wish.listener.language)
        note = replace(
            notes.note(words, progress, chapter, track, is_file=preferences.is_file),
            delivery=str(wish.id),
        )
        uploads = await self._library.uploads(track, platform.name)
        async with self._files.local(track.key) as audio:
            if (await asyncio.to_thread(audio.stat)).st_size < track.size:
                raise FileNotFoundError(track.key)
            sent = await platform.send_track(wish.conversation, note, audio, uploads)
        if sent.upload is not None and sent.upload not in uploads:
            await self._library.save_upload(track, sent.upload)
        if sent.has_begun:
            await self._library.fulfil_wish(wish)
        else:
            await self._library.drop_wish(wish)

    async def _have_remade(self, wish: Wish, track: Track, chapter: Chapter) -> None:
        """The wish stays; who waits is told why."""
        await self._remake(track, wish.listener.id, is_awaited=True)
        words = words_in(wish.listener.language)
        notice = NoticeView(text=words(messages.SPOKEN_AGAIN, title=chapter.full_title))
        await self._platforms[wish.conversation.platform].show(wish.conversation, notice)

    async def _forget(self, track: Track, listener: str, *, is_awaited: bool = False) -> None:
        await self._library.forget_track(track)

    async def _excuse(
        self, wish: Wish, progress: Progress, chapter: Chapter, sentence: str
    ) -> None:
        """Who tapped gets a sentence and another try instead of silence."""
        platform = self._platforms[wish.conversation.platform]
        words = words_in(wish.listener.language)
        await platform.show(wish.conversation, notes.excuse(words, progress, chapter, sentence))
        await self._library.drop_wish(wish)

    # --- cards ------------------------------------------------------------------------------------

    async def _may_edit(self, card: CardPlace) -> bool:
        """Progress keeps its distance from the edit before it. What came of a reading is what its
        listener waits for, and goes at once."""
        platform = self._platforms[card.conversation.platform]
        return self._edits.may_edit(card, platform) or await self._has_result(card)

    async def _has_result(self, card: CardPlace) -> bool:
        """Whether a reading came to something since the card was last edited."""
        shown = self._edits.result_of(card)
        if shown == Stage.READ:  # nothing but progress comes after it
            return False
        holding = await self._library.holding(card.document)
        return holding is not None and holding.result not in ("", shown)

    async def _refresh(self, card: CardPlace, version: int) -> None:
        progress = await self._library.progress(card.listener.id, card.document)
        if progress is None:
            await self._library.forget_card(card)
            return
        platform = self._platforms[card.conversation.platform]
        eta_s = self._pace.eta_s(progress)
        view = await self._drawing.card(
            platform, card.listener, progress, page=card.menu_page, eta_s=eta_s
        )
        result = progress.holding.result
        if self._edits.is_new(card, view) and not await self._is_edited(card, view, result):
            await self._library.forget_card(card)  # /library shows it anew
            return
        await self._library.mark_card_shown(card, version)

    async def _is_edited(self, card: CardPlace, view: View, result: str) -> bool:
        """False: the listener took it away, or left."""
        platform = self._platforms[card.conversation.platform]
        try:
            await platform.show(card.conversation, view, message=card.message)
        except (MessageGone, Unreachable):
            self._edits.forget(card)
            return False
        self._edits.shown(card, view, result)
        return True


def _failure_of(wish: Wish) -> str:
    """An extra is never told in other words."""
    is_translated = wish.narration.mode is Mode.TRANSLATION and not is_extra(wish.chapter)
    return messages.NOT_TRANSLATED if is_translated else messages.NOT_SPOKEN


class Delays:
    """Until when a conversation is left alone, and how much longer after each outage."""

    def __init__(self) -> None:
        self._until: dict[Conversation, float] = {}
        self._next_s: dict[Conversation, float] = {}

    def is_over(self, conversation: Conversation) -> bool:
        if time.monotonic() < self._until.get(conversation, 0.0):
            return False
        self._until.pop(conversation, None)
        return True

    def put_off(self, conversation: Conversation, pause_s: float) -> None:
        self._until[conversation] = time.monotonic() + pause_s

    def longer_s(self, conversation: Conversation) -> float:
        """How long to wait after another outage."""
        pause_s = self._next_s.get(conversation, FIRST_RETRY_S)
        self._next_s[conversation] = min(2 * pause_s, LAST_RETRY_S)
        return pause_s

    def next_s(self) -> float:
        """Until the first of them is over."""
        now = time.monotonic()
        self._until = {c: until for c, until in self._until.items() if until > now}
        return min(self._until.values(), default=float("inf")) - now

    def reset(self, conversation: Conversation) -> None:
        self._next_s.pop(conversation, None)


class Pace:
    """How fast a document's tracks come, from what was seen of it: the way to an honest ETA."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[float, float]] = {}

    def eta_s(self, progress: Progress) -> float | None:
        """Seconds until all is ready; None while nothing can be said."""
        document = progress.holding.id
        if not progress.is_working or not progress.chapters:
            self._first.pop(document, None)
            return None
        spoken = sum(track.seconds for track in progress.tracks.values())
        first_at, first_spoken = self._first.setdefault(document, (time.monotonic(), spoken))
        elapsed = time.monotonic() - first_at
        if elapsed < 1 or spoken <= first_spoken:
            return None
        return (progress.seconds - spoken) * elapsed / (spoken - first_spoken)
