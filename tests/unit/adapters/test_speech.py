"""What is decided about speech from a server without asking one."""

from __future__ import annotations

import numpy as np
import pytest

from adapters.voices.openai_speech import Bucket, is_audio
from pipeline.audio.loudness import lufs
from pipeline.audio.mp3 import RATE
from pipeline.domain import Chapter, Narration, Passage
from pipeline.ports import remote_voice_id
from pipeline.spoken.script import in_longer_pieces, script_of

CHAPTER = Chapter(
    number=1,
    title="The way home",
    level=1,
    page=1,
    passages=(Passage(text="Bees find their way home. They know the sun. They like it.", page=1),),
)


@pytest.mark.parametrize(
    ("data", "form", "is_sound"),
    [
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "wav", True),
        (b"ID3\x04", "mp3", True),
        (b"\x00\x01\x02\x03", "pcm", True),
        (b"\x00\x01\x02\x03", "wav", False),
        (b"<!DOCTYPE html>", "pcm", False),
        (b' {"error": "no"}', "pcm", False),
        (b"", "pcm", False),
    ],
)
def test_audio_is_known_by_how_it_begins(data: bytes, form: str, is_sound: bool) -> None:
    assert is_audio(data, form) is is_sound


def test_speakers_with_strange_names_have_ids_that_keys_may_hold() -> None:
    assert remote_voice_id("af_sky+af_bella") == "openai:af-sky-af-bella"


@pytest.mark.parametrize(("level", "frequency"), [(-19.0, 997.0), (-30.0, 997.0)])
def test_loudness_is_that_of_the_recommendation(level: float, frequency: float) -> None:
    """A sine of 997 Hz at full scale has -3.01 LUFS by definition."""
    time = np.arange(4 * RATE) / RATE
    amplitude = 10 ** ((level + 3.01) / 20)
    tone = (amplitude * np.sin(2 * np.pi * frequency * time)).astype(np.float32)
    assert lufs(tone, RATE) == pytest.approx(level, abs=0.1)


def test_silence_has_no_loudness() -> None:
    assert lufs(np.zeros(RATE, dtype=np.float32), RATE) is None


def test_longer_pieces_say_the_same_words() -> None:
    script = script_of(CHAPTER, Narration(voice="openai:alloy"))
    assert in_longer_pieces(script, 1200).text == script.text


def test_calls_keep_to_their_number_a_minute() -> None:
    bucket = Bucket(per_minute=60)
    assert [round(bucket.wait_s(1000.0)) for _ in range(8)] == [0, 0, 0, 0, 1, 2, 3, 4]
    assert bucket.wait_s(2000.0) == 0
