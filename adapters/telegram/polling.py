"""Telegram's updates by long polling: each once, whatever breaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import structlog
from telegram import BotCommand, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from adapters.telegram.errors import wait_of
from bot.journal import Journal

log = structlog.get_logger()
COMMANDS = (
    ("progress", "What you have heard, and where to go on"),
    ("library", "All your documents"),
    ("voice", "Hear the voices, and choose one"),
    ("speed", "Faster or slower"),
    ("mode", "The whole text, or a brief version"),
    ("say", "How a word is said to you"),
    ("settings", "How your next documents are read"),
    ("cancel", "Stop the work on your latest document"),
    ("delete", "Remove a document"),
    ("help", "How it works"),
)
KINDS = [Update.MESSAGE, Update.CALLBACK_QUERY]
POLL_S = 50
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0


class Pauses:
    """How long to wait after a failure: longer each time, until something works again."""

    def __init__(self) -> None:
        self._next_s = FIRST_PAUSE_S

    def reset(self) -> None:
        self._next_s = FIRST_PAUSE_S

    async def after(self, err: TelegramError | OSError) -> None:
        pause_s = max(self._next_s, wait_of(err)) if isinstance(err, RetryAfter) else self._next_s
        self._next_s = min(2 * self._next_s, LONGEST_PAUSE_S)
        _tell(err, pause_s)
        await asyncio.sleep(pause_s)


def _tell(err: TelegramError | OSError, pause_s: float) -> None:
    """In the log, for whoever runs the program; never the error's own text."""
    match err:
        case InvalidToken():
            log.error("telegram refuses the token: set TELEGRAM_BOT_TOKEN to @BotFather's")
        case Conflict():
            log.error("another program polls with this token: stop one of the two")
        case OSError():
            log.error("update not kept on disk", errno=err.errno, retry_s=pause_s)
        case _:
            log.warning("telegram unreachable", reason=type(err).__name__, retry_s=pause_s)


async def connect(bot: ExtBot[None]) -> None:
    """Log in and say what we can do; tried until it works."""
    pauses = Pauses()
    while True:
        try:
            await bot.initialize()
            await bot.delete_webhook()  # while one is set, Telegram refuses to be polled
            await bot.set_my_commands([BotCommand(name, text) for name, text in COMMANDS])
        except TelegramError as err:
            await pauses.after(err)
        else:
            log.info("telegram connected", bot=bot.username)
            return


async def received(bot: ExtBot[None], journal: Journal) -> AsyncIterator[Update]:
    """First what an earlier life did not finish, then what comes.

    Telegram forgets an update as soon as the next poll confirms it, and repeats it until then: so
    each is in the journal before it is confirmed, and what the journal knows is not handed on.
    """
    for key, body in journal.left():
        try:
            update = Update.de_json(body, bot)
        except (KeyError, TypeError, ValueError):
            log.error("update in the journal unreadable")
            journal.strike(key)
        else:
            yield update
    offset: int | None = None
    pauses = Pauses()
    while True:
        try:
            updates = await bot.get_updates(offset=offset, timeout=POLL_S, allowed_updates=KINDS)
            fresh = [update for update in updates if journal.write(key_of(update), body_of(update))]
        except (TelegramError, OSError) as err:
            await pauses.after(err)
            continue
        pauses.reset()
        if updates:
            offset = max(update.update_id for update in updates) + 1
        for update in fresh:
            yield update


def key_of(update: Update) -> str:
    """What the journal knows it by."""
    return str(update.update_id)


def body_of(update: Update) -> dict[str, object]:
    return dict(update.to_dict())
