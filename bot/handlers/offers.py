"""What handlers offer: each says in one place which buttons, commands and answers are its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.commands import Command, in_order
from bot.domain import Asked, Listener, Progress, Sender
from bot.views import Action, Verb
from bot.words import Words, words_in

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A listener tapped a button about a document on their shelf."""

    sender: Sender
    progress: Progress
    action: Action
    message: str  # whose button it was; empty: of no message

    @property
    def listener(self) -> Listener:
        return self.sender.listener

    @property
    def document(self) -> str:
        return self.progress.holding.id

    @property
    def number(self) -> int:
        return self.action.number

    @property
    def words(self) -> Words:
        return words_in(self.sender.listener.language)

    @property
    def has_chapter(self) -> bool:
        """Whether the number is a chapter's or an extra's: buttons may be old or forged."""
        return self.progress.find(self.number) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A listener said in words what they were asked about a document."""

    sender: Sender
    document: str
    text: str
    message: str  # that said it; empty where the chat has none


OnTap = Callable[[Tap], Awaitable[None]]
OnLooseTap = Callable[[Sender, Action, str], Awaitable[None]]  # (sender, action, message)
OnCommand = Callable[[Sender, str], Awaitable[None]]  # (sender, argument)
OnAnswer = Callable[[Answer], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One thing that a listener can do: with a button, by a command, by an answer, or all of them.

    What is seen of it comes with its parts: the verb has its label and its toast, the command its
    text in menus. Raises `ValueError` for a part that nothing is done about.
    """

    verb: Verb | None = None
    on_tap: OnTap | None = None  # about a document on the listener's shelf
    on_loose_tap: OnLooseTap | None = None  # about no document
    command: Command | None = None
    on_command: OnCommand | None = None
    asked: Asked | None = None
    on_answer: OnAnswer | None = None

    def __post_init__(self) -> None:
        parts = (
            (self.verb, self.on_tap or self.on_loose_tap),
            (self.command, self.on_command),
            (self.asked, self.on_answer),
        )
        if any((part is None) is not (act is None) for part, act in parts):
            raise ValueError(f"half an offer: {self}")


class Handler(Protocol):
    """What answers a listener about one concern."""

    @property
    def offers(self) -> tuple[Offer, ...]: ...


class Offers:
    """All that is offered, found by what a listener does. Raises `ValueError` where two handlers
    offer the same."""

    def __init__(self, offers: Iterable[Offer]) -> None:
        known = tuple(offers)
        _once(one.verb for one in known)
        self.taps: Mapping[Verb, OnTap] = _found((one.verb, one.on_tap) for one in known)
        self.loose_taps: Mapping[Verb, OnLooseTap] = _found(
            (one.verb, one.on_loose_tap) for one in known
        )
        self.answers: Mapping[Asked, OnAnswer] = _found((one.asked, one.on_answer) for one in known)
        self.commands = in_order(one.command for one in known if one.command)
        self._on_commands: Mapping[Command, OnCommand] = _found(
            (one.command, one.on_command) for one in known
        )
        _once(command.name for command in self.commands)
        _once(one.asked for one in known)
        self._by_name = {command.name: command for command in self.commands}

    def on_command(self, name: str, *, is_admin: bool) -> OnCommand | None:
        """None: it is unknown, or not for everybody."""
        command = self._by_name.get(name.lower())
        if command is None or (command.is_for_admins and not is_admin):
            return None
        return self._on_commands[command]


def _found(pairs: Iterable[tuple[K | None, V | None]]) -> dict[K, V]:
    return {key: act for key, act in pairs if key is not None and act is not None}


def _once(keys: Iterable[Hashable]) -> None:
    named = [key for key in keys if key is not None]
    twice = {str(key) for key in named if named.count(key) > 1}
    if twice:
        raise ValueError(f"offered twice: {', '.join(sorted(twice))}")
