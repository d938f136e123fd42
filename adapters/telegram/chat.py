"""`bot.ports.ChatPlatform` on Telegram: showing, editing, sending voice notes."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import TypeVar

import structlog
from telegram import Message
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import ExtBot

from adapters.telegram.rendering import caption_of, keyboard_of, note_keyboard, text_of
from bot.domain import Conversation
from bot.ports import (
    ChatError,
    ChatUnavailable,
    MessageGone,
    Sent,
    Throttled,
    Unreachable,
    Upload,
)
from bot.views import NoteView, View

log = structlog.get_logger()
T = TypeVar("T")
UPLOAD_LIMIT = 50 * 1024 * 1024
UPLOAD_TIMEOUT_S = 300.0
VOICE, AUDIO = "voice", "audio"
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_CLOSED = (
    "chat not found",
    "user is deactivated",
    "bot was kicked",
    "not enough rights",
    "topic_closed",
)
_BAD_FILE = ("wrong file identifier", "file_id", "wrong remote file", "file reference")


class TelegramChat:
    name = "telegram"
    menu_size = 10
    edit_interval_s = 3.0

    def __init__(self, bot: ExtBot[None]) -> None:
        self._bot = bot

    async def show(
        self, conversation: Conversation, view: View, *, message: str | None = None
    ) -> str:
        text, keyboard = text_of(view), keyboard_of(view)
        if message is None:
            sent = await _translated(
                self._bot.send_message(
                    chat_id=int(conversation.channel),
                    text=text,
                    parse_mode=ParseMode.HTML,
                    reply_markup=keyboard,
                    message_thread_id=_thread(conversation),
                    disable_web_page_preview=True,
                )
            )
            return str(sent.message_id)
        try:
            await self._bot.edit_message_text(
                chat_id=int(conversation.channel),
                message_id=int(message),
                text=text,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                disable_web_page_preview=True,
            )
        except BadRequest as err:
            if "not modified" not in str(err).lower():
                raise _chat_error(err) from None
        except TelegramError as err:
            raise _chat_error(err) from None
        return message

    async def send_track(
        self, conversation: Conversation, note: NoteView, audio: Path, uploads: Sequence[Upload]
    ) -> Sent:
        for upload in uploads:
            try:
                return await self._send(conversation, note, upload.remote_id, upload.kind)
            except _FileRefused:
                log.info("stored file refused", kind=upload.kind)
        if note.size > UPLOAD_LIMIT:
            raise ChatError("over Telegram's 50 MB")
        await self._tell_upload(conversation)
        try:
            return await self._send(conversation, note, audio, VOICE)
        except _VoiceForbidden:
            return await self._send(conversation, note, audio, AUDIO)

    async def _send(
        self, conversation: Conversation, note: NoteView, file: str | Path, kind: str
    ) -> Sent:
        chat, thread = int(conversation.channel), _thread(conversation)
        caption, keyboard = caption_of(note), note_keyboard(note)
        seconds = round(note.seconds)
        if kind == VOICE:
            sending: Awaitable[Message] = self._bot.send_voice(
                chat_id=chat,
                voice=file,
                caption=caption,
                parse_mode=ParseMode.HTML,
                duration=seconds,
                reply_markup=keyboard,
                message_thread_id=thread,
                filename=note.filename,
                write_timeout=UPLOAD_TIMEOUT_S,
                read_timeout=UPLOAD_TIMEOUT_S,
            )
        else:
            sending = self._bot.send_audio(
                chat_id=chat,
                audio=file,
                caption=caption,
                parse_mode=ParseMode.HTML,
                duration=seconds,
                title=note.title,
                performer=note.performer or note.album,
                reply_markup=keyboard,
                message_thread_id=thread,
                filename=note.filename,
                write_timeout=UPLOAD_TIMEOUT_S,
                read_timeout=UPLOAD_TIMEOUT_S,
            )
        return _sent(await _translated(sending))

    async def _tell_upload(self, conversation: Conversation) -> None:
        """ "… is sending a voice message": a courtesy, nothing depends on it."""
        try:
            await self._bot.send_chat_action(
                chat_id=int(conversation.channel),
                action=ChatAction.UPLOAD_VOICE,
                message_thread_id=_thread(conversation),
            )
        except TelegramError as err:
            log.debug("no chat action", reason=type(err).__name__)

    async def delete(self, conversation: Conversation, message: str) -> None:
        try:
            await self._bot.delete_message(int(conversation.channel), int(message))
        except BadRequest:
            log.info("message was gone")
        except TelegramError as err:
            raise _chat_error(err) from None


class _VoiceForbidden(ChatError):
    """The listener takes no voice notes (a Premium setting)."""


class _FileRefused(ChatError):
    """Telegram does not know the stored file any more."""


def _thread(conversation: Conversation) -> int | None:
    return int(conversation.thread) if conversation.thread else None


def _sent(message: Message) -> Sent:
    file = message.voice or message.audio or message.document
    kind = VOICE if message.voice else AUDIO
    upload = None
    if file is not None and not message.document:
        upload = Upload(platform="telegram", kind=kind, remote_id=file.file_id)
    return Sent(message=str(message.message_id), upload=upload)


async def _translated(call: Awaitable[T]) -> T:
    """Telegram's errors in our words. Their texts go no further: they may hold addresses."""
    try:
        return await call
    except TelegramError as err:
        raise _chat_error(err) from None


def _chat_error(err: TelegramError) -> ChatError:
    match err:
        case RetryAfter():
            wait = err.retry_after
            return Throttled(float(wait) if isinstance(wait, int) else wait.total_seconds())
        case Forbidden() | ChatMigrated():
            return Unreachable()
        case BadRequest():
            return _refusal(str(err).lower())
        case NetworkError():
            return ChatUnavailable(type(err).__name__)
        case _:
            return ChatError(type(err).__name__)


def _refusal(text: str) -> ChatError:
    if any(part in text for part in _GONE):
        return MessageGone()
    if any(part in text for part in _CLOSED):
        return Unreachable()
    if "voice_messages_forbidden" in text:
        return _VoiceForbidden()
    if any(part in text for part in _BAD_FILE):
        return _FileRefused()
    return ChatError("refused")
