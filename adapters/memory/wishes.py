"""Wishes of the library in memory."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from adapters.memory.state import Held, State, is_double, track_place
from bot.domain import Conversation, Listener, ListeningState, Wish
from pipeline.domain import Narration, Track


class MemoryWishes(Held):
    async def wish(
        self,
        conversation: Conversation,
        listener: Listener,
        document: str,
        chapter: int,
        narration: Narration,
        *,
        is_unasked: bool = False,
        act: str = "",
    ) -> None:
        async with self._writing() as state:
            if document not in state.holdings or not state.is_first(act):
                return
            wish = Wish(
                id=state.wishes_made + 1,
                conversation=conversation,
                listener=listener,
                document=document,
                chapter=chapter,
                narration=narration,
                is_unasked=is_unasked,
            )
            known = next(
                (
                    w
                    for w in state.wishes.values()
                    if is_double(w, wish) and w.narration == wish.narration
                ),
                None,
            )
            if known is None:
                state.wishes[wish.id] = wish
                state.wishes_made += 1
            elif known.is_unasked and not is_unasked:
                state.wishes[known.id] = replace(known, is_unasked=False)
            if known is None or not is_unasked:
                state.wished_at[(known or wish).id] = time.time()
            if is_unasked if known is None else known.is_unasked and not is_unasked:
                state.touch_cards(document, listener.id)

    async def drop_unasked(self, listener: str, document: str) -> None:
        async with self._writing() as state:
            for wish in list(state.wishes.values()):
                if wish.is_unasked and (wish.listener.id, wish.document) == (listener, document):
                    del state.wishes[wish.id]
            state.touch_cards(document, listener)

    async def due_wishes(self, platforms: Sequence[str]) -> Sequence[tuple[Wish, Track | None]]:
        tracks = self._state.tracks
        return [
            (wish, tracks[place])
            for wish in self._state.wishes.values()
            if wish.conversation.platform in platforms
            and (place := track_place(wish.document, wish.chapter, wish.narration)) in tracks
            and not (wish.is_unasked and _has_one_before(self._state, wish))
            and self._state.not_before.get(wish.id, 0.0) <= time.time()
        ]

    async def put_off(self, conversation: Conversation, pause_s: float) -> None:
        async with self._writing() as state:
            until = time.time() + pause_s
            for key, card in state.cards.items():
                if key[2] == conversation and card.version > card.shown:
                    state.cards[key] = replace(card, not_before=until)
            theirs = (w.id for w in state.wishes.values() if w.conversation == conversation)
            state.not_before = state.not_before | dict.fromkeys(theirs, until)

    async def fulfil_wish(self, wish: Wish) -> None:
        async with self._writing() as state:
            was_unasked = state.drop_wish(wish).is_unasked
            key = (wish.listener.id, wish.document, wish.chapter)
            is_new = state.listenings.get(key, ListeningState.NEW) is ListeningState.NEW
            if is_new and not was_unasked:
                state.set_listening(*key, ListeningState.STARTED)
            if is_new or was_unasked:
                state.touch_cards(wish.document, wish.listener.id)

    async def drop_wish(self, wish: Wish) -> None:
        async with self._writing() as state:
            if state.drop_wish(wish).is_unasked:
                state.touch_cards(wish.document, wish.listener.id)

    async def forget_wishes(self, older_than_s: float) -> int:
        oldest = time.time() - older_than_s
        async with self._writing() as state:
            kept = {k: v for k, v in state.wishes.items() if state.wished_at[k] >= oldest}
            gone = [wish for number, wish in state.wishes.items() if number not in kept]
            state.wishes = kept
            state.wished_at = {number: state.wished_at[number] for number in kept}
            for document in {wish.document for wish in gone}:
                state.touch_cards(document)
            return len(gone)


def _place(wish: Wish) -> tuple[Conversation, str, str]:
    return wish.conversation, wish.listener.id, wish.document


def _has_one_before(state: State, wish: Wish) -> bool:
    """Another wish of that listener, in the same place, for an earlier chapter of the document."""
    return any(
        other.chapter < wish.chapter and _place(other) == _place(wish)
        for other in state.wishes.values()
    )
