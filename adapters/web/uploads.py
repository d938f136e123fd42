"""A PDF on its way in: streamed to a file, measured while it comes, gone afterwards."""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

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
    place, number = await asyncio.to_thread(_made, folder)
    with _held(number):
        try:
            await _written(body, place / "document.pdf", refusal)
            yield place / "document.pdf"
        finally:
            await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Uploads that a killed program left behind. The system lets go of a process's locks when it
    ends, however it ends; what another one is receiving just now stays."""
    with _held(_locked(folder)):
        for left in folder.glob(f"{PREFIX}*"):
            with suppress(OSError), _held(_locked(left, is_waiting=False)):
                shutil.rmtree(left, ignore_errors=True)


def _made(folder: Path) -> tuple[Path, int]:
    """A place for a file, and what holds it; nobody sweeps what somebody is just making."""
    with _held(_locked(folder)):
        place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
        return place, _locked(place)


@contextmanager
def _held(number: int) -> Iterator[None]:
    """A lock, until the block ends."""
    try:
        yield
    finally:
        os.close(number)


def _locked(folder: Path, *, is_waiting: bool = True) -> int:
    """Until it is closed. Raises `OSError` where somebody else has it and nobody waits."""
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX if is_waiting else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(number)
        raise
    return number


async def _written(
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
