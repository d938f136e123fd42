"""`/privacy`: what is stored, what leaves; and how to be forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.commands import Command, Section
from bot.domain import Sender
from bot.handlers.documents import DocumentHandler
from bot.handlers.offers import Offer
from bot.handlers.replies import Replies
from bot.ports import Library
from bot.presenters.buttons import loose_button
from bot.views import Action, NoticeView, Verb, asking
from bot.words import composed, messages, words_in


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelHosts:
    """The servers that get text of documents; empty: none."""

    model_host: str = ""
    voice_host: str = ""


class PrivacyHandler:
    """`carriers`: what platforms are called that words pass through on their way to us."""

    def __init__(
        self,
        *,
        library: Library,
        replies: Replies,
        documents: DocumentHandler,
        model_hosts: ModelHosts,
        carriers: Mapping[str, str],
    ) -> None:
        self._library = library
        self._replies = replies
        self._documents = documents
        self._model_hosts = model_hosts
        self._carriers = carriers

    @property
    def offers(self) -> tuple[Offer, ...]:
        return (
            Offer(
                command=Command(name="privacy", section=Section.ABOUT, text=messages.MENU_PRIVACY),
                on_command=self._on_privacy,
            ),
            Offer(verb=Verb.ASK_ERASE, on_loose_tap=self._ask),
            Offer(verb=Verb.ERASE, on_loose_tap=self._erase),
        )

    async def _on_privacy(self, sender: Sender, argument: str) -> None:
        words = words_in(sender.listener.language)
        text = composed.privacy(
            words,
            platform=self._carriers.get(sender.listener.platform, ""),
            model_host=self._model_hosts.model_host,
            voice_host=self._model_hosts.voice_host,
        )
        buttons = asking(sender.listener, ((loose_button(words, Verb.ASK_ERASE),),))
        await self._replies.show(sender, NoticeView(text=text, buttons=buttons))

    async def _ask(self, sender: Sender, action: Action, message: str) -> None:
        if sender.is_among_others:
            await self._replies.say(sender, messages.IN_PRIVATE_ONLY)
            return
        words = words_in(sender.listener.language)
        row = (
            loose_button(words, Verb.ERASE),
            loose_button(words, Verb.KEEP),
        )
        buttons = asking(sender.listener, (row,))
        await self._replies.say(sender, messages.ERASE_SURE, buttons=buttons)

    async def _erase(self, sender: Sender, action: Action, message: str) -> None:
        if sender.is_among_others:
            await self._replies.say(sender, messages.IN_PRIVATE_ONLY)
            return
        if not action.asked:  # a question of a version before, which did not know whom it asked
            await self._replies.say(sender, messages.OLD_BUTTON)
            return
        listener = sender.listener.id
        shelf = await self._library.shelf(listener)
        for progress in shelf:
            await self._documents.remove(sender, progress)
        await self._library.forget_listener(listener)
        await self._documents.leave_nothing([one.holding.id for one in shelf], listener)
        await self._replies.say(sender, messages.ERASED, message=message or None)
