"""A document's tracks in one file: chapters start where they sound, nothing is lost."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from mutagen.id3 import ID3

from pipeline.audio.audiobook import ChapterMark, Part, whole_m4b, whole_mp3
from pipeline.audio.ffmpeg import ffmpeg
from pipeline.audio.mp3 import RATE, mp3_writer
from pipeline.audio.sound import segment_of
from pipeline.audio.tags import Tags, write_tags
from pipeline.errors import SpeechFailed
from tests.hearing import decoded, sounds

LENGTHS = (3 * RATE + 17, 2 * RATE + 333, 4 * RATE + 1)
TITLES = ("Honey = water; #1", "The bees' dance", "Wínter \\ cold")
EDGE_S = 0.25


@pytest.fixture
def parts(tmp_path: Path) -> list[Part]:
    """Tracks of one tone each, a quarter of a second of silence at both ends."""
    return [
        a_part(tmp_path / f"{number}-it's.mp3", title, length, 440 * number)
        for number, (title, length) in enumerate(zip(TITLES, LENGTHS, strict=True), start=1)
    ]


def a_part(file: Path, title: str, length: int, pitch: int) -> Part:
    wave = np.sin(2 * np.pi * pitch / RATE * np.arange(length)) * 8000
    edge = round(EDGE_S * RATE)
    wave[:edge] = wave[-edge:] = 0
    with mp3_writer(file) as writer:
        writer.write(segment_of(wave))
    write_tags(file, tags_with())
    return Part(file=file, title=title, samples=writer.samples)


def tags_with(cover: Path | None = None) -> Tags:
    return Tags(
        title="Bees", album="Bees", artist="Ada Meyer", number=1, total=1, language="en",
        lyrics="", comment="All about bees; a = b", cover=cover,
    )  # fmt: skip


def pitch_at(pcm: np.ndarray, second: float) -> float:
    window = pcm[round(second * RATE) :][: RATE // 2].astype(np.float64)
    return float(np.abs(np.fft.rfft(window)).argmax() * RATE / len(window))


@pytest.mark.parametrize(("join", "name"), [(whole_mp3, "whole.mp3"), (whole_m4b, "whole.m4b")])
def test_each_chapter_starts_where_its_sound_does(
    tmp_path: Path,
    parts: list[Part],
    join: Callable[[Sequence[Part], Path, Tags], list[ChapterMark]],
    name: str,
) -> None:
    marks = join(parts, tmp_path / name, tags_with())
    pcm = decoded(tmp_path / name)
    heard = [sound for sound in sounds(pcm) if sound[1] - sound[0] > 0.5]
    assert [mark.title for mark in marks] == list(TITLES)
    for number, (mark, sound) in enumerate(zip(marks, heard, strict=True), start=1):
        assert sound[0] - mark.start / RATE == pytest.approx(EDGE_S, abs=0.005)
        assert pitch_at(pcm, sound[0] + 0.2) == pytest.approx(440 * number, abs=5)
    assert marks[-1].end == pytest.approx(len(pcm), abs=1200)


def test_an_m4b_is_exactly_as_long_as_its_tracks(tmp_path: Path, parts: list[Part]) -> None:
    whole_m4b(parts, tmp_path / "whole.m4b", tags_with())
    assert len(decoded(tmp_path / "whole.m4b")) == sum(part.samples for part in parts)


def test_a_joined_mp3_is_a_copy_and_has_a_table_of_chapters(
    tmp_path: Path, parts: list[Part]
) -> None:
    out = tmp_path / "whole.mp3"
    marks = whole_mp3(parts, out, tags_with())
    tags = ID3(out)
    assert tags.version == (2, 3, 0)
    contents = tags.getall("CTOC")[0]
    chapters = {chapter.element_id: chapter for chapter in tags.getall("CHAP")}
    ordered = [chapters[name] for name in contents.child_element_ids]
    assert [str(chapter.sub_frames["TIT2"]) for chapter in ordered] == list(TITLES)
    assert [chapter.start_time for chapter in ordered] == [
        round(mark.start * 1000 / RATE) for mark in marks
    ]
    joined = out.read_bytes()
    assert parts[1].file.read_bytes()[-1000:] in joined  # the very frames


def test_an_m4b_names_its_chapters_and_shows_the_cover(tmp_path: Path, parts: list[Part]) -> None:
    cover = tmp_path / "cover.jpg"
    picture = ["-f", "lavfi", "-i", "color=c=red:s=64x64:d=1", "-frames:v", "1", str(cover)]
    subprocess.run([ffmpeg(), "-loglevel", "error", *picture], check=True)
    whole_m4b(parts, tmp_path / "whole.m4b", tags_with(cover))
    shown = subprocess.run(
        [ffmpeg(), "-hide_banner", "-i", str(tmp_path / "whole.m4b")],
        capture_output=True,
        check=False,
    ).stderr.decode()
    for title in TITLES:
        assert re.search(rf"title\s+: {re.escape(title)}\n", shown)
    assert "attached pic" in shown
    assert "artist          : Ada Meyer" in shown


def test_a_damaged_track_is_an_error_and_leaves_nothing_behind(
    tmp_path: Path, parts: list[Part]
) -> None:
    parts[1].file.write_bytes(b"no sound at all")
    before = {path.name for path in tmp_path.iterdir()}
    for join, name in ((whole_mp3, "whole.mp3"), (whole_m4b, "whole.m4b")):
        with pytest.raises(SpeechFailed):
            join(parts, tmp_path / name, tags_with())
        assert {path.name for path in tmp_path.iterdir()} == before
