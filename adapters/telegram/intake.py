"""Telegram's updates → what the inbox understands."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

import structlog
from telegram import Bot, CallbackQuery, Document, Message, Update
from telegram.error import BadRequest, TelegramError

from adapters.telegram.addressing import command_of, document_of, is_to_us, sender_of, words_of
from adapters.telegram.albums import Albums
from adapters.telegram.chat import TelegramChat
from adapters.telegram.downloads import Downloads, NotFetched, TooBig, may_be_readable
from bot.domain import Sender
from bot.inlet import Arrival
from bot.patience import patiently
from bot.ports import ChatError, Inbox
from bot.views import Action, NoticeView
from bot.words import messages

log = structlog.get_logger()
ANSWER_TIMEOUT_S = 5.0
MEGABYTE = 1024 * 1024
FOLDER_PREFIX = "telegram-"


class Intake:
    """Handles the messages of a chat one after the other, and its taps one after the other; taps
    never wait behind a download.

    `size_limit`: bytes of the largest file that Telegram hands out; None: any. `connected`: set
    when the bot has logged in.
    """

    def __init__(
        self,
        *,
        bot: Bot,
        inbox: Inbox,
        chat: TelegramChat,
        folder: Path,
        size_limit: int | None,
        known_in_groups: frozenset[str],
        connected: asyncio.Event,
    ) -> None:
        self._bot = bot
        self._connected = connected
        self._inbox = inbox
        self._chat = chat
        self._folder = folder
        self._size_limit = size_limit
        self._downloads = Downloads(bot)
        self._known_in_groups = known_in_groups
        self._albums = Albums()

    async def on_update(self, arrival: Arrival[Update]) -> None:
        """Returns when all that the update asked for is durable."""
        await self._connected.wait()  # before, we do not know who is spoken to
        query, message = arrival.update.callback_query, arrival.update.message
        if query is not None:
            await self._on_tap(query, arrival)
        elif message is not None:
            if message.media_group_id and is_to_us(message, self._bot.bot):
                self._albums.address(message.media_group_id)  # before those that wait to know
            async with arrival.turn("messages", message.chat.id):
                await self._on_message(message, arrival.key)

    # --- taps -------------------------------------------------------------------------------------

    async def _on_tap(self, query: CallbackQuery, arrival: Arrival[Update]) -> None:
        """Acknowledged first of all, and beside those before it, whatever they still do."""
        acknowledging = asyncio.create_task(self._acknowledge(query))
        chat = query.message.chat.id if query.message else query.from_user.id
        try:
            async with arrival.turn("taps", chat):
                await acknowledging
                await self._act(query, arrival.key)
        finally:
            acknowledging.cancel()

    async def _acknowledge(self, query: CallbackQuery) -> None:
        """The listener's button stops spinning."""
        try:
            await query.answer(self._toast(query), read_timeout=ANSWER_TIMEOUT_S)
        except BadRequest:
            log.info("tap too old to be answered")
        except TelegramError as err:
            log.warning("tap not acknowledged", reason=type(err).__name__)

    def _toast(self, query: CallbackQuery) -> str | None:
        action = Action.decoded(query.data or "")
        if action is None or query.message is None:
            return None
        sender = sender_of(query.from_user, query.message.chat, None)
        is_theirs = action.is_for(sender.listener)
        sentence = action.verb.toast if is_theirs else messages.ASKED_OF_ANOTHER
        return self._inbox.words_for(sender)(sentence) or None

    async def _act(self, query: CallbackQuery, cause: str) -> None:
        message = query.message
        if message is None or query.data is None:
            return
        whole = message if isinstance(message, Message) else None
        sender = replace(sender_of(query.from_user, message.chat, whole), cause=cause)
        action = Action.decoded(query.data)
        if action is not None and not action.is_for(sender.listener):
            return  # the toast has said so, to the tapper alone
        await self._inbox.on_tap(sender, query.data, str(message.message_id))

    # --- messages -------------------------------------------------------------------------------

    async def _on_message(self, message: Message, cause: str) -> None:
        user, us = message.from_user, self._bot.bot
        if message.migrate_to_chat_id is not None:
            self._chat.follow(message.chat.id, message.migrate_to_chat_id)
        has_content = words_of(message) or message.effective_attachment
        if user is None or user.is_bot or not has_content:
            return  # "… joined the group", "… pinned a message"
        sender = replace(sender_of(user, message.chat, message), cause=cause)
        command = command_of(message, us, self._known_in_groups)
        is_meant = command is not None or await self._is_meant(message)
        file = document_of(message, us) if is_meant else None
        if file is not None:
            await self._on_file(sender, file)
        elif is_meant:
            name, argument = command or ("", words_of(message))
            await self._inbox.on_command(sender, name, argument, str(message.message_id))

    async def _is_meant(self, message: Message) -> bool:
        if is_to_us(message, self._bot.bot):
            return True
        album, has_file = message.media_group_id, message.document is not None
        return album is not None and has_file and await self._albums.is_ours(album)

    # --- files ------------------------------------------------------------------------------------

    async def _on_file(self, sender: Sender, file: Document) -> None:
        name = file.file_name or "document.pdf"
        words = self._inbox.words_for(sender)
        refusal = self._inbox.refusal(sender, size=file.file_size, platform_limit=self._size_limit)
        if refusal is None and not may_be_readable(file):
            refusal = NoticeView(text=words(messages.ONLY_BOOKS, name=name))
        if refusal is not None:
            await self._say(sender, refusal.text)
            return
        try:
            await self._take(sender, file, name)
        except TooBig:
            await self._say(sender, words.error(self._too_big(file)))
        except NotFetched:
            await self._say(sender, words(messages.DOWNLOAD_FAILED, name=name))
        except OSError as err:
            log.error("file not kept", reason=type(err).__name__, errno=err.errno)
            await self._say(sender, words(messages.DISK_FULL))

    async def _take(self, sender: Sender, file: Document, name: str) -> None:
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=FOLDER_PREFIX) as folder:
            path = Path(folder) / "document.pdf"
            await self._downloads.fetch(file, path)
            await self._inbox.on_document(sender, path, name)

    def _too_big(self, file: Document) -> messages.TooLargeForChat:
        limit = (self._size_limit or 0) // MEGABYTE
        size = -(-file.file_size // MEGABYTE) if file.file_size else f"more than {limit}"
        return messages.TooLargeForChat(megabytes=size, limit=limit)

    async def _say(self, sender: Sender, text: str) -> None:
        try:
            await patiently(lambda: self._chat.show(sender.conversation, NoticeView(text=text)))
        except ChatError as err:
            log.warning("notice not shown", reason=type(err).__name__)
