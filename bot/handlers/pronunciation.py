"""`/say`: words that are spoken a listener's own way."""

from __future__ import annotations

from bot.commands import Command, Section
from bot.domain import Sender
from bot.handlers.offers import Offer
from bot.handlers.replies import Replies
from bot.ports import MAX_WORD, MAX_WORDS, Library
from bot.views import NoticeView
from bot.words import messages, words_in


class PronunciationHandler:
    def __init__(self, *, library: Library, replies: Replies) -> None:
        self._library = library
        self._replies = replies

    @property
    def offers(self) -> tuple[Offer, ...]:
        return (
            Offer(
                command=Command(name="say", section=Section.NARRATION, text=messages.MENU_SAY),
                on_command=self._on_say,
            ),
        )

    async def _on_say(self, sender: Sender, argument: str) -> None:
        """`/say SQLite = ess cue lite`; without a sound the word is forgotten; alone: the list."""
        written, _, spoken = (part.strip() for part in argument.partition("="))
        if not written:
            await self._tell_words(sender)
            return
        try:
            await self._library.save_word(sender.listener.id, written, spoken)
        except ValueError:
            await self._replies.say(sender, messages.SAY_LIMITS, words=MAX_WORDS, signs=MAX_WORD)
            return
        sentence = messages.SAY_NOTED if spoken else messages.SAY_FORGOTTEN
        await self._replies.say(sender, sentence, written=written, spoken=spoken)

    async def _tell_words(self, sender: Sender) -> None:
        known = await self._library.words(sender.listener.id)
        lines = [f"{written} = {spoken}" for written, spoken in sorted(known.items())]
        text = words_in(sender.listener.language)(messages.SAY_HELP)
        await self._replies.show(sender, NoticeView(text="\n".join((text, "", *lines)).strip()))
