"""Telegram's updates as they come: raw, and made the library's one by one, so that one which the
library cannot read is passed over alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from telegram import Update
from telegram.ext import ExtBot

from bot.inlet import Raw


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


def reading(bot: ExtBot[None]) -> Callable[[Raw], Update | None]:
    """Raises whatever the library raises at what it cannot read."""
    return lambda raw: Update.de_json(dict(raw), bot)


def number_of(raw: object) -> int | None:
    """What Telegram counts it as; None if that is no update at all."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if type(number) is int else None
