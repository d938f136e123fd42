"""Jobs that are only written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.domain import Narration


@dataclass(slots=True)
class MemoryJobs:
    """What is open stands in `reads` and `speaks`; nothing is ever done by itself."""

    reads: list[str] = field(default_factory=list)
    speaks: list[tuple[str, int, Narration]] = field(default_factory=list)
    hurried: list[tuple[str, int]] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    forgotten: list[tuple[str, str]] = field(default_factory=list)
    summed_up: list[tuple[str, str]] = field(default_factory=list)  # document and language

    @property
    def chapters(self) -> list[tuple[str, int]]:
        """The open chapters, in whatever narration."""
        return [(document, chapter) for document, chapter, _ in self.speaks]

    async def read_again(self, document: str, listener: str) -> None:
        await self.read(document, listener)

    async def read(self, document: str, listener: str) -> None:
        if document not in self.reads:
            self.reads.append(document)

    async def speak(
        self, document: str, chapters: Sequence[int], listener: str, narration: Narration
    ) -> None:
        for chapter in chapters:
            if (document, chapter, narration) not in self.speaks:
                self.speaks.append((document, chapter, narration))

    async def sum_up(self, document: str, language: str) -> None:
        self.summed_up.append((document, language))

    async def hurry(self, document: str, chapter: int, narration: Narration) -> None:
        """The last one that was hurried comes after those hurried before, before all others."""
        self.hurried.append((document, chapter))
        job = (document, chapter, narration)
        if job in self.speaks:
            front = sum((d, c) in self.hurried for d, c, _ in self.speaks if (d, c) != job[:2])
            self.speaks.remove(job)
            self.speaks.insert(front, job)

    async def forget(self, documents: Sequence[str], listener: str = "") -> None:
        self.forgotten += [(document, listener) for document in documents]

    async def cancel(self, document: str, narration: Narration | None = None) -> None:
        self.cancelled.append(document)
        self.speaks = [
            job for job in self.speaks if job[0] != document or narration not in (None, job[2])
        ]
        if narration is None:
            self.reads = [job for job in self.reads if job != document]
