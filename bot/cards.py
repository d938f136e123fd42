"""Builds what a listener sees from what is known: the card, `/progress`, the shelf, a note."""

from __future__ import annotations

import re
import unicodedata

from bot import messages
from bot.domain import ListeningState, Progress, Stage, TrackStage, TrackState
from bot.views import (
    Action,
    Button,
    CardView,
    ChapterLine,
    NoteView,
    NoticeView,
    Rows,
    ShelfLine,
    ShelfView,
    Verb,
)
from pipeline.domain import Chapter, Mode, Track

MARKS = {ListeningState.NEW: "○", ListeningState.STARTED: "▶", ListeningState.HEARD: "✓"}
SIMPLE_ENGINE = "espeak:"  # speaks every language, like a machine
SHELF_SIZE = 8  # documents on one page of /library


def reference(document: str) -> str:
    """What a button carries of a document's id."""
    return document[:16]


def card(
    progress: Progress, *, page: int = 1, menu_size: int, eta_s: float | None = None
) -> CardView:
    """A document's card, which is also its status message while it is made."""
    holding = progress.holding
    known = holding.document
    pages = max(1, -(-len(progress.chapters) // menu_size))
    page = min(max(1, page), pages)
    shown = progress.chapters[(page - 1) * menu_size : page * menu_size]
    return CardView(
        document=holding.id,
        title=holding.title,
        summary=known.summary if known else "",
        facts=facts(progress),
        status=status(progress, eta_s),
        done=_done(progress),
        skipped=_remarks(progress),
        chapters=tuple(_line(progress, chapter) for chapter in shown),
        buttons=_card_buttons(progress, page, pages),
    )


def _remarks(progress: Progress) -> str:
    """What was left out, and who translated and reads it, where that should be known."""
    known = progress.holding.document
    if known is None:
        return ""
    is_simple = progress.narration.voice.startswith(SIMPLE_ENGINE)
    is_translated = progress.narration.mode is Mode.TRANSLATION
    parts = (
        messages.skipped(known.skipped),
        messages.TRANSLATED if is_translated else "",
        messages.SIMPLE_VOICE if is_simple else "",
    )
    return " ".join(part for part in parts if part)


def facts(progress: Progress) -> str:
    """`26 min · 17 chapters · 17 ready · Original · 0 % heard`; nothing before it is read."""
    if not progress.chapters:
        return ""
    return " · ".join(
        (
            messages.minutes(progress.seconds),
            messages.counted(len(progress.chapters), "chapter", "chapters"),
            f"{progress.ready} ready",
            messages.mode(progress.narration),
            f"{progress.percent} % heard",
        )
    )


def status(progress: Progress, eta_s: float | None = None) -> str:
    """What is going on, in a few words; nothing when all is well and done."""
    holding = progress.holding
    if holding.stage is Stage.FAILED:
        return holding.failure
    if holding.stage is Stage.READ:
        return _speaking_status(progress, eta_s)
    if progress.is_stopped:
        return messages.STATUS_STOPPED_READING
    if holding.stage is Stage.RECEIVED:
        return messages.STATUS_WAITING
    return messages.reading(holding.read_share)


def _speaking_status(progress: Progress, eta_s: float | None) -> str:
    total = len(progress.chapters)
    if progress.is_working:
        return messages.working(progress.ready, total, eta_s)
    if progress.failed:
        return messages.failed(progress.failed)
    if progress.is_unfinished:
        return messages.STATUS_STOPPED.format(ready=progress.ready, total=total)
    return ""


def _done(progress: Progress) -> float | None:
    if not progress.is_working:
        return None
    if progress.holding.stage is Stage.READING:
        return progress.holding.read_share
    spoken = sum(
        progress.seconds_of(chapter)
        for chapter in progress.chapters
        if _track(progress, chapter).stage is not TrackStage.MISSING
    )
    return spoken / progress.seconds if progress.seconds else 0.0


def _track(progress: Progress, chapter: Chapter) -> TrackState:
    missing = TrackState(chapter=chapter.number, stage=TrackStage.MISSING)
    return progress.tracks.get(chapter.number, missing)


def _line(progress: Progress, chapter: Chapter) -> ChapterLine:
    state = progress.state_of(chapter)
    track = _track(progress, chapter)
    seconds = progress.seconds_of(chapter)
    return ChapterLine(
        number=chapter.number,
        title=chapter.shown_title,
        level=chapter.level,
        seconds=seconds,
        length=messages.length(seconds),
        state=state,
        mark=MARKS[state],
        is_ready=track.stage is TrackStage.READY,
        has_failed=track.stage is TrackStage.FAILED,
        takeaway=chapter.takeaway.text,
        action=_action(Verb.PLAY, progress, chapter.number),
        filename=filename(chapter),
    )


def _action(verb: Verb, progress: Progress, number: int = 0) -> Action:
    return Action(verb=verb, document=reference(progress.holding.id), number=number)


def _button(label: str, verb: Verb, progress: Progress, number: int = 0) -> Button:
    return Button(label=label, action=_action(verb, progress, number))


def _card_buttons(progress: Progress, page: int, pages: int) -> Rows:
    rows = (
        _paging(progress, page, pages),
        _listening_buttons(progress),
        _choice_buttons(progress),
        _work_buttons(progress),
    )
    return tuple(row for row in rows if row)


def _paging(progress: Progress, page: int, pages: int) -> tuple[Button, ...]:
    if pages == 1:
        return ()
    earlier = pages if page == 1 else page - 1
    later = 1 if page == pages else page + 1
    return (
        _button(messages.BUTTON_EARLIER, Verb.PAGE, progress, earlier),
        _button(f"{page} / {pages}", Verb.PAGE, progress, page),
        _button(messages.BUTTON_LATER, Verb.PAGE, progress, later),
    )


def _listening_buttons(progress: Progress) -> tuple[Button, ...]:
    return (_continue_button(progress),) if progress.next_chapter else ()


def _choice_buttons(progress: Progress) -> tuple[Button, ...]:
    """How it is read: nothing to choose before it is known what it is."""
    if not progress.chapters:
        return ()
    return (
        _mode_button(progress),
        _button(messages.BUTTON_SETTINGS, Verb.SETTINGS, progress),
    )


def _mode_button(progress: Progress) -> Button:
    """What was heard is of chapters, whichever mode they were heard in."""
    is_original = progress.narration.mode is Mode.ORIGINAL
    label = messages.BUTTON_BRIEF if is_original else messages.BUTTON_ORIGINAL
    other = Mode.BRIEF if is_original else Mode.ORIGINAL
    return _button(label, Verb.MODE, progress, tuple(Mode).index(other))


def _continue_button(progress: Progress) -> Button:
    is_fresh = progress.count(ListeningState.NEW) == len(progress.chapters)
    label = messages.BUTTON_START if is_fresh else messages.BUTTON_CONTINUE
    onward = progress.next_chapter  # told for players that begin by themselves
    return _button(label, Verb.CONTINUE, progress, onward.number if onward else 0)


def _work_buttons(progress: Progress) -> tuple[Button, ...]:
    if progress.is_working:
        return (_button(messages.BUTTON_CANCEL, Verb.CANCEL, progress),)
    if progress.failed:
        return (_button(messages.BUTTON_RETRY, Verb.RESUME, progress),)
    if progress.is_unfinished:
        return (_button(messages.BUTTON_REST, Verb.RESUME, progress),)
    return ()


def note(progress: Progress, chapter: Chapter, track: Track) -> NoteView:
    """A chapter as a voice note."""
    document = progress.holding.document
    total = len(progress.chapters)
    buttons = [_button(messages.BUTTON_HEARD, Verb.HEARD, progress, chapter.number)]
    if chapter.number < total:
        buttons.append(_button(messages.BUTTON_NEXT, Verb.NEXT, progress, chapter.number))
    return NoteView(
        document=progress.holding.id,
        chapter=chapter.number,
        title=chapter.shown_title,
        album=progress.holding.title,
        performer=", ".join(document.authors[:3]) if document else "",
        takeaway=chapter.takeaway.text,
        position=messages.position(chapter.number, total, is_stand_in=bool(track.spoken_by)),
        seconds=track.seconds,
        size=track.size,
        filename=filename(chapter),
        buttons=(tuple(buttons),),
    )


def excuse(progress: Progress, chapter: Chapter, sentence: str) -> NoticeView:
    """Instead of a voice note: a sentence about its title, and another try."""
    retry = _button(messages.BUTTON_RETRY, Verb.PLAY, progress, chapter.number)
    return NoticeView(text=sentence.format(title=chapter.full_title), buttons=((retry,),))


def filename(chapter: Chapter) -> str:
    """What its MP3 is called where it is kept."""
    return f"{chapter.number:02d}-{slug(chapter.title)}.mp3"


def slug(title: str) -> str:
    """A title as a file name: letters and digits of any script, at most 60 characters."""
    plain = unicodedata.normalize("NFC", title).lower()
    return re.sub(r"[\W_]+", "-", plain).strip("-")[:60].strip("-") or "chapter"


def progress_view(shelf: list[Progress]) -> ShelfView | NoticeView:
    """`/progress`: what was read, started ones first, each with its bar."""
    readable = [progress for progress in shelf if progress.chapters]
    if not readable:
        return NoticeView(text=messages.NOTHING_YET)
    lines = tuple(_progress_line(progress) for progress in readable[:SHELF_SIZE])
    return ShelfView(heading=messages.PROGRESS_HEADING, lines=lines)


def _progress_line(progress: Progress) -> ShelfLine:
    if progress.next_chapter:
        buttons = (_continue_button(progress),)
    else:
        buttons = (_button(messages.BUTTON_OPEN, Verb.OPEN, progress),)
    return _shelf_line(progress, buttons)


def _shelf_line(progress: Progress, buttons: tuple[Button, ...]) -> ShelfLine:
    if progress.chapters:
        text = messages.heard(
            progress.count(ListeningState.HEARD),
            len(progress.chapters),
            progress.seconds_heard,
            progress.seconds,
            progress.count(ListeningState.STARTED),
        )
    else:
        text = status(progress)
    return ShelfLine(
        document=progress.holding.id,
        title=progress.holding.title,
        percent=progress.percent,
        text=text,
        buttons=buttons,
    )


def library_view(shelf: list[Progress], *, page: int = 1) -> ShelfView | NoticeView:
    """`/library`: every document, paged, with Open and Delete."""
    if not shelf:
        return NoticeView(text=messages.NOTHING_YET)
    pages = -(-len(shelf) // SHELF_SIZE)
    page = min(max(1, page), pages)
    shown = shelf[(page - 1) * SHELF_SIZE : page * SHELF_SIZE]
    return ShelfView(
        heading=messages.LIBRARY_HEADING,
        lines=tuple(_shelf_line(progress, _keeping_buttons(progress)) for progress in shown),
        buttons=_shelf_paging(page, pages),
    )


def _keeping_buttons(progress: Progress) -> tuple[Button, ...]:
    return (
        _button(messages.BUTTON_OPEN, Verb.OPEN, progress),
        _button(messages.BUTTON_DELETE, Verb.ASK_DELETE, progress),
    )


def _shelf_paging(page: int, pages: int) -> Rows:
    if pages == 1:
        return ()
    turns = ((messages.BUTTON_EARLIER, page - 1), (messages.BUTTON_LATER, page + 1))
    return (
        tuple(
            Button(label=label, action=Action(verb=Verb.SHELF_PAGE, number=(to - 1) % pages + 1))
            for label, to in turns
        ),
    )


def delete_view(shelf: list[Progress]) -> ShelfView | NoticeView:
    """`/delete`: choose one."""
    if not shelf:
        return NoticeView(text=messages.NOTHING_YET)
    lines = tuple(
        _shelf_line(progress, (_button(messages.BUTTON_DELETE, Verb.ASK_DELETE, progress),))
        for progress in shelf[:SHELF_SIZE]
    )
    return ShelfView(heading=messages.DELETE_WHICH, lines=lines)


def delete_question(progress: Progress) -> NoticeView:
    row = (
        _button(messages.BUTTON_DELETE, Verb.DELETE, progress),
        _button(messages.BUTTON_KEEP, Verb.KEEP, progress),
    )
    return NoticeView(
        text=messages.DELETE_SURE.format(title=progress.holding.title), buttons=(row,)
    )
