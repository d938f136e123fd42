"""Builds what a listener sees of one document: its card."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import ListeningState, Progress, Stage, TrackStage
from bot.presenters import left_out
from bot.presenters.buttons import action_on, button
from bot.presenters.lines import chapter_line
from bot.views import Button, CardView, Rows, Verb
from bot.words import Words, composed, messages
from pipeline.domain import Mode
from pipeline.errors import EncryptedPdf


@dataclass(frozen=True, slots=True, kw_only=True)
class CardContext:
    """For whom and where a card is drawn. `full_day_s`: the minutes of today, once they are
    used up; 0: there are some left. `simple_voices`: ids of those that sound like a machine.
    `has_folds`: there is room for what is left out on the card itself, and no button for it."""

    words: Words
    menu_size: int
    can_share: bool = False
    full_day_s: float = 0.0
    simple_voices: frozenset[str] = frozenset()
    has_folds: bool = False


def card(
    context: CardContext, progress: Progress, *, page: int = 1, eta_s: float | None = None
) -> CardView:
    """A document's card, which is also its status message while it is made."""
    holding = progress.holding
    known = holding.document or holding.draft
    pages = max(1, -(-len(progress.chapters) // context.menu_size))
    page = min(max(1, page), pages)
    shown = progress.chapters[(page - 1) * context.menu_size : page * context.menu_size]
    return CardView(
        document=holding.id,
        title=progress.title,
        summary=known.summary if known else "",
        facts=facts(context.words, progress),
        status=status(context, progress, eta_s),
        done=_done(progress),
        skipped=_remarks(context, progress),
        chapters=tuple(chapter_line(progress, chapter) for chapter in shown),
        left_out=left_out.lines(context.words, progress) if context.has_folds else (),
        buttons=_card_buttons(context, progress, page, pages),
        resumes_in=progress.resumes_in,
        resumes_at_s=progress.resumes_at_s,
        resumes_until_s=(progress.bookmark_ends_s or 0.0) if progress.resumes_in else 0.0,
        language=context.words.language,
        written_in=known.language if known else "",
    )


def _remarks(context: CardContext, progress: Progress) -> str:
    """What was left out, and who translated and reads it, where that should be known."""
    words = context.words
    known = progress.holding.document
    if known is None:
        return ""
    is_simple = progress.narration.voice in context.simple_voices
    is_translated = progress.narration.mode is Mode.TRANSLATION
    parts = (
        composed.missing(words, known.account.missing_pages),
        composed.skipped(words, known.skipped),
        words(messages.TRANSLATED) if is_translated else "",
        words(messages.SIMPLE_VOICE) if is_simple else "",
    )
    return " ".join(part for part in parts if part)


def facts(words: Words, progress: Progress) -> str:
    """`26 min · 17 chapters · 17 ready · Original · 0 % heard`; nothing before it is read, and
    `26 min · 17 chapters` of a draft."""
    if not progress.chapters:
        return _facts_of_draft(words, progress)
    return " · ".join(
        (
            composed.minutes(words, progress.seconds),
            words.count(len(progress.chapters), messages.CHAPTERS),
            words.count(progress.ready, messages.FACT_READY),
            composed.mode(words, progress.narration),
            words(messages.FACT_HEARD, percent=progress.percent),
        )
    )


def _facts_of_draft(words: Words, progress: Progress) -> str:
    """No chapter can be tapped by a number that may change."""
    draft = progress.holding.draft
    if draft is None or not draft.chapters:
        return ""
    seconds = sum(progress.seconds_of(chapter) for chapter in draft.chapters)
    count = words.count(len(draft.chapters), messages.CHAPTERS)
    return f"{composed.minutes(words, seconds)} · {count}"


# --- the status -----------------------------------------------------------------------------------


def status(context: CardContext, progress: Progress, eta_s: float | None = None) -> str:
    """What is going on, in a few words; nothing when all is well and done."""
    words, holding = context.words, progress.holding
    if holding.stage is Stage.FAILED:
        return composed.failure(words, holding.failure_kind, holding.failure, holding.failure_facts)
    if holding.stage is Stage.READ:
        parts = (_speaking_status(context, progress, eta_s), _coming(words, progress))
        return "\n".join(part for part in parts if part)
    if progress.is_stopped:
        return words(messages.STATUS_STOPPED_READING)
    if holding.stage is Stage.RECEIVED:
        return words(messages.STATUS_WAITING)
    return composed.reading(words, holding.read_share)


def _speaking_status(context: CardContext, progress: Progress, eta_s: float | None) -> str:
    words, total = context.words, len(progress.chapters)
    if progress.is_working:
        return composed.working(words, progress.ready, total, eta_s)
    if progress.failed:
        return words.count(progress.failed, messages.STATUS_FAILED)
    if not progress.is_unfinished:
        return ""
    if context.full_day_s:
        return words(messages.DAY_IS_FULL, minutes=composed.minutes(words, context.full_day_s))
    if progress.is_waiting_for_choice:
        return _estimate(words, progress)
    return words(messages.STATUS_STOPPED, ready=progress.ready, total=total)


def _estimate(words: Words, progress: Progress) -> str:
    pages = progress.holding.document.pages if progress.holding.document else 0
    return words(
        messages.STATUS_LONG,
        minutes=composed.minutes(words, progress.seconds),
        pages=words.count(pages, messages.PAGES),
    )


def _coming(words: Words, progress: Progress) -> str:
    return words.count(progress.coming, messages.STATUS_COMING) if progress.coming else ""


def _done(progress: Progress) -> float | None:
    if not progress.is_working:
        return None
    if progress.holding.stage is Stage.READING:
        return progress.holding.read_share
    spoken = sum(
        progress.seconds_of(chapter)
        for chapter in progress.chapters
        if progress.stage_of(chapter.number) is not TrackStage.MISSING
    )
    return spoken / progress.seconds if progress.seconds else 0.0


# --- its buttons ---------------------------------------------------------------------


def _card_buttons(context: CardContext, progress: Progress, page: int, pages: int) -> Rows:
    rows = (
        _paging(context.words, progress, page, pages),
        _listening_buttons(context.words, progress),
        _reading_buttons(context, progress),
        _choice_buttons(context.words, progress),
        _work_buttons(context.words, progress),
    )
    return tuple(row for row in rows if row)


def _paging(words: Words, progress: Progress, page: int, pages: int) -> tuple[Button, ...]:
    if pages == 1:
        return ()
    earlier = pages if page == 1 else page - 1
    later = 1 if page == pages else page + 1
    return (
        button(words, Verb.PAGE, progress, earlier, label=messages.BUTTON_EARLIER),
        button(words, Verb.PAGE, progress, page, label=f"{page} / {pages}"),
        button(words, Verb.PAGE, progress, later, label=messages.BUTTON_LATER),
    )


def _listening_buttons(words: Words, progress: Progress) -> tuple[Button, ...]:
    if progress.coming:
        sending = button(words, Verb.STOP_ALL, progress)
    else:
        sending = button(words, Verb.ALL, progress)
    if progress.next_chapter:
        return (continue_button(words, progress), sending)
    return (sending,) if progress.coming else ()


def _reading_buttons(context: CardContext, progress: Progress) -> tuple[Button, ...]:
    if not progress.chapters:
        return ()
    verbs = [Verb.TAKEAWAYS]
    if progress.left_out and not context.has_folds:
        verbs.append(Verb.LEFT_OUT)
    if context.can_share:
        verbs.append(Verb.SHARE)
    return tuple(button(context.words, verb, progress) for verb in verbs)


def _choice_buttons(words: Words, progress: Progress) -> tuple[Button, ...]:
    """How it is read: nothing to choose before it is known what it is."""
    if not progress.chapters:
        return ()
    return (
        _mode_button(words, progress),
        button(words, Verb.SETTINGS, progress),
    )


def _mode_button(words: Words, progress: Progress) -> Button:
    """What was heard is of chapters, whichever mode they were heard in."""
    is_original = progress.narration.mode is Mode.ORIGINAL
    label = messages.BUTTON_BRIEF if is_original else messages.BUTTON_ORIGINAL
    other = Mode.BRIEF if is_original else Mode.ORIGINAL
    return button(words, Verb.MODE, progress, tuple(Mode).index(other), label=label)


def continue_button(words: Words, progress: Progress) -> Button:
    is_fresh = progress.count(ListeningState.NEW) == len(progress.chapters)
    label = messages.BUTTON_START if is_fresh else messages.BUTTON_CONTINUE
    onward = progress.next_chapter  # told for players that begin by themselves
    number = onward.number if onward else 0
    if progress.resumes_at_s >= 1:
        time = composed.length(progress.resumes_at_s)
        action = action_on(progress, Verb.CONTINUE, number)
        return Button(label=words(messages.BUTTON_CONTINUE_FROM, time=time), action=action)
    return button(words, Verb.CONTINUE, progress, number, label=label)


def _work_buttons(words: Words, progress: Progress) -> tuple[Button, ...]:
    if progress.is_working:
        return (button(words, Verb.CANCEL, progress),)
    if progress.holding.failure_kind == EncryptedPdf.kind:
        return (
            button(words, Verb.UNLOCK, progress),
            button(words, Verb.ASK_DELETE, progress),
        )
    if progress.failed:
        return (button(words, Verb.RESUME, progress, label=messages.BUTTON_RETRY),)
    if progress.is_waiting_for_choice:
        return (
            button(words, Verb.RESUME, progress, label=messages.BUTTON_MAKE_ALL),
            button(words, Verb.ASK_DELETE, progress),
        )
    if progress.is_unfinished:
        return (button(words, Verb.RESUME, progress, label=messages.BUTTON_REST),)
    return ()
