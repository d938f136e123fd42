"""The menus behind Telegram's / button: whom it shows which commands, in which language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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
from bot.commands import Command, shown
from bot.words import LANGUAGES, SOURCE, words_in

log = structlog.get_logger()


def known_in_groups(commands: Iterable[Command]) -> frozenset[str]:
    """Commands that we answer in a group without our name behind them."""
    return frozenset(command.name for command in commands if not command.is_for_admins)


async def register(
    bot: ExtBot[None], commands: Sequence[Command], admins: Sequence[str] = ()
) -> None:
    """Tell Telegram, patiently. What it refuses is passed over: a chat that an admin has not
    opened yet is unknown to it."""
    for scope, language, menu in _registrations(commands, admins):
        pauses = Pauses()
        while True:
            try:
                await bot.set_my_commands(menu, scope=scope, language_code=language)
            except BadRequest:
                log.warning("menu refused", scope=scope.type, language=language)
            except TelegramError as err:
                await pauses.after(err)
                continue
            break


def _registrations(
    commands: Sequence[Command], admins: Sequence[str]
) -> Iterator[tuple[BotCommandScope, str | None, list[BotCommand]]]:
    """In the private chats of admins theirs come on top. Without a language: for all who speak
    none of ours."""
    everybodys, all_of_them = shown(commands), shown(commands, to_admins=True)
    menus = [
        (BotCommandScopeAllPrivateChats(), everybodys),
        (BotCommandScopeAllGroupChats(), everybodys),
        *((BotCommandScopeChat(int(account)), all_of_them) for account in admins),
    ]
    for scope, menu in menus:
        for language in LANGUAGES:
            told = None if language == SOURCE else language
            yield scope, told, _said(menu, language)


def _said(menu: Sequence[Command], language: str) -> list[BotCommand]:
    words = words_in(language)
    return [BotCommand(command.name, words(command.text)) for command in menu]
