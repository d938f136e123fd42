"""`/progress`, `/library`, `/search`, `/rename`: a listener's documents as a whole."""

from __future__ import annotations

from bot.commands import Command, Section
from bot.domain import Asked, Progress, Sender
from bot.handlers.offers import Answer, Offer, Tap
from bot.handlers.replies import Replies
from bot.ports import Library
from bot.presenters import shelf_views
from bot.views import Action, Verb
from bot.words import messages, words_in

NAME_SIGNS = 120


class ShelfHandler:
    def __init__(self, *, library: Library, replies: Replies) -> None:
        self._library = library
        self._replies = replies

    @property
    def offers(self) -> tuple[Offer, ...]:
        return (
            Offer(
                command=Command(
                    name="progress",
                    section=Section.LISTENING,
                    text=messages.MENU_PROGRESS,
                    label=messages.BUTTON_PROGRESS,
                ),
                on_command=self._on_progress,
            ),
            Offer(
                verb=Verb.SHELF_PAGE,
                on_loose_tap=self._turn,
                command=Command(
                    name="library",
                    section=Section.FINDING,
                    text=messages.MENU_LIBRARY,
                    label=messages.BUTTON_LIBRARY,
                ),
                on_command=self._on_library,
            ),
            Offer(
                command=Command(name="search", section=Section.FINDING, text=messages.MENU_SEARCH),
                on_command=self._on_search,
            ),
            Offer(
                verb=Verb.RENAME,
                on_tap=self._ask_name,
                command=Command(name="rename", section=Section.KEEPING, text=messages.MENU_RENAME),
                on_command=self._on_rename,
                asked=Asked.NAME,
                on_answer=self._on_name,
            ),
            Offer(verb=Verb.OPEN, on_tap=self._open),
            Offer(verb=Verb.PAGE, on_tap=self._replies.turn_card),
            Offer(verb=Verb.KEEP, on_loose_tap=self._keep),
        )

    async def _on_progress(self, sender: Sender, argument: str) -> None:
        shelf = await self._library.shelf(sender.listener.id)
        words = words_in(sender.listener.language)
        await self._replies.show(sender, shelf_views.progress_view(words, shelf))

    async def _on_library(self, sender: Sender, argument: str) -> None:
        """`/library bees` looks for them."""
        if argument:
            await self._on_search(sender, argument)
            return
        shelf = await self._library.shelf(sender.listener.id)
        words = words_in(sender.listener.language)
        await self._replies.show(sender, shelf_views.library_view(words, shelf))

    async def _turn(self, sender: Sender, action: Action, message: str) -> None:
        shelf = await self._library.shelf(sender.listener.id)
        words = words_in(sender.listener.language)
        view = shelf_views.library_view(words, shelf, page=action.number)
        await self._replies.show(sender, view, message=message)

    async def _keep(self, sender: Sender, action: Action, message: str) -> None:
        await self._replies.say(sender, messages.KEPT, message=message or None)

    async def _open(self, tap: Tap) -> None:
        await self._replies.show_card(tap.sender, tap.document)

    # --- search ---------------------------------------------------------------------------------

    async def _on_search(self, sender: Sender, argument: str) -> None:
        text = " ".join(argument.split())
        if not text:
            await self._replies.say(sender, messages.SEARCH_HOW)
            return
        found = found_in(await self._library.shelf(sender.listener.id), text)
        words = words_in(sender.listener.language)
        await self._replies.show(sender, shelf_views.found_view(words, found, text))

    # --- rename ---------------------------------------------------------------------------------

    async def _on_rename(self, sender: Sender, argument: str) -> None:
        """`/rename` lets choose; `/rename Bees` names the newest document."""
        shelf = await self._library.shelf(sender.listener.id)
        if argument and shelf:
            await self._rename(sender, shelf[0], argument)
            return
        words = words_in(sender.listener.language)
        view = shelf_views.choice_view(words, shelf, messages.RENAME_WHICH, Verb.RENAME)
        await self._replies.show(sender, view)

    async def _ask_name(self, tap: Tap) -> None:
        await self._replies.ask(tap, Asked.NAME, messages.RENAME_TO, messages.FIELD_NAME)

    async def _on_name(self, answer: Answer) -> None:
        progress = await self._library.progress(answer.sender.listener.id, answer.document)
        if progress is None:
            await self._replies.say(answer.sender, messages.NOT_YOURS)
            return
        await self._rename(answer.sender, progress, answer.text)

    async def _rename(self, sender: Sender, progress: Progress, name: str) -> None:
        title = " ".join(name.split())
        if len(title) > NAME_SIGNS:
            await self._replies.say(sender, messages.NAME_TOO_LONG, signs=NAME_SIGNS)
            return
        document = progress.holding.id
        await self._library.rename(sender.listener.id, document, title)
        title = title or progress.holding.title
        await self._replies.say(sender, messages.RENAMED, before=progress.title, title=title)


def found_in(shelf: shelf_views.Shelf, text: str) -> list[Progress]:
    """Documents that have every word of `text`: those that have all in the title first, then the
    newest."""
    wanted = text.casefold().split()
    found = [one for one in shelf if all(word in _searched(one) for word in wanted)]
    return sorted(found, key=lambda one: not all(w in one.title.casefold() for w in wanted))


def _searched(progress: Progress) -> str:
    """All that a listener may remember of it."""
    document = progress.holding.document
    parts = [progress.name, progress.holding.title, progress.holding.filename]
    parts += document.authors if document else ()
    parts += (chapter.shown_title for chapter in progress.chapters)
    return "\n".join(parts).casefold()
