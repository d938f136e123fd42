"""`bot.ports.ChatPlatform` on Telegram: showing, editing, sending voice notes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

import structlog
from telegram import InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError
from telegram.ext import ExtBot

from adapters.telegram.errors import FileRefused, VoiceForbidden, chat_error
from adapters.telegram.pacing import Pacing
from adapters.telegram.rendering import (
    caption_of,
    credit_of,
    keyboard_of,
    note_keyboard,
    text_of,
    title_of,
)
from bot.domain import Conversation
from bot.ports import MessageGone, Sent, Throttled, TrackTooLarge, Upload
from bot.views import NoteView, View
from pipeline.thumbnail import thumbnail_of

log = structlog.get_logger()
T = TypeVar("T")
UPLOAD_LIMIT, LOCAL_UPLOAD_LIMIT = 50 * 1024 * 1024, 2000 * 1024 * 1024
UPLOAD_TIMEOUT_S = 300.0
REMEMBERED = 10_000
VOICE, AUDIO = "voice", "audio"
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class TelegramChat:
    name = "telegram"
    carries_files = True
    menu_size = 10
    edit_interval_s = 3.0

    def __init__(self, bot: ExtBot[None], *, upload_limit: int = UPLOAD_LIMIT) -> None:
        self._bot = bot
        self._upload_limit = upload_limit
        self._pacing = Pacing()
        self._shown: dict[tuple[int, str], int] = {}
        self._moved: dict[int, int] = {}  # groups that became supergroups, to their new ids
        self._voiceless: set[int] = set()

    async def show(
        self, conversation: Conversation, view: View, *, message: str | None = None
    ) -> str:
        text, keyboard = text_of(view), keyboard_of(view)
        if message is not None:
            await self._edit(int(conversation.channel), message, text, keyboard)
            return message
        thread = _thread(conversation)
        sent = await self._paced(
            conversation,
            lambda chat: self._bot.send_message(
                chat,
                text,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                message_thread_id=thread,
                link_preview_options=NO_PREVIEW,
            ),
        )
        self._remember(sent.chat.id, str(sent.message_id), hash((text, keyboard)))
        return str(sent.message_id)

    async def _edit(
        self, chat: int, message: str, text: str, keyboard: InlineKeyboardMarkup | None
    ) -> None:
        """Nothing is sent if the message looks like that already: Telegram calls it an error."""
        look = hash((text, keyboard))
        if self._shown.get((chat, message)) == look:
            return
        await self._pacing.turn(chat)
        try:
            await self._bot.edit_message_text(
                text,
                chat,
                int(message),
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                link_preview_options=NO_PREVIEW,
            )
        except ChatMigrated:
            raise MessageGone from None  # the new chat does not have it
        except BadRequest as err:
            if "not modified" not in str(err).lower():
                self._shown.pop((chat, message), None)
                raise chat_error(err) from None
        except TelegramError as err:
            raise self._noted(chat, err) from None
        self._remember(chat, message, look)

    def _remember(self, chat: int, message: str, look: int) -> None:
        self._shown.pop((chat, message), None)
        self._shown[chat, message] = look
        if len(self._shown) > REMEMBERED:
            self._shown.pop(next(iter(self._shown)))

    # --- voice notes ------------------------------------------------------------------------------

    async def send_track(
        self, conversation: Conversation, note: NoteView, audio: Path, uploads: Sequence[Upload]
    ) -> Sent:
        """As a voice note; as an audio file where voice notes are not taken."""
        channel = int(conversation.channel)
        if channel not in self._voiceless:
            try:
                return await self._send_as(VOICE, conversation, note, audio, uploads)
            except VoiceForbidden:
                self._voiceless.add(channel)  # asked anew by the next life of this program
        return await self._send_as(AUDIO, conversation, note, audio, uploads)

    async def _send_as(
        self,
        kind: str,
        conversation: Conversation,
        note: NoteView,
        audio: Path,
        uploads: Sequence[Upload],
    ) -> Sent:
        send = self._send_voice if kind == VOICE else self._send_audio
        for upload in uploads:
            if upload.kind == kind:
                try:
                    return await send(conversation, note, upload.remote_id)
                except FileRefused:
                    log.info("stored file refused", kind=kind)
        if note.size > self._upload_limit:
            raise TrackTooLarge
        await self._tell_upload(conversation)
        return await send(conversation, note, audio)

    async def _send_voice(
        self, conversation: Conversation, note: NoteView, file: str | Path
    ) -> Sent:
        thread = _thread(conversation)
        return _sent(
            await self._paced(
                conversation,
                lambda chat: self._bot.send_voice(
                    chat,
                    file,
                    caption=caption_of(note),
                    parse_mode=ParseMode.HTML,
                    duration=round(note.seconds),
                    reply_markup=note_keyboard(note),
                    message_thread_id=thread,
                    filename=note.filename,
                    write_timeout=UPLOAD_TIMEOUT_S,
                    read_timeout=UPLOAD_TIMEOUT_S,
                ),
            )
        )

    async def _send_audio(
        self, conversation: Conversation, note: NoteView, file: str | Path
    ) -> Sent:
        thread = _thread(conversation)
        cover = None
        if isinstance(file, Path):
            cover = await asyncio.to_thread(thumbnail_of, file)
        return _sent(
            await self._paced(
                conversation,
                lambda chat: self._bot.send_audio(
                    chat,
                    file,
                    caption=caption_of(note),
                    parse_mode=ParseMode.HTML,
                    duration=round(note.seconds),
                    title=title_of(note),
                    performer=credit_of(note),
                    thumbnail=cover,
                    reply_markup=note_keyboard(note),
                    message_thread_id=thread,
                    filename=note.filename,
                    write_timeout=UPLOAD_TIMEOUT_S,
                    read_timeout=UPLOAD_TIMEOUT_S,
                ),
            )
        )

    async def _tell_upload(self, conversation: Conversation) -> None:
        """ "… is sending a voice message": a courtesy, nothing depends on it."""
        chat = int(conversation.channel)
        try:
            await self._bot.send_chat_action(
                self._moved.get(chat, chat),
                ChatAction.UPLOAD_VOICE,
                message_thread_id=_thread(conversation),
            )
        except TelegramError as err:
            log.debug("no chat action", reason=type(err).__name__)

    # --- taking away, and what all calls share ----------------------------------------------------

    async def delete(self, conversation: Conversation, message: str) -> None:
        chat = int(conversation.channel)
        try:
            await self._bot.delete_message(chat, int(message))
        except (BadRequest, ChatMigrated):
            log.info("message was gone")
        except TelegramError as err:
            raise self._noted(chat, err) from None
        self._shown.pop((chat, message), None)

    async def _paced(self, conversation: Conversation, call: Callable[[int], Awaitable[T]]) -> T:
        """Send when it is this chat's turn, to wherever the chat has moved."""
        channel = int(conversation.channel)
        chat = self._moved.get(channel, channel)
        await self._pacing.turn(chat)
        try:
            return await call(chat)
        except ChatMigrated as err:
            self._moved[channel] = err.new_chat_id
            log.info("group became a supergroup")
        except TelegramError as err:
            raise self._noted(chat, err) from None
        try:
            return await call(self._moved[channel])
        except TelegramError as err:
            raise self._noted(self._moved[channel], err) from None

    def _noted(self, chat: int, err: TelegramError) -> Exception:
        error = chat_error(err)
        if isinstance(error, Throttled):
            self._pacing.hold(chat, error.retry_after_s)
        return error


def _thread(conversation: Conversation) -> int | None:
    return int(conversation.thread) if conversation.thread else None


def _sent(message: Message) -> Sent:
    """With what Telegram made of the file; an ordinary document is not worth remembering."""
    upload = None
    if message.voice is not None:
        upload = Upload(platform="telegram", kind=VOICE, remote_id=message.voice.file_id)
    elif message.audio is not None:
        upload = Upload(platform="telegram", kind=AUDIO, remote_id=message.audio.file_id)
    return Sent(message=str(message.message_id), upload=upload)
