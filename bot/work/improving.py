"""The job after the reading: better takeaways, when a model can be asked. No listener waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.ports import Library
from bot.work.outages import patient
from pipeline.domain import Chapter, Digest, Document
from pipeline.ports import Summarizer

PAUSES_S = (60.0, 600.0, 3600.0)  # before a server that was out of reach is asked again


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """What a model wrote about a document; small and JSON, for an engine to remember."""

    document: str
    digest: Digest = field(default_factory=Digest)
    language: str = ""  # that listeners wanted it in; empty: the document's


class Improving:
    """`summarizer` None: there is no model, and nothing to do."""

    def __init__(self, *, library: Library, summarizer: Summarizer | None) -> None:
        self._library = patient(library)
        self._summarizer = summarizer

    @property
    def is_possible(self) -> bool:
        return self._summarizer is not None

    async def languages_of(self, document: str) -> Sequence[str]:
        """What to write of a document that was just read: in its own language (empty), and in
        those that its listeners want. None without a model."""
        holding = await self._library.holding(document)
        if self._summarizer is None or holding is None or holding.document is None:
            return ()
        entries = await self._library.listeners_of(document)
        wanted = [await self._library.preferences(entry.listener) for entry in entries]
        others = {one.takeaways for one in wanted} - {"", holding.document.language}
        return ("", *sorted(others))

    async def improve(self, document: str, language: str = "") -> Improvement:
        """Slow, two minutes at most. Asking again costs nothing: answers are remembered."""
        reading = await self._whole(document)
        if reading is None or self._summarizer is None:
            return Improvement(document=document)  # deleted meanwhile
        digest = await self._summarizer.digest(reading, language)
        return Improvement(document=document, digest=digest, language=language)

    async def _whole(self, document: str) -> Document | None:
        """The document with the text of its chapters."""
        holding = await self._library.holding(document)
        if holding is None or holding.document is None:
            return None
        chapters: list[Chapter] = []
        for head in holding.document.chapters:
            chapter = await self._library.chapter(document, head.number)
            if chapter is None:
                return None
            chapters.append(chapter)
        return replace(holding.document, chapters=tuple(chapters))

    async def keep_improvement(self, library: Library, improvement: Improvement) -> None:
        """Quick, inside one transaction. Cards show it by themselves."""
        digest = improvement.digest
        if digest.summary or digest.takeaways or digest.titles:
            await library.save_takeaways(
                improvement.document,
                digest.summary,
                digest.takeaways,
                digest.titles,
                language=improvement.language,
            )
