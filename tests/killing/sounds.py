"""Reading and speaking without children: real MP3s, one of another length for each chapter."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pipeline.domain import Chapter, Document, Narration, Telling, Track
from tests import hearing
from tests.killing.papers import CHAPTERS, title_of
from tests.producing import MemoryProducer
from tests.samples import a_document
from tests.sounds import an_mp3

LENGTHS = "lengths.json"
READ_S, SPEAK_S = 0.3, 0.2


def record(folder: Path) -> Path:
    """The sounds, and how long each is as a player decodes it."""
    folder.mkdir()
    lengths = {}
    for number in range(1, CHAPTERS + 1):
        sound = an_mp3(folder / f"{number}.mp3", seconds=0.3 * number)
        lengths[number] = hearing.seconds(sound)
    (folder / LENGTHS).write_text(json.dumps(lengths))
    return folder


@dataclass(slots=True)
class SoundProducer(MemoryProducer):
    """Where the real program takes its pipeline. `sounds`: what `record` made."""

    sounds: Path = Path()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    def start_warming(self) -> None:
        pass

    async def read(
        self,
        path: Path,
        *,
        max_pages: int,
        on_progress: Callable[[int, int], None] | None = None,
        on_draft: Callable[[Document], Awaitable[None]] | None = None,
    ) -> Document:
        titles = [title_of(number) for number in range(1, CHAPTERS + 1)]
        read = a_document("", *titles, title=path.read_text().split()[1])
        if on_draft is not None:
            await on_draft(read)
        await asyncio.sleep(READ_S)
        return read

    async def speak(
        self,
        document: Document,
        chapter: Chapter,
        narration: Narration,
        out: Path,
        cover: Path | None,
        telling: Telling | None = None,
    ) -> Track:
        await asyncio.sleep(SPEAK_S)
        lengths = json.loads((self.sounds / LENGTHS).read_text())
        await asyncio.to_thread(shutil.copyfile, self.sounds / f"{chapter.number}.mp3", out)
        return Track(
            document=document.id,
            chapter=chapter.number,
            narration=narration,
            seconds=lengths[str(chapter.number)],
            size=out.stat().st_size,
        )
