"""`bot.ports.ChatPlatform` on Telegram: showing, editing, sending chapters and files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import structlog
from telegram import LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError
from telegram.ext import ExtBot

from adapters.telegram.access import FILE_LIMIT
from adapters.telegram.errors import FileRefused, VoiceForbidden
from adapters.telegram.notes import AUDIO, UPLOAD_TIMEOUT_S, VOICE, Notes, thread_of
from adapters.telegram.outgoing import Outgoing
from adapters.telegram.rendering import (
    file_caption_of,
    keyboard_of,
    markup_of,
    text_of,
)
from bot.domain import Conversation
from bot.ports import MessageGone, Sent, TrackTooLarge, Upload
from bot.views import NoteView, Rows, View

log = structlog.get_logger()
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
START_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


class TelegramChat:
    name = "telegram"
    carries_files = True
    menu_size = 10
    edit_interval_s = 3.0

    def __init__(self, bot: ExtBot[None], *, file_limit: int = FILE_LIMIT) -> None:
        self._bot = bot
        self._file_limit = file_limit
        self._outgoing = Outgoing()
        self._notes = Notes(bot, self._outgoing)
        self._voiceless: set[int] = set()

    @property
    def file_limit(self) -> int:
        return self._file_limit

    def link(self, token: str) -> str | None:
        """`https://t.me/<bot>?start=<token>`; None until Telegram has told who we are.

        Raises `ValueError` for a token that Telegram would not carry.
        """
        if not START_TOKEN.fullmatch(token):
            raise ValueError("a token has 1 to 64 of A-Z, a-z, 0-9, _ and -")
        try:
            return f"https://t.me/{self._bot.username}?start={token}"
        except RuntimeError:  # PTB's word for a bot that has not logged in
            return None

    def follow(self, chat: int, new_chat: int) -> None:
        """Telegram tells that a group became a supergroup."""
        self._outgoing.follow(chat, new_chat)

    # --- views ------------------------------------------------------------------------------------

    async def show(
        self, conversation: Conversation, view: View, *, message: str | None = None
    ) -> str:
        if message is None:
            return await self._send(conversation, view)
        text, keyboard = text_of(view), keyboard_of(view)
        chat = int(conversation.channel)
        await self._outgoing.edit(
            chat,
            message,
            hash((text, keyboard)),
            lambda: self._bot.edit_message_text(
                text,
                chat,
                int(message),
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                link_preview_options=NO_PREVIEW,
            ),
        )
        return message

    async def _send(self, conversation: Conversation, view: View) -> str:
        text, keyboard = text_of(view), keyboard_of(view)
        sent = await self._outgoing.send(
            conversation,
            lambda chat: self._bot.send_message(
                chat,
                text,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                message_thread_id=thread_of(conversation),
                link_preview_options=NO_PREVIEW,
            ),
        )
        message = str(sent.message_id)
        self._outgoing.remember(sent.chat.id, message, hash((text, keyboard)))
        return message

    async def delete(self, conversation: Conversation, message: str) -> bool:
        chat = int(conversation.channel)
        self._outgoing.forget(chat, message)
        try:
            await self._bot.delete_message(chat, int(message))
        except (BadRequest, ChatMigrated) as err:  # gone, too old, or not ours to take away
            log.info("message not taken away")
            return "not found" in str(err).lower()
        except TelegramError as err:
            raise self._outgoing.noted(chat, err) from None
        return True

    # --- chapters ---------------------------------------------------------------------------------

    async def send_track(
        self, conversation: Conversation, note: NoteView, audio: Path, uploads: Sequence[Upload]
    ) -> Sent:
        """As a voice note; as an audio file where one is wanted or voice notes are not taken."""
        channel = int(conversation.channel)
        if not note.is_file and channel not in self._voiceless:
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
        for upload in uploads:
            if upload.kind == kind:
                try:
                    return await self._notes.send(kind, conversation, note, upload.remote_id)
                except FileRefused:
                    log.info("stored file refused", kind=kind)
        if note.size > self._file_limit:
            raise TrackTooLarge
        await self._tell_upload(conversation, ChatAction.UPLOAD_VOICE)
        return await self._notes.send(kind, conversation, note, audio)

    async def set_note_buttons(
        self, conversation: Conversation, message: str, buttons: Rows, *, noted: str
    ) -> None:
        chat, keyboard = int(conversation.channel), markup_of(buttons)
        if chat < 0:  # a group: many read it, and who tapped was told in a toast
            return
        with suppress(MessageGone):
            await self._outgoing.edit(
                chat,
                message,
                hash(keyboard),
                lambda: self._bot.edit_message_reply_markup(
                    chat, int(message), reply_markup=keyboard
                ),
            )

    # --- files ------------------------------------------------------------------------------------

    async def send_file(self, conversation: Conversation, file: Path, *, caption: str) -> None:
        if file.stat().st_size > self._file_limit:
            raise TrackTooLarge
        await self._tell_upload(conversation, ChatAction.UPLOAD_DOCUMENT)
        await self._outgoing.send(
            conversation,
            lambda chat: self._bot.send_document(
                chat,
                file,
                caption=file_caption_of(caption),
                parse_mode=ParseMode.HTML,
                disable_content_type_detection=True,  # else sound goes out as a song
                message_thread_id=thread_of(conversation),
                filename=file.name,
                write_timeout=UPLOAD_TIMEOUT_S,
                read_timeout=UPLOAD_TIMEOUT_S,
            ),
        )

    async def _tell_upload(self, conversation: Conversation, action: ChatAction) -> None:
        """ "… is sending a voice message": a courtesy, nothing depends on it."""
        try:
            await self._bot.send_chat_action(
                self._outgoing.chat_of(conversation),
                action,
                message_thread_id=thread_of(conversation),
            )
        except TelegramError as err:
            log.debug("no chat action", reason=type(err).__name__)
