"""Wishes of the library in memory."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from adapters.memory.state import Held, OpenWish, State, is_double, track_place
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
                (w for w in state.wished if is_double(w, wish) and w.narration == wish.narration),
                None,
            )
            if known is None:
                state.wishes[wish.id] = OpenWish(wish=wish, wished_at=time.time())
                state.wishes_made += 1
            elif not is_unasked:
                asked = replace(known, is_unasked=False)
                held = replace(state.wishes[known.id], wish=asked, wished_at=time.time())
                state.wishes[known.id] = held
            if is_unasked if known is None else known.is_unasked and not is_unasked:
                state.touch_cards(document, listener.id)

    async def drop_unasked(self, listener: str, document: str) -> None:
        async with self._writing() as state:
            state.drop_wishes(
                lambda w: w.is_unasked and (w.listener.id, w.document) == (listener, document)
            )
            state.touch_cards(document, listener)

    async def due_wishes(self, platforms: Sequence[str]) -> Sequence[tuple[Wish, Track | None]]:
        tracks = self._state.tracks
        return [
            (wish, tracks[place])
            for held in self._state.wishes.values()
            if (wish := held.wish).conversation.platform in platforms
            and held.not_before <= time.time()
            and (place := track_place(wish.document, wish.chapter, wish.narration)) in tracks
            and not (wish.is_unasked and _has_one_before(self._state, wish))
        ]

    async def put_off(self, conversation: Conversation, pause_s: float) -> None:
        async with self._writing() as state:
            until = time.time() + pause_s
            for key, card in state.cards.items():
                if key[2] == conversation and card.version > card.shown:
                    state.cards[key] = replace(card, not_before=until)
            for number, held in state.wishes.items():
                if held.wish.conversation == conversation:
                    state.wishes[number] = replace(held, not_before=until)

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
            gone = [held.wish for held in state.wishes.values() if held.wished_at < oldest]
            for wish in gone:
                state.drop_wish(wish)
            for document in {wish.document for wish in gone}:
                state.touch_cards(document)
            return len(gone)


def _place(wish: Wish) -> tuple[Conversation, str, str]:
    return wish.conversation, wish.listener.id, wish.document


def _has_one_before(state: State, wish: Wish) -> bool:
    """Another wish of that listener, in the same place, for an earlier chapter of the document."""
    return any(
        other.chapter < wish.chapter and _place(other) == _place(wish) for other in state.wished
    )
