"""What a track says and when, as whoever reads along may have it."""

from __future__ import annotations

import asyncio

from bot.ports import Library
from bot.views import CaptionForm
from bot.work.tellings import telling_by
from pipeline.audio.captions import guided_of, lines_of, vtt_of
from pipeline.domain import Chapter, Document, Mode, Telling, Track
from pipeline.errors import NotTranslated
from pipeline.ports import Teller


class Captions:
    """`teller` None: there is no model, and every chapter is told in its own words."""

    def __init__(self, *, library: Library, teller: Teller | None) -> None:
        self._library = library
        self._teller = teller

    async def write(self, track: Track, form: CaptionForm, *, audio: str) -> str | None:
        """None for a track from before there were times, and where its words are not known any
        more. `audio`: the track's address as seen from this text's."""
        holding = await self._library.holding(track.document)
        chapter = await self._library.chapter(track.document, track.chapter)
        if holding is None or holding.document is None or chapter is None:
            return None
        told = await self._telling_of(track, holding.document, chapter)
        if told is None:
            return None
        lines = lines_of(track.times, told)
        if form is CaptionForm.GUIDED:
            return guided_of(lines, told, audio=audio)
        return vtt_of(lines, title=chapter.full_title, language=track.narration.language)

    async def _telling_of(
        self, track: Track, document: Document, chapter: Chapter
    ) -> Telling | None:
        """What the track was spoken from: what a model wrote, else the chapter's own words. What
        was written anew since is not it."""
        own = await asyncio.to_thread(_own_telling, chapter, track.narration.mode)
        if own.mark == track.times.told:
            return own
        try:
            told = await telling_by(self._teller, document, chapter, track.narration)
        except NotTranslated:
            return None
        return told if told is not None and told.mark == track.times.told else None


def _own_telling(chapter: Chapter, mode: Mode) -> Telling:
    from pipeline.takeaways.tellings import telling_of  # with numpy, which a start needs not

    return telling_of(chapter, mode)
