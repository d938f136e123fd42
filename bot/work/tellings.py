"""The job before a chapter is spoken in brief or translated: a model tells it, where there is one.

No voice waits for a model meanwhile, and no chapter in its own words does. What is not there when
the chapter's turn comes does not come: a brief is then made of the chapter's own sentences, and a
translation fails until somebody tries it again.
"""

from __future__ import annotations

from dataclasses import replace

from bot.ports import Library
from bot.work.outages import patient
from pipeline.domain import (
    Chapter,
    Document,
    Mode,
    Narration,
    Passage,
    PassageKind,
    Telling,
    is_extra,
)
from pipeline.errors import NotTranslated
from pipeline.ports import Teller


class Tellings:
    """`teller` None: there is no model, and every chapter is told in its own words."""

    def __init__(self, *, library: Library, teller: Teller | None) -> None:
        self._library = patient(library)
        self._teller = teller

    @property
    def is_possible(self) -> bool:
        return self._teller is not None

    def is_wanted(self, number: int, narration: Narration) -> bool:
        """Whether a model is to be asked before that chapter is spoken."""
        is_retold = narration.mode is not Mode.ORIGINAL and not is_extra(number)
        return self._teller is not None and is_retold

    async def write(self, document: str, number: int, narration: Narration) -> None:
        """Slow. Asking again costs nothing: answers are remembered. What is spoken already needs
        none."""
        holding = await self._library.holding(document)
        chapter = await self._library.chapter(document, number)
        if holding is None or holding.document is None or chapter is None or self._teller is None:
            return  # deleted meanwhile
        if await self._library.track(document, number, narration) is None:
            await self._teller.write(holding.document, chapter, narration)

    async def find_telling(
        self, document: Document, chapter: Chapter, narration: Narration
    ) -> Telling | None:
        """What a chapter is spoken from; None: its own words. Raises `NotTranslated`."""
        return await telling_by(self._teller, document, chapter, narration)


def as_it_stands(document: Document, extra: Chapter, narration: Narration) -> Telling:
    """What was left out is never told in other words: it is read whole, and in its own language."""
    is_foreign = narration.language != document.language
    language = document.language if is_foreign else ""
    heading = Passage(text=extra.full_title, page=extra.page, kind=PassageKind.HEADING)
    told = (replace(passage, language=language) for passage in (heading, *extra.passages))
    return Telling(passages=tuple(told))


async def telling_by(
    teller: Teller | None, document: Document, chapter: Chapter, narration: Narration
) -> Telling | None:
    """What was written of a chapter; None: its own words will do. Raises `NotTranslated`."""
    if narration.mode is Mode.ORIGINAL:
        return None
    if is_extra(chapter.number):
        return as_it_stands(document, chapter, narration)
    telling = (
        await teller.find_telling(document, chapter, narration) if teller is not None else None
    )
    if telling is None and narration.mode is Mode.TRANSLATION:
        raise NotTranslated
    return telling
