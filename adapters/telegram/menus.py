"""The commands that Telegram shows behind its menu button. They are for the eye alone: who may do
what is decided where it is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import structlog
from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from adapters.telegram.pauses import Pauses

log = structlog.get_logger()
Menu = Sequence[tuple[str, str]]
Menus = Mapping[str, Mapping[str, Menu]]
"""`{scope: {language: [(command, description), …]}}`.

Scopes: `private`, `group`, and `admins`, the whole menu in the private chats of those who run the
program. Languages: two letters; `en` is also what speakers of all others see. Commands without the
stroke: up to 32 of `a-z`, `0-9`, `_`; descriptions of up to 256 characters; up to 100 of them.
"""
EVERYBODYS = "en"
ALWAYS_KNOWN = ("start", "help")


def known_in_groups(menus: Menus) -> frozenset[str]:
    """Commands that we answer in a group without our name behind them."""
    menu = menus.get("group", {}).get(EVERYBODYS, ())
    return frozenset(ALWAYS_KNOWN).union(name for name, _ in menu)


async def register(bot: ExtBot[None], menus: Menus, admins: Sequence[str] = ()) -> None:
    """Tell Telegram, patiently. What it refuses is passed over: a chat that an admin has not
    opened yet is unknown to it."""
    for scope, language, menu in _registrations(menus, admins):
        pauses = Pauses()
        while True:
            try:
                await bot.set_my_commands(
                    [BotCommand(name, text) for name, text in menu],
                    scope=scope,
                    language_code=None if language == EVERYBODYS else language,
                )
            except BadRequest:
                log.warning("menu refused", scope=scope.type, language=language)
            except TelegramError as err:
                await pauses.after(err)
                continue
            break


def _registrations(
    menus: Menus, admins: Sequence[str]
) -> Iterator[tuple[BotCommandScope, str, Menu]]:
    scopes: dict[str, list[BotCommandScope]] = {
        "private": [BotCommandScopeAllPrivateChats()],
        "group": [BotCommandScopeAllGroupChats()],
        "admins": [BotCommandScopeChat(int(account)) for account in admins],
    }
    for name, by_language in menus.items():
        for scope in scopes[name]:
            for language, menu in by_language.items():
                yield scope, language, menu
