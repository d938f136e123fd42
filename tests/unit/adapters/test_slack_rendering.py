"""Views in Block Kit: whatever stands in them, Slack takes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.slack.rendering import content_of, home_of, note_content, safe, with_our_commands
from adapters.slack.windows import conversation_of, modal_of
from bot.domain import Conversation, ListeningState
from bot.views import (
    Action,
    Button,
    CardView,
    ChapterLine,
    Field,
    NoteView,
    NoticeView,
    ShelfLine,
    ShelfView,
    Verb,
    View,
)
from bot.words import words_in
from tests.loopback.slack_rules import check_home, check_message, check_modal
from tests.offering import COMMANDS

DOCUMENT = "0123456789abcdef" * 4
unhurried = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # a busy machine is no failure
words = st.text(alphabet=st.sampled_from("abc *_~`<>&:@\n😀語"), max_size=200)
long_words = words.map(lambda text: text * 40)
texts = st.one_of(words, long_words)
actions = st.builds(
    lambda verb, number: Action(verb=verb, document=DOCUMENT[:16], number=number),
    st.sampled_from(Verb),
    st.integers(0, 999_999),
)
buttons = st.builds(Button, label=texts, action=actions)
rows = st.lists(st.lists(buttons, min_size=1, max_size=30).map(tuple), max_size=4).map(tuple)
lines = st.builds(
    ChapterLine,
    number=st.integers(1, 999),
    title=texts,
    level=st.integers(0, 9),
    seconds=st.just(60.0),
    length=st.sampled_from(["0:10", "1:02:03"]),
    state=st.sampled_from(ListeningState),
    mark=st.sampled_from("○▶✓"),
    is_ready=st.booleans(),
    has_failed=st.booleans(),
    takeaway=texts,
    action=actions,
)
cards = st.builds(
    CardView,
    document=st.just(DOCUMENT),
    title=texts,
    summary=texts,
    facts=texts,
    status=texts,
    done=st.one_of(st.none(), st.floats(0, 1)),
    skipped=texts,
    chapters=st.lists(lines, max_size=10).map(tuple),
    buttons=rows,
)
shelves = st.builds(
    ShelfView,
    heading=texts,
    lines=st.lists(
        st.builds(
            ShelfLine,
            document=st.just(DOCUMENT),
            title=texts,
            percent=st.integers(0, 100),
            text=texts,
            buttons=st.lists(buttons, max_size=6).map(tuple),
        ),
        max_size=10,
    ).map(tuple),
    buttons=rows,
)
notices = st.builds(NoticeView, text=texts, buttons=rows)
fields = st.builds(Field, label=texts, hint=texts)
questions = st.builds(NoticeView, text=texts, field=fields)
notes = st.builds(
    NoteView,
    document=st.just(DOCUMENT),
    chapter=st.integers(1, 999),
    title=texts,
    album=texts,
    performer=texts,
    takeaway=texts,
    position=st.just("1 of 2"),
    seconds=st.just(60.0),
    size=st.just(9),
    filename=st.just("01-a.mp3"),
    buttons=rows,
)


@unhurried
@given(view=st.one_of(cards, shelves, notices), is_shared=st.booleans())
def test_slack_takes_every_view_as_a_message_and_as_an_edit(view: View, is_shared: bool) -> None:
    content = content_of(view, is_shared=is_shared)
    check_message({"text": content.text, "blocks": content.blocks}, text_limit=4000)


@unhurried
@given(note=notes)
def test_slack_takes_every_note(note: NoteView) -> None:
    content = note_content(note)
    check_message({"text": content.text, "blocks": content.blocks})


def test_a_note_with_more_buttons_than_fit_keeps_its_words() -> None:
    button = Button(label="x" * 75, action=Action(verb=Verb.PLAY, document=DOCUMENT[:16]))
    note = NoteView(
        document=DOCUMENT,
        chapter=1,
        title="Bees",
        album="On Bees",
        performer="",
        takeaway="They fly.",
        position="1 of 2",
        seconds=60.0,
        size=9,
        filename="01-bees.mp3",
        buttons=((button,) * 30,) * 4,
    )
    content = note_content(note)
    check_message({"text": content.text, "blocks": content.blocks})
    assert "They fly." in str(content.blocks)


@unhurried
@given(shelf=st.lists(cards, max_size=4), times=st.integers(1, 12))
def test_slack_takes_every_home(shelf: Sequence[CardView], times: int) -> None:
    check_home(home_of(words_in("de"), [*shelf] * times, COMMANDS))


@unhurried
@given(view=st.one_of(shelves, notices, questions))
def test_slack_takes_every_window(view: View) -> None:
    here = Conversation(
        platform="slack", workspace="T0TEAM", channel="C0ROOM", thread="1700.01", seen_by="U0ADA"
    )
    modal = modal_of(view, here)
    check_modal(modal)
    assert conversation_of(modal["private_metadata"]) == here


@pytest.mark.parametrize(
    ("channel", "thread", "fields"),
    [
        ("D00ADA", "", ("", "D00ADA", "", "")),
        ("C0ROOM", "1700.01@U0ADA", ("", "C0ROOM", "1700.01", "U0ADA")),
        ("C0ROOM", "@U0ADA", ("", "C0ROOM", "", "U0ADA")),
        ("T0TEAM/C0ROOM", "1700.01@U0ADA", ("T0TEAM", "C0ROOM", "1700.01", "U0ADA")),
    ],
)
def test_a_window_that_the_program_before_opened_still_says_where_it_belongs(
    channel: str, thread: str, fields: tuple[str, str, str, str]
) -> None:
    found = conversation_of(json.dumps([channel, thread]))
    assert (found.workspace, found.channel, found.thread, found.seen_by) == fields
    assert found.platform == "slack"


def a_card(**changes: object) -> CardView:
    line = ChapterLine(
        number=3,
        title="Bees & <flowers>",
        level=2,
        seconds=60.0,
        length="1:00",
        state=ListeningState.NEW,
        mark="○",
        is_ready=True,
        has_failed=False,
        takeaway="They *dance*.",
        action=Action(verb=Verb.PLAY, document=DOCUMENT[:16], number=3),
    )
    card = CardView(
        document=DOCUMENT,
        title="On Bees",
        summary="Bees find home.",
        facts="1 min · 1 chapter",
        status="1 of 2 ready",
        done=0.5,
        skipped="",
        chapters=(line,),
        buttons=((Button(label="▶ Continue", action=replace(line.action, verb=Verb.CONTINUE)),),),
    )
    return replace(card, **changes)  # type: ignore[arg-type]


def test_a_card_shows_each_chapter_with_a_button_that_plays_it() -> None:
    header, summary, facts, status, chapter, buttons = content_of(a_card()).blocks
    assert header["text"]["text"] == "On Bees"
    assert summary["text"]["text"] == "Bees find home."
    assert facts["elements"][0]["text"] == "1 min · 1 chapter"
    assert status["text"]["text"] == "▓▓▓▓▓▓░░░░░░ 1 of 2 ready"
    assert "○  3 · *Bees &amp; &lt;flowers&gt;*" in chapter["text"]["text"]
    assert chapter["accessory"]["text"]["text"] == "▶ 1:00"
    assert chapter["accessory"]["value"] == f"p.{DOCUMENT[:16]}.3"
    assert buttons["elements"][0]["style"] == "primary"


def test_a_chapter_that_failed_says_so() -> None:
    line = replace(a_card().chapters[0], has_failed=True)
    blocks = content_of(a_card(chapters=(line,))).blocks
    assert "⚠  3" in blocks[4]["text"]["text"]


def test_only_a_card_that_many_read_leads_to_ones_own_progress() -> None:
    assert "My progress" in str(content_of(a_card(), is_shared=True).blocks)
    assert "My progress" not in str(content_of(a_card()).blocks)


def test_a_long_card_loses_takeaways_before_chapters_or_buttons() -> None:
    line = replace(a_card().chapters[0], title="語" * 300, takeaway="😀" * 400)
    lines = tuple(replace(line, number=n) for n in range(1, 26))
    blocks = content_of(a_card(chapters=lines)).blocks
    assert len([block for block in blocks if "accessory" in block]) == 25
    assert "😀" not in str(blocks)
    assert blocks[-1]["type"] == "actions"


def test_a_long_text_is_shown_whole_in_several_sections() -> None:
    text = "word " * 1500
    blocks = content_of(NoticeView(text=text)).blocks
    assert len(blocks) == 4
    assert " ".join(block["text"]["text"] for block in blocks) == text.strip()


def test_commands_are_called_as_slack_knows_them() -> None:
    text = "/progress or /library, see example.com/help and (/search winter)"
    shown = "/progress or /listendock library, see example.com/help and (/listendock search winter)"
    assert with_our_commands(text, COMMANDS) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("*bold* ~not~ `code`", "∗bold∗ ∼not∼ ʼcodeʼ"),
        ("_slanted_ snake_case", "＿slanted＿ snake_case"),
    ],
)
def test_formatting_marks_in_a_text_format_nothing(text: str, shown: str) -> None:
    assert safe(text, 100) == shown
