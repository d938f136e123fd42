"""Children that read pages as the real ones do, and misbehave at some, for the tests of shares.

A request may say what happens at a page: `slow`, `crash` (whoever comes there), `killed` (but
not who goes on from there), `damaged`.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.errors import DamagedPdf
from pipeline.pdf.lines import Page
from pipeline.pdf.page_files import row_of

Json = dict[str, Any]
Progress = Callable[[int, int], None]


def pages(request: Json, progress: Progress) -> Json:
    numbers = range(request["start"], request["stop"])
    with Path(request["out"]).open("w", encoding="ascii") as file:
        for done, number in enumerate(numbers, start=1):
            _misbehave(request, number)
            file.write(row_of(Page(number=number, width=1.0, height=1.0, lines=())))
            file.flush()
            progress(done, len(numbers))
    return {}


def _misbehave(request: Json, number: int) -> None:
    if number in request.get("slow", ()):
        time.sleep(0.5)
    if number in request.get("crash", ()):
        os.abort()
    if number in request.get("damaged", ()):
        raise DamagedPdf
    if number in request.get("killed", ()) and request["start"] != number:
        os.kill(os.getpid(), signal.SIGKILL)


def unlock_without_room(request: Json, progress: Progress) -> Json:
    """As `read.unlock`, by a child that may write no file of more than `room` bytes."""
    import resource

    from pipeline.pdf.unlocking import unlock

    resource.setrlimit(resource.RLIMIT_FSIZE, (request["room"], request["room"]))
    unlock(Path(request["path"]), request["password"], Path(request["out"]))
    return {}


TASKS: dict[str, Callable[[Json, Progress], Json]] = {
    "read.pages": pages,
    "read.unlock_without_room": unlock_without_room,
}
