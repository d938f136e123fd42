"""A person in a chat on the loopback's Telegram: forwards, taps, speaks, and sees."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.loopback.telegram import LoopbackTelegram
from tests.loopback.telegram_chats import Chat, Message
from tests.waiting import until

_queries = itertools.count(1)
_albums = itertools.count(1)
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Tap:
    telegram: LoopbackTelegram
    query: str

    @property
    def is_answered(self) -> bool:
        return self.query in self.telegram.answered

    @property
    def toast(self) -> str:
        return self.telegram.answered[self.query]

    async def answered(self) -> None:
        await until(lambda: self.is_answered, "an answer to the tap")


@dataclass(slots=True)
class Person:
    """In a private chat with the bot, unless `chat` says otherwise."""

    telegram: LoopbackTelegram
    account: int
    name: str = "Ada"
    language: str = "en"
    chat: Chat = field(default=None)  # type: ignore[assignment] - set below
    topic: int | None = None

    def __post_init__(self) -> None:
        if self.chat is None:
            self.chat = self.telegram.chat(self.account, kind="private", title=self.name)

    def inside(self, chat: Chat, topic: int | None = None) -> Person:
        """The same person in a group."""
        if topic is not None:
            chat.topics.add(topic)
        return Person(self.telegram, self.account, self.name, self.language, chat, topic)

    @property
    def user(self) -> dict[str, Any]:
        return {
            "id": self.account,
            "is_bot": False,
            "first_name": self.name,
            "language_code": self.language,
        }

    def says(self, words: str, *, reply_to: Message | None = None) -> dict[str, Any]:
        entities = []
        if words.startswith("/"):
            entities = [{"type": "bot_command", "offset": 0, "length": len(words.split()[0])}]
        return self._posts(words=words, entities=entities, reply_to=reply_to)

    def garbles(self, words: str, **nonsense: object) -> dict[str, Any]:
        """Says something, and in Telegram's update about it some fields hold what no library
        expects there."""
        update = self.says(words)
        update["message"] |= nonsense
        return update

    def forwards(
        self,
        pdf: Path | bytes,
        *,
        name: str = "",
        mime: str = PDF,
        size: int = 0,
        is_size_told: bool = True,
        caption: str = "",
        album: str = "",
    ) -> dict[str, Any]:
        """A file. `size` claims more bytes than there are."""
        data = pdf if isinstance(pdf, bytes) else pdf.read_bytes()
        name = name or (pdf.name if isinstance(pdf, Path) else "document.pdf")
        file = self.telegram.store(
            "document", data, name=name, mime=mime, size=size, is_size_told=is_size_told
        )
        return self._posts(words=caption, kind="document", file=file, album=album)

    def forwards_album(self, *pdfs: Path, caption: str = "") -> list[dict[str, Any]]:
        """Several files as one album; the words stand below the first."""
        album = f"album-{next(_albums)}"
        words = [caption, *("" for _ in pdfs[1:])]
        return [
            self.forwards(pdf, caption=text, album=album)
            for pdf, text in zip(pdfs, words, strict=True)
        ]

    def _posts(self, **about: Any) -> dict[str, Any]:
        message = Message(
            id=self.chat.next_id(), chat=self.chat, sender=self.user, thread=self.topic, **about
        )
        self.chat.messages[message.id] = message
        return self.telegram.deliver("message", message.as_json())

    def taps(
        self,
        label: str,
        message: Message | None = None,
        *,
        is_old: bool = False,
        is_forgotten: bool = False,
    ) -> Tap:
        """A button, of the newest message that has it. `is_old`: the tap cannot be answered any
        more; `is_forgotten`: Telegram no longer hands out the message's content."""
        message = message or self.chat.with_button(label)
        assert message is not None, f"no button {label!r} in\n{self.chat}"
        button = message.button(label)
        assert button is not None, f"no button {label!r} among {message.labels}"
        return self.taps_data(button.data, message, is_old=is_old, is_forgotten=is_forgotten)

    def taps_data(
        self, data: str, message: Message, *, is_old: bool = False, is_forgotten: bool = False
    ) -> Tap:
        query = f"query-{next(_queries)}"
        if not is_old:
            self.telegram.open_query(query)
        whole = message.as_json()
        known = {"chat": whole["chat"], "message_id": message.id, "date": 0}
        self.telegram.deliver(
            "callback_query",
            {
                "id": query,
                "from": self.user,
                "message": known if is_forgotten else whole,
                "chat_instance": str(self.chat.id),
                "data": data,
            },
        )
        return Tap(self.telegram, query)

    def blocks(self) -> None:
        self.chat.closed = "bot was blocked by the user"

    def removes(self, message: Message) -> None:
        del self.chat.messages[message.id]

    async def sees(self, condition: Callable[[Chat], Any]) -> Any:
        """Wait until the chat looks like that; gives what the condition found."""
        return await until(
            lambda: condition(self.chat), lambda: f"that, in this chat:\n{self.chat}"
        )
