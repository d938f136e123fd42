"""A locked document is asked for its password, which is used once."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from bot.domain import Asked, Progress, Sender
from bot.handlers.documents import DocumentHandler
from bot.handlers.offers import Answer, Offer, Tap
from bot.handlers.replies import Replies
from bot.ports import ChatError, FileStore, Library, pdf_key
from bot.presenters.buttons import button
from bot.views import Rows, Verb
from bot.words import messages, words_in
from pipeline.errors import EncryptedPdf, UserError, WrongPassword


class Unlocker(Protocol):
    """What opens documents (`pipeline.producer.Producer`)."""

    async def unlock(self, pdf: Path, password: str, out: Path) -> None:
        """A copy without the password. Raises `WrongPassword`."""


class LockedHandler:
    def __init__(
        self,
        *,
        library: Library,
        files: FileStore,
        producer: Unlocker,
        replies: Replies,
        documents: DocumentHandler,
    ) -> None:
        self._library = library
        self._files = files
        self._producer = producer
        self._replies = replies
        self._documents = documents

    @property
    def offers(self) -> tuple[Offer, ...]:
        return (
            Offer(
                verb=Verb.UNLOCK,
                on_tap=self._ask_password,
                asked=Asked.PASSWORD,
                on_answer=self._on_password,
            ),
        )

    async def _ask_password(self, tap: Tap) -> None:
        if tap.progress.holding.failure_kind != EncryptedPdf.kind:
            await self._replies.say(tap.sender, messages.OLD_BUTTON)
            return
        await self._replies.ask(
            tap,
            Asked.PASSWORD,
            messages.UNLOCK_HOW,
            messages.FIELD_UNLOCK,
            messages.FIELD_SECRECY,
        )

    async def _on_password(self, answer: Answer) -> None:
        """Their message goes at once; the unlocked copy is a document of its own, and takes the
        place of the locked one."""
        sender, document, message = answer.sender, answer.document, answer.message
        if message and not await self._is_taken_away(sender, message):
            await self._replies.say(sender, messages.TAKE_IT_AWAY)
        progress = await self._library.progress(sender.listener.id, document)
        if progress is None or progress.holding.failure_kind != EncryptedPdf.kind:
            title = progress.title if progress else ""
            await self._replies.say(sender, messages.NOT_LOCKED, title=title)
            return
        with tempfile.TemporaryDirectory(prefix="listendock-") as folder:
            copy = Path(folder) / "document.pdf"
            try:
                async with self._files.local(pdf_key(document)) as pdf:
                    await self._producer.unlock(pdf, answer.text, copy)
            except UserError as err:
                buttons = _another_try(sender, progress) if isinstance(err, WrongPassword) else ()
                await self._replies.say_error(sender, err, buttons=buttons)
                return
            except FileNotFoundError:
                await self._replies.say_error(sender, messages.PdfLost())
                return
            taken = await self._documents.take(sender, copy, progress.holding.filename)
        if taken not in ("", document):
            await self._documents.remove(sender, progress)

    async def _is_taken_away(self, sender: Sender, message: str) -> bool:
        with suppress(ChatError):
            return await self._replies.platform_of(sender).delete(sender.conversation, message)
        return False


def _another_try(sender: Sender, progress: Progress) -> Rows:
    words = words_in(sender.listener.language)
    return ((button(words, Verb.UNLOCK, progress),),)
