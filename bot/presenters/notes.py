"""Builds what a listener sees of chapters: a voice note, its buttons, takeaways, the text."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import ListeningState, Progress
from bot.presenters.buttons import button
from bot.presenters.lines import filename
from bot.views import NoteView, NoticeView, Rows, Verb
from bot.words import Words, composed, messages
from pipeline.domain import Chapter, Track, is_extra

TEXT_SIZE = 3000  # characters of a chapter's text in one message
TEXT_PAGES = 100  # what a button's number holds of them
TAKEAWAYS_SIZE = 12  # chapters in one message of takeaways


def note(
    words: Words, progress: Progress, chapter: Chapter, track: Track, *, is_file: bool = False
) -> NoteView:
    """A chapter or an extra as a voice note, or as a file."""
    document = progress.holding.document
    is_stand_in = bool(track.spoken_by)
    return NoteView(
        document=progress.holding.id,
        chapter=chapter.number,
        title=chapter.shown_title,
        album=progress.title,
        performer=", ".join(document.authors[:3]) if document else "",
        takeaway=chapter.takeaway.text,
        position=composed.position(words, place_of(words, progress, chapter), is_stand_in),
        seconds=track.seconds,
        size=track.size,
        filename=filename(chapter),
        buttons=note_buttons(words, progress, chapter.number),
        is_file=is_file,
    )


def place_of(words: Words, progress: Progress, chapter: Chapter) -> str:
    """`3 of 17`, or that it is none of them."""
    if is_extra(chapter.number):
        return words(messages.OUT_OF_THE_TEXT)
    return words(messages.POSITION, number=chapter.number, total=len(progress.chapters))


def note_buttons(words: Words, progress: Progress, number: int) -> Rows:
    """Heard or its undoing, the next one, all before it, and its text."""
    is_heard = progress.listenings.get(number) is ListeningState.HEARD
    first = [button(words, Verb.UNDO if is_heard else Verb.HEARD, progress, number)]
    second = [button(words, Verb.TEXT, progress, TEXT_PAGES * number)]
    if is_extra(number):
        return ((*first, *second),)
    if number < len(progress.chapters):
        first.append(button(words, Verb.NEXT, progress, number))
    earlier = progress.chapters[: number - 1]
    if any(progress.state_of(one) is not ListeningState.HEARD for one in earlier):
        up_to = button(words, Verb.UP_TO, progress, number)
        second.insert(0, up_to)
    return (tuple(first), tuple(second))


def excuse(words: Words, progress: Progress, chapter: Chapter, sentence: str) -> NoticeView:
    """Instead of a voice note: a sentence about its title, and another try."""
    retry = button(words, Verb.PLAY, progress, chapter.number, label=messages.BUTTON_RETRY)
    return NoticeView(text=words(sentence, title=chapter.full_title), buttons=((retry,),))


# --- to be read -----------------------------------------------------------------------------------


def text_view(words: Words, progress: Progress, chapter: Chapter, page: int) -> NoticeView:
    """What is read aloud, in pieces that fit into a message."""
    pieces = _pieces(chapter.text) or [words(messages.NO_TEXT)]
    page = min(max(1, page), len(pieces))
    heading = words(
        messages.EXTRA_TEXT_PAGE if is_extra(chapter.number) else messages.TEXT_PAGE,
        number=chapter.number,
        title=chapter.full_title,
        page=page,
        pages=len(pieces),
    )
    turns = ((messages.BUTTON_EARLIER, page - 1), (messages.BUTTON_LATER, page + 1))
    row = tuple(
        button(words, Verb.TEXT, progress, TEXT_PAGES * chapter.number + to, label=label)
        for label, to in turns
        if 1 <= to <= len(pieces)
    )
    text = f"{heading}\n\n{pieces[page - 1]}"
    return NoticeView(text=text, buttons=(row,) if row else (), is_aside=True)


def _pieces(text: str) -> list[str]:
    """Cut between paragraphs where that is near, else between words."""
    pieces: list[str] = []
    rest = text.strip()
    while len(rest) > TEXT_SIZE and len(pieces) < TEXT_PAGES - 2:
        at = rest.rfind("\n\n", TEXT_SIZE // 2, TEXT_SIZE)
        at = at if at > 0 else rest.rfind(" ", TEXT_SIZE // 2, TEXT_SIZE)
        at = at if at > 0 else TEXT_SIZE
        pieces.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*pieces, rest] if rest else pieces


def takeaways_view(words: Words, progress: Progress, page: int) -> NoticeView:
    """What each chapter comes down to, and who says so."""
    pages = max(1, -(-len(progress.chapters) // TAKEAWAYS_SIZE))
    page = min(max(1, page), pages)
    shown = progress.chapters[(page - 1) * TAKEAWAYS_SIZE : page * TAKEAWAYS_SIZE]
    if not shown:
        return NoticeView(text=words(messages.NO_TAKEAWAYS, title=progress.title))
    origin = _origin(progress.chapters)
    lines = [
        _takeaway(words, chapter, is_marked=origin == messages.TAKEAWAYS_MIXED) for chapter in shown
    ]
    heading = words(messages.TAKEAWAYS_OF, title=progress.title)
    turns = ((messages.BUTTON_EARLIER, page - 1), (messages.BUTTON_LATER, page + 1))
    row = tuple(
        button(words, Verb.TAKEAWAYS, progress, to, label=label)
        for label, to in turns
        if 1 <= to <= pages
    )
    text = "\n\n".join((heading, *lines, words(origin)))
    return NoticeView(text=text, buttons=(row,) if row else (), is_aside=True)


def _origin(chapters: Sequence[Chapter]) -> str:
    sources = {chapter.takeaway.source for chapter in chapters if chapter.takeaway.text}
    if sources == {"model"}:
        return messages.TAKEAWAYS_WRITTEN
    return messages.TAKEAWAYS_MIXED if "model" in sources else messages.TAKEAWAYS_EXTRACTED


def _takeaway(words: Words, chapter: Chapter, *, is_marked: bool) -> str:
    """`3 · Distillation`, and below it the sentence with its page."""
    takeaway = chapter.takeaway
    mark = " *" if is_marked and takeaway.source == "model" else ""
    page = f" ({words(messages.PAGE_NUMBER, page=takeaway.page)})" if takeaway.page else ""
    heading = f"{chapter.number} · {chapter.full_title}"
    return f"{heading}\n{takeaway.text}{mark}{page}" if takeaway.text else heading
