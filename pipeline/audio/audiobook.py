"""A document's tracks → one file with chapter marks: MP3 without a second encoding, or M4B.

A joined MP3 keeps each track's few milliseconds of encoder padding, so its chapters start where
frames do, not where samples of the tracks would: both are computed, and tests decode them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

from mutagen.id3 import CHAP, CTOC, ID3, TIT2, CTOCFlags

from pipeline.audio.ffmpeg import run_ffmpeg
from pipeline.audio.mp3 import ENCODER_DELAY, FRAME_BYTES, FRAME_SAMPLES, INFO_BYTES, RATE
from pipeline.audio.tags import UTF16, Tags, write_tags
from pipeline.domain import Document, Narration

AAC_BITRATE = "64k"
NO_OFFSET = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One chapter's track, in order. `samples` at 24 kHz."""

    file: Path
    title: str
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterMark:
    """A chapter's place in the whole, in samples."""

    title: str
    start: int
    end: int


def whole_mp3(parts: Sequence[Part], out: Path, tags: Tags) -> list[ChapterMark]:
    """Tracks joined by stream copy, with CHAP and CTOC. Raises `DiskFull`, `SpeechFailed`."""
    half = out.with_name(f".{out.name}.part")
    marks = _marks([(part.title, _frames(part.file) * FRAME_SAMPLES) for part in parts])
    marks[-1] = replace(marks[-1], end=marks[-1].end - ENCODER_DELAY)
    try:
        with _joined(parts) as source:
            run_ffmpeg(
                *source.arguments,
                *("-c", "copy", "-map_metadata", "-1", "-f", "mp3", str(half)),
                reads=source.files,
                writes=[half],
            )
        write_tags(half, tags)
        _write_chapters(half, marks)
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)
    return marks


def whole_m4b(parts: Sequence[Part], out: Path, tags: Tags) -> list[ChapterMark]:
    """An audiobook file: AAC, chapters, cover. Raises `DiskFull`, `SpeechFailed`."""
    half = out.with_name(f".{out.name}.part")
    marks = _marks([(part.title, part.samples) for part in parts])
    try:
        with _joined(parts) as source, tempfile.TemporaryDirectory() as folder:
            metadata = Path(folder) / "metadata.txt"
            metadata.write_text(_ffmetadata(marks, tags), encoding="utf-8")
            pictures = [tags.cover] if tags.cover is not None and tags.cover.is_file() else []
            picture = ("-map", "2:v", "-c:v", "copy", "-disposition:v:0", "attached_pic")
            run_ffmpeg(
                *source.arguments,
                *("-i", str(metadata), *(part for file in pictures for part in ("-i", str(file)))),
                *("-map", "0:a", *(picture if pictures else ())),
                *("-af", "asetpts=N/SR/TB"),  # from zero, without the parts' own offsets
                *("-map_metadata", "1", "-map_chapters", "1", "-c:a", "aac", "-b:a", AAC_BITRATE),
                *("-ar", str(RATE), "-ac", "1", "-movflags", "+faststart", "-f", "ipod", str(half)),
                reads=[*source.files, metadata, *pictures],
                writes=[half],
            )
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)
    return marks


def whole_tags(document: Document, narration: Narration, cover: Path | None) -> Tags:
    return Tags(
        title=document.title,
        album=document.title,
        artist=", ".join(document.authors) or "ListenDock",
        number=1,
        total=1,
        language=narration.language,
        lyrics="",
        comment=document.summary,
        cover=cover,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Input:
    """All parts as one input: ffmpeg's arguments, and the files that it opens for it."""

    arguments: tuple[str, ...]
    files: list[Path]


@contextmanager
def _joined(parts: Sequence[Part]) -> Iterator[_Input]:
    """The list lies in a file meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "parts.txt"
        lines = "".join(f"file '{_quoted(part.file)}'\n" for part in parts)
        path.write_text(lines, encoding="utf-8")
        yield _Input(
            arguments=("-f", "concat", "-safe", "0", "-i", str(path)),
            files=[path, *(part.file for part in parts)],
        )


def _quoted(file: Path) -> str:
    return str(file.resolve()).replace("'", "'\\''")


def _frames(mp3: Path) -> int:
    """Frames of sound: what is left of the file without its tag and its Info frame."""
    tag = ID3(mp3).size if _has_tag(mp3) else 0
    return (mp3.stat().st_size - tag - INFO_BYTES) // FRAME_BYTES


def _has_tag(mp3: Path) -> bool:
    with mp3.open("rb") as file:
        return file.read(3) == b"ID3"


def _marks(lengths: Sequence[tuple[str, int]]) -> list[ChapterMark]:
    ends = list(accumulate(length for _, length in lengths))
    starts = [0, *ends[:-1]]
    return [
        ChapterMark(title=title, start=start, end=end)
        for (title, _), start, end in zip(lengths, starts, ends, strict=True)
    ]


def _write_chapters(mp3: Path, marks: Sequence[ChapterMark]) -> None:
    frames = ID3(mp3)
    names = [f"chp{number}" for number in range(len(marks))]
    flags = CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED
    frames.add(CTOC(element_id="toc", flags=flags, child_element_ids=names, sub_frames=[]))
    for name, mark in zip(names, marks, strict=True):
        frames.add(
            CHAP(
                element_id=name,
                start_time=_milliseconds(mark.start),
                end_time=_milliseconds(mark.end),
                start_offset=NO_OFFSET,
                end_offset=NO_OFFSET,
                sub_frames=[TIT2(encoding=UTF16, text=mark.title)],
            )
        )
    frames.save(mp3, v1=0, v2_version=3)


def _milliseconds(samples: int) -> int:
    return round(samples * 1000 / RATE)


def _ffmetadata(marks: Sequence[ChapterMark], tags: Tags) -> str:
    return "\n".join(_metadata_lines(marks, tags)) + "\n"


def _metadata_lines(marks: Sequence[ChapterMark], tags: Tags) -> Iterator[str]:
    yield ";FFMETADATA1"
    for key, value in (
        ("title", tags.title),
        ("album", tags.album),
        ("artist", tags.artist),
        ("genre", "Audiobook"),
        ("comment", tags.comment),
    ):
        yield f"{key}={_escaped(value)}"
    for mark in marks:
        yield f"[CHAPTER]\nTIMEBASE=1/{RATE}\nSTART={mark.start}\nEND={mark.end}"
        yield f"title={_escaped(mark.title)}"


def _escaped(text: str) -> str:
    """ffmetadata's own signs behind a backslash; a tag is one line."""
    line = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "=;#\\" else sign for sign in line)
