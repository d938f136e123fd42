"""Script → MP3 in this process: what a listener hears, decoded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from mutagen.id3 import ID3
from mutagen.mp3 import MP3, BitrateMode

from adapters.voices import espeak, hibari
from pipeline.audio.mp3 import RATE, mp3_writer
from pipeline.audio.narrate import LEAD_IN_S, LEAD_OUT_S, Recital, Spoken, narrated
from pipeline.audio.sound import (
    CEILING,
    ONSET_S,
    RELEASE_S,
    limited,
    resampled,
    segment_of,
    trimmed,
)
from pipeline.audio.tags import Tags, write_tags
from pipeline.domain import Chapter, Narration, Passage, Script, Utterance
from pipeline.errors import SpeechFailed
from pipeline.ports import Pcm, Voice, VoiceFacts
from pipeline.spoken.script import SENTENCE_PAUSE_S, estimated_seconds, script_of
from tests.drawing import BEES, DANCE, HONEY, WINTER
from tests.hearing import decoded, loudness, samples_of, sounds
from tests.tone import ToneVoice

ENGLISH = Narration(voice="tone:whistle")
TAGS = Tags(
    title="The dance", album="Bees", artist="Ada Meyer", number=3, total=7, language="en",
    lyrics="On the comb a returning bee dances.", comment="Bees, page 4 of 9",
)  # fmt: skip


class Faulty:
    """The whistle, but its sound for some texts is spoiled."""

    def __init__(self, spoil: Callable[[str, Pcm], Pcm]) -> None:
        self._voice = ToneVoice()
        self._spoil = spoil
        self.heard: list[str] = []

    @property
    def facts(self) -> VoiceFacts:
        return self._voice.facts

    def speak(self, text: str, *, speed: float, language: str) -> Pcm:
        self.heard.append(text)
        return self._spoil(text, self._voice.speak(text, speed=speed, language=language))


def script(*texts: str, pause_s: float = 0.3) -> Script:
    return Script(utterances=tuple(Utterance(text=text, pause_s=pause_s) for text in texts))


def narrate(out: Path, voices: list[Voice], of: Script, narration: Narration = ENGLISH) -> Spoken:
    return narrated([lambda v=v: v for v in voices], of, narration, out, tags=TAGS)  # type: ignore[misc]


def test_the_length_is_exact_and_the_header_says_so(tmp_path: Path) -> None:
    out = tmp_path / "track.mp3"
    done = narrate(out, [ToneVoice()], script("one two three", "four five"))
    assert len(decoded(out)) == done.samples
    info = MP3(out).info
    assert info.length == pytest.approx(done.samples / RATE, abs=0.0001)
    assert (info.sample_rate, info.channels, info.bitrate) == (24000, 1, 48000)
    assert info.bitrate_mode is BitrateMode.CBR
    assert info.encoder_info.startswith("LAME 3.100")


@pytest.mark.parametrize("samples", [0, 1, 575, 576, 577, 24000, 24335, 24336])
def test_any_number_of_samples_comes_back_whole(tmp_path: Path, samples: int) -> None:
    with mp3_writer(tmp_path / "x.mp3") as writer:
        writer.write(segment_of(np.full(samples, 9000)))
    pcm = decoded(tmp_path / "x.mp3")
    assert len(pcm) == writer.samples
    assert 0 <= writer.samples - samples < 576


def test_pauses_are_where_the_script_has_them(tmp_path: Path) -> None:
    out = tmp_path / "track.mp3"
    narrate(out, [ToneVoice()], script("longish", "another", pause_s=0.5))
    pcm = decoded(out)
    first, second = sounds(pcm)
    assert first[0] == pytest.approx(LEAD_IN_S, abs=0.05)
    assert second[0] - first[1] == pytest.approx(0.5, abs=0.08)  # and what is kept around speech
    assert len(pcm) / RATE - second[1] == pytest.approx(0.5 + LEAD_OUT_S, abs=0.1)


def test_speed_shortens_sound_and_pauses(tmp_path: Path) -> None:
    voice = ToneVoice()
    text = script("the river rises in the hills", "it runs to the sea")
    slow = narrate(tmp_path / "1.mp3", [voice], text)
    fast = narrate(tmp_path / "2.mp3", [voice], text, Narration(voice="tone:whistle", speed=2.0))
    leads = (LEAD_IN_S + LEAD_OUT_S) * RATE
    assert (fast.samples - leads) / (slow.samples - leads) == pytest.approx(0.5, abs=0.05)


def test_every_word_of_the_script_reaches_the_voice(tmp_path: Path) -> None:
    voice = Faulty(lambda text, pcm: pcm)
    chapter = Chapter(
        number=1, title="Bees", level=1, page=1,
        passages=tuple(Passage(text=text, page=1) for text in (BEES, "word " * 300, DANCE)),
    )  # fmt: skip
    made = script_of(chapter, ENGLISH)
    narrate(tmp_path / "track.mp3", [voice], made)
    assert " ".join(voice.heard).split() == made.text.split()


SPOILED: dict[str, Callable[[str, Pcm], Pcm]] = {
    "empty": lambda text, pcm: pcm[:0],
    "absurdly short": lambda text, pcm: pcm[: len(pcm) // 10],
    "endless": lambda text, pcm: np.tile(pcm, 40),
    "silent": lambda text, pcm: pcm * 0.001,
    "with a hole": lambda text, pcm: np.concatenate([pcm, np.zeros(4 * RATE, np.float32), pcm]),
    "clipped": lambda text, pcm: pcm * 20,
    "not a number": lambda text, pcm: pcm * np.float32("nan"),
}


@pytest.mark.parametrize("how", SPOILED)
def test_bad_sound_is_said_again_by_another_voice(tmp_path: Path, how: str) -> None:
    bad, good = Faulty(SPOILED[how]), Faulty(lambda text, pcm: pcm)
    text = "the river rises in the hills and runs for many miles to the sea"
    done = narrate(tmp_path / "track.mp3", [bad, good], script(text))
    assert done.splits >= 1
    assert done.helped >= 2
    assert " ".join(good.heard) == text
    assert bad.heard[0] == text


def test_what_fails_in_one_piece_is_said_in_halves(tmp_path: Path) -> None:
    picky = Faulty(lambda text, pcm: pcm if len(text) < 50 else pcm[:0])
    text = "the river rises in the hills and runs for many miles to the sea"
    done = narrate(tmp_path / "track.mp3", [picky], script(text))
    assert (done.splits, done.helped, done.doubtful) == (1, 0, 0)
    assert " ".join(picky.heard[1:]) == text


SENTENCES = [
    f"{name} goes down to the river and comes back with {count} pails"
    for name in ("Ada", "Tom", "Eve", "Max", "Ida", "Leo", "Mia", "Ben")
    for count in ("two", "three")
]
TWICE: Callable[[Pcm], Pcm] = lambda pcm: np.concatenate([pcm, pcm])  # noqa: E731
HALF: Callable[[Pcm], Pcm] = lambda pcm: pcm[: len(pcm) // 2]  # noqa: E731


@pytest.mark.parametrize("spoil", [TWICE, HALF], ids=["said twice", "half of it missing"])
def test_what_is_strange_for_this_voice_is_said_again_once_in_halves(
    tmp_path: Path, spoil: Callable[[Pcm], Pcm]
) -> None:
    """Each is as long as some voice would take, so that only its own other sentences tell."""
    wrong = SENTENCES[9]
    moody = Faulty(lambda text, pcm: spoil(pcm) if text == wrong else pcm)
    done = narrate(tmp_path / "track.mp3", [moody], script(*SENTENCES))
    assert done.faults == {"strange": 1}
    assert (done.splits, done.helped, done.doubtful) == (1, 0, 0)
    assert moody.heard.count(wrong) == 1
    again = moody.heard[moody.heard.index(wrong) + 1 :][:2]
    assert " ".join(again) == wrong
    good = narrate(tmp_path / "good.mp3", [ToneVoice()], script(*SENTENCES))
    assert abs(done.samples - good.samples) < 0.3 * RATE  # a pause between the halves


def test_what_stays_strange_is_kept_and_counted(tmp_path: Path) -> None:
    wrong = set(SENTENCES[9].split())
    moody = Faulty(lambda text, pcm: TWICE(pcm) if set(text.split()) <= wrong else pcm)
    done = narrate(tmp_path / "track.mp3", [moody], script(*SENTENCES))
    assert (done.splits, done.doubtful) == (1, 1)


def test_the_sound_of_other_words_is_none(tmp_path: Path) -> None:
    """A server that answers with what was asked before."""
    stuck = ToneVoice().speak(SENTENCES[2], speed=1.0, language="en")
    repeating = Faulty(lambda text, pcm: stuck if text == SENTENCES[3] else pcm)
    done = narrate(tmp_path / "track.mp3", [repeating], script(*SENTENCES))
    assert done.faults == {"of other words": 1}
    assert done.splits == 1
    again = repeating.heard[repeating.heard.index(SENTENCES[3]) + 1 :][:2]
    assert " ".join(again) == SENTENCES[3]


def test_the_same_words_may_sound_the_same(tmp_path: Path) -> None:
    text = SENTENCES[0]
    done = narrate(tmp_path / "track.mp3", [ToneVoice()], script(text, text, text.title()))
    assert done.faults == {}


@pytest.mark.parametrize("how", ["empty", "silent", "with a hole", "clipped"])
def test_why_it_was_said_again_is_counted(tmp_path: Path, how: str) -> None:
    bad = Faulty(lambda text, pcm: SPOILED[how](text, pcm) if text == SENTENCES[0] else pcm)
    done = narrate(tmp_path / "track.mp3", [bad], script(*SENTENCES[:2]))
    assert done.faults == {how: 1}
    assert (done.splits, done.helped, done.doubtful) == (1, 0, 0)


def test_a_chapter_that_no_voice_can_say_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(SpeechFailed):
        narrate(tmp_path / "track.mp3", [Faulty(SPOILED["empty"])], script("one two three"))
    assert not list(tmp_path.iterdir())


def test_a_script_without_words_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SpeechFailed):
        narrate(tmp_path / "track.mp3", [ToneVoice()], script("—", "…"))


FULL_DISK = """
import resource, sys
from pathlib import Path
from pipeline.errors import DiskFull
from tests.unit.audio.test_narrate import narrate, script, ToneVoice

resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    narrate(Path(sys.argv[1]), [ToneVoice()], script("one two three " * 20))
except DiskFull:
    sys.exit(7)
"""


def test_a_full_disk_is_named_and_leaves_no_file(tmp_path: Path) -> None:
    """A file that may not grow stands for a disk that has no room."""
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path / "track.mp3")]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], check=False)
    assert done.returncode == 7
    assert not list(tmp_path.iterdir())


def test_tags_that_cannot_be_written_raise_what_the_file_system_says(tmp_path: Path) -> None:
    """Else a disk that is full only for the tags would end the child."""
    with pytest.raises(IsADirectoryError):
        write_tags(tmp_path, TAGS)


def test_a_player_is_told_everything(tmp_path: Path) -> None:
    cover = tmp_path / "cover.jpg"
    cover.write_bytes(b"\xff\xd8\xff\xe0 a picture")
    tags = Tags(
        title=TAGS.title, album=TAGS.album, artist=TAGS.artist, number=3, total=7, language="de",
        lyrics=TAGS.lyrics, comment=TAGS.comment, cover=cover,
    )  # fmt: skip
    out = tmp_path / "track.mp3"
    voice = ToneVoice()
    narrated([lambda: voice], script("one two three"), ENGLISH, out, tags=tags)
    found = ID3(out)
    assert found.version == (2, 3, 0)
    assert str(found["TIT2"]) == "The dance"
    assert str(found["TALB"]) == "Bees"
    assert str(found["TPE1"]) == "Ada Meyer"
    assert str(found["TRCK"]) == "3/7"
    assert str(found["TLAN"]) == "deu"
    assert found.getall("USLT")[0].text == TAGS.lyrics
    assert str(found.getall("COMM")[0]) == "Bees, page 4 of 9"
    assert found.getall("APIC")[0].data == cover.read_bytes()


@pytest.mark.parametrize(
    ("voice", "texts"),
    [("hibari", (BEES, DANCE, HONEY, WINTER)), ("espeak", (BEES, HONEY))],
)
def test_speech_is_even_in_level_with_its_pauses_and_as_long_as_told(
    tmp_path: Path, voice: str, texts: tuple[str, ...]
) -> None:
    opened: Voice = (
        hibari.open_voice("heart") if voice == "hibari" else espeak.open_voice("default")
    )
    passages = tuple(Passage(text=text, page=1) for text in texts)
    made = script_of(Chapter(number=1, title="Bees", level=1, page=1, passages=passages), ENGLISH)
    out = tmp_path / "track.mp3"
    done = narrate(out, [opened], made)
    level, peak = loudness(out)
    assert level == pytest.approx(-19, abs=1)
    assert peak <= -1
    assert done.samples / RATE == pytest.approx(estimated_seconds(made), rel=0.12)
    pcm = decoded(out)
    heard = sounds(pcm)
    gaps = [later[0] - earlier[1] for earlier, later in pairwise(heard)]
    assert sum(gap >= SENTENCE_PAUSE_S * 0.9 for gap in gaps) >= len(made.utterances) - 1
    assert (done.splits, done.helped, done.doubtful) == (0, 0, 0)


def test_every_piece_of_sound_begins_and_ends_in_silence(tmp_path: Path) -> None:
    """A voice that starts and stops at full swing would click at each join."""
    swing = np.full(RATE, 0.5, dtype=np.float32)
    loud = Faulty(lambda text, pcm: swing * (0.9 if "long" in text else 1.0))
    made = script("the long river rises", "and the rain falls down", pause_s=0.0)
    recital = Recital(voices=[lambda: loud], narration=ENGLISH)
    pieces = [
        piece
        for piece in map(samples_of, recital.pcm_of(made))
        if np.abs(piece).max(initial=0) > 1000
    ]
    assert len(pieces) == 2
    for piece in pieces:
        assert abs(int(piece[0])) < 50
        assert abs(int(piece[-1])) < 50
        assert np.abs(np.diff(piece.astype(np.int32))).max() < 300  # a ramp, no step


def test_peaks_bend_and_keep_their_shape() -> None:
    wave = np.sin(2 * np.pi * 200 / RATE * np.arange(RATE)).astype(np.float32)
    wave[8000:12000] *= 2.0
    limited_wave = limited(wave * 0.7)
    assert np.abs(limited_wave).max() <= CEILING + 1e-6
    quiet = limited_wave[1000:6000]
    assert np.array_equal(quiet, (wave * 0.7)[1000:6000])
    spectrum = np.abs(np.fft.rfft(limited_wave[9000:11400]))
    harmonics = spectrum[spectrum.argmax() * 3 - 3 : spectrum.argmax() * 3 + 4].max()
    assert harmonics < 0.02 * spectrum.max()  # a clipped sine has a third of 10 % and more


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100, 48000])
def test_any_rate_becomes_ours_without_a_change_of_pitch(rate: int) -> None:
    wave = np.sin(2 * np.pi * 440 / rate * np.arange(rate)).astype(np.float32)
    pcm = resampled(wave, rate)
    assert len(pcm) == pytest.approx(RATE, abs=200)
    spectrum = np.abs(np.fft.rfft(pcm[:RATE]))
    assert spectrum.argmax() * RATE / len(pcm[:RATE]) == pytest.approx(440, abs=2)
    assert np.abs(pcm).max() == pytest.approx(1.0, abs=0.1)


def test_the_voices_own_silence_is_cut_and_ours_stands_instead() -> None:
    speech = (0.3 * np.sin(np.arange(RATE))).astype(np.float32)
    quiet = np.zeros(RATE // 2, dtype=np.float32)
    pcm = trimmed(np.concatenate([quiet, speech, quiet]))
    assert len(pcm) / RATE == pytest.approx(1.0 + ONSET_S + RELEASE_S, abs=0.03)


def test_a_quotation_is_said_in_its_language_by_a_voice_that_speaks_it(tmp_path: Path) -> None:
    """The English voice says what is English; where nobody speaks the quotation's language it
    says that too, rather than nothing."""

    class Local:
        def __init__(self, *languages: str) -> None:
            self.voice = ToneVoice()
            self.languages = frozenset(languages)
            self.heard: list[tuple[str, str]] = []

        @property
        def facts(self) -> VoiceFacts:
            return replace(self.voice.facts, languages=self.languages)

        def speak(self, text: str, *, speed: float, language: str) -> Pcm:
            self.heard.append((text, language))
            return self.voice.speak(text, speed=speed, language=language)

    said = Script(
        utterances=(
            Utterance(text="He wrote to her.", pause_s=0.1),
            Utterance(text="Je vous écris de Paris.", pause_s=0.1, language="fr"),
            Utterance(text="Пишу вам из Москвы.", pause_s=0.1, language="ru"),
        )
    )
    english, french = Local("en"), Local("en", "fr")
    narrate(tmp_path / "a.mp3", [english, french], said)
    assert english.heard == [("He wrote to her.", "en"), ("Пишу вам из Москвы.", "en")]
    assert french.heard == [("Je vous écris de Paris.", "fr")]
