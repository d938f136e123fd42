"""Telegram's updates as they come: raw, and made the library's one by one, so that one which the
library cannot read is passed over alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import structlog
from telegram import Update
from telegram.ext import ExtBot

log = structlog.get_logger()
Raw = Mapping[str, Any]


class RawBot(ExtBot[None]):
    """The library's own `get_updates` reads all or nothing, and tells its log what it got."""

    async def raw_updates(
        self, *, offset: int | None, wait_s: int, kinds: Sequence[str], read_timeout_s: float
    ) -> Sequence[object]:
        """Waits until there are some, at most so long. Raises `TelegramError`."""
        wanted = {"offset": offset, "timeout": wait_s, "allowed_updates": list(kinds)}
        found: object = await self._post(
            "getUpdates", cast("dict[str, Any]", wanted), read_timeout=read_timeout_s
        )
        return found if isinstance(found, list) else []


class Reader:
    """`skipped`: how many it could not make sense of."""

    def __init__(self, bot: ExtBot[None]) -> None:
        self._bot = bot
        self.skipped = 0

    def read(self, raw: Raw) -> Update | None:
        """None for what the library cannot read; the log has its number and nothing of what it
        says."""
        try:
            return Update.de_json(dict(raw), self._bot)
        except Exception as err:  # noqa: BLE001 - whatever it is, others must not wait behind it
            self.skipped += 1
            log.error(
                "update not understood",
                update=number_of(raw),
                reason=type(err).__name__,
                skipped=self.skipped,
            )
            return None


def number_of(raw: object) -> int | None:
    """What Telegram counts it as; None if that is no update at all."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if type(number) is int else None
