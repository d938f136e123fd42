"""Cards of the library in memory."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from adapters.memory.state import Card, Held, State
from bot.domain import CardPlace, Conversation


class MemoryCards(Held):
    async def has_acted(self, act: str) -> bool:
        return act in self._state.acts

    async def save_card(self, card: CardPlace, *, act: str = "") -> None:
        async with self._writing() as state:
            if card.document in state.holdings:
                state.is_first(act)
                former = state.cards.get(_key(card), Card(place=card, version=0))
                state.cards[_key(card)] = replace(
                    former,
                    place=card,
                    version=former.version + 1,  # who is showing it counts on
                    turn=state.next_turn(),
                    not_before=0.0,
                )

    async def stale_cards(self, platforms: Sequence[str]) -> Sequence[tuple[CardPlace, int]]:
        return [
            (replace(card.place, listener=self._state.listeners[key[0]]), card.version)
            for key, card in sorted(self._state.cards.items(), key=lambda held: held[1].turn)
            if card.version > card.shown
            and card.not_before <= time.time()
            and card.place.conversation.platform in platforms
            and key[0] in self._state.listeners
        ]

    async def mark_card_shown(self, card: CardPlace, version: int) -> None:
        async with self._writing() as state:
            found = _standing(state, card)
            if found is not None and found.shown < version <= found.version:
                state.cards[_key(card)] = replace(found, shown=version, turn=state.next_turn())

    async def turn_page(self, card: CardPlace, page: int) -> None:
        async with self._writing() as state:
            found = _standing(state, card)
            if found is not None:
                place = replace(found.place, menu_page=page)
                state.cards[_key(card)] = state.changed(replace(found, place=place))

    async def card_at(self, conversation: Conversation, message: str) -> CardPlace | None:
        for card in self._state.cards.values():
            where = card.place.conversation
            if card.place.message == message and where.is_in_channel_of(conversation):
                return card.place
        return None

    async def others_card(
        self, conversation: Conversation, listener: str, document_prefix: str
    ) -> CardPlace | None:
        if not document_prefix:
            return None
        found = [
            card.place
            for card in self._state.cards.values()
            if card.place.listener.id != listener
            and card.place.document.startswith(document_prefix)
            and card.place.conversation.is_in_channel_of(conversation)
            and not card.place.conversation.is_private
        ]
        found.sort(key=lambda place: place.conversation.thread != conversation.thread)
        return next(iter(found), None)

    async def forget_card(self, card: CardPlace) -> None:
        async with self._writing() as state:
            if _standing(state, card) is not None:
                del state.cards[_key(card)]


def _key(card: CardPlace) -> tuple[str, str, Conversation]:
    return card.listener.id, card.document, card.conversation


def _standing(state: State, card: CardPlace) -> Card | None:
    """The card, if it still stands at that message."""
    found = state.cards.get(_key(card))
    return found if found is not None and found.place.message == card.message else None
