"""A file of the store over HTTP, whole or in part (RFC 9110), and its name (RFC 6266)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import Response, StreamingResponse

from bot.ports import FileStore
from pipeline.domain import Track

_RANGE = re.compile(r"^bytes=([0-9]{0,18})-([0-9]{0,18})$")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


class RangeOutside(Exception):
    """The file ends before it."""


def wanted_range(header: str | None, size: int) -> range | None:
    """The bytes that a `Range` header asks for. None for all: there is no header, or it is one that
    may be ignored (several ranges, another unit, nonsense). Raises `RangeOutside`."""
    match = _RANGE.match(header.strip()) if header else None
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:  # the last so many
        last = min(int(match[2]), size)
        if not last:
            raise RangeOutside
        return range(size - last, size)
    start = int(match[1])
    if match[2] and int(match[2]) < start:
        return None
    if start >= size:
        raise RangeOutside
    return range(start, min(int(match[2]) + 1, size) if match[2] else size)


async def track_response(
    track: Track, files: FileStore, asked: Headers, *, attachment: str = ""
) -> Response:
    """The MP3, or the part of it that is asked for; `attachment`: under this name, to be kept."""
    tag = _tag(track)
    headers = {"etag": tag, "accept-ranges": "bytes", "cache-control": "private, no-cache"}
    if attachment:
        headers["content-disposition"] = disposition(attachment)
    if tag in asked.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    is_same = asked.get("if-range", tag) == tag
    try:
        part = wanted_range(asked.get("range") if is_same else None, track.size)
    except RangeOutside:
        return Response(status_code=416, headers={"content-range": f"bytes */{track.size}"})
    sent = part or range(track.size)
    if part is not None:
        headers["content-range"] = f"bytes {part.start}-{part.stop - 1}/{track.size}"
    headers["content-length"] = str(len(sent))
    return await _stream(files, track.key, sent, 206 if part is not None else 200, headers)


async def _stream(
    files: FileStore, key: str, part: range, status: int, headers: dict[str, str]
) -> Response:
    """The first bytes are fetched before anything is promised."""
    chunks = aiter(files.chunks(key, part.start, part.stop))
    try:
        first = await anext(chunks, b"")
    except FileNotFoundError:
        return Response(status_code=404)

    async def body() -> AsyncIterator[bytes]:
        yield first
        async for chunk in chunks:
            yield chunk

    return StreamingResponse(body(), status, headers, media_type="audio/mpeg")


def _tag(track: Track) -> str:
    made = f"{track.key} {track.size} {track.seconds}"
    return f'"{hashlib.sha256(made.encode()).hexdigest()[:24]}"'


def disposition(filename: str) -> str:
    """`attachment` with a name in ASCII for old clients and one in UTF-8 for all others."""
    plain = _NOT_PLAIN.sub("-", filename).strip("-") or "chapter.mp3"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
