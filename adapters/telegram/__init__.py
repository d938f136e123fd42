"""Telegram, by long polling with python-telegram-bot. Must say `import telegram` absolutely and is
never run as a script: its own name would shadow the library's."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from telegram import BotCommand, Update
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError
from telegram.ext import AIORateLimiter, ExtBot, Updater
from telegram.request import HTTPXRequest

from adapters.telegram.chat import TelegramChat
from adapters.telegram.intake import Intake
from adapters.telegram.journal import JournaledQueue, UpdateJournal
from bot.ports import Inbox
from pipeline.errors import ConfigurationError

log = structlog.get_logger()
COMMANDS = (
    ("progress", "What you have heard, and where to go on"),
    ("library", "All your documents"),
    ("cancel", "Stop the work on your latest document"),
    ("delete", "Remove a document"),
    ("help", "How it works"),
)
UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY]
RETRY_S, LONGEST_RETRY_S = 2.0, 60.0
HTTP_TIMEOUT_S = 20.0
STOPPING_S = 3.0
DOWNLOAD_LIMIT = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramAccess:
    """Which bot, at which Bot API server. `is_local`: that server runs on this machine with
    `--local`, hands over files by path and knows no 20 MB limit."""

    token: str = field(repr=False)
    api_url: str
    is_local: bool = False

    @property
    def size_limit(self) -> int | None:
        """Bytes of the largest file that the server hands out; None: any."""
        return None if self.is_local else DOWNLOAD_LIMIT


def telegram_bot(access: TelegramAccess) -> ExtBot[None]:
    """PTB's bot for an access."""
    base = access.api_url.rstrip("/")
    request = HTTPXRequest(
        connection_pool_size=64,
        read_timeout=HTTP_TIMEOUT_S,
        connect_timeout=HTTP_TIMEOUT_S,
        media_write_timeout=300.0,
    )
    return ExtBot(
        access.token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=request,
        get_updates_request=HTTPXRequest(connection_pool_size=2, read_timeout=HTTP_TIMEOUT_S),
        rate_limiter=AIORateLimiter(max_retries=0),  # type: ignore[arg-type]
        local_mode=access.is_local,
    )


async def telegram_name(access: TelegramAccess) -> str:
    """Who the token belongs to. Raises `ConfigurationError` without repeating it."""
    try:
        async with telegram_bot(access) as bot:
            return bot.username
    except InvalidToken:
        raise _bad_token() from None
    except TelegramError as err:
        problem = f"Telegram cannot be reached ({type(err).__name__})."
        raise ConfigurationError(problem=problem) from None


def _bad_token() -> ConfigurationError:
    return ConfigurationError(
        problem="TELEGRAM_BOT_TOKEN is not accepted by Telegram. Ask @BotFather for the token."
    )


@asynccontextmanager
async def open_telegram(
    access: TelegramAccess, *, inbox: Inbox, folder: Path
) -> AsyncIterator[TelegramChat]:
    """The chat, receiving. If Telegram cannot be reached now, it is tried until it can.

    `folder`: where files lie while they come in, and the journal of updates.
    """
    bot = telegram_bot(access)
    journal = UpdateJournal(folder / "telegram")
    chat = TelegramChat(bot)
    intake = Intake(
        bot=bot,
        inbox=inbox,
        folder=folder,
        size_limit=access.size_limit,
        show=chat.show,
    )
    receiving = asyncio.create_task(_receive(bot, journal, intake))
    try:
        yield chat
    finally:
        receiving.cancel()
        await asyncio.gather(receiving, return_exceptions=True)
        with contextlib.suppress(TelegramError, RuntimeError):
            await bot.shutdown()


async def _receive(bot: ExtBot[None], journal: UpdateJournal, intake: Intake) -> None:
    """Connect, catch up with the journal, poll; until cancelled."""
    await _connected(bot)
    queue = JournaledQueue(journal)
    updater = Updater(bot, queue)
    handling: set[asyncio.Task[None]] = set()

    def handle(update: Update) -> None:
        task = asyncio.create_task(_handled(update, journal, intake))
        handling.add(task)
        task.add_done_callback(handling.discard)

    for update in journal.left(bot):
        queue.remember(update.update_id)
        handle(update)
    await updater.initialize()
    await updater.start_polling(
        bootstrap_retries=-1, allowed_updates=UPDATES, error_callback=_on_polling_error
    )
    try:
        while True:
            item = await queue.get()
            if isinstance(item, Update):
                handle(item)
    finally:
        with contextlib.suppress(TelegramError, RuntimeError):
            await updater.stop()
        if handling:
            await asyncio.wait(handling, timeout=STOPPING_S)
        for task in handling:
            task.cancel()


async def _handled(update: Update, journal: UpdateJournal, intake: Intake) -> None:
    """One update, and its line in the journal struck only when it is done."""
    try:
        await intake.on_update(update)
    except TelegramError as err:
        log.warning("update not handled", reason=type(err).__name__)
    await asyncio.to_thread(journal.strike, update)


async def _connected(bot: ExtBot[None]) -> None:
    pause_s = RETRY_S
    while True:
        try:
            await bot.initialize()
            commands = [BotCommand(name, text) for name, text in COMMANDS]
            await bot.set_my_commands(commands)
        except InvalidToken:
            log.error("telegram token refused: set TELEGRAM_BOT_TOKEN to the one of @BotFather")
            pause_s = LONGEST_RETRY_S
        except TelegramError as err:
            log.warning("telegram unreachable", reason=type(err).__name__, retry_s=pause_s)
        else:
            log.info("telegram connected", bot=bot.username)
            return
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_RETRY_S)


def _on_polling_error(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        log.error("another program polls with this token: stop one of the two")
    elif not isinstance(error, NetworkError):
        log.warning("polling failed", reason=type(error).__name__)


__all__: Sequence[str] = ("TelegramAccess", "TelegramChat", "open_telegram", "telegram_name")
