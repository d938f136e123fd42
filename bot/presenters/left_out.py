"""Builds what a listener sees of what is left out: by kind, each with what can be heard of it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain import Progress
from bot.presenters.buttons import button
from bot.presenters.lines import chapter_line
from bot.views import Button, ChapterLine, LeftOutLine, NoticeView, Rows, Verb
from bot.words import Words, composed, messages
from pipeline.domain import Chapter, LeftOut

ANEW, ALL = 0, 1  # what a button's number says beside the number of the first extra to be shown
EXTRAS_SIZE = 10  # of one kind, in one message


def lines(words: Words, progress: Progress) -> tuple[LeftOutLine, ...]:
    """Every kind, with its extras: for whoever has room for all of it."""
    return tuple(
        LeftOutLine(
            title=words(messages.LEFT_OUT_KINDS[kind.reason]),
            text=_told(words, kind),
            extras=tuple(chapter_line(progress, extra) for extra in kind.extras),
        )
        for kind in progress.left_out
    )


def view(words: Words, progress: Progress, number: int) -> NoticeView | None:
    """The list of kinds; or of one kind the extras, from that number on. None: nothing is known of
    it, for buttons may be old or forged."""
    if not progress.left_out:
        return None
    if number in (ANEW, ALL):
        return _kinds_view(words, progress)
    for kind in progress.left_out:
        numbers = [extra.number for extra in kind.extras]
        if number in numbers:
            return _kind_view(words, progress, kind, numbers.index(number))
    return None


def _kinds_view(words: Words, progress: Progress) -> NoticeView:
    heading = words(messages.LEFT_OUT_OF, title=progress.title)
    told = [_line(words, kind) for kind in progress.left_out]
    rows = tuple((_door(words, progress, kind),) for kind in progress.left_out if kind.extras)
    hint = words(messages.LEFT_OUT_HOW) if rows else ""
    text = "\n\n".join(part for part in (heading, "\n".join(told), hint) if part)
    return NoticeView(text=text, buttons=rows, is_aside=True)


def _door(words: Words, progress: Progress, kind: LeftOut) -> Button:
    """What is heard at once; or, where that would be long, the way to its pieces."""
    name = words(messages.LEFT_OUT_KINDS[kind.reason])
    first = kind.extras[0]
    if len(kind.extras) == 1:
        return _play(name, chapter_line(progress, first))
    label = f"{name} · {len(kind.extras)} {messages.BUTTON_LATER}"
    return button(words, Verb.LEFT_OUT, progress, first.number, label=label)


def _play(name: str, line: ChapterLine) -> Button:
    """`○ References · 1:44`"""
    mark = "⚠" if line.has_failed else line.mark
    return Button(label=f"{mark} {name} · {line.length}", action=line.action)


def _kind_view(words: Words, progress: Progress, kind: LeftOut, start: int) -> NoticeView:
    shown = kind.extras[start : start + EXTRAS_SIZE]
    plays = tuple((_play(extra.title, chapter_line(progress, extra)),) for extra in shown)
    turns = tuple(_turns(words, progress, kind.extras, start))
    back = button(words, Verb.LEFT_OUT, progress, ALL, label=messages.BUTTON_BACK)
    rows: Rows = (*plays, *((turns,) if turns else ()), (back,))
    heading = words(messages.LEFT_OUT_OF, title=progress.title)
    return NoticeView(text=f"{heading}\n\n{_line(words, kind)}", buttons=rows, is_aside=True)


def _turns(
    words: Words, progress: Progress, extras: tuple[Chapter, ...], start: int
) -> Iterator[Button]:
    """To those before and after; from a button in the middle of a page, to its beginning."""
    places = (
        (messages.BUTTON_EARLIER, max(0, start - EXTRAS_SIZE)),
        (messages.BUTTON_LATER, start + EXTRAS_SIZE),
    )
    for label, place in places:
        if place != start and place < len(extras):
            number = extras[place].number
            yield button(words, Verb.LEFT_OUT, progress, number, label=label)


def _line(words: Words, kind: LeftOut) -> str:
    """`References – 9, pages 8–9`"""
    return f"{words(messages.LEFT_OUT_KINDS[kind.reason])} – {_told(words, kind)}"


def _told(words: Words, kind: LeftOut) -> str:
    pages = composed.pages(words, kind.pages)
    return f"{kind.count}, {pages}" if kind.count else pages
