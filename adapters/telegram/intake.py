"""Telegram's updates → what the inbox understands."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import structlog
from telegram import Bot, CallbackQuery, Chat, Document, Message, Update, User
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.domain import Conversation, Listener, Sender
from bot.ports import ChatError, Inbox
from bot.views import NoticeView

log = structlog.get_logger()
DOWNLOAD_TRIES = 4
FIRST_PAUSE_S = 1.0
DOWNLOAD_TIMEOUT_S = 120.0
PDF_TYPES = ("application/pdf", "application/x-pdf", "application/octet-stream", "")


class Intake:
    """Handles one update at a time per chat; taps never wait behind a download."""

    def __init__(
        self, *, bot: Bot, inbox: Inbox, folder: Path, size_limit: int | None, show: Any
    ) -> None:
        self._bot = bot
        self._inbox = inbox
        self._folder = folder
        self._size_limit = size_limit
        self._show = show
        self._chains: dict[int, asyncio.Task[None]] = {}

    async def on_update(self, update: Update) -> None:
        """Returns when all that the update asked for is durable."""
        if update.callback_query is not None:
            await self._on_tap(update.callback_query)
        elif update.message is not None and update.effective_user is not None:
            await self._in_turn(update.message.chat.id, self._on_message(update.message))

    async def _in_turn(self, chat: int, work: Coroutine[Any, Any, None]) -> None:
        """Messages of one chat in their order."""
        before = self._chains.get(chat)

        async def after() -> None:
            if before is not None:
                await asyncio.gather(before, return_exceptions=True)
            await work

        task = self._chains[chat] = asyncio.create_task(after())
        try:
            await task
        finally:
            if self._chains.get(chat) is task:
                del self._chains[chat]

    # --- taps -------------------------------------------------------------------------------------

    async def _on_tap(self, query: CallbackQuery) -> None:
        try:
            await query.answer()  # first of all: the listener's button stops spinning
        except BadRequest:
            log.info("tap too old to be answered")
        except TelegramError as err:
            log.warning("tap not acknowledged", reason=type(err).__name__)
        if query.message is None or query.data is None:
            return
        message = query.message
        thread = message.message_thread_id if isinstance(message, Message) else None
        sender = _sender(query.from_user, message.chat, thread)
        await self._inbox.on_tap(sender, query.data, str(message.message_id))

    # --- messages -------------------------------------------------------------------------------

    async def _on_message(self, message: Message) -> None:
        user = message.from_user
        if user is None or user.is_bot:
            return
        sender = _sender(user, message.chat, _topic(message))
        is_meant = message.chat.type == Chat.PRIVATE or self._is_addressed(message)
        if message.document is not None and is_meant:
            await self._on_file(sender, message.document)
        elif (command := self._command(message)) is not None:
            await self._inbox.on_command(sender, *command)
        elif is_meant:
            await self._inbox.on_command(sender, "", message.text or "")

    def _is_addressed(self, message: Message) -> bool:
        """In a group: a reply to us, or a text or caption that mentions us."""
        reply = message.reply_to_message
        if reply is not None and reply.from_user is not None and reply.from_user.id == self._bot.id:
            return True
        text = message.text or message.caption or ""
        return f"@{self._bot.username}".lower() in text.lower()

    def _command(self, message: Message) -> tuple[str, str] | None:
        """`/name@us argument`; None for a command to another bot, or none at all."""
        text = message.text or message.caption or ""
        if not text.startswith("/"):
            return None
        head, _, argument = text[1:].partition(" ")
        name, _, addressee = head.partition("@")
        if addressee and addressee.lower() != (self._bot.username or "").lower():
            return None
        if not addressee and message.chat.type != Chat.PRIVATE and name not in KNOWN_IN_GROUPS:
            return None
        return name, argument.strip()

    # --- files ------------------------------------------------------------------------------------

    async def _on_file(self, sender: Sender, file: Document) -> None:
        name = file.file_name or "document.pdf"
        is_pdf = name.lower().endswith(".pdf") or file.mime_type in PDF_TYPES[:2]
        if not is_pdf and (file.mime_type or "") not in PDF_TYPES:
            await self._inbox.on_command(sender, "", "")
            return
        refusal = self._inbox.refusal(size=file.file_size, platform_limit=self._size_limit)
        if refusal is not None:
            await self._say(sender, refusal)
            return
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            path = Path(folder) / "document.pdf"
            if await self._downloaded(file, path):
                await self._inbox.on_document(sender, path, name)
            else:
                await self._say(sender, NoticeView(text=DOWNLOAD_FAILED.format(name=name)))

    async def _downloaded(self, file: Document, path: Path) -> bool:
        for attempt in range(DOWNLOAD_TRIES):
            try:
                remote = await self._bot.get_file(file.file_id)
                await remote.download_to_drive(path, read_timeout=DOWNLOAD_TIMEOUT_S)
            except BadRequest as err:
                log.warning("file refused", reason=type(err).__name__)
                return False
            except (NetworkError, TelegramError) as err:
                log.warning("download failed", attempt=attempt, reason=type(err).__name__)
                await asyncio.sleep(FIRST_PAUSE_S * 2**attempt)
            else:
                return True
        return False

    async def _say(self, sender: Sender, view: NoticeView) -> None:
        try:
            await self._show(sender.conversation, view)
        except ChatError as err:
            log.warning("notice not shown", reason=type(err).__name__)


KNOWN_IN_GROUPS = ("start", "help", "progress", "library", "cancel", "delete")
DOWNLOAD_FAILED = "“{name}” could not be fetched from Telegram. Please send it again."


def _sender(user: User, chat: Chat, thread: int | None) -> Sender:
    listener = Listener(
        platform="telegram",
        account=str(user.id),
        name=user.full_name,
        language=(user.language_code or "en")[:2],
    )
    conversation = Conversation(
        platform="telegram", channel=str(chat.id), thread=str(thread) if thread else ""
    )
    return Sender(listener=listener, conversation=conversation)


def _topic(message: Message) -> int | None:
    """A forum's topic; the thread id of a plain reply is none."""
    return message.message_thread_id if message.is_topic_message else None
