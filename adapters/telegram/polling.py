"""Telegram's updates by long polling: each once, whatever breaks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from telegram import Update
from telegram.error import TelegramError

from adapters.telegram.pauses import Pauses
from adapters.telegram.receiving import KINDS
from adapters.telegram.updates import RawBot, Reader, number_of
from bot.journal import Journal

POLL_S = 50
ANSWER_S = 20.0  # longer than Telegram was asked to wait


class Polling:
    """Telegram forgets an update as soon as the next poll confirms it, and repeats it until then:
    so each is in the journal before it is confirmed, and what the journal knows is not handed on.
    """

    def __init__(self, bot: RawBot, journal: Journal, reader: Reader) -> None:
        self._bot = bot
        self._journal = journal
        self._reader = reader
        self._offset: int | None = None  # the first that is not confirmed

    async def open(self) -> None:
        await self._bot.delete_webhook()  # while one is set, Telegram refuses to be polled
        self._offset = None

    async def updates(self) -> AsyncIterator[Update]:
        pauses = Pauses()
        while True:
            try:
                for raw in await self._poll():
                    update = self._keep(raw)
                    if update is not None:
                        yield update
            except (TelegramError, OSError) as err:
                await pauses.after(err)
            else:
                pauses.reset()

    async def _poll(self) -> Sequence[object]:
        found = await self._bot.raw_updates(
            offset=self._offset, wait_s=POLL_S, kinds=KINDS, read_timeout_s=POLL_S + ANSWER_S
        )
        if found and not any(number_of(raw) is not None for raw in found):
            raise TelegramError("updates without numbers")  # they cannot be confirmed
        return found

    def _keep(self, raw: object) -> Update | None:
        """An update that is in the journal now; None if it was before, or cannot be read. The
        next poll confirms it. Raises `OSError`."""
        number = number_of(raw)
        if number is None or not isinstance(raw, dict):
            return None
        update = self._reader.read(raw)
        is_fresh = update is not None and self._journal.write(str(number), raw)
        self._offset = max(self._offset or 0, number + 1)
        return update if is_fresh else None
