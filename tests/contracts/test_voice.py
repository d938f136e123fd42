"""What every voice keeps, whatever engine is behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from adapters.voices import available_voices, espeak, hibari
from pipeline.audio.mp3 import RATE, mp3_writer
from pipeline.audio.narrate import checked
from pipeline.audio.sound import finished
from pipeline.errors import SpeechFailed
from pipeline.language.pace import seconds_to_say
from pipeline.ports import Voice
from tests.hearing import loudness
from tests.speech import AskedVoice
from tests.tone import ToneVoice

TEXT = (
    "Honey bees find their way home over many kilometres. They remember the sun, the wind and the "
    "shape of the hills they have crossed."
)
LONG = 300  # signs of one piece, which each voice speaks whole
WAVERING = "espeak:"  # a few samples more or less
SAMPLES = Path(__file__).parent.parent / "data" / "languages.txt"


def in_languages() -> dict[str, str]:
    lines = SAMPLES.read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if not line.startswith("#"))


@pytest.fixture(
    scope="module",
    params=[lambda: hibari.open_voice("heart"), lambda: espeak.open_voice("default"),
            ToneVoice, AskedVoice],
    ids=["hibari", "espeak", "tone", "openai"],
)  # fmt: skip
def voice(request: pytest.FixtureRequest) -> Voice:
    opened: Callable[[], Voice] = request.param
    return opened()


def test_it_tells_what_it_is(voice: Voice) -> None:
    facts = voice.facts
    engine, _, speaker = facts.id.partition(":")
    assert engine
    assert speaker
    assert 8000 <= facts.sample_rate <= 48000
    assert "en" in facts.languages
    assert all(len(code) == 2 for code in facts.languages)
    assert facts.speeds[0] <= 1.0 <= facts.speeds[1]


def test_it_speaks_mono_floats_that_pass_the_check(voice: Voice) -> None:
    pcm = voice.speak(TEXT, speed=1.0, language="en")
    assert pcm.dtype == np.float32
    assert pcm.ndim == 1
    seconds = len(checked(pcm, voice.facts.sample_rate, seconds_to_say(TEXT))) / RATE
    assert seconds == pytest.approx(seconds_to_say(TEXT), rel=0.3)


def test_the_same_text_sounds_the_same(voice: Voice) -> None:
    first = voice.speak(TEXT, speed=1.0, language="en")
    voice.speak("Something else.", speed=1.5, language="en")
    again = voice.speak(TEXT, speed=1.0, language="en")
    if voice.facts.id.startswith(WAVERING):
        assert len(again) == pytest.approx(len(first), rel=0.01)
    else:
        assert np.array_equal(first, again)


def test_twice_the_speed_takes_half_the_time(voice: Voice) -> None:
    slow = len(voice.speak(TEXT, speed=1.0, language="en"))
    fast = len(voice.speak(TEXT, speed=2.0, language="en"))
    assert fast / slow == pytest.approx(0.5, abs=0.15)


def test_text_without_a_word_is_an_error_and_no_silence(voice: Voice) -> None:
    for text in ("", "—", "…"):
        try:
            pcm = voice.speak(text, speed=1.0, language="en")
            checked(pcm, voice.facts.sample_rate, seconds_to_say("a whole sentence of words"))
        except SpeechFailed:
            continue
        pytest.fail(f"{text!r} passed for speech")


def test_the_longest_text_is_spoken_whole(voice: Voice) -> None:
    text = ("between the hills and the river " * 12)[:LONG]
    pcm = voice.speak(text, speed=1.0, language="en")
    assert len(pcm) / voice.facts.sample_rate > 0.6 * seconds_to_say(text)


def test_its_loudness_is_minus_nineteen(voice: Voice, tmp_path: Path) -> None:
    pcm = checked(
        voice.speak(TEXT, speed=1.0, language="en"),
        voice.facts.sample_rate,
        seconds_to_say(TEXT),
    )
    with mp3_writer(tmp_path / "voice.mp3") as writer:
        writer.write(finished(pcm))
    level, peak = loudness(tmp_path / "voice.mp3")
    assert level == pytest.approx(-19, abs=1)
    assert peak <= -1


@pytest.mark.parametrize("language", in_languages())
def test_the_simple_voice_speaks_each_language(language: str) -> None:
    voice, text = espeak.open_voice("default"), in_languages()[language]
    pcm = voice.speak(text, speed=1.0, language=language)
    checked(pcm, voice.facts.sample_rate, seconds_to_say(text, language))


def test_the_simple_voice_refuses_a_language_that_it_does_not_know() -> None:
    with pytest.raises(SpeechFailed):
        espeak.open_voice("default").speak("tere", speed=1.0, language="xx")


def test_asking_for_voices_neither_loads_nor_downloads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HIBARI_HOME", str(tmp_path))
    voices = available_voices()
    assert [card.id for card in voices] == ["hibari:heart", "espeak:default"]
    assert [card.environment for card in voices] == [{"HIBARI_HOME"}, set()]
    assert not list(tmp_path.iterdir())
