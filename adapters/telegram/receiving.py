"""From an update's arrival to the moment when it is done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

import structlog
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ExtBot

from adapters.telegram.intake import Intake
from adapters.telegram.pauses import Pauses
from adapters.telegram.updates import Reader
from bot.journal import Journal

log = structlog.get_logger()
KINDS = [Update.MESSAGE, Update.CALLBACK_QUERY]
STOPPING_S = 2.0
RESTART_S = 10.0


class Source(Protocol):
    """A way for updates to come."""

    async def open(self) -> None:
        """Tell Telegram which. Raises `TelegramError`."""

    def updates(self) -> AsyncIterator[Update]:
        """Those that come from now on, each in the journal already."""


async def receive(
    bot: ExtBot[None], source: Source, journal: Journal, reader: Reader, intake: Intake
) -> None:
    """Until cancelled; what is being handled then has a moment to finish."""
    handling: dict[str, asyncio.Task[None]] = {}
    try:
        while True:
            try:
                await _connect(bot, source)
                async for update in _receive(source, journal, reader):
                    key = key_of(update)
                    if key not in handling:
                        task = asyncio.create_task(_handle(update, journal, intake), name=key)
                        handling[key] = task
                        task.add_done_callback(lambda done: handling.pop(done.get_name(), None))
            except Exception:  # whatever it is, a bot that no longer listens is worse
                log.exception("receiving failed")
                await asyncio.sleep(RESTART_S)
    finally:
        await _finish(list(handling.values()))


async def _finish(tasks: list[asyncio.Task[None]]) -> None:
    if tasks:
        await asyncio.wait(tasks, timeout=STOPPING_S)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _connect(bot: ExtBot[None], source: Source) -> None:
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


async def _receive(source: Source, journal: Journal, reader: Reader) -> AsyncIterator[Update]:
    """First what an earlier life did not finish, then what comes."""
    for key, raw in journal.left():
        update = reader.read(raw)
        if update is None:
            journal.strike(key)
        else:
            yield update
    async for update in source.updates():
        yield update


async def _handle(update: Update, journal: Journal, intake: Intake) -> None:
    """One update, and its line in the journal struck only when it is done."""
    try:
        await intake.on_update(update)
    except Exception:  # it would break the next life in the same way
        log.exception("update not handled")
    try:
        journal.strike(key_of(update))
    except OSError as err:  # then the next life handles it once more
        log.error("journal not struck", errno=err.errno)


def key_of(update: Update) -> str:
    """What the journal knows it by."""
    return str(update.update_id)
