"""Cards and wishes of the library in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adapters.memory.state import Card, Held, State, track_place
from bot.domain import CardPlace, Conversation, Listener, ListeningState, Wish
from pipeline.domain import Narration, Track


class MemoryCards(Held):
    async def save_card(self, card: CardPlace) -> None:
        async with self._writing() as state:
            if card.document in state.holdings:
                state.cards[_key(card)] = Card(place=card)

    async def stale_cards(self, platforms: Sequence[str]) -> Sequence[tuple[CardPlace, int]]:
        return [
            (replace(card.place, listener=self._state.listeners[key[0]]), card.version)
            for key, card in self._state.cards.items()
            if card.version > card.shown
            and card.place.conversation.platform in platforms
            and key[0] in self._state.listeners
        ]

    async def card_shown(self, card: CardPlace, version: int) -> None:
        async with self._writing() as state:
            found = _standing(state, card)
            if found is not None and found.shown < version:
                state.cards[_key(card)] = replace(found, shown=version)

    async def turn_page(self, card: CardPlace, page: int) -> None:
        async with self._writing() as state:
            found = _standing(state, card)
            if found is not None:
                place = replace(found.place, menu_page=page)
                state.cards[_key(card)] = replace(found, place=place, version=found.version + 1)

    async def card_at(self, conversation: Conversation, message: str) -> CardPlace | None:
        for card in self._state.cards.values():
            where = card.place.conversation
            if (where.platform, where.channel, card.place.message) == (
                conversation.platform,
                conversation.channel,
                message,
            ):
                return card.place
        return None

    async def forget_card(self, card: CardPlace) -> None:
        async with self._writing() as state:
            if _standing(state, card) is not None:
                del state.cards[_key(card)]

    # --- wishes ---------------------------------------------------------------------------------

    async def wish(
        self,
        conversation: Conversation,
        listener: Listener,
        document: str,
        chapter: int,
        narration: Narration,
    ) -> None:
        async with self._writing() as state:
            wish = Wish(
                id=state.wishes_made + 1,
                conversation=conversation,
                listener=listener,
                document=document,
                chapter=chapter,
                narration=narration,
            )
            is_open = any(replace(w, id=wish.id) == wish for w in state.wishes.values())
            if document in state.holdings and not is_open:
                state.wishes[wish.id] = wish
                state.wishes_made += 1

    async def due_wishes(self, platforms: Sequence[str]) -> Sequence[tuple[Wish, Track | None]]:
        tracks = self._state.tracks
        return [
            (wish, tracks[place])
            for wish in self._state.wishes.values()
            if wish.conversation.platform in platforms
            and (place := track_place(wish.document, wish.chapter, wish.narration)) in tracks
        ]

    async def granted(self, wish: Wish, message: str) -> None:
        async with self._writing() as state:
            state.wishes.pop(wish.id, None)
            key = (wish.listener.id, wish.document, wish.chapter)
            if state.listenings.get(key, ListeningState.NEW) is ListeningState.NEW:
                state.set_listening(*key, ListeningState.STARTED)
                state.touch_cards(wish.document, wish.listener.id)

    async def drop_wish(self, wish: Wish) -> None:
        async with self._writing() as state:
            state.wishes.pop(wish.id, None)


def _key(card: CardPlace) -> tuple[str, str, Conversation]:
    return card.listener.id, card.document, card.conversation


def _standing(state: State, card: CardPlace) -> Card | None:
    """The card, if it still stands at that message."""
    found = state.cards.get(_key(card))
    return found if found is not None and found.place.message == card.message else None
