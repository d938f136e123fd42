"""HTTP ranges of a file, so that a player can jump (RFC 9110, one range)."""

from __future__ import annotations

import re

_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")


def span_of(header: str | None, size: int) -> tuple[int, int] | None:
    """The bytes [start, end) that a `Range` header asks for: all of them without one, or with one
    that we do not understand. None if it lies outside."""
    match = _RANGE.match(header.strip()) if header else None
    if match is None or match.group(0) == "bytes=-":
        return (0, size)
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1 if last else size)
    return (start, end) if start < end else None
