"""Telegram's updates by long polling: each once, whatever breaks."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Update
from telegram.error import TelegramError

from adapters.telegram.pauses import Pauses
from adapters.telegram.receiving import KINDS
from adapters.telegram.updates import RawBot, number_of
from bot.inlet import Inlet, NotTaken

POLL_S = 50
ANSWER_S = 20.0  # longer than Telegram was asked to wait


class Polling:
    """Telegram forgets an update as soon as the next poll confirms it, and repeats it until then:
    so each is taken in before it is confirmed."""

    def __init__(self, bot: RawBot, inlet: Inlet[Update]) -> None:
        self._bot = bot
        self._inlet = inlet
        self._offset: int | None = None  # the first that is not confirmed

    async def open(self) -> None:
        await self._bot.delete_webhook()  # while one is set, Telegram refuses to be polled
        self._offset = None

    async def receive(self) -> None:
        pauses = Pauses()
        while True:
            try:
                for raw in await self._poll():
                    await self._take(raw)
            except (TelegramError, NotTaken) as err:
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

    async def _take(self, raw: object) -> None:
        """The next poll confirms it. Raises `NotTaken`."""
        number = number_of(raw)
        if number is None or not isinstance(raw, dict):
            return
        await self._inlet.take(str(number), raw)
        self._offset = max(self._offset or 0, number + 1)
