"""Views as Telegram shows them: always within its limits, whatever stands in a PDF's title."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup

from adapters.telegram.rendering import caption_of, keyboard_of, markup_of, text_of
from adapters.telegram.wording import clean, cut, isolated, units
from bot.domain import ListeningState, Progress, TrackStage, TrackState
from bot.presenters import cards, notes, shelf_views
from bot.views import CardView, NoteView, NoticeView, ShelfLine, ShelfView
from bot.words import ENGLISH as ENGLISH_WORDS
from tests.loopback.telegram_html import parsed_html
from tests.loopback.telegram_html import units as telegram_units
from tests.loopback.telegram_rules import BUTTONS, CAPTION_LIMIT, DATA_BYTES, TEXT_LIMIT
from tests.samples import ENGLISH, a_document, a_holding, a_track

DOCUMENT = "0123456789abcdef" * 4
ANYTHING = st.text(st.characters(codec=None), max_size=300) | st.text(
    st.sampled_from("<>&;#ab \n😀👩‍👩‍👧é\u0301א\u202e"), max_size=6000
)
LOOK = cards.CardContext(words=ENGLISH_WORDS, menu_size=10)


def a_progress(title: str = "On Bees", **about: object) -> Progress:
    holding = a_holding(a_document(DOCUMENT, title=title))
    return Progress(holding=holding, narration=ENGLISH, **about)  # type: ignore[arg-type]


def a_card(**changes: object) -> CardView:
    view = cards.card(LOOK, a_progress())
    return replace(view, **changes)  # type: ignore[arg-type]


def a_note(**changes: object) -> NoteView:
    progress = a_progress()
    note = notes.note(ENGLISH_WORDS, progress, progress.chapters[1], a_track(DOCUMENT, 2))
    return replace(note, **changes)  # type: ignore[arg-type]


def check_keyboard(keyboard: InlineKeyboardMarkup | None) -> None:
    assert keyboard is not None
    buttons = [button for row in keyboard.inline_keyboard for button in row]
    assert len(buttons) <= BUTTONS
    for button in buttons:
        assert button.text.strip()
        assert isinstance(button.callback_data, str)
        assert 1 <= len(button.callback_data.encode()) <= DATA_BYTES


@given(ANYTHING, ANYTHING, ANYTHING)
@settings(deadline=None)
def test_a_card_is_always_fit_to_be_sent(title: str, summary: str, status: str) -> None:
    done = 0.5 if len(status) % 2 else None
    view = a_card(title=title, summary=summary, status=status, skipped=summary, done=done)
    lines = tuple(replace(line, title=title) for line in view.chapters)
    view = replace(view, chapters=lines)
    words, _ = parsed_html(text_of(view))
    assert 0 < telegram_units(words) <= TEXT_LIMIT
    check_keyboard(keyboard_of(view))


@given(ANYTHING, ANYTHING, ANYTHING)
@settings(deadline=None)
def test_a_note_is_always_fit_to_be_sent(title: str, takeaway: str, album: str) -> None:
    note = a_note(title=title, takeaway=takeaway, album=album)
    words, _ = parsed_html(caption_of(note))
    assert 0 < telegram_units(words) <= CAPTION_LIMIT
    check_keyboard(markup_of(note.buttons))


@given(ANYTHING, ANYTHING)
@settings(deadline=None)
def test_a_shelf_and_a_notice_are_always_fit_to_be_sent(title: str, text: str) -> None:
    line = ShelfLine(
        document=DOCUMENT, title=title, percent=42, text=text, buttons=a_note().buttons[0]
    )
    shelf = ShelfView(heading="Your progress", lines=(line,) * shelf_views.SHELF_SIZE)
    for view in (shelf, NoticeView(text=f"“{text}” is gone.", buttons=a_note().buttons)):
        words, _ = parsed_html(text_of(view))
        assert 0 < telegram_units(words) <= TEXT_LIMIT
        check_keyboard(keyboard_of(view))


@given(ANYTHING, st.integers(1, 400))
def test_a_cut_keeps_to_its_limit_and_to_what_it_cuts(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert units(short) <= limit
    assert short == text or text.startswith(short[:-1])
    assert (short == text) == (units(text) <= limit) or short.endswith("…")


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("Bees", 4, "Bees"),
        ("Honey bees", 9, "Honey be…"),
        ("Honey bees", 7, "Honey…"),
        ("😀😀😀", 6, "😀😀😀"),
        ("😀😀😀", 5, "😀😀…"),
        ("😀😀😀", 4, "😀…"),
        ("ae\u0301ae\u0301", 4, "ae\u0301…"),
        ("ab👩‍👩‍👧", 8, "ab…"),
        ("ab👍🏽", 5, "ab…"),
    ],
)
def test_a_cut_leaves_letters_and_emoji_whole(text: str, limit: int, shown: str) -> None:
    assert cut(text, limit) == shown


def test_a_card_reads_from_title_to_what_was_left_out() -> None:
    assert text_of(a_card()) == (
        "<b>On Bees</b>\n\n"
        "Bees find their way home.\n\n"
        "3 min · 3 chapters · 0 ready · Original · 0 % heard\n\n"
        "░░░░░░░░░░░░ 0 of 3 ready\n\n"
        "<i>Left out: 9 references, 1 table.</i>"
    )


def test_a_finished_card_has_no_bar() -> None:
    tracks = {
        n: TrackState(chapter=n, stage=TrackStage.READY, seconds=60.0, size=9) for n in (1, 2, 3)
    }
    view = cards.card(LOOK, a_progress(tracks=tracks))
    assert "░" not in text_of(view)
    assert "▓" not in text_of(view)


def test_the_menu_shows_what_was_heard_how_long_it_takes_and_what_lies_below_what() -> None:
    tracks = {3: TrackState(chapter=3, stage=TrackStage.FAILED)}
    listenings = {1: ListeningState.HEARD, 2: ListeningState.STARTED}
    view = cards.card(LOOK, a_progress(tracks=tracks, listenings=listenings))
    lower = replace(view.chapters[1], level=2)
    view = replace(view, chapters=(view.chapters[0], lower, view.chapters[2]))
    keyboard = keyboard_of(view)
    assert keyboard is not None
    assert [row[0].text for row in keyboard.inline_keyboard[:3]] == [
        "✓ 1 · Abstract · 1:00",
        "▶ \u20032 · Introduction · 1:00",
        "⚠ 3 · Discussion · 1:00",
    ]


def test_a_long_title_leaves_room_for_its_length() -> None:
    line = replace(a_card().chapters[0], title="The long way home of the honey bee " * 5)
    keyboard = keyboard_of(a_card(chapters=(line,)))
    assert keyboard is not None
    label = keyboard.inline_keyboard[0][0].text
    assert label.endswith("… · 1:00")
    assert len(label) <= 60


def test_right_to_left_titles_do_not_turn_figures_around() -> None:
    assert isolated("Bees 3") == "Bees 3"
    assert isolated("דבורים 3") == "\u2068דבורים 3\u2069"
    line = replace(a_card().chapters[0], title="דבורים")
    keyboard = keyboard_of(a_card(chapters=(line,)))
    assert keyboard is not None
    assert keyboard.inline_keyboard[0][0].text == "○ 1 · \u2068דבורים\u2069 · 1:00"
    assert caption_of(a_note(album="نحل")).endswith("2 of 3 · \u2068نحل\u2069")


def test_marks_that_would_turn_the_rest_around_are_taken_out() -> None:
    assert clean("paper\u202efdp.exe\x00\ud800") == "paperfdp.exe"
