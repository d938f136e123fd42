"""Telegram, open: by long polling or by a webhook."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import ssl
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path

import httpx
from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from adapters.telegram.access import TelegramAccess
from adapters.telegram.chat import TelegramChat
from adapters.telegram.intake import FOLDER_PREFIX, Intake
from adapters.telegram.menus import known_in_groups, register
from adapters.telegram.polling import Polling
from adapters.telegram.receiving import receive
from adapters.telegram.updates import RawBot, reading
from adapters.telegram.webhook import PATH, Webhook
from bot.inlet import Inlet, open_inlet
from bot.ports import Inbox, Routes
from pipeline.errors import ConfigurationError

os.environ.setdefault("PTB_TIMEDELTA", "true")  # durations as timedelta, as PTB's next major will
HTTP_TIMEOUT_S = 20.0


def telegram_bot(access: TelegramAccess) -> RawBot:
    """PTB's bot for an access."""
    base = access.api_url.rstrip("/")
    # It tells all as errors too; here it would print a page of HTML for each call of an outage.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)
    httpx_kwargs = {"verify": _trusted()}
    request = HTTPXRequest(
        connection_pool_size=64,
        connect_timeout=HTTP_TIMEOUT_S,
        read_timeout=HTTP_TIMEOUT_S,
        write_timeout=HTTP_TIMEOUT_S,
        pool_timeout=HTTP_TIMEOUT_S,
        media_write_timeout=300.0,
        httpx_kwargs=httpx_kwargs,
    )
    return RawBot(
        access.token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=request,
        get_updates_request=HTTPXRequest(
            connection_pool_size=2,
            connect_timeout=HTTP_TIMEOUT_S,
            read_timeout=HTTP_TIMEOUT_S,
            httpx_kwargs=httpx_kwargs,
        ),
        local_mode=access.is_local,
    )


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed: read once, not for each client anew."""
    return httpx.create_ssl_context()


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
    access: TelegramAccess,
    *,
    inbox: Inbox,
    folder: Path,
    routes: Routes,
    admins: Sequence[str] = (),
) -> AsyncIterator[TelegramChat]:
    """The chat, receiving. If Telegram cannot be reached now, it is tried until it can.

    `folder`: where files lie while they come in, and the journal of updates. `routes`: apps of the
    page's server by their paths; the webhook is put there while the block runs. `admins`: accounts
    that see the commands for admins too.
    """
    bot = telegram_bot(access)
    await asyncio.to_thread(_sweep, folder)
    chat = TelegramChat(bot, file_limit=access.file_limit)
    connected = asyncio.Event()
    intake = Intake(
        bot=bot,
        inbox=inbox,
        chat=chat,
        folder=folder,
        size_limit=access.size_limit,
        known_in_groups=known_in_groups(inbox.commands),
        connected=connected,
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(_shut_down, bot)
        inlet = await stack.enter_async_context(
            open_inlet(folder / "telegram", read=reading(bot), handle=intake.on_update)
        )
        source = stack.enter_context(_open_source(access, bot, inlet, routes))
        tasks = [
            asyncio.create_task(receive(bot, source, connected)),
            asyncio.create_task(register(bot, inbox.commands, admins)),
        ]
        try:
            yield chat
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _shut_down(bot: RawBot) -> None:
    with contextlib.suppress(TelegramError, RuntimeError):
        await bot.shutdown()


@contextmanager
def _open_source(
    access: TelegramAccess, bot: RawBot, inlet: Inlet[Update], routes: Routes
) -> Iterator[Polling | Webhook]:
    if not access.public_url:
        yield Polling(bot, inlet)
        return
    webhook = routes[PATH] = Webhook(bot, inlet, access.public_url.rstrip("/") + PATH)
    try:
        yield webhook
    finally:
        routes.pop(PATH, None)


def _sweep(folder: Path) -> None:
    """Files that an earlier life was downloading: their updates come again."""
    for left in folder.glob(f"{FOLDER_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
