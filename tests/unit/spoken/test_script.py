"""A chapter → its script: nothing lost, nothing too long, pauses where a reader makes them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain import Chapter, Mode, Narration, Passage, PassageKind, Script, Telling
from pipeline.spoken.script import (
    BEFORE_HEADING_S,
    HEADING_PAUSE_S,
    ITEM_PAUSE_S,
    MAX_CHARACTERS,
    PARAGRAPH_PAUSE_S,
    SENTENCE_PAUSE_S,
    estimated_seconds,
    script_from,
    script_of,
    smaller,
)

ENGLISH = Narration(voice="hibari:heart")
FIRST = "The river rises in the hills and runs for many miles to the sea."
SECOND = "Its water is clear in spring and brown when the summer rain has come."


def chapter(*passages: Passage | str, title: str = "Rivers") -> Chapter:
    made = tuple(p if isinstance(p, Passage) else Passage(text=p, page=1) for p in passages)
    return Chapter(number=1, title=title, level=1, page=1, passages=made)


def said(script: Script) -> list[tuple[str, float]]:
    return [(utterance.text, utterance.pause_s) for utterance in script.utterances]


def test_the_heading_is_announced_and_a_pause_follows() -> None:
    assert said(script_of(chapter(FIRST, title="Rivers"), ENGLISH))[0] == (
        "Rivers.",
        HEADING_PAUSE_S,
    )


def test_sentences_and_paragraphs_have_their_own_pauses() -> None:
    script = script_of(chapter(f"{FIRST} {SECOND}", SECOND), ENGLISH)
    assert said(script)[1:] == [
        (FIRST, SENTENCE_PAUSE_S),
        (SECOND, PARAGRAPH_PAUSE_S),
        (SECOND, PARAGRAPH_PAUSE_S),
    ]


def test_items_of_a_list_are_closed_and_close_together() -> None:
    item = Passage(text="the long way over the hills by day;", page=1, kind=PassageKind.ITEM)
    assert said(script_of(chapter(item), ENGLISH))[1] == (
        "the long way over the hills by day.",
        ITEM_PAUSE_S,
    )


def test_a_heading_within_is_set_off_on_both_sides() -> None:
    inner = Passage(text="Floods", page=1, kind=PassageKind.HEADING)
    script = said(script_of(chapter(FIRST, inner, SECOND), ENGLISH))
    assert script[1] == (FIRST, PARAGRAPH_PAUSE_S + BEFORE_HEADING_S)
    assert script[2] == ("Floods.", HEADING_PAUSE_S)


def test_a_fragment_is_not_said_alone() -> None:
    script = script_of(chapter(f"{FIRST} Not so fast. {SECOND}"), ENGLISH)
    assert [text for text, _ in said(script)[1:]] == [f"{FIRST} Not so fast.", SECOND]


def test_words_left_before_a_formula_join_what_follows() -> None:
    script = script_of(chapter("However,", "the river rises again each year in spring."), ENGLISH)
    assert said(script)[1][0] == "However, the river rises again each year in spring."


def test_the_brief_mode_says_a_few_of_the_chapters_own_sentences() -> None:
    text = " ".join(f"{FIRST[:-1]} near town number {n}." for n in range(40))
    brief = script_of(chapter(text), Narration(voice="hibari:heart", mode=Mode.BRIEF))
    whole = script_of(chapter(text), ENGLISH).text
    sentences = [utterance.text for utterance in brief.utterances][1:]
    assert 3 <= len(sentences) <= 6
    assert all(sentence in whole for sentence in sentences)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("word " * 2000, "en"),
        ("w" * 5000, "en"),
        ("人人生而自由" * 400, "zh"),
        ("a, " * 1500, "en"),
        (f"{FIRST} " * 30, "en"),
        ("x" * 299 + " " + "y" * 301 + "; " + "z" * 10, "en"),
    ],
    ids=["no stops", "one long word", "no spaces", "clauses", "sentences", "at the border"],
)
def test_no_breath_is_longer_than_a_voice_can_take(text: str, language: str) -> None:
    script = script_of(chapter(text), replace(ENGLISH, language=language))
    assert max(len(utterance.text) for utterance in script.utterances) <= MAX_CHARACTERS
    kept = re.sub(r"\W", "", "".join(u.text for u in script.utterances[1:]))
    assert kept == re.sub(r"\W", "", text)


PIECES = st.lists(
    st.sampled_from(
        ["river", "hill", "the", "water,", "rain;", "(spring)", "so", "end.", "why?", "stone.",
         "“leaf”", "wind:", "a" * 400]
    ),
    min_size=1,
    max_size=200,
).map(" ".join)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_every_word_of_the_text_is_handed_to_the_voice(paragraphs: list[str]) -> None:
    script = script_of(chapter(*paragraphs), ENGLISH)
    kept = re.sub(r"[^a-z]", "", "".join(u.text for u in script.utterances[1:]))
    assert kept == re.sub(r"[^a-z]", "", "".join(paragraphs))
    assert all(len(utterance.text) <= MAX_CHARACTERS for utterance in script.utterances)


@given(PIECES)
@settings(max_examples=100, deadline=None)
def test_a_paragraph_never_ends_in_the_air(text: str) -> None:
    last = script_of(chapter(text), ENGLISH).utterances[-1].text
    assert last.rstrip("\"')")[-1] in ".!?"


def test_what_a_voice_failed_on_is_halved_without_loss() -> None:
    whole = script_of(chapter(FIRST), ENGLISH).utterances[1]
    halves = smaller(whole)
    assert len(halves) == 2
    assert " ".join(half.text for half in halves) == whole.text
    assert halves[-1].pause_s == whole.pause_s


def test_the_estimate_grows_with_the_text_and_shrinks_with_the_speed() -> None:
    one, two = script_of(chapter(FIRST), ENGLISH), script_of(chapter(FIRST, SECOND), ENGLISH)
    assert estimated_seconds(one) < estimated_seconds(two)
    assert estimated_seconds(two, speed=2.0) < 0.6 * estimated_seconds(two)


def test_a_passage_in_another_language_keeps_it_and_is_never_joined_with_the_rest() -> None:
    telling = Telling(
        passages=(
            Passage(text="Ergebnisse", page=1, kind=PassageKind.HEADING, language="de"),
            Passage(text="However,", page=1),
            Passage(text="steigt der Fluss jedes Jahr im Frühling.", page=1, language="de"),
        )
    )
    script = script_from(telling, "en")
    assert [(u.text, u.language) for u in script.utterances] == [
        ("Ergebnisse.", "de"),
        ("However.", ""),
        ("steigt der Fluss jedes Jahr im Frühling.", "de"),
    ]
