"""A bench for jobs: a library, a file store and a pipeline in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.memory import MemoryFiles, MemoryLibrary
from bot.domain import Progress, Unfinished
from bot.ports import pdf_key
from bot.work import folders, steps
from bot.work.steps import Work
from pipeline.domain import Narration
from pipeline.errors import DiskFull
from tests.producing import MemoryProducer, a_pdf
from tests.samples import ENGLISH, a_sender

BEES = "be" * 32
ADA = a_sender("ada")


class FullDisk(MemoryFiles):
    """Refuses as many puts as it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.refusals = 0
        self.refused: list[str] = []

    async def put(self, key: str, source: Path) -> None:
        if self.refusals:
            self.refusals -= 1
            self.refused.append(key)
            raise DiskFull
        await super().put(key, source)


@dataclass(slots=True)
class Bench:
    folder: Path
    library: MemoryLibrary = field(default_factory=MemoryLibrary)
    files: FullDisk = field(default_factory=FullDisk)
    producer: MemoryProducer = field(default_factory=MemoryProducer)

    @property
    def work(self) -> Work:
        return Work(library=self.library, files=self.files, producer=self.producer, max_pages=100)

    async def receives(self, chapters: int = 3, narration: Narration = ENGLISH) -> None:
        await self.library.receive(BEES, filename="bees.pdf", size=1)
        await self.library.shelve(ADA.listener, BEES, narration)
        await self.files.put(pdf_key(BEES), a_pdf(self.folder, BEES, chapters))

    async def reads(self) -> list[Unfinished]:
        """Both steps of the job."""
        return await self.work.keep_reading(self.library, await self.work.read(BEES))

    async def speaks(self, chapter: int = 1, narration: Narration = ENGLISH) -> None:
        outcome = await self.work.speak(BEES, chapter, narration)
        await self.work.keep_track(self.library, outcome)

    async def progress(self) -> Progress:
        found = await self.library.progress(ADA.listener.id, BEES)
        assert found is not None
        return found

    async def is_deleted(self) -> None:
        await self.library.unshelve(ADA.listener.id, BEES)
        assert await self.library.forget_document(BEES)
        await self.files.delete_under(f"documents/{BEES}")


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    for module in (steps, folders):
        monkeypatch.setattr(module, "DISK_PAUSE_S", 0.0)
    monkeypatch.setattr(steps, "FIRST_PAUSE_S", 0.0)
    return Bench(tmp_path)
