"""Voices behind a server: fetched by the program, checked and encoded by a child without a key."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from pytest_socket import socket_allow_hosts
from structlog.testing import capture_logs

from adapters.voices import available_voices
from adapters.voices.openai_speech import FORMS, card
from bot.logs import configure_logs
from pipeline.audio.mp3 import RATE
from pipeline.domain import Chapter, Document, Narration, Passage, Script, Track, Utterance
from pipeline.errors import SpeechFailed
from pipeline.producer import Producer
from tests.hearing import decoded, loudness
from tests.loopback.openai import KEY, OpenAiServer, Trouble, running
from tests.speech import MODEL, Studio, a_studio

pytestmark = pytest.mark.asyncio(loop_scope="module")

NARRATION = Narration(voice="openai:alloy")
SENTENCES = (
    "Honey bees find their way home over many kilometres of open land.",
    "They remember the sun, the wind and the shape of hills.",
    "Nobody has shown them a map, and still they are seldom lost.",
)
CHAPTER = Chapter(
    number=1,
    title="The way home",
    level=1,
    page=1,
    passages=(
        Passage(text=" ".join(SENTENCES), page=1),
        Passage(text="In the evening all of them come back to the hive.", page=1),
    ),
)
DOCUMENT = Document(id="be" * 32, title="On Bees", pages=1, chapters=(CHAPTER,))


def a_script(*texts: str) -> Script:
    return Script(utterances=tuple(Utterance(text=text, pause_s=0.7) for text in texts))


@dataclass(slots=True)
class Stage:
    """A server, a voice on it and the pipeline, for all tests of this module: children that are
    warm save most of the time. `serve` makes the server another one."""

    server: OpenAiServer
    studio: Studio
    producer: Producer
    folder: Path

    def serve(self, **differences: object) -> None:
        fresh = OpenAiServer()
        for known in fields(OpenAiServer):
            if known.name != "url":
                setattr(self.server, known.name, getattr(fresh, known.name))
        for name, value in differences.items():
            setattr(self.server, name, value)
        self.studio.told.clear()
        self.studio.speech.form, self.studio.speech.off_until = FORMS[0], 0.0

    async def speaks(self, narration: Narration = NARRATION, chapter: Chapter = CHAPTER) -> Track:
        out = self.folder / "track.mp3"
        return await self.producer.speak(DOCUMENT, chapter, narration, out, None)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)
    folder = tmp_path_factory.mktemp("speech")
    async with (
        running(OpenAiServer()) as server,
        a_studio(server, folder / "pieces") as studio,
        Producer(
            voices=[card(studio.speech), *available_voices()],
            default_voice="openai:alloy",
            workers=1,
        ) as producer,
    ):
        yield Stage(server=server, studio=studio, producer=producer, folder=folder)


@pytest.fixture
def stage(opened: Stage) -> Stage:
    opened.serve()
    return opened


async def test_times_inside_of_what_the_server_said_at_once_are_estimated_and_say_so(
    stage: Stage,
) -> None:
    stage.serve()
    track = await stage.speaks()
    heading, *sentences, last = track.times.cues
    assert [cue.said.passage for cue in (heading, *sentences, last)] == [0, 1, 1, 1, 2]
    assert [cue.is_estimated for cue in (heading, *sentences, last)] == [
        *(False, True, True, True, False),
    ]
    text = CHAPTER.passages[0].text
    assert [text[cue.said.start : cue.said.end] for cue in sentences] == list(SENTENCES)
    assert sentences[-1].end_ms < last.start_ms < last.end_ms <= track.seconds * 1000


async def test_a_chapter_is_spoken_by_the_server_levelled_and_whole(stage: Stage) -> None:
    track = await stage.speaks()
    assert track.spoken_by == ""
    assert track.narration == NARRATION
    assert len(decoded(stage.folder / "track.mp3")) == round(track.seconds * RATE)
    level, peak = loudness(stage.folder / "track.mp3")
    assert level == pytest.approx(-19, abs=1.5)
    assert peak <= -1
    assert not list((stage.folder / "pieces").iterdir())


async def test_sentences_of_a_paragraph_are_said_in_one_piece(stage: Stage) -> None:
    await stage.speaks()
    assert {call.body["input"] for call in stage.server.calls} == {
        "The way home.",
        " ".join(SENTENCES),
        "In the evening all of them come back to the hive.",
    }


async def test_a_quotation_in_another_language_is_said_by_the_server_too(stage: Stage) -> None:
    quoted = Passage(
        text="Die Bienen finden ihren Weg nach Hause über viele Kilometer.", page=1, language="de"
    )
    track = await stage.speaks(chapter=replace(CHAPTER, passages=(*CHAPTER.passages, quoted)))
    pcm = decoded(stage.folder / "track.mp3")
    cue = track.times.cues[-1]
    said = pcm[cue.start_ms * RATE // 1000 : cue.end_ms * RATE // 1000]
    strength = np.sort(np.abs(np.fft.rfft(said.astype(float))) ** 2)[::-1]
    assert strength[: len(strength) // 50].sum() > 0.95 * strength.sum()  # the server's are tones


async def test_twice_the_speed_takes_half_the_time_whatever_the_server_does(stage: Stage) -> None:
    slow = await stage.speaks()
    fast = await stage.speaks(replace(NARRATION, speed=2.0))
    assert fast.seconds / slow.seconds == pytest.approx(0.5, abs=0.1)
    assert not any("speed" in call.body for call in stage.server.calls)


@pytest.mark.parametrize(
    "differences",
    [{"formats": ("pcm",)}, {"formats": ("wav",)}, {"troubles": [Trouble.BUSY, Trouble.BROKEN]}],
    ids=["only pcm", "only wav", "busy, then broken, then well"],
)
async def test_servers_differ_and_are_heard_all_the_same(
    stage: Stage, differences: dict[str, object]
) -> None:
    stage.serve(**differences)
    assert (await stage.speaks()).spoken_by == ""


@pytest.mark.parametrize(
    "differences",
    [
        {"is_always": Trouble.UNAUTHORIZED},
        {"is_always": Trouble.NO_QUOTA},
        {"is_always": Trouble.BROKEN},
        {"is_always": Trouble.HTML},
        {"is_always": Trouble.EMPTY},
        {"formats": ()},
        {"is_silent": True},
        {"heard_share": 0.2},
        {"heard_share": 6.0},
        {"rate": 96_000},
    ],
    ids=["401", "no quota", "500", "html", "json", "no form", "silent", "too short", "too long",
         "wrong rate"],
)  # fmt: skip
async def test_what_is_no_speech_is_spoken_by_our_own_voice_and_the_track_tells(
    stage: Stage, differences: dict[str, object]
) -> None:
    stage.serve(**differences)
    track = await stage.speaks()
    assert track.spoken_by == "hibari:heart"
    assert track.narration == NARRATION  # it is what was asked for
    level, _ = loudness(stage.folder / "track.mp3")
    assert level == pytest.approx(-19, abs=1.5)


async def test_one_piece_that_breaks_off_is_found_by_the_others(stage: Stage) -> None:
    passages = tuple(Passage(text=text, page=1) for text in (*SENTENCES, *SENTENCES[::-1]))
    chapter = replace(CHAPTER, passages=passages)
    assert (await stage.speaks(chapter=chapter)).spoken_by == ""
    stage.serve(cut_from=4)
    assert (await stage.speaks(chapter=chapter)).spoken_by == "hibari:heart"


async def test_a_sentence_that_breaks_off_in_a_long_chapter_is_said_by_our_own_voice_alone(
    stage: Stage,
) -> None:
    texts = [f"{text[:-1]} in valley number {n}." for n in range(4) for text in SENTENCES]
    passages = tuple(Passage(text=text, page=1) for text in texts)
    stage.serve(cut_from=len(texts) + 1)  # and the heading: it is the last that is cut
    with capture_logs() as logs:
        track = await stage.speaks(chapter=replace(CHAPTER, passages=passages))
    assert track.spoken_by == ""
    (told,) = [entry for entry in logs if entry["event"] == "voice failed on some words"]
    assert told["was_strange"] == 1
    assert told["said_by_another_voice"] >= 1
    assert told["of_a_strange_length"] == 0
    said = [cue.said.passage for cue in track.times.cues]
    assert sorted(set(said)) == list(range(len(texts) + 1))


async def test_a_refusal_is_told_once_and_the_server_left_alone_for_a_while(
    tmp_path: Path,
) -> None:
    server = OpenAiServer(is_always=Trouble.UNAUTHORIZED)
    async with running(server), a_studio(server, tmp_path) as studio:
        for text in ("Bees find their way home.", "Bees come back in the evening."):
            with pytest.raises(SpeechFailed):
                async with studio.speech.fetch(a_script(text), NARRATION, document=DOCUMENT.id):
                    pytest.fail("nothing was said")
    assert len(server.calls) == 1
    assert len(studio.told) == 1
    assert KEY not in studio.told[0]


async def test_what_was_paid_for_before_a_crash_is_not_fetched_again(tmp_path: Path) -> None:
    script = a_script(*SENTENCES)
    server = OpenAiServer()
    async with running(server), a_studio(server, tmp_path) as studio:
        with pytest.raises(RuntimeError):
            async with studio.speech.fetch(script, NARRATION, document=DOCUMENT.id):
                raise RuntimeError  # the child died, the program was killed
        async with studio.speech.fetch(script, NARRATION, document=DOCUMENT.id) as folder:
            assert len(list(folder.iterdir())) == len(SENTENCES) + 1
    assert len(server.calls) == len(SENTENCES)
    assert sum(cost.usage.characters for cost in studio.ledger.costs) == len("".join(SENTENCES))


async def test_a_piece_is_not_longer_than_the_protocol_allows(stage: Stage) -> None:
    text = "Bees find their way home by the sun and by the wind over the hills. " * 80
    track = await stage.speaks(chapter=replace(CHAPTER, passages=(Passage(text=text, page=1),)))
    assert track.spoken_by == ""
    assert max(len(call.body["input"]) for call in stage.server.calls) <= 1200
    assert 1 < stage.server.most_at_once <= 4


async def test_over_the_ceiling_our_own_voice_speaks(tmp_path: Path) -> None:
    server = OpenAiServer()
    async with running(server), a_studio(server, tmp_path, ceiling_usd=0.000001) as studio:
        with pytest.raises(SpeechFailed):
            async with studio.speech.fetch(a_script(*SENTENCES), NARRATION, document=DOCUMENT.id):
                pytest.fail("nothing was said")
    assert not server.calls
    assert "budget" in studio.told[0]


@pytest.mark.parametrize("trouble", [Trouble.BROKEN, Trouble.UNAUTHORIZED], ids=str)
async def test_neither_key_nor_text_reach_a_log_not_even_at_debug(
    stage: Stage, trouble: Trouble
) -> None:
    stage.serve(troubles=[trouble])
    written = io.StringIO()
    configure_logs(level="debug", style="json", stream=written)  # nothing is redacted here
    try:
        await stage.speaks()
    finally:
        configure_logs(level="info", style="console")
    assert KEY[3:] not in written.getvalue()
    assert "honey bees" not in written.getvalue().lower()


async def test_what_was_asked_is_model_speaker_and_text_and_no_key(stage: Stage) -> None:
    await stage.speaks()
    for call in stage.server.calls:
        assert call.authorization == f"Bearer {KEY}"
        assert set(call.body) == {"input", "model", "voice", "response_format"}
        assert call.body["model"] == MODEL
