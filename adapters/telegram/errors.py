"""Telegram's errors in our words. Their texts go no further: they may hold a token's address."""

from __future__ import annotations

from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.ports import (
    ChatError,
    ChatUnavailable,
    MessageGone,
    Throttled,
    TrackTooLarge,
    Unreachable,
)

_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_CLOSED = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "bot was kicked",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_restricted",
    "message thread not found",
    "topic_closed",
    "topic_deleted",
    "peer_id_invalid",
)
_BAD_FILE = ("file identifier", "file_id", "file id", "can't use file of type", "file reference")
_NO_VOICE = ("voice_messages_forbidden", "chat_send_voices_forbidden", "send voice")


class VoiceForbidden(ChatError):
    """Here nobody may send voice notes: a listener's Premium setting, or a group's."""


class FileRefused(ChatError):
    """Telegram does not know the stored file any more, or not as this kind."""


def chat_error(err: TelegramError) -> ChatError:
    """What callers can act on. Whatever Telegram says that is no verdict on the message itself
    (an outage, a refused token, nonsense from a proxy) may be different the next time."""
    match err:
        case RetryAfter():
            return Throttled(wait_of(err))
        case Forbidden():
            return Unreachable()
        case BadRequest():
            return _refusal(str(err).lower())
        case _ if "too large" in str(err).lower():
            return TrackTooLarge()
        case _:
            return ChatUnavailable(type(err).__name__)


def wait_of(err: RetryAfter) -> float:
    """Seconds."""
    wait = err.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()


def _refusal(text: str) -> ChatError:
    for parts, error in (
        (_GONE, MessageGone),
        (_NO_VOICE, VoiceForbidden),
        (_CLOSED, Unreachable),
        (_BAD_FILE, FileRefused),
    ):
        if any(part in text for part in parts):
            return error()
    return ChatError("refused")
