"""What cards were edited to, and when."""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot.domain import CardPlace, Conversation
from bot.ports import ChatPlatform
from bot.views import View

REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    at: float
    view: int  # its hash
    result: str  # of the reading that it told of


class Edits:
    """When a card was last edited, and to what: so that edits are few and change something."""

    def __init__(self) -> None:
        self._last: dict[tuple[Conversation, str], _Edit] = {}

    def last_at(self, card: CardPlace) -> float:
        """The moment of the last edit; cards that never were come first."""
        found = self._last.get((card.conversation, card.message))
        return found.at if found else float("-inf")

    def result_of(self, card: CardPlace) -> str:
        """Which result of a reading the last edit told of; empty: none."""
        found = self._last.get((card.conversation, card.message))
        return found.result if found else ""

    def may_edit(self, card: CardPlace, platform: ChatPlatform) -> bool:
        return time.monotonic() - self.last_at(card) >= platform.edit_interval_s

    def is_new(self, card: CardPlace, view: View) -> bool:
        found = self._last.get((card.conversation, card.message))
        return found is None or found.view != hash(view)

    def shown(self, card: CardPlace, view: View, result: str) -> None:
        self.forget(card)
        edit = _Edit(at=time.monotonic(), view=hash(view), result=result)
        self._last[card.conversation, card.message] = edit
        if len(self._last) > REMEMBERED:
            self._last.pop(next(iter(self._last)))

    def forget(self, card: CardPlace) -> None:
        self._last.pop((card.conversation, card.message), None)
