"""How a child and the program speak: JSON in frames of known length, over pipes."""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

Json = dict[str, Any]
OUT_OF_MEMORY = 86  # a child's exit code when it could not get more memory
UNLOCKED = 87  # when it should be locked up and could not be


def framed(message: Json) -> bytes:
    """A message as it travels: four bytes of length, then JSON."""
    body = json.dumps(message, ensure_ascii=False).encode()
    return struct.pack(">I", len(body)) + body


def next_frame(stream: BinaryIO) -> Json | None:
    """The next message; None at the end."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    (size,) = struct.unpack(">I", head)
    message = json.loads(stream.read(size))
    return message if isinstance(message, dict) else None
