"""What the card, /progress and a note say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain import Holding, ListeningState, Progress, Stage, TrackStage, TrackState
from bot.presenters import cards, lines, notes, shelf_views
from bot.views import CardView, NoticeView, ShelfView, Verb
from bot.words import ENGLISH as ENGLISH_WORDS
from bot.words import messages
from tests.samples import ENGLISH, a_document, a_track

DOCUMENT = "ab" * 32
LOOK = cards.CardContext(words=ENGLISH_WORDS, menu_size=10)


def progress(chapters: int = 3, *, ready: int = 0, failed: int = 0, **changes: object) -> Progress:
    document = a_document(DOCUMENT, *(f"Chapter {n}" for n in range(1, chapters + 1)))
    holding = Holding(id=DOCUMENT, filename="bees.pdf", size=1, stage=Stage.READ, document=document)
    tracks = {
        n: TrackState(
            chapter=n,
            stage=TrackStage.READY if n <= ready else TrackStage.FAILED,
            seconds=60.0 if n <= ready else 0.0,
        )
        for n in range(1, ready + failed + 1)
    }
    found = Progress(holding=holding, narration=ENGLISH, tracks=tracks)
    return replace(found, **changes)  # type: ignore[arg-type]


def unread(stage: Stage, **changes: object) -> Progress:
    holding = Holding(id=DOCUMENT, filename="bees.pdf", size=1, stage=stage)
    holding = replace(holding, failure="It is locked." if stage is Stage.FAILED else "")
    return replace(Progress(holding=holding, narration=ENGLISH), **changes)  # type: ignore[arg-type]


def card(of: Progress, page: int = 1) -> CardView:
    return cards.card(LOOK, of, page=page)


def labels(view: CardView) -> list[str]:
    return [button.label for row in view.buttons for button in row]


def test_the_finished_card() -> None:
    view = card(progress(3, ready=3))
    assert view.title == "On Bees"
    assert view.facts == "3 min · 3 chapters · 3 ready · Original · 0 % heard"
    assert view.status == ""
    assert view.done is None
    assert view.skipped == "Left out: 9 references, 1 table."
    assert [line.mark for line in view.chapters] == ["○", "○", "○"]
    assert labels(view) == [
        messages.BUTTON_START, messages.BUTTON_ALL, messages.BUTTON_TAKEAWAYS,
        messages.BUTTON_BRIEF, messages.BUTTON_SETTINGS,
    ]  # fmt: skip


def test_a_card_at_work_shows_how_far_and_can_be_cancelled() -> None:
    view = cards.card(LOOK, progress(4, ready=1), eta_s=20)
    assert view.status == "1 of 4 ready · about 20 s left"
    assert view.done == pytest.approx(0.25)
    assert messages.BUTTON_CANCEL in labels(view)


@pytest.mark.parametrize(
    ("stage", "is_stopped", "status", "button"),
    [
        (Stage.RECEIVED, False, messages.STATUS_WAITING, messages.BUTTON_CANCEL),
        (Stage.READING, False, messages.STATUS_READING, messages.BUTTON_CANCEL),
        (Stage.READING, True, messages.STATUS_STOPPED_READING, messages.BUTTON_REST),
    ],
)
def test_a_card_before_it_is_read(stage: Stage, is_stopped: bool, status: str, button: str) -> None:
    view = card(unread(stage, is_stopped=is_stopped))
    assert view.title == "bees.pdf"
    assert view.status == status
    assert view.chapters == ()
    assert labels(view) == [button]


def test_a_failed_document_says_why_and_promises_no_chapter() -> None:
    view = card(unread(Stage.FAILED))
    assert view.status == "It is locked."
    assert view.chapters == ()
    assert view.done is None
    assert labels(view) == []


def test_a_failed_chapter_leaves_the_others_and_offers_retry() -> None:
    view = card(progress(3, ready=2, failed=1))
    assert view.status == "1 chapter could not be spoken; the others stand."
    assert [line.has_failed for line in view.chapters] == [False, False, True]
    assert messages.BUTTON_RETRY in labels(view)


def test_a_stopped_document_offers_the_rest() -> None:
    view = card(progress(3, ready=1, is_stopped=True))
    assert view.status == messages.STATUS_STOPPED.format(ready=1, total=3)
    assert messages.BUTTON_REST in labels(view)


def test_a_long_menu_has_pages_and_turning_goes_round() -> None:
    book = progress(23)
    last = card(book, page=3)
    assert [line.number for line in last.chapters] == [21, 22, 23]
    earlier, here, later = last.buttons[0]
    assert (earlier.action.number, here.label, later.action.number) == (2, "3 / 3", 1)
    assert [line.number for line in card(book, page=99).chapters] == [21, 22, 23]


def test_marks_follow_the_listenings() -> None:
    states = {1: ListeningState.HEARD, 2: ListeningState.STARTED}
    view = card(progress(3, ready=3, listenings=states))
    assert [line.mark for line in view.chapters] == ["✓", "▶", "○"]
    assert labels(view)[0] == messages.BUTTON_CONTINUE
    assert view.facts.endswith("33 % heard")


def test_a_note_says_where_it_stands() -> None:
    of = progress(3, ready=3)
    note = notes.note(ENGLISH_WORDS, of, of.chapters[1], a_track(DOCUMENT, 2))
    assert (note.position, note.filename) == ("2 of 3", "02-chapter-2.mp3")
    assert [button.action.verb for button in note.buttons[0]] == [Verb.HEARD, Verb.NEXT]
    last = notes.note(ENGLISH_WORDS, of, of.chapters[2], a_track(DOCUMENT, 3))
    assert [button.action.verb for button in last.buttons[0]] == [Verb.HEARD]


def test_progress_names_each_document_with_its_bar() -> None:
    states = {1: ListeningState.HEARD, 2: ListeningState.STARTED}
    view = shelf_views.progress_view(ENGLISH_WORDS, [progress(3, ready=3, listenings=states)])
    assert isinstance(view, ShelfView)
    (line,) = view.lines
    assert (line.percent, line.text) == (33, "1 of 3 heard (1 of 3 min), 1 started")
    assert line.buttons[0].action.verb is Verb.CONTINUE


def test_an_empty_shelf_says_what_to_do() -> None:
    for view in (
        shelf_views.progress_view(ENGLISH_WORDS, []),
        shelf_views.library_view(ENGLISH_WORDS, []),
        shelf_views.choice_view(ENGLISH_WORDS, [], messages.DELETE_WHICH, Verb.ASK_DELETE),
    ):
        assert view == NoticeView(text=messages.NOTHING_YET)


@pytest.mark.parametrize(
    ("title", "name"),
    [("A/B: tests & \\ more…", "a-b-tests-more"), ("第一章 引言", "第一章-引言"), ("…", "chapter")],
)
def test_slug(title: str, name: str) -> None:
    assert lines.slug(title) == name


def test_a_draft_tells_what_it_is_about_and_offers_no_chapter() -> None:
    draft = a_document(DOCUMENT, "Bees", "Honey")
    held = replace(unread(Stage.READING).holding, draft=draft, read_share=0.4)
    view = card(replace(unread(Stage.READING), holding=held))
    assert (view.title, view.summary) == (draft.title, draft.summary)
    assert view.facts == "2 min · 2 chapters"
    assert view.status == "Reading … 40 %"
    assert view.chapters == ()
    assert labels(view) == [messages.BUTTON_CANCEL]
