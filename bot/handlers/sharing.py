"""A link opens a document to whoever has it; they hear it with a progress of their own."""

from __future__ import annotations

import secrets

from bot.domain import Sender, Share
from bot.handlers.documents import DocumentHandler
from bot.handlers.offers import Offer, Tap
from bot.handlers.replies import Replies
from bot.ports import Library
from bot.presenters.buttons import button
from bot.views import Verb
from bot.words import messages

TOKEN_BYTES = 16  # 22 letters, digits, `-` and `_`


class SharingHandler:
    def __init__(self, *, library: Library, replies: Replies, documents: DocumentHandler) -> None:
        self._library = library
        self._replies = replies
        self._documents = documents

    @property
    def offers(self) -> tuple[Offer, ...]:
        return (
            Offer(verb=Verb.SHARE, on_tap=self._share),
            Offer(verb=Verb.REVOKE, on_tap=self._revoke),
        )

    async def _share(self, tap: Tap) -> None:
        """The same link every time, until it is revoked."""
        platform = self._replies.platform_of(tap.sender)
        share = Share(
            token=secrets.token_urlsafe(TOKEN_BYTES),
            owner=tap.listener.id,
            document=tap.document,
            narration=tap.progress.narration,
        )
        if platform.link(share.token) is None:
            await self._replies.say(tap.sender, messages.NO_LINKS_HERE)
            return
        share = await self._library.share(share)
        stop = button(tap.words, Verb.REVOKE, tap.progress)
        await self._replies.say(
            tap.sender,
            messages.SHARED,
            buttons=((stop,),),
            title=tap.progress.title,
            link=platform.link(share.token) or "",
        )

    async def _revoke(self, tap: Tap) -> None:
        await self._library.revoke(tap.listener.id, tap.document)
        await self._replies.say(
            tap.sender,
            messages.SHARING_STOPPED,
            message=tap.message or None,
            title=tap.progress.title,
        )

    async def open(self, sender: Sender, token: str) -> None:
        """Somebody followed a link."""
        share = await self._library.share_of(token)
        try:
            if share is not None:
                await self._documents.open_shared(sender, share.document, share.narration)
                return
        except LookupError:  # deleted in this very moment
            pass
        await self._replies.say(sender, messages.SHARE_GONE)
