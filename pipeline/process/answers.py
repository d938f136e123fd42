"""What a child says, as far as it is believed: parsed, never unpickled."""

from __future__ import annotations

import asyncio
import json
import math
import struct
from typing import Any

from pipeline.errors import (
    ChildDied,
    DiskFull,
    ListenDockError,
    NoFfmpeg,
    SpeechFailed,
    UserError,
    error_of,
)
from pipeline.process.frames import Json

MAX_FRAME = 4 * 1024 * 1024  # what is large comes as a file; this is parsed in the loop
MOST_COUNTED = 10**9
MAY_BE_NAMED = (UserError, DiskFull, NoFfmpeg, SpeechFailed)  # the others say what only we know


async def receive(stream: asyncio.StreamReader | None) -> Json:
    """Raises `ValueError` for what is no message, `IncompleteReadError` at the end."""
    assert stream is not None
    (size,) = struct.unpack(">I", await stream.readexactly(4))
    if size > MAX_FRAME:
        raise ValueError("a child's answer is too large")
    text = await stream.readexactly(size)
    message = json.loads(text, parse_constant=_no_number, parse_float=_finite)
    if not isinstance(message, dict):
        raise ValueError("a child's answer is no object")  # noqa: TRY004 - one kind for all nonsense
    return message


def _no_number(name: str) -> float:
    raise ValueError(f"a child's answer has {name} in it")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def progress_of(value: object) -> tuple[int, int]:
    """Each from 0 to a thousand million."""
    match value:
        case [int(done), int(total)] if _is_count(done) and _is_count(total):
            return done, total
    raise ValueError("a child's progress is no pair of counts")


def _is_count(value: int) -> bool:
    return not isinstance(value, bool) and 0 <= value <= MOST_COUNTED


def answer_of(message: Json) -> Json:
    """Raises the error that the child named, `ChildDied` for no answer."""
    if "error" in message:
        raise _named_error(message["error"])
    result = message.get("answer")
    if not isinstance(result, dict):
        raise ChildDied(reason="no answer")
    return result


def _named_error(error: Any) -> ListenDockError:
    if not isinstance(error, dict):
        return ChildDied(reason="no answer")
    facts = error.get("facts")
    said = facts if isinstance(facts, dict) else {}
    counts = {name: value for name, value in said.items() if _is_fact(value)}
    named = error_of(str(error.get("kind")), counts)
    return named if isinstance(named, MAY_BE_NAMED) else ListenDockError()


def _is_fact(value: object) -> bool:
    """Counts alone: words would be a child's words in a sentence of ours."""
    return type(value) is int and _is_count(value)
