"""What `chapters` and `narrate` tell a person at a terminal, how they write files, and how they
end before they are done."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.words.languages import english_name_of
from pipeline.domain import Narration
from pipeline.errors import DiskFull, ListenDockError, OperatorError, is_disk_full

ENDED_BY_SIGTERM = 128 + signal.SIGTERM
GRACE_S = 8.0
NO_ROOM = (
    "The disk is full. Free some space and run this again; chapters that were written are kept."
)


class NotWritten(OperatorError):
    kind = "not_written"
    sentence = "{name} cannot be written: {reason}."


def sentence_of(error: ListenDockError) -> str:
    """A server waits until there is room on its disk; a command ends, and must not promise to go
    on."""
    return NO_ROOM if isinstance(error, DiskFull) else str(error)


def tell_of_another_voice(file: Path, *, wanted: str, narration: Narration) -> None:
    """Who steps in for a voice that does not speak the language, if it does not."""
    if narration.voice == wanted:
        return
    language = english_name_of(narration.language)
    sys.stderr.write(f"{file}: {wanted} does not speak {language}; {narration.voice} steps in.\n")


@contextmanager
def name_write_errors() -> Iterator[None]:
    """Errors of the file system inside the block come out as `DiskFull` or `NotWritten`."""
    try:
        yield
    except OSError as err:
        if is_disk_full(err):
            raise DiskFull from err
        if err.filename is None:
            raise
        raise NotWritten(name=str(err.filename), reason=err.strerror or "") from err


def write_whole(file: Path, text: str) -> None:
    """All of it or, on a full disk, nothing: the next run reads it."""
    half = file.with_name(f".{file.name}.part")
    try:
        half.write_text(text, encoding="utf-8")
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)


def end_on_sigterm(clear: Callable[[], None]) -> None:
    """From now on SIGTERM ends the calling task as an error would: children and temporary files go
    with it. A thread that waits for another program hears of no end, and is not waited for: then
    `clear` is called from beside it."""
    task = asyncio.current_task()
    assert task is not None  # called by a coroutine

    def end() -> None:
        task.cancel()
        timer = threading.Timer(GRACE_S, _end_hard, [clear])
        timer.daemon = True
        timer.start()

    try:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end)
    except NotImplementedError:  # Windows has no such signal
        return


def _end_hard(clear: Callable[[], None]) -> None:
    clear()
    os._exit(ENDED_BY_SIGTERM)
