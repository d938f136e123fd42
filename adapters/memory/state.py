"""What the library in memory holds, as plain dictionaries of frozen values."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Protocol, Self

from bot.domain import (
    Bookmark,
    CardPlace,
    Conversation,
    Holding,
    Listener,
    ListeningState,
    Preferences,
    Question,
    Share,
    ShelfEntry,
    Wish,
)
from bot.ports import Upload
from pipeline.domain import Chapter, Digest, Narration, Track

TrackPlace = tuple[str, int, str]  # document, chapter, narration key


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card that stands, how often what it shows has changed, and which change it shows."""

    place: CardPlace
    version: int = 1
    shown: int = 0
    turn: int = 0  # in the line of those that wait to be shown
    not_before: float = 0.0  # seconds since the epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWish:
    wish: Wish
    wished_at: float  # seconds since the epoch
    not_before: float = 0.0  # as of cards


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    question: Question
    asked_at: float  # seconds since the epoch


@dataclass(slots=True)
class State:
    holdings: dict[str, Holding] = field(default_factory=dict)
    chapters: dict[tuple[str, int], Chapter] = field(default_factory=dict)
    digests: dict[tuple[str, str], Digest] = field(default_factory=dict)  # by document, language
    tracks: dict[TrackPlace, Track | None] = field(default_factory=dict)  # None: it failed
    uploads: dict[tuple[TrackPlace, str, str], Upload] = field(default_factory=dict)
    listeners: dict[str, Listener] = field(default_factory=dict)
    shelf: dict[tuple[str, str], ShelfEntry] = field(default_factory=dict)
    listenings: dict[tuple[str, str, int], ListeningState] = field(default_factory=dict)
    bookmarks: dict[tuple[str, str], Bookmark] = field(
        default_factory=dict
    )  # by listener and document
    cards: dict[tuple[str, str, Conversation], Card] = field(default_factory=dict)
    wishes: dict[int, OpenWish] = field(default_factory=dict)
    wishes_made: int = 0
    acts: dict[str, str] = field(default_factory=dict)  # the day on which each was done
    turns: int = 0
    names: dict[tuple[str, str], str] = field(default_factory=dict)  # by listener and document
    preferences: dict[str, Preferences] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    questions: dict[tuple[Conversation, str], OpenQuestion] = field(default_factory=dict)
    shares: dict[tuple[str, str], Share] = field(default_factory=dict)  # by owner and document
    spendings: dict[tuple[str, str], float] = field(default_factory=dict)  # by listener and day

    def copy(self) -> Self:
        """A draft: the values are frozen, so their dictionaries are all that must be doubled."""
        draft = replace(self)
        for held in fields(self):
            value = getattr(self, held.name)
            setattr(draft, held.name, dict(value) if isinstance(value, dict) else value)
        return draft

    def is_first(self, act: str) -> bool:
        """From now on it stands as done. Whether it did not before."""
        if act in self.acts:
            return False
        if act:
            self.acts[act] = datetime.now(UTC).date().isoformat()
        return True

    def touch_cards(self, document: str, listener: str = "") -> None:
        """Something that these cards show has changed."""
        for key, card in self.cards.items():
            if key[1] == document and listener in ("", key[0]):
                self.cards[key] = self.changed(card)

    def changed(self, card: Card) -> Card:
        """One that waits to be shown keeps its place in the line."""
        turn = card.turn if card.version > card.shown else self.next_turn()
        return replace(card, version=card.version + 1, turn=turn)

    def next_turn(self) -> int:
        self.turns += 1
        return self.turns

    def set_listening(
        self, listener: str, document: str, chapter: int, state: ListeningState
    ) -> None:
        """Unless it left the shelf meanwhile. `STARTED` never takes a `HEARD` back."""
        key = (listener, document, chapter)
        is_heard = self.listenings.get(key) is ListeningState.HEARD
        if (listener, document) in self.shelf and not (
            is_heard and state is ListeningState.STARTED
        ):
            self.listenings[key] = state

    def drop_wish(self, wish: Wish) -> Wish:
        """As it was, or as it was found if it is gone."""
        found = self.wishes.pop(wish.id, None)
        return found.wish if found is not None else wish

    def drop_wishes(self, is_meant: Callable[[Wish], bool]) -> None:
        self.wishes = {k: v for k, v in self.wishes.items() if not is_meant(v.wish)}

    @property
    def wished(self) -> list[Wish]:
        """All that are open, in the order of the taps."""
        return [held.wish for held in self.wishes.values()]

    def is_held(self, document: str) -> bool:
        return any(held == document for _, held in self.shelf)

    def forget(self, document: str, listener: str) -> None:
        """All of a listener's that hangs on a document."""
        self.shelf.pop((listener, document), None)
        mine = (listener, document)
        self.listenings = {k: v for k, v in self.listenings.items() if k[:2] != mine}
        self.cards = {k: v for k, v in self.cards.items() if k[:2] != mine}
        self.drop_wishes(lambda wish: (wish.listener.id, wish.document) == mine)
        self.names.pop(mine, None)
        self.bookmarks.pop(mine, None)
        self.shares.pop(mine, None)
        self.questions = {
            place: asked
            for place, asked in self.questions.items()
            if (asked.question.listener, asked.question.document) != mine
        }

    def forget_listener(self, listener: str) -> None:
        for document in list(self.holdings):
            self.forget(document, listener)
        self.listeners.pop(listener, None)
        self.preferences.pop(listener, None)
        self.words.pop(listener, None)
        self.spendings = {k: v for k, v in self.spendings.items() if k[0] != listener}

    def forget_document(self, document: str) -> None:
        """A document with all that hangs on it."""
        self.holdings.pop(document, None)
        self.chapters = {k: v for k, v in self.chapters.items() if k[0] != document}
        self.digests = {k: v for k, v in self.digests.items() if k[0] != document}
        self.tracks = {k: v for k, v in self.tracks.items() if k[0] != document}
        self.uploads = {k: v for k, v in self.uploads.items() if k[0][0] != document}
        self.listenings = {k: v for k, v in self.listenings.items() if k[1] != document}
        self.bookmarks = {k: v for k, v in self.bookmarks.items() if k[1] != document}
        self.cards = {k: v for k, v in self.cards.items() if k[1] != document}
        self.drop_wishes(lambda wish: wish.document == document)
        self.questions = {
            place: asked
            for place, asked in self.questions.items()
            if asked.question.document != document
        }
        self.shares = {k: v for k, v in self.shares.items() if k[1] != document}


def track_place(document: str, chapter: int, narration: Narration) -> TrackPlace:
    return document, chapter, narration.key


def is_double(wish: Wish, other: Wish) -> bool:
    """Whether they differ in their narration at most, beside who came first and whether asked."""
    mine, theirs = ((w.conversation, w.listener.id, w.document, w.chapter) for w in (wish, other))
    return mine == theirs


class Held(Protocol):
    """What a group of methods needs from the library it is part of."""

    @property
    def _state(self) -> State:
        """To look at."""

    def _writing(self) -> AbstractAsyncContextManager[State]:
        """To change, while nobody else does."""
