"""A pipeline in memory: real files and values, no voice; what it was asked for is written down."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pymupdf

from pipeline.audio.voices import VoiceCard
from pipeline.domain import Chapter, Document, Mode, Narration, Passage, Telling, Track
from pipeline.errors import EncryptedPdf, WrongPassword
from tests.samples import a_document, with_left_out

VOICES = (
    VoiceCard(id="hibari:heart", factory="", languages=frozenset({"en"})),
    VoiceCard(id="hibari:sky", factory="", languages=frozenset({"en"})),
    VoiceCard(id="espeak:default", factory="", languages=frozenset({"de", "en"}), is_simple=True),
)
LOCKED = "locked "
JPEG = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 1, 1)).tobytes("jpeg")
_numbers = itertools.count()


@dataclass(slots=True)
class MemoryProducer:
    """`bot.work.steps.Pipeline`. A document's bytes say how many chapters it has: b"%PDF 3 …";
    those of one that is locked with `password`, b"locked %PDF 3 …"; unlocked, b"%PDF 3 …"."""

    read_s: float = 0.0
    speak_s: float = 0.0
    language: str = "en"
    pages: int = 10
    leaves_out: bool = False  # something, in the documents that it reads
    drafts: int = 0  # how many chapters it has at first sight; 0: the first sight is the last
    draft_title: str = "Draft"  # of each, before its number
    password: str = "bees"
    covers: list[str] = field(default_factory=list)  # names of files whose cover was drawn
    reads: list[str] = field(default_factory=list)  # ids of documents, as each began
    speaks: list[tuple[str, int]] = field(default_factory=list)  # as each began
    spoken: list[tuple[str, int]] = field(default_factory=list)  # as each ended
    pictured: list[int] = field(default_factory=list)  # chapters that got a cover
    has_covers: bool = True
    broken_off: list[tuple[str, int]] = field(default_factory=list)
    fail_next: list[BaseException] = field(default_factory=list)  # of read and speak
    has_room: bool = True  # for a chapter that may be in vain
    gate: asyncio.Event | None = None  # speaking waits until it is set
    read_gate: asyncio.Event | None = None  # reading too

    async def read(
        self,
        path: Path,
        *,
        max_pages: int,
        on_progress: Callable[[int, int], None] | None = None,
        on_draft: Callable[[Document], Awaitable[None]] | None = None,
    ) -> Document:
        _, chapters, document = path.read_text().removeprefix(LOCKED).split()[:3]
        self.reads.append(document)
        self._maybe_fail()
        if path.read_text().startswith(LOCKED):
            raise EncryptedPdf
        if on_draft is not None and self.drafts:
            titles = [f"{self.draft_title} {number}" for number in range(1, self.drafts + 1)]
            await on_draft(a_document("of no name yet", *titles))
        if self.read_gate is not None:
            await self.read_gate.wait()
        for page in range(1, self.pages + 1):
            await asyncio.sleep(self.read_s / self.pages)
            if on_progress is not None:
                on_progress(page, self.pages)
        titles = [f"Chapter {number}" for number in range(1, int(chapters) + 1)]
        read = replace(a_document(document, *titles), language=self.language)
        return with_left_out(read) if self.leaves_out else read

    async def speak(
        self,
        document: Document,
        chapter: Chapter,
        narration: Narration,
        out: Path,
        cover: Path | None,
        telling: Telling | None = None,
    ) -> Track:
        self.speaks.append((document.id, chapter.number))
        if cover is not None:
            self.pictured.append(chapter.number)
        self._maybe_fail()
        try:
            if self.gate is not None:
                await self.gate.wait()
            await asyncio.sleep(self.speak_s)
        except asyncio.CancelledError:
            self.broken_off.append((document.id, chapter.number))
            raise
        words = telling.text if telling is not None else chapter.title
        out.write_bytes(b"ID3" + f"{words} in {narration.key}".encode())
        self.spoken.append((document.id, chapter.number))
        return Track(
            document=document.id,
            chapter=chapter.number,
            narration=narration,
            seconds=60.0,
            size=out.stat().st_size,
        )

    async def unlock(self, pdf: Path, password: str, out: Path) -> None:
        """The file without b"locked " before it, by the right password or where none is needed."""
        content = pdf.read_text()
        if content.startswith(LOCKED) and password.strip() != self.password:
            raise WrongPassword
        out.write_text(content.removeprefix(LOCKED))

    async def cover(self, pdf: Path, out: Path) -> bool:
        self.covers.append(pdf.name)
        if self.has_covers:
            out.write_bytes(JPEG)
        return self.has_covers

    def has_room_for(self, narration: Narration) -> bool:
        return self.has_room

    def voices(self) -> tuple[VoiceCard, ...]:
        return VOICES

    def narration_for(self, document: Document, wanted: Narration) -> Narration:
        is_translated = wanted.mode is Mode.TRANSLATION and wanted.language != document.language
        if is_translated:
            return replace(wanted, voice="espeak:default")
        mode = Mode.ORIGINAL if wanted.mode is Mode.TRANSLATION else wanted.mode
        return replace(wanted, language=document.language, mode=mode)

    def _maybe_fail(self) -> None:
        if self.fail_next:
            raise self.fail_next.pop(0)


@dataclass(slots=True)
class MemoryTeller:
    """`pipeline.ports.Teller`: says of each chapter that it was told."""

    gate: asyncio.Event | None = None  # writing waits until it is set
    is_broken: bool = False  # nothing comes of it
    asked: list[tuple[str, int]] = field(default_factory=list)
    written: dict[tuple[str, int, str], Telling] = field(default_factory=dict)

    async def write(self, document: Document, chapter: Chapter, narration: Narration) -> None:
        self.asked.append((document.id, chapter.number))
        if self.gate is not None:
            await self.gate.wait()
        if not self.is_broken:
            passage = Passage(text=f"{chapter.title}, told", page=1)
            key = (document.id, chapter.number, narration.key)
            self.written[key] = Telling(passages=(passage,))

    async def find_telling(
        self, document: Document, chapter: Chapter, narration: Narration
    ) -> Telling | None:
        return self.written.get((document.id, chapter.number, narration.key))


def a_pdf(folder: Path, document: str, chapters: int, *, is_locked: bool = False) -> Path:
    """What the pipeline in memory takes for a PDF."""
    path = folder / f"{document[:12]}.pdf"
    part = path.with_suffix(f".{next(_numbers)}")  # somebody may be copying what stands there
    part.write_text(f"{LOCKED if is_locked else ''}%PDF {chapters} {document}")
    return part.rename(path)
