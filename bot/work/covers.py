"""The picture of each document's first page. One that is gone or damaged is noticed when somebody
wants it, and drawn again from the PDF."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Protocol
from weakref import WeakValueDictionary

import structlog

from bot.ports import FileStore, Library, cover_key, pdf_key
from bot.work.folders import Folders
from pipeline.errors import ListenDockError

log = structlog.get_logger()
BEGINNING, END = b"\xff\xd8", b"\xff\xd9"  # of a JPEG


class CoverDrawer(Protocol):
    """What the pipeline does for covers (`pipeline.producer.Producer`)."""

    async def cover(self, pdf: Path, out: Path) -> bool: ...


class Covers:
    """What keeps one from being drawn is told in the log, and keeps nothing else from being done:
    a chapter without its picture is better than none."""

    def __init__(self, *, library: Library, files: FileStore, producer: CoverDrawer) -> None:
        self._library = library
        self._files = files
        self._folders = Folders(library, files)
        self._producer = producer
        self._without: set[str] = set()  # documents of whose first page no picture came
        # several that want the same one draw it once
        self._turns: MutableMapping[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def local(self, document: str) -> AsyncIterator[Path | None]:
        """The picture on this machine while the block runs; None: there is none to be had."""
        async with AsyncExitStack() as stack:
            cover = await self._open(stack, document)
            if cover is None:
                await self.draw(document)
                cover = await self._open(stack, document)
            yield cover

    async def draw(self, document: str) -> None:
        """Unless it is there, or cannot be."""
        async with self._turns.setdefault(document, asyncio.Lock()):
            if document in self._without or await self._is_there(document):
                return
            try:
                await self._draw(document)
            except FileNotFoundError:
                log.warning("pdf gone", document=document[:12])
            except (ListenDockError, OSError) as err:
                log.warning("cover not drawn", document=document[:12], reason=type(err).__name__)

    async def keep(self, document: str, cover: Path | None) -> None:
        """What was drawn of it; None: nothing came of it. Raises `DiskFull`."""
        if cover is None or not await asyncio.to_thread(_is_picture, cover):
            self._without.add(document)
        else:
            await self._folders.put(document, cover_key(document), cover)

    async def is_pdf_gone(self, document: str) -> bool:
        """Then only whoever has it can mend that, by sending it again."""
        holding = await self._library.holding(document)
        size = await self._files.size(pdf_key(document))
        return holding is not None and (size is None or size < holding.size)

    async def _draw(self, document: str) -> None:
        if await self._library.holding(document) is None:
            return  # deleted meanwhile
        if await self.is_pdf_gone(document):
            raise FileNotFoundError(pdf_key(document))
        with tempfile.TemporaryDirectory() as folder:
            cover = Path(folder) / "cover.jpg"
            async with self._files.local(pdf_key(document)) as pdf:
                has_cover = await self._producer.cover(pdf, cover)
            await self.keep(document, cover if has_cover else None)

    async def _open(self, stack: AsyncExitStack, document: str) -> Path | None:
        with suppress(FileNotFoundError):
            cover = await stack.enter_async_context(self._files.local(cover_key(document)))
            return cover if await asyncio.to_thread(_is_picture, cover) else None
        return None

    async def _is_there(self, document: str) -> bool:
        async with AsyncExitStack() as stack:
            return await self._open(stack, document) is not None


def _is_picture(cover: Path) -> bool:
    """Whether it begins and ends as a JPEG: one that was cut short or overwritten does not."""
    with cover.open("rb") as file:
        begins = file.read(len(BEGINNING))
        size = file.seek(0, os.SEEK_END)
        file.seek(max(len(begins), size - len(END)))
        return (begins, file.read()) == (BEGINNING, END)
