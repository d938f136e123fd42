"""Every utterance knows what it says: signs of the passages of its telling, none of them twice."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain import Chapter, Mode, Passage, PassageKind, Script, Telling, Utterance
from pipeline.language.sentences import sentence_spans, sentences_of
from pipeline.spoken.alignment import aligned
from pipeline.spoken.script import in_longer_pieces, script_from, smaller
from pipeline.takeaways.tellings import telling_of
from pipeline.times import WHOLE_CHAPTER
from tests.drawing import BEES, DANCE, HONEY, WINTER
from tests.unit.drawn import paper, read

FIRST = "The river rises in the hills and runs for many miles to the sea."
LONG = (
    "In 1984 the river, which rose in the hills near 12 towns, flooded 3.5 km² of land; its water "
    "was clear in spring (and brown when the summer rain had come), so that 42 % of all farms lost "
    "their harvest, while others – e.g. those of Dr. Smith et al. – gained from it, which nobody "
    "had expected before 1985, not even the engineers who had built the dam of 120 m."
)


def telling(*passages: Passage | str) -> Telling:
    made = (p if isinstance(p, Passage) else Passage(text=p, page=1) for p in passages)
    heading = Passage(text="Rivers", page=1, kind=PassageKind.HEADING)
    return Telling(passages=(heading, *made))


def written(told: Telling, utterance: Utterance) -> list[str]:
    return [told.passages[s.passage].text[s.start : s.end] for s in utterance.said]


def assert_told(script: Script, told: Telling) -> None:
    """Each utterance says something that is there, in order, and nothing is said twice."""
    assert all(utterance.said for utterance in script.utterances)
    spans = [span for utterance in script.utterances for span in utterance.said]
    for span in spans:
        assert 0 <= span.start < span.end <= len(told.passages[span.passage].text)
    for earlier, later in pairwise(spans):
        assert (earlier.passage, earlier.end) <= (later.passage, later.start)


def left_out(script: Script, told: Telling) -> str:
    """What has letters or digits, and no utterance says."""
    rest = [list(passage.text) for passage in told.passages]
    for utterance in script.utterances:
        for span in utterance.said:
            rest[span.passage][span.start : span.end] = " " * (span.end - span.start)
    return "".join(sign for text in rest for sign in text if sign.isalnum())


def test_an_utterance_is_its_sentence() -> None:
    told = telling(f"{FIRST} Its water was clear in the spring of 1984.")
    script = script_from(told, "en")
    assert [written(told, u) for u in script.utterances] == [
        ["Rivers"],
        [FIRST],
        ["Its water was clear in the spring of 1984."],
    ]


def test_fragments_that_are_said_together_are_one_span() -> None:
    told = telling(f"{FIRST} Not so fast.")
    assert written(told, script_from(told, "en").utterances[1]) == [f"{FIRST} Not so fast."]


def test_words_that_join_the_next_passage_are_still_of_their_own() -> None:
    told = telling("However,", "the river rises again each year in spring.")
    (_, joined) = script_from(told, "en").utterances
    assert joined.text == "However, the river rises again each year in spring."
    assert [span.passage for span in joined.said] == [1, 2]
    assert written(told, joined) == ["However,", "the river rises again each year in spring."]


def test_a_long_sentence_is_cut_in_what_is_written_where_it_is_cut_in_what_is_said() -> None:
    told = telling(LONG)
    script = script_from(told, "en")
    (_, *pieces) = script.utterances
    assert [written(told, piece)[0][:12] for piece in pieces] == ["In 1984 the ", "while others"]
    assert written(told, pieces[0])[0].endswith("their harvest, ")


PIECES = st.lists(
    st.sampled_from(
        ["river", "Hill", "the", "in 1984,", "rain;", "(spring)", "so", "end.", "why?", "5 km",
         "42 %", "—", "* * *", "Dr.", "“leaf”", "wind:", "Σ", "水", "a" * 400]
    ),
    min_size=1,
    max_size=120,
).map(" ".join)  # fmt: skip
KINDS = st.sampled_from([PassageKind.PARAGRAPH, PassageKind.ITEM, PassageKind.HEADING])
PASSAGES = st.lists(st.builds(Passage, text=PIECES, page=st.just(1), kind=KINDS), max_size=4)


@given(PASSAGES)
@settings(max_examples=40, deadline=None)
def test_no_utterance_is_without_an_origin(passages: list[Passage]) -> None:
    told = telling(*passages)
    script = script_from(told, "en")
    assert_told(script, told)
    assert_told(in_longer_pieces(script, 1200), told)
    halved = Script(utterances=tuple(half for u in script.utterances for half in smaller(u)))
    assert all(utterance.said for utterance in halved.utterances)
    assert left_out(halved, told) == left_out(script, told)


def test_no_utterance_of_drawn_papers_is_without_an_origin(tmp_path: Path) -> None:
    sheet = paper("1 Introduction", "2 Methods", "3 Results")
    sheet.heading("4 Discussion")
    for text in (LONG, f"{BEES} {LONG} {DANCE}", HONEY, WINTER):
        sheet.paragraph(text)
    for chapter in read(sheet, tmp_path).chapters:
        told = telling_of(chapter, Mode.ORIGINAL)
        script = script_from(told, "en")
        assert_told(script, told)
        assert left_out(script, told) == ""


def test_halves_share_what_the_whole_says() -> None:
    whole = script_from(telling(FIRST), "en").utterances[1]
    first, second = smaller(whole)
    assert (first.said[0].start, second.said[0].end) == (0, len(FIRST))
    assert first.said[0].end == second.said[0].start
    assert abs(first.said[0].end - len(first.text)) <= 2
    assert smaller(replace(whole, said=())) == [
        replace(first, said=()),
        replace(second, said=()),
    ]


@pytest.mark.parametrize(
    ("written", "spoken", "cut", "expected"),
    [
        ("It rose by 42 % in May, then fell.", "It rose by forty-two percent in May, then fell.",
         "then", "then"),
        ("In 1984 and 1985 it fell", "In nineteen eighty-four and nineteen eighty-five it fell",
         "and", "and"),
        ("人生 rivers 尊严", "ren sheng rivers zun yan", "rivers", "rivers"),
    ],
)  # fmt: skip
def test_places_are_aligned_by_the_words_in_common(
    written: str, spoken: str, cut: str, expected: str
) -> None:
    (place,) = aligned(written, spoken, [spoken.index(cut)])
    assert written[place:].startswith(expected)


def test_every_piece_has_something_of_a_text_without_words() -> None:
    assert aligned("∑ ∑ ∑", "sum sum sum", [4, 8]) == [2, 4]
    assert aligned("∑∑∑", "sum sum sum sum", [1, 2]) == [1, 2]


def test_the_best_sentences_know_their_passages() -> None:
    texts = [f"{FIRST[:-1]} near town number {n}. {BEES}" for n in range(9)]
    passages = tuple(Passage(text=text, page=1) for text in texts)
    chapter = Chapter(number=1, title="Rivers", level=1, page=1, passages=passages)
    brief = telling_of(chapter, Mode.BRIEF)
    assert len(brief.sources) == len(brief.passages)
    assert brief.sources[0] == 0
    for source, passage in zip(brief.sources[1:], brief.passages[1:], strict=True):
        assert source != WHOLE_CHAPTER
        assert passage.text in texts[source - 1]
    assert telling_of(chapter, Mode.ORIGINAL).sources == ()


@given(PIECES)
@settings(max_examples=60, deadline=None)
def test_sentences_stand_where_their_spans_say(text: str) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences_of(text)
    assert all(text[start:end].strip() == text[start:end] for start, end in sentence_spans(text))
    assert [s for s in "".join(sentences_of(text)) if not s.isspace()] == [
        s for s in text if not s.isspace()
    ]
