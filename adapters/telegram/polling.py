"""Telegram's updates by long polling: each once, whatever breaks."""

from __future__ import annotations

from collections.abc import AsyncIterator

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ExtBot

from adapters.telegram.pauses import Pauses
from adapters.telegram.receiving import KINDS, body_of, key_of
from bot.journal import Journal

POLL_S = 50


class Polling:
    """Telegram forgets an update as soon as the next poll confirms it, and repeats it until then:
    so each is in the journal before it is confirmed, and what the journal knows is not handed on.
    """

    def __init__(self, bot: ExtBot[None], journal: Journal) -> None:
        self._bot = bot
        self._journal = journal

    async def open(self) -> None:
        await self._bot.delete_webhook()  # while one is set, Telegram refuses to be polled

    async def updates(self) -> AsyncIterator[Update]:
        offset: int | None = None
        pauses = Pauses()
        while True:
            try:
                updates = await self._bot.get_updates(
                    offset=offset, timeout=POLL_S, allowed_updates=KINDS
                )
                fresh = [u for u in updates if self._journal.write(key_of(u), body_of(u))]
            except (TelegramError, OSError) as err:
                await pauses.after(err)
                continue
            pauses.reset()
            if updates:
                offset = max(update.update_id for update in updates) + 1
            for update in fresh:
                yield update
