"""Telegram with python-telegram-bot. Must say `import telegram` absolutely and is never run as a
script: its own name would shadow the library's."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from adapters.telegram.access import TelegramSettings, access_from
from bot.ports import ChatExtension, ChatPlatform, Provisions

__all__ = ["TELEGRAM"]


def _missing(settings: TelegramSettings) -> str:
    return "" if access_from(settings).token else "TELEGRAM_BOT_TOKEN"


async def _check(settings: TelegramSettings) -> str:
    from adapters.telegram.opening import telegram_name

    return f"the token belongs to @{await telegram_name(access_from(settings))}"


def _open(
    settings: TelegramSettings, given: Provisions
) -> AbstractAsyncContextManager[ChatPlatform]:
    from adapters.telegram.opening import open_telegram

    return open_telegram(
        access_from(settings),
        inbox=given.inbox,
        folder=given.folder,
        routes=given.routes,
        admins=given.admins,
    )


TELEGRAM = ChatExtension(
    name="telegram",
    label="Telegram",
    schema=TelegramSettings,
    missing=_missing,
    check=_check,
    open=_open,
    person="123",
    place="-100123",
    loggers=("telegram",),
)
