"""A PDF on its way in: streamed to a file, measured while it comes, gone afterwards."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.own_folders import OwnFolder
from bot.views import NoticeView

PREFIX = "web-"
BUFFER = 1024 * 1024
LONGEST_NAME = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class UploadRefused(Exception):
    """What to say instead of taking it."""

    def __init__(self, answer: NoticeView) -> None:
        self.answer = answer
        super().__init__(answer.text)


@asynccontextmanager
async def receive(
    body: AsyncIterator[bytes], folder: Path, refusal: Callable[[int], NoticeView | None]
) -> AsyncIterator[Path]:
    """The file, while the block runs. Raises `UploadRefused` as soon as it has grown too large."""
    own = await asyncio.to_thread(OwnFolder.made, folder, PREFIX)
    try:
        await _write(body, own.path / "document.pdf", refusal)
        yield own.path / "document.pdf"
    finally:
        await asyncio.to_thread(own.remove)


async def _write(
    body: AsyncIterator[bytes], path: Path, refusal: Callable[[int], NoticeView | None]
) -> None:
    size, buffer = 0, bytearray()
    with await asyncio.to_thread(path.open, "wb") as file:
        async for chunk in body:
            size += len(chunk)
            if (answer := refusal(size)) is not None:
                raise UploadRefused(answer)
            buffer += chunk
            if len(buffer) >= BUFFER:
                await asyncio.to_thread(file.write, bytes(buffer))
                buffer.clear()
        await asyncio.to_thread(file.write, bytes(buffer))


def safe_name(sent: str) -> str:
    """A file's name as a browser sent it: no folders, nothing invisible, not endless."""
    name = _CONTROL.sub("", sent).replace("\\", "/")
    return name.rpartition("/")[2].strip(" .")[:LONGEST_NAME] or "document.pdf"
