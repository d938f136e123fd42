"""A document's tracks as files to take along: every chapter once, in order, none too large."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.audio.audiobook import Part
from pipeline.audio.exports import Exported, audiobook_parts, grouped, safe, unique, zip_parts
from pipeline.audio.ffmpeg import JOINING, ffmpeg
from pipeline.audio.mp3 import RATE
from pipeline.errors import SpeechFailed
from tests.hearing import decoded, sounds
from tests.integration.test_whole import EDGE_S, a_part, pitch_at, tags_with
from tests.sounds import an_mp3

LARGE = 50_000_000
LENGTHS = (2.0, 1.5, 2.5, 1.0, 2.0)


@pytest.fixture
def tracks(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "tracks"
    folder.mkdir()
    return [
        an_mp3(folder / f"{number}.mp3", seconds=seconds)
        for number, seconds in enumerate(LENGTHS, start=1)
    ]


@pytest.fixture
def parts(tmp_path: Path) -> list[Part]:
    """Tracks of one tone each, a quarter of a second of silence at both ends."""
    folder = tmp_path / "tracks"
    folder.mkdir()
    return [
        a_part(folder / f"{number}.mp3", f"Chapter {number}", round(seconds * RATE), 300 * number)
        for number, seconds in enumerate(LENGTHS, start=1)
    ]


def names_for(tracks: Sequence[Path]) -> list[str]:
    return [f"{number:02d}-bees.mp3" for number in range(1, len(tracks) + 1)]


def is_a_partition(exported: Sequence[Exported], count: int) -> bool:
    """Every chapter once, in order."""
    places = [place for part in exported for place in range(part.first, part.last + 1)]
    return places == list(range(1, count + 1))


# --- ZIPs ---------------------------------------------------------------------------------------


def test_what_fits_is_one_zip_with_the_very_tracks(tmp_path: Path, tracks: list[Path]) -> None:
    out = tmp_path / "out"
    exported = zip_parts(tracks, names_for(tracks), out, "bees", limit=LARGE)
    assert exported == [Exported(file=out / "bees.zip", first=1, last=5)]
    assert [path.name for path in out.iterdir()] == ["bees.zip"]
    with zipfile.ZipFile(out / "bees.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == names_for(tracks)
        for info, track in zip(archive.infolist(), tracks, strict=True):
            assert archive.read(info) == track.read_bytes()
            assert info.compress_type == zipfile.ZIP_STORED
            assert stat.S_ISREG(info.external_attr >> 16)


@pytest.mark.parametrize("share", [1, 1.5, 2, 2.5, 3])
def test_what_does_not_fit_is_split_in_order(
    tmp_path: Path, tracks: list[Path], share: float
) -> None:
    limit = round(max(track.stat().st_size for track in tracks) * share) + 200
    exported = zip_parts(tracks, names_for(tracks), tmp_path / "out", "bees", limit=limit)
    count = len(exported)
    assert count > 1
    assert is_a_partition(exported, len(tracks))
    assert [part.file.name for part in exported] == [
        f"bees-{number}-of-{count}.zip" for number in range(1, count + 1)
    ]
    held: list[str] = []
    for part in exported:
        assert part.file.stat().st_size <= limit
        with zipfile.ZipFile(part.file) as archive:
            assert archive.namelist() == names_for(tracks)[part.first - 1 : part.last]
            held += archive.namelist()
    assert held == names_for(tracks)


def test_the_directory_counts_and_not_a_byte_is_given_away(
    tmp_path: Path, tracks: list[Path]
) -> None:
    names = ["01-bienenstöcke.mp3", *names_for(tracks)[1:]]
    (whole,) = zip_parts(tracks, names, tmp_path / "out", "bees", limit=LARGE)
    size = whole.file.stat().st_size
    assert len(zip_parts(tracks, names, tmp_path / "out", "bees", limit=size)) == 1
    assert len(zip_parts(tracks, names, tmp_path / "out", "bees", limit=size - 1)) == 2


def test_the_same_tracks_give_the_same_bytes(tmp_path: Path, tracks: list[Path]) -> None:
    (first,) = zip_parts(tracks, names_for(tracks), tmp_path / "a", "bees", limit=LARGE)
    for track in tracks:
        track.touch()
        track.chmod(0o600)
    (second,) = zip_parts(tracks, names_for(tracks), tmp_path / "b", "other", limit=LARGE)
    assert first.file.read_bytes() == second.file.read_bytes()


def test_a_track_that_is_too_large_is_refused_and_leaves_nothing(
    tmp_path: Path, tracks: list[Path]
) -> None:
    with pytest.raises(ValueError, match="track 3"):
        zip_parts(tracks, names_for(tracks), tmp_path / "out", "bees", limit=14_000)
    assert not list(tmp_path.glob("out/*"))


def test_names_are_safe_and_each_is_there_once(tmp_path: Path, tracks: list[Path]) -> None:
    decomposed = unicodedata.normalize("NFD", "Bienenstöcke.mp3")
    names = ["../../etc/größe.mp3", "a/b\\c.mp3", "Bienenstöcke.mp3", decomposed, "A-B-C.MP3"]
    (whole,) = zip_parts(tracks, names, tmp_path / "out", "über/alles", limit=LARGE)
    assert whole.file == tmp_path / "out" / "über-alles.zip"
    with zipfile.ZipFile(whole.file) as archive:
        assert archive.namelist() == [
            "-..-etc-größe.mp3",
            "a-b-c.mp3",
            "Bienenstöcke.mp3",
            "Bienenstöcke-2.mp3",
            "A-B-C-2.MP3",
        ]
        archive.extractall(tmp_path / "unpacked")
    assert len(list((tmp_path / "unpacked").iterdir())) == len(tracks)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("03-蜂の舞.mp3", "03-蜂の舞.mp3"),
        ('what? a: "b" <c> | d*.mp3', "what- a- -b- -c- - d-.mp3"),
        ("line\nbreak\0.mp3", "line-break-.mp3"),
        ("con.mp3", "-con.mp3"),
        ("..", "track"),
        ("", "track"),
        ("/", "-"),
        ("half \ud83d.mp3", "half -.mp3"),
    ],
)
def test_a_name_is_a_name_everywhere(name: str, expected: str) -> None:
    assert safe(name) == expected


def test_long_names_keep_their_ending_and_stay_apart() -> None:
    long = "蜂" * 300 + ".mp3"
    first, second = unique([long, long])
    assert first != second
    assert all(name.endswith(".mp3") and len(name.encode()) < 200 for name in (first, second))


def test_nothing_is_nothing(tmp_path: Path) -> None:
    assert zip_parts([], [], tmp_path, "bees", limit=LARGE) == []
    assert audiobook_parts([], tmp_path, "bees", tags_with(), limit=LARGE) == []
    assert grouped([], 10) == []


FULL_DISK = """
import resource, sys
from pathlib import Path
from pipeline.errors import DiskFull
from pipeline.audio.exports import audiobook_parts, zip_parts
from pipeline.audio.audiobook import Part
from tests.integration.test_whole import tags_with
folder, track = Path(sys.argv[1]), Path(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
parts = [Part(file=track, title="Bees", samples=48000)]
for export in (
    lambda: zip_parts([track], ["bees.mp3"], folder, "bees", limit=10**8),
    lambda: audiobook_parts(parts, folder, "bees", tags_with(), limit=10**8),
):
    try:
        export()
    except DiskFull:
        print("full")
"""


def test_a_full_disk_is_named_and_leaves_nothing(tmp_path: Path, tracks: list[Path]) -> None:
    """Files that may not grow stand for a disk that has no room."""
    out = tmp_path / "out"
    arguments = [sys.executable, "-c", FULL_DISK, str(out), str(tracks[0])]
    done = subprocess.run(arguments, capture_output=True, check=True, text=True)
    assert done.stdout.split() == ["full", "full"]
    assert not list(out.iterdir())


# --- audiobooks ---------------------------------------------------------------------------------


def marks_of(m4b: Path) -> list[tuple[float, str]]:
    """Start and title of each chapter, as a player sees them."""
    shown = subprocess.run(
        [ffmpeg(), "-hide_banner", "-i", str(m4b)], capture_output=True, check=False
    ).stderr.decode()
    found = re.findall(r"Chapter #\d+:\d+: start ([\d.]+).*?title\s+: (.*?)\n", shown, re.DOTALL)
    return [(float(start), title) for start, title in found]


def title_of(m4b: Path) -> str:
    shown = subprocess.run(
        [ffmpeg(), "-hide_banner", "-i", str(m4b)], capture_output=True, check=False
    ).stderr.decode()
    return re.search(r"\n    title\s+: (.*)\n", shown)[1]  # type: ignore[index]


def check_sound(exported: Exported, parts: Sequence[Part]) -> None:
    """Titles, starts, and that each chapter sounds as its track does."""
    own = parts[exported.first - 1 : exported.last]
    marks = marks_of(exported.file)
    assert [title for _, title in marks] == [part.title for part in own]
    pcm = decoded(exported.file)
    assert len(pcm) == sum(part.samples for part in own)
    heard = [sound for sound in sounds(pcm) if sound[1] - sound[0] > 0.3]
    place = 0
    for (start, title), sound, part in zip(marks, heard, own, strict=True):
        assert start == pytest.approx(place / RATE, abs=0.002)
        assert sound[0] - start == pytest.approx(EDGE_S, abs=0.005)
        assert pitch_at(pcm, sound[0] + 0.1) == pytest.approx(300 * int(title[-1]), abs=8)
        place += part.samples


def test_what_fits_is_one_audiobook(tmp_path: Path, parts: list[Part]) -> None:
    out = tmp_path / "out"
    exported = audiobook_parts(parts, out, "bees", tags_with(), limit=LARGE)
    assert exported == [Exported(file=out / "bees.m4b", first=1, last=5)]
    assert [path.name for path in out.iterdir()] == ["bees.m4b"]
    assert title_of(out / "bees.m4b") == "Bees"
    check_sound(exported[0], parts)


@pytest.mark.parametrize("limit", [22_000, 30_000, 40_000])
def test_an_audiobook_is_split_between_chapters(
    tmp_path: Path, parts: list[Part], limit: int
) -> None:
    exported = audiobook_parts(parts, tmp_path / "out", "bees", tags_with(), limit=limit)
    count = len(exported)
    assert count > 1
    assert is_a_partition(exported, len(parts))
    assert [part.file.name for part in exported] == [
        f"bees-{number}-of-{count}.m4b" for number in range(1, count + 1)
    ]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {p.file.name for p in exported}
    for part in exported:
        assert part.file.stat().st_size <= limit
        check_sound(part, parts)


def test_the_title_of_a_part_tells_its_chapters(tmp_path: Path, parts: list[Part]) -> None:
    for part in audiobook_parts(parts, tmp_path / "out", "bees", tags_with(), limit=30_000):
        span = f"{part.first}" if part.first == part.last else f"{part.first}–{part.last}"
        assert title_of(part.file) == f"Bees ({span})"


def test_a_wrong_estimate_is_halved(tmp_path: Path, parts: list[Part]) -> None:
    """The tracks are longer than they were said to be."""
    short = [replace(part, samples=1) for part in parts]
    exported = audiobook_parts(short, tmp_path / "out", "bees", tags_with(), limit=30_000)
    assert [(part.first, part.last) for part in exported] == [(1, 2), (3, 3), (4, 5)]
    assert all(part.file.stat().st_size <= 30_000 for part in exported)
    assert sum(len(decoded(part.file)) for part in exported) == sum(p.samples for p in parts)


def test_a_chapter_that_is_too_large_is_refused_and_leaves_nothing(
    tmp_path: Path, parts: list[Part]
) -> None:
    with pytest.raises(ValueError, match="chapter 1"):
        audiobook_parts(parts, tmp_path / "out", "bees", tags_with(), limit=6_000)
    assert not list((tmp_path / "out").iterdir())


def test_a_damaged_track_leaves_nothing(tmp_path: Path, parts: list[Part]) -> None:
    parts[4].file.write_bytes(b"no sound at all")
    with pytest.raises(SpeechFailed):
        audiobook_parts(parts, tmp_path / "out", "bees", tags_with(), limit=22_000)
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.skipif(shutil.which("nice") is None, reason="there is no nice")
def test_ffmpeg_steps_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program in ffmpeg's place writes down how nice it is."""
    told = tmp_path / "told"
    program = tmp_path / "ffmpeg"
    text = f"#!/bin/sh\nread -r line < /proc/$$/stat\necho \"$line\" > '{told}'\n"
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr("pipeline.audio.ffmpeg.ffmpeg", lambda: str(program))
    from pipeline.audio.ffmpeg import run_ffmpeg

    run_ffmpeg("-version", writes=[told])
    own = subprocess.run(["nice"], capture_output=True, check=True, text=True).stdout
    niceness = told.read_text(encoding="ascii").rsplit(")", 1)[1].split()[16]
    assert int(niceness) == min(19, int(own) + JOINING.niceness)
