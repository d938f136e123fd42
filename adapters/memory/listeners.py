"""Listeners, shares and figures of the library in memory."""

from __future__ import annotations

import time

from adapters.memory.state import Held, OpenQuestion, track_place
from bot.domain import Conversation, Listener, Preferences, Question, Share, Stage, Statistics
from bot.ports import with_word
from pipeline.domain import is_extra


class MemoryListeners(Held):
    async def preferences(self, listener: str) -> Preferences:
        return self._state.preferences.get(listener, Preferences())

    async def save_preferences(self, listener: Listener, preferences: Preferences) -> None:
        async with self._writing() as state:
            state.listeners[listener.id] = listener
            before = state.preferences.get(listener.id, Preferences())
            state.preferences[listener.id] = preferences
            if preferences.reads_like(before):
                return
            for document in list(state.holdings):
                state.touch_cards(document, listener.id)

    async def words(self, listener: str) -> dict[str, str]:
        return dict(self._state.words.get(listener, {}))

    async def save_word(self, listener: str, written: str, spoken: str) -> None:
        async with self._writing() as state:
            words = state.words.get(listener, {})
            state.words[listener] = with_word(words, written, spoken)

    async def forget_listener(self, listener: str) -> None:
        async with self._writing() as state:
            state.forget_listener(listener)

    async def ask(self, question: Question) -> None:
        async with self._writing() as state:
            if question.document in state.holdings:
                place = question.conversation, question.listener
                state.questions[place] = OpenQuestion(question=question, asked_at=time.time())

    async def take_question(self, conversation: Conversation, listener: str) -> Question | None:
        async with self._writing() as state:
            found = state.questions.pop((conversation, listener), None)
            return found.question if found is not None else None

    async def forget_questions(self, older_than_s: float) -> None:
        oldest = time.time() - older_than_s
        async with self._writing() as state:
            state.questions = {k: v for k, v in state.questions.items() if v.asked_at >= oldest}

    # --- shares ---------------------------------------------------------------------------------

    async def share(self, share: Share) -> Share:
        async with self._writing() as state:
            if (share.owner, share.document) not in state.shelf:
                raise LookupError("not on the owner's shelf")
            return state.shares.setdefault((share.owner, share.document), share)

    async def share_of(self, token: str) -> Share | None:
        return next((s for s in self._state.shares.values() if s.token == token), None)

    async def revoke(self, owner: str, document: str) -> None:
        async with self._writing() as state:
            state.shares.pop((owner, document), None)

    # --- figures --------------------------------------------------------------------------------

    async def spend(self, listener: str, day: str, seconds: float) -> float:
        async with self._writing() as state:
            spent = state.spendings.get((listener, day), 0.0) + seconds
            state.spendings[listener, day] = spent
            return spent

    async def forget_days(self, before: str) -> None:
        async with self._writing() as state:
            kept = {key: spent for key, spent in state.spendings.items() if key[1] >= before}
            state.spendings = kept
            state.acts = {act: day for act, day in state.acts.items() if day >= before}

    async def statistics(self) -> Statistics:
        state = self._state
        tracks = [track for track in state.tracks.values() if track is not None]
        wanted = {
            track_place(document, number, entry.narration)
            for document, number in state.chapters
            for entry in state.shelf.values()
            if entry.document == document and not entry.is_stopped and not is_extra(number)
        }
        return Statistics(
            documents=len(state.holdings),
            listeners=len(state.listeners),
            failed_documents=sum(h.stage is Stage.FAILED for h in state.holdings.values()),
            tracks=len(tracks),
            failed_tracks=len(state.tracks) - len(tracks),
            waiting_tracks=len(wanted - state.tracks.keys()),
            seconds=sum(track.seconds for track in tracks),
            bytes=sum(t.size for t in tracks) + sum(h.size for h in state.holdings.values()),
        )
