"""`bot.ports.ChatPlatform` on the page. A card's message is its document; the page always shows all
of a listener's cards. Other messages are kept while the program lives, so that every tab shows the
same; a tab gets what changed, and the latest state only if it is slow."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapters.web.rendering import Json, as_json, note_json
from bot.domain import Conversation
from bot.ports import MessageGone, Sent, TrackTooLarge, Upload
from bot.views import CardView, NoteView, NoticeView, Rows, View

MESSAGES_KEPT = 20
ROOMS_KEPT = 1000  # that nobody looks at
TABS_EACH, TABS_IN_ALL = 20, 200  # each holds a connection


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell a tab. A later one with the same key takes an earlier one's place."""

    kind: str  # state, card, message, gone, note
    key: str
    body: Json = field(default_factory=dict)


ALL = Event("state", "")  # the whole page anew


class TooManyTabs(Exception):
    """No more are shown."""


class Tab:
    """One open page. It begins with everything."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], Event] = {}
        self._changed = asyncio.Event()
        self.is_closed = False
        self.put(ALL)

    def put(self, event: Event) -> None:
        self._waiting.pop((event.kind, event.key), None)
        self._waiting[event.kind, event.key] = event
        self._changed.set()

    def close(self) -> None:
        self.is_closed = True
        self._changed.set()

    async def news(self, patience_s: float) -> list[Event]:
        """What is to be told, in order; empty after a while without any, or when closed."""
        try:
            async with asyncio.timeout(patience_s):
                await self._changed.wait()
        except TimeoutError:
            return []
        self._changed.clear()
        events, self._waiting = list(self._waiting.values()), {}
        return [ALL] if ALL in events else events


@dataclass(slots=True)
class Timeline:
    """A conversation: the tabs that show it, and its messages apart from the cards."""

    tabs: set[Tab] = field(default_factory=set)
    messages: dict[str, View] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)  # of the cards that were shown

    def tell(self, event: Event) -> None:
        for tab in self.tabs:
            tab.put(event)


class WebChat:
    name = "web"
    carries_files = False
    menu_size = 500
    edit_interval_s = 0.0
    file_limit = 0  # the page hands files out by address

    def __init__(self, url: str) -> None:
        self.url = url
        self._timelines: dict[Conversation, Timeline] = {}
        self._is_closed = False

    # --- bot.ports.ChatPlatform -------------------------------------------------------------------

    async def show(
        self, conversation: Conversation, view: View, *, message: str | None = None
    ) -> str:
        timeline = self._timeline(conversation)
        if message is not None and message in timeline.deleted:
            raise MessageGone
        if isinstance(view, CardView):
            return _show_card(timeline, view, is_fresh=message is None)
        if message is None:
            message = secrets.token_hex(6)
            _drop_likeness(timeline, view)
        elif message not in timeline.messages:
            raise MessageGone
        timeline.messages[message] = view
        timeline.tell(Event("message", message, as_json(view, message)))
        for oldest in list(timeline.messages)[:-MESSAGES_KEPT]:
            _drop(timeline, oldest)
        return message

    async def send_track(
        self, conversation: Conversation, note: NoteView, audio: Path, uploads: Sequence[Upload]
    ) -> Sent:
        """Tell the tabs that it can be played. The one that waits for it does, and says so."""
        place = f"{note.document}.{note.chapter}"
        self._timeline(conversation).tell(Event("note", place, note_json(note)))
        return Sent(message=place, upload=None, has_begun=False)

    async def delete(self, conversation: Conversation, message: str) -> bool:
        timeline = self._timeline(conversation)
        timeline.deleted.add(message)
        _drop(timeline, message)
        return True

    async def set_note_buttons(
        self, conversation: Conversation, message: str, buttons: Rows, *, noted: str
    ) -> None:
        """The player draws its own from the card."""

    async def send_file(self, conversation: Conversation, file: Path, *, caption: str) -> None:
        raise TrackTooLarge

    def link(self, token: str) -> str | None:
        """The page knows no addresses that say something."""
        return None

    # --- the site ---------------------------------------------------------------------------------

    def has_room(self, conversation: Conversation) -> bool:
        """For one more tab."""
        open_there = len(self._timeline(conversation).tabs)
        open_here = sum(len(timeline.tabs) for timeline in self._timelines.values())
        return open_there < TABS_EACH and open_here < TABS_IN_ALL

    @contextmanager
    def opened_tab(self, conversation: Conversation) -> Iterator[Tab]:
        """Raises `TooManyTabs`."""
        if not self.has_room(conversation):
            raise TooManyTabs
        timeline, tab = self._timeline(conversation), Tab()
        timeline.tabs.add(tab)
        if self._is_closed:
            tab.close()
        try:
            yield tab
        finally:
            timeline.tabs.discard(tab)

    def messages(self, conversation: Conversation) -> list[Json]:
        """Oldest first."""
        timeline = self._timeline(conversation)
        return [as_json(view, message) for message, view in timeline.messages.items()]

    def showed(self, conversation: Conversation, documents: Sequence[str]) -> None:
        """These are all the cards there are."""
        self._timeline(conversation).documents = set(documents)

    def is_showing(self, conversation: Conversation, document: str) -> bool:
        return document in self._timeline(conversation).documents

    def dismiss(self, conversation: Conversation, message: str) -> None:
        """The listener has read it. Cards cannot be put away so."""
        timeline = self._timeline(conversation)
        if message in timeline.messages:
            _drop(timeline, message)

    def renew(self, conversation: Conversation) -> None:
        """Every tab gets the whole page anew."""
        self._timeline(conversation).tell(ALL)

    def close(self) -> None:
        """End every tab's stream; the page comes back when there is a program again."""
        self._is_closed = True
        for timeline in self._timelines.values():
            for tab in timeline.tabs:
                tab.close()

    def _timeline(self, conversation: Conversation) -> Timeline:
        timeline = self._timelines.setdefault(conversation, Timeline())
        if len(self._timelines) > ROOMS_KEPT:
            empty = [c for c, r in self._timelines.items() if not r.tabs and c != conversation]
            for forgotten in empty[:1]:
                del self._timelines[forgotten]
        return timeline


def _show_card(timeline: Timeline, view: CardView, *, is_fresh: bool) -> str:
    timeline.deleted.discard(view.document)
    timeline.documents.add(view.document)
    body = as_json(view, view.document) | {"is_fresh": is_fresh}  # somebody has just sent it
    timeline.tell(Event("card", view.document, body))
    return view.document


def _drop_likeness(timeline: Timeline, view: View) -> None:
    """One list at a time; the same sentence once more takes the place of the former."""
    alike = [
        message for message, former in timeline.messages.items() if _face(former) == _face(view)
    ]
    for message in alike:
        _drop(timeline, message)


def _face(view: View) -> str:
    return view.text if isinstance(view, NoticeView) else type(view).__name__


def _drop(timeline: Timeline, message: str) -> None:
    timeline.messages.pop(message, None)
    timeline.tell(Event("gone", message, {"id": message}))
