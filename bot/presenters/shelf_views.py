"""Builds what a listener sees of their documents: `/progress`, `/library`, choices among them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import ListeningState, Progress
from bot.presenters.buttons import button, loose_button
from bot.presenters.cards import CardContext, continue_button, status
from bot.views import Button, NoticeView, Rows, ShelfLine, ShelfView, Verb
from bot.words import Words, composed, messages

SHELF_SIZE = 8  # documents on one page of /library

Shelf = Sequence[Progress]


def progress_view(words: Words, shelf: Shelf) -> ShelfView | NoticeView:
    """`/progress`: what was read, each with its bar."""
    readable = [progress for progress in shelf if progress.chapters]
    if not readable:
        return NoticeView(text=words(messages.NOTHING_YET))
    lines = tuple(_progress_line(words, progress) for progress in readable[:SHELF_SIZE])
    return ShelfView(heading=words(messages.PROGRESS_HEADING), lines=lines)


def _progress_line(words: Words, progress: Progress) -> ShelfLine:
    if progress.next_chapter:
        return _line(words, progress, (continue_button(words, progress),))
    return _line(words, progress, (button(words, Verb.OPEN, progress),))


def library_view(words: Words, shelf: Shelf, *, page: int = 1) -> ShelfView | NoticeView:
    """`/library`: every document, paged, with Open and Delete."""
    if not shelf:
        return NoticeView(text=words(messages.NOTHING_YET))
    pages = -(-len(shelf) // SHELF_SIZE)
    page = min(max(1, page), pages)
    shown = shelf[(page - 1) * SHELF_SIZE : page * SHELF_SIZE]
    return ShelfView(
        heading=words(messages.LIBRARY_HEADING),
        lines=tuple(_kept_line(words, progress) for progress in shown),
        buttons=_paging(words, page, pages),
    )


def found_view(words: Words, found: Shelf, text: str) -> ShelfView | NoticeView:
    """What a search has found, best first."""
    if not found:
        return NoticeView(text=words(messages.NOT_FOUND, text=text))
    lines = tuple(_kept_line(words, progress) for progress in found[:SHELF_SIZE])
    return ShelfView(heading=words(messages.FOUND_HEADING, text=text), lines=lines)


def choice_view(words: Words, shelf: Shelf, heading: str, verb: Verb) -> ShelfView | NoticeView:
    """One of the newest documents is to be chosen for `verb`."""
    if not shelf:
        return NoticeView(text=words(messages.NOTHING_YET))
    lines = tuple(
        _line(words, progress, (button(words, verb, progress),)) for progress in shelf[:SHELF_SIZE]
    )
    return ShelfView(heading=words(heading), lines=lines)


def delete_question(words: Words, progress: Progress) -> NoticeView:
    row = (
        button(words, Verb.DELETE, progress),
        button(words, Verb.KEEP, progress),
    )
    text = words(messages.DELETE_SURE, title=progress.title)
    return NoticeView(text=text, buttons=(row,))


def _kept_line(words: Words, progress: Progress) -> ShelfLine:
    verbs = (Verb.OPEN, Verb.ASK_DELETE)
    return _line(words, progress, tuple(button(words, verb, progress) for verb in verbs))


def _line(words: Words, progress: Progress, buttons: tuple[Button, ...]) -> ShelfLine:
    return ShelfLine(
        document=progress.holding.id,
        title=progress.title,
        percent=progress.percent,
        text=_state(words, progress),
        buttons=buttons,
    )


def _state(words: Words, progress: Progress) -> str:
    if not progress.chapters:
        return status(CardContext(words=words, menu_size=1), progress)
    heard = composed.heard(
        words,
        progress.count(ListeningState.HEARD),
        len(progress.chapters),
        progress.seconds_heard,
        progress.seconds,
        progress.count(ListeningState.STARTED),
    )
    return f"{heard}; {_stopped_at(words, progress)}" if progress.resumes_at_s >= 1 else heard


def _stopped_at(words: Words, progress: Progress) -> str:
    chapter, time = progress.next_chapter, composed.length(progress.resumes_at_s)
    return words(messages.STOPPED_AT, number=chapter.number if chapter else 0, time=time)


def _paging(words: Words, page: int, pages: int) -> Rows:
    if pages == 1:
        return ()
    turns = ((messages.BUTTON_EARLIER, page - 1), (messages.BUTTON_LATER, page + 1))
    return (
        tuple(
            loose_button(words, Verb.SHELF_PAGE, (to - 1) % pages + 1, label=label)
            for label, to in turns
        ),
    )
