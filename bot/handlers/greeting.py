"""`/start` and `/help`, and an answer to whoever says what nobody understands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.commands import Command, Section
from bot.domain import Sender
from bot.handlers.offers import Offer
from bot.handlers.replies import Replies
from bot.handlers.sharing import SharingHandler
from bot.views import NoticeView
from bot.words import composed, messages, words_in


class GreetingHandler:
    """`commands`: all that there are."""

    def __init__(
        self,
        *,
        replies: Replies,
        sharing: SharingHandler,
        commands: Callable[[], Sequence[Command]],
    ) -> None:
        self._replies = replies
        self._sharing = sharing
        self._commands = commands

    @property
    def offers(self) -> tuple[Offer, ...]:
        return (
            Offer(
                command=Command(name="start", section=Section.ABOUT),
                on_command=self._on_start,
            ),
            Offer(
                command=Command(
                    name="help",
                    section=Section.ABOUT,
                    text=messages.MENU_HELP,
                    label=messages.BUTTON_HELP,
                ),
                on_command=self._on_help,
            ),
        )

    async def _on_start(self, sender: Sender, argument: str) -> None:
        """`/start token`: somebody followed a link."""
        if argument:
            await self._sharing.open(sender, argument)
            return
        words = words_in(sender.listener.language)
        text = composed.welcome(words, self._commands())
        await self._replies.show(sender, NoticeView(text=text))

    async def _on_help(self, sender: Sender, argument: str) -> None:
        await self.show_help(sender)

    async def show_help(self, sender: Sender) -> None:
        words = words_in(sender.listener.language)
        text = composed.help_text(words, self._commands())
        await self._replies.show(sender, NoticeView(text=text))

    async def on_unknown(self, sender: Sender, argument: str) -> None:
        """A command that there is not."""
        words = words_in(sender.listener.language)
        text = composed.unknown_command(words, self._commands())
        await self._replies.show(sender, NoticeView(text=text))
