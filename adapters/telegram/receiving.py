"""The connection to Telegram: logged in, and told how updates shall come."""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ExtBot

from adapters.telegram.pauses import Pauses

log = structlog.get_logger()
KINDS = [Update.MESSAGE, Update.CALLBACK_QUERY]
RESTART_S = 10.0


class UpdateSource(Protocol):
    """A way for updates to come into the inlet."""

    async def open(self) -> None:
        """Tell Telegram which. Raises `TelegramError`."""

    async def receive(self) -> None:
        """Until cancelled."""


async def receive(bot: ExtBot[None], source: UpdateSource, connected: asyncio.Event) -> None:
    """Until cancelled. `connected` is set as soon as the bot knows who it is."""
    while True:
        try:
            await _connect(bot, source)
            connected.set()
            await source.receive()
        except Exception:  # whatever it is, a bot that no longer listens is worse
            log.exception("receiving failed")
            await asyncio.sleep(RESTART_S)


async def _connect(bot: ExtBot[None], source: UpdateSource) -> None:
    """Log in and say how updates shall come; tried until it works."""
    pauses = Pauses()
    while True:
        try:
            await bot.initialize()
            await source.open()
        except TelegramError as err:
            await pauses.after(err)
        else:
            log.info("telegram connected", bot=bot.username, by=type(source).__name__.lower())
            return
