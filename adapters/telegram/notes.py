"""A chapter as a voice note or as an audio file."""

from __future__ import annotations

import asyncio
from pathlib import Path

from telegram import Message
from telegram.constants import ParseMode
from telegram.ext import ExtBot

from adapters.telegram.outgoing import Outgoing
from adapters.telegram.rendering import caption_of, credit_of, markup_of, title_of
from bot.domain import Conversation
from bot.ports import Sent, Upload
from bot.views import NoteView
from pipeline.audio.thumbnail import thumbnail_of

UPLOAD_TIMEOUT_S = 300.0
VOICE, AUDIO = "voice", "audio"


class Notes:
    """`file`: the bytes, or what Telegram calls those it has already, of the same kind."""

    def __init__(self, bot: ExtBot[None], outgoing: Outgoing) -> None:
        self._bot = bot
        self._outgoing = outgoing

    async def send(
        self, kind: str, conversation: Conversation, note: NoteView, file: str | Path
    ) -> Sent:
        send = self._voice if kind == VOICE else self._audio
        message = await send(conversation, note, file)
        look = hash(markup_of(note.buttons))
        self._outgoing.remember(message.chat.id, str(message.message_id), look)
        return _sent(message)

    async def _voice(self, conversation: Conversation, note: NoteView, file: str | Path) -> Message:
        return await self._outgoing.send(
            conversation,
            lambda chat: self._bot.send_voice(
                chat,
                file,
                caption=caption_of(note),
                parse_mode=ParseMode.HTML,
                duration=round(note.seconds),
                reply_markup=markup_of(note.buttons),
                message_thread_id=thread_of(conversation),
                filename=note.filename,
                write_timeout=UPLOAD_TIMEOUT_S,
                read_timeout=UPLOAD_TIMEOUT_S,
            ),
        )

    async def _audio(self, conversation: Conversation, note: NoteView, file: str | Path) -> Message:
        cover = None
        if isinstance(file, Path):
            cover = await asyncio.to_thread(thumbnail_of, file)
        return await self._outgoing.send(
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
                reply_markup=markup_of(note.buttons),
                message_thread_id=thread_of(conversation),
                filename=note.filename,
                write_timeout=UPLOAD_TIMEOUT_S,
                read_timeout=UPLOAD_TIMEOUT_S,
            ),
        )


def thread_of(conversation: Conversation) -> int | None:
    """The forum's topic to answer in."""
    return int(conversation.thread) if conversation.thread else None


def _sent(message: Message) -> Sent:
    """With what Telegram made of the file; an ordinary document is not worth remembering."""
    upload = None
    if message.voice is not None:
        upload = Upload(platform="telegram", kind=VOICE, remote_id=message.voice.file_id)
    elif message.audio is not None:
        upload = Upload(platform="telegram", kind=AUDIO, remote_id=message.audio.file_id)
    return Sent(message=str(message.message_id), upload=upload)
