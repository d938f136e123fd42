"""What every call that sends has in common: its turn, where the chat has moved, our own errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from telegram.error import BadRequest, ChatMigrated, TelegramError

from adapters.telegram.errors import chat_error
from adapters.telegram.pacing import Pacing
from bot.domain import Conversation
from bot.ports import ChatError, MessageGone, Throttled

log = structlog.get_logger()
T = TypeVar("T")
REMEMBERED = 10_000


class Outgoing:
    """Raises `ChatError`s only."""

    def __init__(self) -> None:
        self._pacing = Pacing()
        self._moved: dict[int, int] = {}  # groups that became supergroups, to their new ids
        self._shown: dict[tuple[int, str], int] = {}  # how our messages look, by chat and message

    # --- sending ----------------------------------------------------------------------------------

    def chat_of(self, conversation: Conversation) -> int:
        """Where the conversation is now."""
        channel = int(conversation.channel)
        return self._moved.get(channel, channel)

    def follow(self, chat: int, new_chat: int) -> None:
        """A group became a supergroup."""
        self._moved[chat] = new_chat

    async def send(self, conversation: Conversation, call: Callable[[int], Awaitable[T]]) -> T:
        """Send when it is this chat's turn, to wherever the chat has moved."""
        chat = self.chat_of(conversation)
        await self._pacing.turn(chat)
        try:
            return await call(chat)
        except ChatMigrated as err:
            self.follow(int(conversation.channel), err.new_chat_id)
            log.info("group became a supergroup")
        except TelegramError as err:
            raise self.noted(chat, err) from None
        try:
            return await call(self.chat_of(conversation))
        except TelegramError as err:
            raise self.noted(self.chat_of(conversation), err) from None

    def noted(self, chat: int, err: TelegramError) -> ChatError:
        """In our words; a chat that is throttled is left alone."""
        error = chat_error(err)
        if isinstance(error, Throttled):
            self._pacing.hold(chat, error.retry_after_s)
        return error

    # --- editing ----------------------------------------------------------------------------------

    def remember(self, chat: int, message: str, look: int) -> None:
        """The message looks like that now."""
        self.forget(chat, message)
        self._shown[chat, message] = look
        if len(self._shown) > REMEMBERED:
            self._shown.pop(next(iter(self._shown)))

    def forget(self, chat: int, message: str) -> None:
        self._shown.pop((chat, message), None)

    async def edit(
        self, chat: int, message: str, look: int, call: Callable[[], Awaitable[object]]
    ) -> None:
        """Nothing is sent if the message looks like that already: Telegram calls it an error."""
        if self._shown.get((chat, message)) == look:
            return
        await self._pacing.turn(chat)
        try:
            await call()
        except ChatMigrated:
            raise MessageGone from None  # the new chat does not have it
        except BadRequest as err:
            if "not modified" not in str(err).lower():
                self.forget(chat, message)
                raise chat_error(err) from None
        except TelegramError as err:
            raise self.noted(chat, err) from None
        self.remember(chat, message, look)
