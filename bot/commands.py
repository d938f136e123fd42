"""What can be said to us by name, as menus, /help and buttons show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto


class Section(IntEnum):
    """Where menus and /help have a command: first what is wanted daily, last what is wanted
    rarely."""

    LISTENING = auto()
    FINDING = auto()
    NARRATION = auto()
    SETTINGS = auto()
    KEEPING = auto()
    ABOUT = auto()
    OPERATING = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`/name`. What is said of it are sentences of `bot.words.messages`, to be said in the
    listener's language."""

    name: str  # up to 32 of a-z, 0-9 and _, as chats want it
    section: Section
    text: str = ""  # in menus and /help; empty: they leave it out
    label: str = ""  # of a button that stands for it; empty: none does
    is_for_admins: bool = False  # to others it is unknown


def in_order(commands: Iterable[Command]) -> tuple[Command, ...]:
    """By section, and in it as they came."""
    return tuple(sorted(commands, key=lambda command: command.section))


def shown(commands: Iterable[Command], *, to_admins: bool = False) -> Sequence[Command]:
    """Those that a menu has: for everybody, or for those who run the program."""
    return [one for one in commands if one.text and (to_admins or not one.is_for_admins)]
