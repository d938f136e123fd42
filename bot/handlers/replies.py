"""How handlers answer: views and sentences where a sender is, in their language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bot.domain import Asked, CardPlace, Question, Sender
from bot.handlers.offers import Tap
from bot.patience import patiently
from bot.ports import ChatPlatform, Library
from bot.presenters.drawing import Drawing
from bot.views import Field, NoticeView, Rows, ShelfView, View, for_their_listener
from bot.words import Fact, words_in
from pipeline.errors import UserError


class Replies:
    def __init__(
        self, *, library: Library, platforms: Mapping[str, ChatPlatform], drawing: Drawing
    ) -> None:
        self._library = library
        self._platforms = platforms
        self._drawing = drawing

    def platform_of(self, sender: Sender) -> ChatPlatform:
        """Where the sender is."""
        return self._platforms[sender.conversation.platform]

    async def show(self, sender: Sender, view: View, *, message: str | None = None) -> str:
        """A new message, or another content for an old one."""
        platform = self.platform_of(sender)
        old = message or None
        if isinstance(view, NoticeView | ShelfView):
            view = replace(view, buttons=for_their_listener(sender.listener, view.buttons))
        return await patiently(lambda: platform.show(sender.conversation, view, message=old))

    async def say(
        self,
        sender: Sender,
        sentence: str,
        *,
        message: str | None = None,
        buttons: Rows = (),
        **facts: Fact,
    ) -> str:
        """One of `bot.words.messages`, its gaps filled."""
        text = words_in(sender.listener.language)(sentence, **facts)
        return await self.show(sender, NoticeView(text=text, buttons=buttons), message=message)

    async def ask(self, tap: Tap, asked: Asked, sentence: str, label: str, hint: str = "") -> None:
        """The listener's next words here are the answer. `label` and `hint` are for chats that show
        a field. Durable before it is shown: an answer may come at once."""
        await self._library.ask(
            Question(
                asked=asked,
                conversation=tap.sender.conversation,
                listener=tap.listener.id,
                document=tap.document,
            )
        )
        title = tap.progress.title
        field = Field(label=tap.words(label, title=title), hint=tap.words(hint))
        view = NoticeView(text=tap.words(sentence, title=title), field=field)
        await self.show(tap.sender, view)

    async def say_error(
        self, sender: Sender, error: UserError, *, message: str | None = None, buttons: Rows = ()
    ) -> None:
        text = words_in(sender.listener.language).error(error)
        await self.show(sender, NoticeView(text=text, buttons=buttons), message=message)

    async def send_file(self, sender: Sender, file: Path, caption: str) -> None:
        platform = self.platform_of(sender)
        await patiently(lambda: platform.send_file(sender.conversation, file, caption=caption))

    async def show_card(self, sender: Sender, document: str, *, page: int = 1) -> None:
        """A new card at the end of the conversation; from now on that one is kept up to date. None
        where one was shown because of the very same update, in a life that was killed after it."""
        act = sender.act("card", document)
        if await self._library.has_acted(act):
            return
        progress = await self._library.progress(sender.listener.id, document)
        if progress is None:
            return
        platform = self.platform_of(sender)
        view = await self._drawing.card(platform, sender.listener, progress, page=page)
        message = await self.show(sender, replace(view, delivery=act))
        await self._library.save_card(
            CardPlace(
                conversation=sender.conversation,
                message=message,
                document=progress.holding.id,
                listener=sender.listener,
                menu_page=page,
            ),
            act=act,
        )

    async def turn_card(self, tap: Tap) -> None:
        """The card whose button it was shows another page of its menu. Whoever turns it, it shows
        the progress of the one whose card it is; one of which nobody knows any more whose it was
        stays as it is, and whoever tapped gets their own."""
        card = await self._turn(tap)
        if card is None:
            await self.show_card(tap.sender, tap.document, page=tap.number)
            return
        progress = await self._library.progress(card.listener.id, tap.document)
        platform = self.platform_of(tap.sender)
        view = await self._drawing.card(
            platform, card.listener, progress or tap.progress, page=card.menu_page
        )
        await self.show(tap.sender, view, message=tap.message)
        await self._library.turn_page(card, card.menu_page)

    async def _turn(self, tap: Tap) -> CardPlace | None:
        """The card on its new page. None: others have cards of this document there, and this is
        none that still counts."""
        here = tap.sender.conversation
        found = await self._library.card_at(here, tap.message)
        if found is not None and found.document == tap.document:
            return replace(found, menu_page=tap.number)
        if await self._library.others_card(here, tap.listener.id, tap.document) is not None:
            return None
        return CardPlace(
            conversation=tap.sender.conversation,
            message=tap.message,
            document=tap.document,
            listener=tap.listener,
            menu_page=tap.number,
        )
