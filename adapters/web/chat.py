"""`bot.ports.ChatPlatform` on a page: views are pushed to every tab that a listener has open."""

from __future__ import annotations

import asyncio
import itertools
from collections import OrderedDict, defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adapters.web.rendering import as_json, card_id
from bot.domain import Conversation
from bot.ports import MessageGone, Sent, Unreachable, Upload
from bot.views import CardView, NoteView, View

Json = dict[str, Any]
WAITING = 400  # events that a slow tab may fall behind; then it asks for everything anew
REMEMBERED = 500  # messages that can still be edited


class Tab:
    """One open page of a listener."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[Json | None] = asyncio.Queue(WAITING)

    def push(self, event: Json | None) -> None:
        """`None` ends the stream; so does falling behind, and the page then reconnects."""
        if self._events.full():
            while not self._events.empty():
                self._events.get_nowait()
            event = None
        self._events.put_nowait(event)

    async def events(self, quiet_s: float) -> AsyncIterator[Json | None]:
        """Until the stream ends; `None` when nothing came for a while."""
        while True:
            try:
                event = await asyncio.wait_for(self._events.get(), quiet_s)
            except TimeoutError:
                yield None
                continue
            if event is None:
                return
            yield event


class WebChat:
    name = "web"
    menu_size = 10_000  # a page scrolls
    edit_interval_s = 0.2

    def __init__(self, *, url: str) -> None:
        self.url = url
        self._tabs: dict[str, set[Tab]] = defaultdict(set)
        self._messages: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._ids = itertools.count(1)
        self._is_closed = False

    @contextmanager
    def tab(self, channel: str) -> Any:
        """An open page, while the block runs."""
        tab = Tab()
        self._tabs[channel].add(tab)
        if self._is_closed:
            tab.push(None)
        try:
            yield tab
        finally:
            self._tabs[channel].discard(tab)
            if not self._tabs[channel]:
                del self._tabs[channel]

    def close(self) -> None:
        """End every stream: an open page must not hold the program up."""
        self._is_closed = True
        for tabs in self._tabs.values():
            for tab in tabs:
                tab.push(None)

    async def show(
        self, conversation: Conversation, view: View, *, message: str | None = None
    ) -> str:
        """A document has one card on the page, whoever asked for it; other views are messages."""
        if isinstance(view, CardView):
            message = card_id(view.document)
        elif message is None or message.startswith("card-"):
            message = str(next(self._ids))
        elif (conversation.channel, message) not in self._messages:
            raise MessageGone
        self._remember(conversation.channel, message)
        self.push(conversation, {"kind": "view", "id": message, "view": as_json(view)})
        return message

    async def send_track(
        self, conversation: Conversation, note: NoteView, audio: Path, uploads: Sequence[Upload]
    ) -> Sent:
        """The page fetches the sound itself; a page that is closed waits for nothing."""
        if not self._tabs.get(conversation.channel):
            raise Unreachable
        self.push(conversation, {"kind": "note", "note": as_json(note)})
        return Sent(message=str(next(self._ids)), upload=None)

    async def delete(self, conversation: Conversation, message: str) -> None:
        self._messages.pop((conversation.channel, message), None)
        self.push(conversation, {"kind": "gone", "id": message})

    def push(self, conversation: Conversation, event: Json) -> None:
        """To every tab that is open there."""
        for tab in tuple(self._tabs.get(conversation.channel, ())):
            tab.push(event)

    def _remember(self, channel: str, message: str) -> None:
        self._messages[channel, message] = None
        self._messages.move_to_end((channel, message))
        while len(self._messages) > REMEMBERED:
            self._messages.popitem(last=False)
