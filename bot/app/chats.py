"""The chats of this program: a line registers one. Whatever others must know of a chat (settings,
doctor, privacy, logs, commands) is derived from what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.slack import SLACK
from adapters.telegram import TELEGRAM
from adapters.web import WEB
from bot.ports import Chats
from bot.settings import Settings, settings_with

# The page comes first: others may want to be called below its address.
CHATS: Chats = (WEB, TELEGRAM, SLACK)


def settings_of(chats: Chats = CHATS) -> type[Settings]:
    """Settings with the keys of these chats."""
    return settings_with(chat.schema for chat in chats)


def ready_to_open(chats: Chats, settings: Settings) -> Chats:
    """Those that are configured; with OFFLINE, those of this machine. Raises `ConfigurationError`
    where a chat's settings contradict one another."""
    return [
        chat
        for chat in chats
        if not (chat.is_remote and settings.offline)
        and not chat.missing(settings.part(chat.schema))
    ]


def strangers(chats: Chats, settings: Settings) -> list[str]:
    """What ADMINS and ALLOWED name and no chat can mean, each in a sentence."""
    known = [chat.name for chat in chats]
    return [
        f"{setting} names {entry}, which is of no chat here: {', '.join(known)}."
        for setting, named in (("ADMINS", settings.admins), ("ALLOWED", settings.allowed))
        for entry in named.split()
        if entry.partition(":")[0] not in known
    ]


def owners_of(chats: Chats) -> dict[str, str]:
    """Listeners who run the program, by what settings call them: `web:owner`."""
    return {f"{chat.name}:owner": f"{chat.name}:{chat.owner}" for chat in chats if chat.owner}


def named_in(setting: str, chats: Chats) -> frozenset[str]:
    """The ids that ADMINS or ALLOWED name."""
    owners = owners_of(chats)
    return frozenset(owners.get(entry, entry) for entry in setting.split())


def loggers_of(chats: Chats) -> Iterator[str]:
    """Of the chats' libraries."""
    for chat in chats:
        yield from chat.loggers
