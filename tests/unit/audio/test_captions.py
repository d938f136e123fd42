"""What a track says and when: packed and unpacked, believed or not, written for whoever reads."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.id3 import ID3
from structlog.testing import capture_logs

from pipeline.audio.captions import (
    believed,
    guided_of,
    lines_of,
    vtt_of,
    with_whole_words,
)
from pipeline.audio.mp3 import RATE
from pipeline.audio.narrate import Spoken, cues_of, narrated
from pipeline.domain import (
    Chapter,
    Mode,
    Narration,
    Passage,
    Script,
    Telling,
    Utterance,
    from_json,
    to_json,
)
from pipeline.producer import believed_times
from pipeline.spoken.script import in_longer_pieces, script_from
from pipeline.takeaways.tellings import telling_of
from pipeline.times import WHOLE_CHAPTER, Cue, Span, Times
from tests.hearing import decoded, sounds
from tests.tone import ToneVoice
from tests.unit.audio.test_narrate import TAGS, Faulty

ENGLISH = Narration(voice="tone:whistle")
FIRST = "The river rises in the hills & runs for many miles to the sea."
SECOND = "Its water is clear in spring and brown when the summer rain has come."
CHAPTER = Chapter(
    number=1, title="Rivers --> seas", level=1, page=1,
    passages=(Passage(text=f"{FIRST} {SECOND}", page=1), Passage(text=SECOND, page=2)),
)  # fmt: skip
TOLD = telling_of(CHAPTER, Mode.ORIGINAL)
SCRIPT = script_from(TOLD, "en")


def cue(start: int, end: int, passage: int, first: int, last: int) -> Cue:
    return Cue(start_ms=start, end_ms=end, said=Span(passage=passage, start=first, end=last))


CUES = (cue(250, 900, 0, 0, 15), cue(1800, 5000, 1, 0, 62), cue(5350, 9000, 1, 63, 132))
TIMES = Times.of(CUES, told=TOLD.mark)


def spoken(folder: Path, script: Script = SCRIPT) -> Spoken:
    voice = ToneVoice()
    return narrated([lambda: voice], script, ENGLISH, folder / "track.mp3", tags=TAGS, told=TOLD)


# --- cues -----------------------------------------------------------------------------------------


def test_sound_begins_and_ends_where_its_cue_does(tmp_path: Path) -> None:
    done = spoken(tmp_path)
    heard = sounds(decoded(tmp_path / "track.mp3"))
    starts = [start for start, _ in heard]
    ends = [end for _, end in heard]
    assert len(done.cues) == len(SCRIPT.utterances)
    for one in done.cues:
        assert min(abs(one.start_ms / 1000 - start) for start in starts) < 0.02
        assert min(abs(one.end_ms / 1000 - end) for end in ends) < 0.02
    assert [one.said for one in done.cues] == [u.said[0] for u in SCRIPT.utterances]


def test_a_sentence_said_in_halves_has_a_cue_for_each_and_none_begins_inside_a_word(
    tmp_path: Path,
) -> None:
    picky = Faulty(lambda text, pcm: pcm if len(text) < 50 else pcm[:0])
    done = narrated([lambda: picky], SCRIPT, ENGLISH, tmp_path / "track.mp3", tags=TAGS, told=TOLD)
    assert done.splits == 3
    assert len(done.cues) > len(SCRIPT.utterances) + 2
    for number, passage in enumerate(TOLD.passages):
        spans = [one.said for one in done.cues if one.said.passage == number]
        said = "".join(passage.text[span.start : span.end] for span in spans)
        assert said.split() == passage.text.replace(f"{FIRST} ", FIRST).split()
    for one in done.cues:
        before = TOLD.passages[one.said.passage].text[: one.said.start][-1:]
        assert not before.isalnum()


def test_what_a_server_said_in_one_breath_is_shared_out_and_marked() -> None:
    (heading, paragraph, _) = in_longer_pieces(SCRIPT, 1200).utterances
    assert [c.is_estimated for c in cues_of(heading, 0, RATE)] == [False]
    first, second = cues_of(paragraph, RATE, 5 * RATE)
    assert first.is_estimated
    assert second.is_estimated
    assert (first.start_ms, second.end_ms) == (1000, 5000)
    assert first.end_ms == second.start_ms
    share = (first.end_ms - first.start_ms) / 4000
    assert share == pytest.approx(len(FIRST) / (len(FIRST) + len(SECOND)), abs=0.01)


def test_an_utterance_that_nobody_knows_the_origin_of_has_no_cue() -> None:
    assert cues_of(Utterance(text="Bees.", pause_s=0.3), 0, RATE) == []


def test_a_boundary_inside_a_word_moves_before_it() -> None:
    text = TOLD.passages[1].text
    inside = text.index("hills") + 2
    first, second = with_whole_words(
        [cue(0, 500, 1, 0, inside), cue(500, 900, 1, inside, len(text))], TOLD
    )
    assert text[second.said.start :].startswith("hills")
    assert first.said.end == second.said.start
    assert (first.end_ms, second.start_ms) == (500, 500)


def test_a_text_without_spaces_is_cut_where_it_was() -> None:
    told = Telling(passages=(Passage(text="人人生而自由在尊严和权利上一律平等", page=1),))
    cues = [cue(0, 500, 0, 0, 9), cue(500, 900, 0, 9, 17)]
    assert with_whole_words(cues, told) == cues


# --- packed ---------------------------------------------------------------------------------------

SPANS = st.tuples(st.integers(0, 30), st.integers(0, 900), st.integers(1, 300))


@given(
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 20000), SPANS, st.booleans())),
    st.lists(st.integers(WHOLE_CHAPTER, 40)),
)
@settings(max_examples=60, deadline=None)
def test_times_come_out_as_they_went_in(
    drawn: list[tuple[int, int, tuple[int, int, int], bool]], sources: list[int]
) -> None:
    cues: list[Cue] = []
    for silence, length, (passage, start, signs), is_estimated in drawn:
        begin = (cues[-1].end_ms if cues else 0) + silence
        span = Span(passage=passage, start=start, end=start + signs)
        cues.append(
            Cue(start_ms=begin, end_ms=begin + length, said=span, is_estimated=is_estimated)
        )
    times = Times.of(cues, told="ab", sources=sources)
    kept = from_json(Times, to_json(times))
    assert kept.cues == tuple(cues)
    assert kept == times


def test_a_cue_takes_some_twenty_characters() -> None:
    start = 0
    cues = []
    for number in range(1000):
        cues.append(cue(start + 350, start + 6500, number // 5, number % 5 * 130, 129))
        start += 6850
    assert len(to_json(Times.of(cues, told="0123456789ab"))) < 23 * len(cues)


# --- second and sign ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ms", "place"),
    [
        (0, (0, 0)),
        (1799, (0, 0)),
        (1800, (1, 0)),
        (5200, (1, 0)),
        (5350, (1, 63)),
        (99999, (1, 63)),
    ],
)
def test_a_second_has_a_place_and_the_place_that_second(ms: int, place: tuple[int, int]) -> None:
    assert TIMES.place_at(ms) == place
    start = TIMES.ms_of(*place)
    assert start is not None
    assert TIMES.place_at(start) == place


def test_a_place_within_a_sentence_is_where_that_begins() -> None:
    assert TIMES.ms_of(1, 62) == 1800
    assert TIMES.ms_of(1, 63) == 5350
    assert TIMES.ms_of(7, 0) == 5350
    assert TIMES.ms_of(0, 0) == 250


def test_a_player_is_at_a_place_until_what_follows_begins() -> None:
    assert TIMES.range_of(0, 0) == (250, 1800)
    assert TIMES.range_of(1, 62) == (1800, 5350)
    assert TIMES.range_of(7, 0) == (5350, CUES[-1].end_ms)
    assert Times.of(CUES, sources=(0, 4)).range_of(4, 77) == (1800, CUES[-1].end_ms)
    assert Times().range_of(0, 0) is None


def test_of_another_telling_a_place_is_a_passage() -> None:
    brief = Times.of(CUES, sources=(0, 4))
    assert brief.place_at(6000) == (4, 0)
    assert brief.ms_of(4, 77) == 1800
    assert brief.ms_of(9, 0) == 1800
    assert brief.ms_of(3, 5) == 250
    model = Times.of(CUES, sources=(0, WHOLE_CHAPTER))
    assert model.place_at(6000) == (0, 0)


def test_a_track_from_before_knows_no_places() -> None:
    assert Times().place_at(0) is None
    assert Times().ms_of(0, 0) is None
    assert Times().cues == ()


# --- what a child says ----------------------------------------------------------------------------

GOOD = list(TIMES.numbers)


def test_true_times_are_believed() -> None:
    assert believed(GOOD, TOLD, 9000) == TIMES


@pytest.mark.parametrize(
    "answer",
    [
        None, "times", {}, [], GOOD[:-1], [*GOOD[:-1], 1.5], [*GOOD[:-1], True],
        [-1000, *GOOD[1:]],  # before the beginning
        [*GOOD[:1], -9, *GOOD[2:]],  # ends before it starts
        [*GOOD[:2], 3, *GOOD[3:]],  # a passage that there is not
        [*GOOD[:3], -1, *GOOD[4:]],
        [*GOOD[:4], 999, *GOOD[5:]],  # more signs than it has
        [*GOOD[:4], 0, *GOOD[5:]],  # none at all
        [*GOOD[:5], -1500, *GOOD[6:]],  # two at once
        [*GOOD, 10, 10, 0, 0, 3],  # back to the heading
        [*GOOD, 10**9, 10, 2, 0, 3],  # after the end
        GOOD * 20_000,
    ],
)  # fmt: skip
def test_nothing_else_is(answer: object) -> None:
    assert believed(answer, TOLD, 9000) is None


async def test_a_child_that_lies_leaves_a_track_without_times_and_the_log_tells() -> None:
    for lie in (None, [*GOOD[:3], -1, *GOOD[4:]]):
        answer = {"samples": 9 * RATE, "rate": RATE, "times": lie}
        with capture_logs() as logs:
            assert await believed_times(answer, None, CHAPTER, ENGLISH) == Times()
        assert [entry["event"] for entry in logs] == ["times not believed"]
    answer = {"samples": 9 * RATE, "rate": RATE, "times": GOOD}
    assert await believed_times(answer, None, CHAPTER, ENGLISH) == TIMES
    assert await believed_times(answer, TOLD, CHAPTER, ENGLISH) == TIMES


# --- to be read -----------------------------------------------------------------------------------


def test_captions_are_what_is_written_at_the_time_it_is_said() -> None:
    text = vtt_of(lines_of(TIMES, TOLD), title=CHAPTER.title, language="en")
    assert text.startswith("WEBVTT Rivers → seas\n\nNOTE language: en\n\n1\n")
    assert re.findall(r"(\S+) --> (\S+)\n(.*)", text) == [
        ("00:00:00.250", "00:00:00.900", "Rivers --&gt; seas"),
        ("00:00:01.800", "00:00:05.000", FIRST.replace("&", "&amp;")),
        ("00:00:05.350", "00:00:09.000", SECOND),
    ]


def test_hours_and_estimates_are_told() -> None:
    late = replace(cue(3_600_000, 3_661_001, 1, 0, 5), is_estimated=True)
    text = vtt_of(lines_of(Times.of([late], told=TOLD.mark), TOLD), title="x", language="en")
    assert "NOTE the next one's time is estimated\n\n1\n01:00:00.000 --> 01:01:01.001\n" in text


def test_of_other_words_there_is_nothing_to_read() -> None:
    other = Telling(passages=(*TOLD.passages[:2], Passage(text="Other words.", page=1)))
    assert lines_of(TIMES, other) == []


def test_guided_navigation_has_an_object_for_each_passage_and_cue() -> None:
    found = json.loads(guided_of(lines_of(TIMES, TOLD), TOLD, audio="01-rivers.mp3"))
    heading, paragraph = found["guided"]
    assert heading["role"] == ["heading1"]
    assert paragraph["role"] == ["paragraph"]
    assert paragraph["audioref"] == "01-rivers.mp3#t=1.800,9.000"
    assert paragraph["text"] == TOLD.passages[1].text
    assert paragraph["children"] == [
        {"audioref": "01-rivers.mp3#t=1.800,5.000", "text": FIRST},
        {"audioref": "01-rivers.mp3#t=5.350,9.000", "text": SECOND},
    ]


def test_an_mp3_tells_in_its_own_tag_when_what_is_said(tmp_path: Path) -> None:
    done = spoken(tmp_path)
    (found,) = ID3(tmp_path / "track.mp3").getall("SYLT")
    assert (found.format, found.type, found.lang) == (2, 2, "eng")
    assert [text for text, _ in found.text] == ["Rivers --> seas", FIRST, SECOND, SECOND]
    assert [ms for _, ms in found.text] == [one.start_ms for one in done.cues]


def test_the_sound_is_the_same_with_times_in_the_tag_and_without(tmp_path: Path) -> None:
    voice, bare, told = ToneVoice(), tmp_path / "bare.mp3", tmp_path / "told.mp3"
    narrated([lambda: voice], SCRIPT, ENGLISH, bare, tags=TAGS)
    narrated([lambda: voice], SCRIPT, ENGLISH, told, tags=TAGS, told=TOLD)
    assert bare.read_bytes()[ID3(bare).size :] == told.read_bytes()[ID3(told).size :]
    assert (decoded(bare) == decoded(told)).all()
