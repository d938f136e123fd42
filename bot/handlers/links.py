"""A listener sends an address instead of a file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from bot.addresses import address_in
from bot.domain import Sender
from bot.handlers.documents import DocumentHandler
from bot.handlers.replies import Replies
from bot.ports import Links
from bot.words import messages
from pipeline.errors import DiskFull, UserError


class LinkHandler:
    """`links` None: none are opened (OFFLINE=1)."""

    def __init__(
        self, *, links: Links | None, replies: Replies, documents: DocumentHandler, limit: int
    ) -> None:
        self._links = links
        self._replies = replies
        self._documents = documents
        self._limit = limit

    async def take(self, sender: Sender, text: str) -> bool:
        """False: there is no address in it. The notice that it is fetched becomes the error where
        it cannot be."""
        address = address_in(text)
        if address is None or self._links is None:
            return False
        place = urlsplit(address).hostname or address
        notice = await self._replies.say(sender, messages.FETCHING, address=place)
        with tempfile.TemporaryDirectory(prefix="listendock-") as folder:
            file = Path(folder) / "document.pdf"
            try:
                name = await self._links.fetch(
                    address, file, limit=self._limit, listener=sender.listener.id
                )
            except UserError as err:
                await self._replies.say_error(sender, err, message=notice)
                return True
            except DiskFull:
                await self._replies.say(sender, messages.DISK_FULL, message=notice)
                return True
            await self._documents.take(sender, file, name)
        return True
