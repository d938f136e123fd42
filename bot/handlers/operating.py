"""Who may come in, and what whoever runs the program can ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.commands import Command, Section
from bot.domain import Sender
from bot.handlers.offers import Offer
from bot.handlers.replies import Replies
from bot.ports import Ledger, Library
from bot.words import messages

MEGABYTE, GIGABYTE, MICRO = 1024**2, 1024**3, 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Who may come in: `<platform>:<id>` is a person or, where it is a channel's id, all in it (of
    several workspaces `<platform>:<workspace>/<id>`). Nobody named: everybody. Admins always may,
    and so may owners: whoever runs the program."""

    allowed: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()

    def may_enter(self, sender: Sender) -> bool:
        listener, conversation = sender.listener, sender.conversation
        workspace = f"{conversation.workspace}/" if conversation.workspace else ""
        channel = f"{conversation.platform}:{workspace}{conversation.channel}"
        places = {listener.id, channel}
        is_named = bool(places & self.allowed) or listener.id in self.admins | self.owners
        return not self.allowed or is_named

    def is_admin(self, sender: Sender) -> bool:
        return sender.listener.id in self.admins


EVERYBODY = Admission()


class OperatingHandler:
    """`free_bytes`: what is left of the disk. Commands are for admins; to others they are
    unknown."""

    def __init__(
        self, *, library: Library, ledger: Ledger, replies: Replies, free_bytes: Callable[[], int]
    ) -> None:
        self._library = library
        self._ledger = ledger
        self._replies = replies
        self._free_bytes = free_bytes

    @property
    def offers(self) -> tuple[Offer, ...]:
        return (
            Offer(
                command=Command(
                    name="stats",
                    section=Section.OPERATING,
                    text=messages.MENU_STATS,
                    is_for_admins=True,
                ),
                on_command=self._on_stats,
            ),
            Offer(
                command=Command(name="broadcast", section=Section.OPERATING, is_for_admins=True),
                on_command=self._on_broadcast,
            ),
        )

    async def _on_stats(self, sender: Sender, argument: str) -> None:
        found = await self._library.statistics()
        spent = await self._ledger.cost_of(datetime.now(UTC).strftime("%Y-%m"))
        await self._replies.say(
            sender,
            messages.STATS,
            documents=found.documents,
            listeners=found.listeners,
            failed_documents=found.failed_documents,
            tracks=found.tracks,
            hours=f"{found.seconds / 3600:.1f}",
            waiting=found.waiting_tracks,
            failed_tracks=found.failed_tracks,
            megabytes=round(found.bytes / MEGABYTE),
            free=f"{self._free_bytes() / GIGABYTE:.1f}",
            dollars=f"{spent / MICRO:.2f}",
        )

    async def _on_broadcast(self, sender: Sender, argument: str) -> None:
        await self._replies.say(sender, messages.NO_BROADCASTS)
