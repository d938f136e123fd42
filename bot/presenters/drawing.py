"""Draws a listener's cards as they are to be seen on a platform, in the listener's language."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import Listener, Progress
from bot.ports import ChatPlatform, Library
from bot.presenters import cards
from bot.quota import UNLIMITED, Quota
from bot.views import CardView
from bot.words import words_in
from pipeline.audio.voices import VoiceCard

ANY_TOKEN = "0"  # noqa: S105 - asks whether a platform has links at all


class Drawing:
    """`voices`: those that there are."""

    def __init__(
        self, library: Library, quota: Quota = UNLIMITED, voices: Sequence[VoiceCard] = ()
    ) -> None:
        self._library = library
        self._quota = quota
        self._simple_voices = frozenset(voice.id for voice in voices if voice.is_simple)

    async def card(
        self,
        platform: ChatPlatform,
        listener: Listener,
        progress: Progress,
        *,
        page: int = 1,
        eta_s: float | None = None,
    ) -> CardView:
        context = cards.CardContext(
            words=words_in(listener.language),
            menu_size=platform.menu_size,
            can_share=platform.link(ANY_TOKEN) is not None,
            full_day_s=await self._full_day_s(listener, progress),
            simple_voices=self._simple_voices,
            has_folds=not platform.carries_files,  # a page, which has room
        )
        return cards.card(context, progress, page=page, eta_s=eta_s)

    async def _full_day_s(self, listener: Listener, progress: Progress) -> float:
        """Asked only for what stands still: nothing else says so."""
        if not (progress.is_stopped and progress.chapters and progress.is_unfinished):
            return 0.0
        return await self._quota.full_day_s(self._library, listener.id)
