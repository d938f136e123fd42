"""What a child says, as far as it is believed: parsed, never unpickled."""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any

from pipeline.errors import ChildDied, ListenDockError, error_of
from pipeline.process.frames import Json

MAX_FRAME = 128 * 1024 * 1024


async def receive(stream: asyncio.StreamReader | None) -> Json:
    """Raises `ValueError` for what is no message, `IncompleteReadError` at the end."""
    assert stream is not None
    (size,) = struct.unpack(">I", await stream.readexactly(4))
    if size > MAX_FRAME:
        raise ValueError("a child's answer is too large")
    message = json.loads(await stream.readexactly(size))
    if not isinstance(message, dict):
        raise ValueError("a child's answer is no object")  # noqa: TRY004 - one kind for all nonsense
    return message


def progress_of(value: object) -> tuple[int, int]:
    match value:
        case [int(done), int(total)]:
            return done, total
    raise ValueError("a child's progress is no pair of numbers")


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
    clean = facts if isinstance(facts, dict) else {}
    return error_of(str(error.get("kind")), {k: v for k, v in clean.items() if _is_plain(v)})


def _is_plain(value: object) -> bool:
    return isinstance(value, (str, int)) and len(str(value)) < 200
