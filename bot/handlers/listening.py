"""Chapters are asked for, come, and are marked; what they say can be read too."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import Command, Section
from bot.domain import ListeningState, Progress, Sender, TrackStage
from bot.handlers.documents import DocumentHandler, failed_of, ready_of
from bot.handlers.offers import Offer, Tap
from bot.handlers.replies import Replies
from bot.patience import patiently
from bot.ports import Jobs, Library
from bot.presenters import left_out
from bot.presenters.notes import TEXT_PAGES, note_buttons, takeaways_view, text_view
from bot.views import NoticeView, Verb
from bot.words import composed, messages, words_in
from pipeline.domain import is_extra


class ListeningHandler:
    def __init__(
        self, *, library: Library, jobs: Jobs, replies: Replies, documents: DocumentHandler
    ) -> None:
        self._library = library
        self._jobs = jobs
        self._replies = replies
        self._documents = documents

    @property
    def offers(self) -> tuple[Offer, ...]:
        return (
            Offer(
                verb=Verb.CONTINUE,
                on_tap=self._continue,
                command=Command(
                    name="continue", section=Section.LISTENING, text=messages.MENU_CONTINUE
                ),
                on_command=self._on_continue,
            ),
            Offer(verb=Verb.PLAY, on_tap=self._play),
            Offer(verb=Verb.NEXT, on_tap=self._next),
            Offer(verb=Verb.ALL, on_tap=self._all),
            Offer(verb=Verb.STOP_ALL, on_tap=self._stop_all),
            Offer(verb=Verb.STARTED, on_tap=self._mark_started),
            Offer(verb=Verb.HEARD, on_tap=self._mark_heard),
            Offer(verb=Verb.UNHEARD, on_tap=self._mark_unheard),
            Offer(verb=Verb.UNDO, on_tap=self._undo),
            Offer(verb=Verb.UP_TO, on_tap=self._mark_up_to),
            Offer(verb=Verb.TEXT, on_tap=self._text),
            Offer(verb=Verb.TAKEAWAYS, on_tap=self._takeaways),
            Offer(verb=Verb.LEFT_OUT, on_tap=self._left_out),
        )

    # --- chapters come --------------------------------------------------------------------------

    async def _play(self, tap: Tap) -> None:
        """Owe the voice note; a chapter that is not spoken yet jumps the queue."""
        if not tap.has_chapter:
            await self._replies.say(tap.sender, messages.OLD_BUTTON)
            return
        await self._send(tap.sender, tap.progress, tap.number)

    async def _send(self, sender: Sender, progress: Progress, number: int) -> None:
        document, narration = progress.holding.id, progress.narration
        wanted, stage = [number], progress.stage_of(number)
        if stage is TrackStage.FAILED:  # a retry, and then of the others too
            await self._library.forget_track_failures(document, narration)
            wanted += sorted(failed_of(progress) - {number})
        await self._library.wish(
            sender.conversation,
            sender.listener,
            document,
            number,
            narration,
            act=sender.act("chapter", document, number),
        )
        if stage is TrackStage.READY:
            return
        is_charged = progress.is_working and not is_extra(number)
        granted = await self._documents.speak(sender, progress, wanted, is_charged=is_charged)
        if number in granted:
            await self._jobs.hurry(document, number, narration)
        else:
            await self._put_off(sender, progress)

    async def _put_off(self, sender: Sender, progress: Progress) -> None:
        """The day's minutes are used up. The wish stands: whatever makes the chapter sends it."""
        limit = await self._documents.full_day_s(sender)
        words = words_in(sender.listener.language)
        minutes = composed.minutes(words, limit)
        await self._replies.say(sender, messages.DAY_IS_FULL, minutes=minutes)

    async def _next(self, tap: Tap) -> None:
        """This one is heard; the one after it, please. That comes first, the buttons can wait."""
        await self._mark(tap, [tap.number], ListeningState.HEARD)
        if is_extra(tap.number):
            return  # no text goes on behind it
        if tap.number < len(tap.progress.chapters):
            await self._send(tap.sender, tap.progress, tap.number + 1)
        else:
            current = await self._library.progress(tap.listener.id, tap.document)
            text = composed.farewell(tap.words, current or tap.progress)
            await self._replies.show(tap.sender, NoticeView(text=text))
        await self._redraw_note(tap)

    async def _continue(self, tap: Tap) -> None:
        await self._go_on(tap.sender, tap.progress)

    async def _go_on(self, sender: Sender, progress: Progress) -> None:
        chapter = progress.next_chapter
        if chapter is None:
            await self._replies.say(sender, messages.ALL_HEARD, title=progress.title)
            return
        await self._send(sender, progress, chapter.number)

    async def _on_continue(self, sender: Sender, argument: str) -> None:
        """The newest document that was begun and is not heard to its end, else the newest."""
        shelf = await self._library.shelf(sender.listener.id)
        left = [progress for progress in shelf if progress.next_chapter]
        begun = [one for one in left if one.count(ListeningState.NEW) < len(one.chapters)]
        found = next(iter(begun or left), None)
        if found is None:
            await self._replies.say(sender, messages.NOTHING_TO_CONTINUE)
            return
        await self._go_on(sender, found)

    async def _all(self, tap: Tap) -> None:
        """What is left from where Continue leads, one after the other."""
        first = tap.progress.next_chapter
        if first is None:
            await self._replies.say(tap.sender, messages.ALL_HEARD, title=tap.progress.title)
            return
        left = [
            chapter.number
            for chapter in tap.progress.chapters[first.number - 1 :]
            if tap.progress.state_of(chapter) is not ListeningState.HEARD
        ]
        missing = [number for number in left if number not in ready_of(tap.progress)]
        is_charged = tap.progress.is_working
        granted = await self._documents.speak(
            tap.sender, tap.progress, missing, is_charged=is_charged
        )
        coming = [number for number in left if number not in missing or number in granted]
        for number in coming:
            await self._library.wish(
                tap.sender.conversation,
                tap.listener,
                tap.document,
                number,
                tap.progress.narration,
                is_unasked=True,
                act=tap.sender.act("chapter", tap.document, number),
            )
        if not coming:
            await self._put_off(tap.sender, tap.progress)

    async def _stop_all(self, tap: Tap) -> None:
        await self._library.drop_unasked(tap.listener.id, tap.document)

    # --- marks ----------------------------------------------------------------------------------

    async def _mark_started(self, tap: Tap) -> None:
        await self._mark(tap, [tap.number], ListeningState.STARTED)

    async def _mark_unheard(self, tap: Tap) -> None:
        await self._mark(tap, [tap.number], ListeningState.NEW)

    async def _mark_heard(self, tap: Tap) -> None:
        await self._mark(tap, [tap.number], ListeningState.HEARD)
        await self._redraw_note(tap)

    async def _undo(self, tap: Tap) -> None:
        """It was sent, so it is started: `mark` takes nothing heard back to that by itself."""
        await self._mark(tap, [tap.number], ListeningState.NEW)
        await self._mark(tap, [tap.number], ListeningState.STARTED)
        await self._redraw_note(tap)

    async def _mark_up_to(self, tap: Tap) -> None:
        first = tap.number if is_extra(tap.number) else 1
        await self._mark(tap, range(first, tap.number + 1), ListeningState.HEARD)
        await self._redraw_note(tap)

    async def _mark(self, tap: Tap, chapters: Sequence[int], state: ListeningState) -> None:
        if tap.has_chapter:
            await self._library.mark(tap.listener.id, tap.document, list(chapters), state)

    async def _redraw_note(self, tap: Tap) -> None:
        """The buttons below the note tell its new state."""
        if not tap.message or not tap.has_chapter:
            return
        now = await self._library.progress(tap.listener.id, tap.document)
        if now is None:
            return
        buttons = note_buttons(tap.words, now, tap.number)
        platform, conversation = self._replies.platform_of(tap.sender), tap.sender.conversation
        noted = tap.words(messages.NOTED)
        await patiently(
            lambda: platform.set_note_buttons(conversation, tap.message, buttons, noted=noted)
        )

    # --- to be read -----------------------------------------------------------------------------

    async def _text(self, tap: Tap) -> None:
        """A chapter's text, in pages. A note's button begins it; turning a page edits it."""
        number, page = divmod(tap.number, TEXT_PAGES)
        chapter = await self._library.chapter(tap.document, number)
        if chapter is None:
            await self._replies.say(tap.sender, messages.NO_TEXT)
            return
        view = text_view(tap.words, tap.progress, chapter, page)
        await self._replies.show(tap.sender, view, message=tap.message if page else None)

    async def _takeaways(self, tap: Tap) -> None:
        view = takeaways_view(tap.words, tap.progress, tap.number)
        await self._replies.show(tap.sender, view, message=tap.message if tap.number else None)

    async def _left_out(self, tap: Tap) -> None:
        """What is not read, by kind. A card's button begins it; going through it edits it."""
        view = left_out.view(tap.words, tap.progress, tap.number)
        if view is None:
            await self._replies.say(tap.sender, messages.OLD_BUTTON)
            return
        await self._replies.show(tap.sender, view, message=tap.message if tap.number else None)
