"""Files out of Telegram, patiently."""

from __future__ import annotations

import asyncio
import mimetypes
from pathlib import Path, PurePath

import structlog
from telegram import Bot, Document
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from adapters.telegram.errors import wait_of

log = structlog.get_logger()
TRIES = 5
FIRST_PAUSE_S = 1.0
TIMEOUT_S = 120.0
AT_ONCE = 4  # each is held in memory while it comes
TYPES = ("application/pdf", "application/x-pdf", "application/epub+zip")
ENDINGS = (".pdf", ".epub")
VAGUE_TYPES = ("application/octet-stream", "binary/octet-stream", "")


class TooBig(Exception):
    """Telegram does not hand it to a bot."""


class NotFetched(Exception):
    """All tries failed."""


class Downloads:
    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._room = asyncio.Semaphore(AT_ONCE)

    async def fetch(self, file: Document, path: Path) -> None:
        """The file's bytes, whole. Raises `TooBig`, `NotFetched` or `OSError` (no room)."""
        async with self._room:
            for attempt in range(TRIES):
                try:
                    await self._fetch_once(file, path)
                except BadRequest as err:
                    if "too big" in str(err).lower():
                        raise TooBig from None
                    log.warning("file refused")
                    raise NotFetched from None
                except RetryAfter as err:
                    await asyncio.sleep(wait_of(err))
                except TelegramError as err:
                    log.warning("download failed", attempt=attempt, reason=type(err).__name__)
                    await asyncio.sleep(FIRST_PAUSE_S * 2**attempt)
                else:
                    return
        raise NotFetched

    async def _fetch_once(self, file: Document, path: Path) -> None:
        """Asks for its address each time: that expires. A server of our own downloads the file
        before it answers."""
        remote = await self._bot.get_file(file.file_id, read_timeout=TIMEOUT_S)
        await remote.download_to_drive(path, read_timeout=TIMEOUT_S)
        if remote.file_size is not None and path.stat().st_size != remote.file_size:
            raise NetworkError("cut short")


def may_be_readable(file: Document) -> bool:
    """A PDF or an EPUB by name or type; what is neither told nor contradicted may be one."""
    name, kind = file.file_name or "", (file.mime_type or "").lower()
    if name.lower().endswith(ENDINGS) or kind in TYPES:
        return True
    return kind in VAGUE_TYPES and mimetypes.guess_type(PurePath(name).name)[0] is None
