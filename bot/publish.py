"""Brings what changed to the listeners: cards are edited, wished voice notes are sent.

What is owed stands in the library, so nothing depends on this process staying alive: a card is
stale until it was shown, a wish is owed until it was granted. A send whose answer was lost is
repeated, because a chat does not let one ask whether it arrived.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress

import structlog

from bot import cards, messages
from bot.domain import CardPlace, Conversation, Progress, Wish
from bot.ports import (
    ChatError,
    ChatPlatform,
    ChatUnavailable,
    FileStore,
    Library,
    MessageGone,
    Throttled,
    Unreachable,
)
from bot.views import NoticeView, View
from pipeline.domain import Track

log = structlog.get_logger()
POLL_S = 0.3  # other hosts' work is seen this late; our own announces itself
FIRST_RETRY_S, LAST_RETRY_S = 1.0, 60.0


class Publisher:
    """Runs beside the platforms; one conversation's messages go out in order, one at a time."""

    def __init__(
        self, *, library: Library, files: FileStore, platforms: Mapping[str, ChatPlatform]
    ) -> None:
        self._library = library
        self._files = files
        self._platforms = platforms
        self._changed = asyncio.Event()
        self._sending: dict[Conversation, asyncio.Task[None]] = {}
        self._not_before: dict[Conversation, float] = {}
        self._retry_s: dict[Conversation, float] = {}
        self._edits = Edits()
        self._pace = Pace()

    def notify(self) -> None:
        """Something may be due: look at once."""
        self._changed.set()

    async def run(self) -> None:
        """Until cancelled. What is being sent then is sent again by the next life."""
        try:
            while True:
                await self.publish_due()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), POLL_S)
                self._changed.clear()
        finally:
            for task in self._sending.values():
                task.cancel()
            await asyncio.gather(*self._sending.values(), return_exceptions=True)

    async def publish_due(self) -> None:
        """Start sending whatever is due, conversation by conversation."""
        names = list(self._platforms)
        wishes: dict[Conversation, list[tuple[Wish, Track | None]]] = defaultdict(list)
        stale: dict[Conversation, list[tuple[CardPlace, int]]] = defaultdict(list)
        for wish, track in await self._library.due_wishes(names):
            wishes[wish.conversation].append((wish, track))
        for card, version in await self._library.stale_cards(names):
            if self._edits.may_edit(card, self._platforms[card.conversation.platform]):
                stale[card.conversation].append((card, version))
        for conversation in wishes.keys() | stale.keys():
            if self._is_free(conversation):
                self._sending[conversation] = asyncio.create_task(
                    self._serve(conversation, wishes[conversation], stale[conversation])
                )

    def _is_free(self, conversation: Conversation) -> bool:
        task = self._sending.get(conversation)
        if task is not None and not task.done():
            return False
        return time.monotonic() >= self._not_before.get(conversation, 0.0)

    async def _serve(
        self,
        conversation: Conversation,
        wishes: Sequence[tuple[Wish, Track | None]],
        stale: Sequence[tuple[CardPlace, int]],
    ) -> None:
        """Voice notes first: somebody waits for them."""
        try:
            for wish, track in wishes:
                await self._grant(wish, track)
            for card, version in stale:
                await self._refresh(card, version)
            self._retry_s.pop(conversation, None)
        except Throttled as wait:
            self._put_off(conversation, wait.retry_after_s)
        except ChatUnavailable:
            pause_s = self._retry_s.get(conversation, FIRST_RETRY_S)
            self._retry_s[conversation] = min(2 * pause_s, LAST_RETRY_S)
            self._put_off(conversation, pause_s)
        except Exception:
            log.exception("publishing failed", platform=conversation.platform)
            self._put_off(conversation, LAST_RETRY_S)
        finally:
            self._sending.pop(conversation, None)

    def _put_off(self, conversation: Conversation, pause_s: float) -> None:
        self._not_before[conversation] = time.monotonic() + pause_s

    # --- voice notes ----------------------------------------------------------------------------

    async def _grant(self, wish: Wish, track: Track | None) -> None:
        progress = await self._library.progress(wish.listener.id, wish.document)
        if progress is None or wish.chapter > len(progress.chapters):
            await self._library.drop_wish(wish)
            return
        if track is None:  # it was tried, and could not be spoken
            await self._say(wish, progress, messages.SPEECH_TROUBLE)
            await self._library.drop_wish(wish)
            return
        try:
            await self._send_note(wish, track, progress)
        except Unreachable:
            await self._library.drop_wish(wish)
        except (Throttled, ChatUnavailable):
            raise
        except (ChatError, FileNotFoundError) as err:
            log.error("track not sent", chapter=wish.chapter, reason=type(err).__name__)
            await self._library.drop_wish(wish)
            await self._say(wish, progress, messages.SEND_TROUBLE)

    async def _send_note(self, wish: Wish, track: Track, progress: Progress) -> None:
        platform = self._platforms[wish.conversation.platform]
        chapter = progress.chapters[wish.chapter - 1]
        note = cards.note(progress, chapter, track)
        uploads = await self._library.uploads(track, platform.name)
        async with self._files.local(track.key) as audio:
            sent = await platform.send_track(wish.conversation, note, audio, uploads)
        if sent.upload is not None and sent.upload not in uploads:
            await self._library.save_upload(track, sent.upload)
        await self._library.granted(wish, sent.message)

    async def _say(self, wish: Wish, progress: Progress, text: str) -> None:
        """Why a voice note does not come."""
        title = progress.chapters[wish.chapter - 1].title
        platform = self._platforms[wish.conversation.platform]
        view = NoticeView(text=text.format(title=title))
        with suppress(ChatError):
            await platform.show(wish.conversation, view)

    # --- cards ------------------------------------------------------------------------------------

    async def _refresh(self, card: CardPlace, version: int) -> None:
        progress = await self._library.progress(card.listener.id, card.document)
        if progress is None:
            await self._library.forget_card(card)
            return
        platform = self._platforms[card.conversation.platform]
        eta_s = self._pace.eta_s(progress)
        view = cards.card(progress, page=card.menu_page, menu_size=platform.menu_size, eta_s=eta_s)
        if self._edits.is_new(card, view):
            await self._edit(platform, card, view)
        await self._library.card_shown(card, version)

    async def _edit(self, platform: ChatPlatform, card: CardPlace, view: View) -> None:
        try:
            await platform.show(card.conversation, view, message=card.message)
            self._edits.shown(card, view)
        except (MessageGone, Unreachable):
            self._edits.forget(card)
            await self._library.forget_card(card)  # /library shows it anew


class Edits:
    """When a card was last edited, and to what: so that edits are few and change something."""

    def __init__(self) -> None:
        self._last: dict[tuple[Conversation, str], tuple[float, int]] = {}

    def may_edit(self, card: CardPlace, platform: ChatPlatform) -> bool:
        at, _ = self._last.get((card.conversation, card.message), (float("-inf"), 0))
        return time.monotonic() - at >= platform.edit_interval_s

    def is_new(self, card: CardPlace, view: View) -> bool:
        _, former = self._last.get((card.conversation, card.message), (0.0, None))
        return former != hash(view)

    def shown(self, card: CardPlace, view: View) -> None:
        self._last[card.conversation, card.message] = (time.monotonic(), hash(view))
        if len(self._last) > 10_000:
            self._last.pop(next(iter(self._last)))

    def forget(self, card: CardPlace) -> None:
        self._last.pop((card.conversation, card.message), None)


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
