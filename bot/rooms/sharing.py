"""A link opens a document to whoever has it; they hear it with a progress of their own."""

from __future__ import annotations

import secrets

from bot import messages
from bot.cards import button
from bot.domain import Sender, Share
from bot.ports import Library
from bot.rooms.answers import Answers, Tap, Taps
from bot.rooms.documents import Documents
from bot.views import Verb

TOKEN_BYTES = 16  # 22 letters, digits, `-` and `_`


class Sharing:
    def __init__(self, *, library: Library, answers: Answers, documents: Documents) -> None:
        self._library = library
        self._answers = answers
        self._documents = documents
        self.taps: Taps = {Verb.SHARE: self._share, Verb.REVOKE: self._revoke}

    async def _share(self, tap: Tap) -> None:
        """The same link every time, until it is revoked."""
        platform = self._answers.platform_of(tap.sender)
        share = Share(
            token=secrets.token_urlsafe(TOKEN_BYTES),
            owner=tap.listener.id,
            document=tap.document,
            narration=tap.progress.narration,
        )
        if platform.link(share.token) is None:
            await self._answers.say(tap.sender, messages.NO_LINKS_HERE)
            return
        share = await self._library.share(share)
        stop = button(tap.words(messages.BUTTON_STOP_SHARING), Verb.REVOKE, tap.progress)
        await self._answers.say(
            tap.sender,
            messages.SHARED,
            buttons=((stop,),),
            title=tap.progress.title,
            link=platform.link(share.token) or "",
        )

    async def _revoke(self, tap: Tap) -> None:
        await self._library.revoke(tap.listener.id, tap.document)
        await self._answers.say(
            tap.sender,
            messages.SHARING_STOPPED,
            message=tap.message or None,
            title=tap.progress.title,
        )

    async def open(self, sender: Sender, token: str) -> None:
        """Somebody followed a link."""
        share = await self._library.shared(token)
        try:
            if share is not None:
                await self._documents.open_shared(sender, share.document, share.narration)
                return
        except LookupError:  # deleted in this very moment
            pass
        await self._answers.say(sender, messages.SHARE_GONE)
