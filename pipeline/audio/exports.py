"""A document's tracks as files to take along: ZIPs of MP3s, or M4Bs with chapter marks, none larger
than may be sent. Blocking; called in a thread. All parts come to be, or none."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.audio.audiobook import Part, whole_m4b
from pipeline.audio.mp3 import RATE
from pipeline.audio.tags import Tags
from pipeline.errors import DiskFull, is_disk_full

ENTRY_BYTES, END_BYTES = 30 + 46, 22  # of a ZIP: an entry's two headers, the directory's end
LARGEST_ZIP = 2_000_000_000  # what lies above needs ZIP64, which not every phone reads
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the same tracks give the same bytes
UNIX, IS_FILE = 3, 0o100644 << 16
AAC_BYTES_S = 64_000 / 8 * 1.05
LONGEST_NAME = 180  # bytes; a file system takes 255, and we add numbers
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # on Windows


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A file with the chapters `first` to `last`: places in what was given, from 1."""

    file: Path
    first: int
    last: int


def zip_parts(
    tracks: Sequence[Path], names: Sequence[str], folder: Path, stem: str, *, limit: int
) -> list[Exported]:
    """MP3s as `stem.zip`, or as `stem-1-of-3.zip` … in order, each of at most `limit` bytes.

    `names`: of the tracks in them, made safe and unique. Not packed: MP3s do not get smaller.
    Raises `ValueError` for a track that is too large, `DiskFull`."""
    entries = list(zip(tracks, unique(names), strict=True))
    sizes = [track.stat().st_size + ENTRY_BYTES + 2 * len(name.encode()) for track, name in entries]
    groups = grouped(sizes, min(limit, LARGEST_ZIP) - END_BYTES)
    with _making(folder) as workshop:
        made = [
            (_zipped(entries[group.start : group.stop], workshop / str(group.start)), group)
            for group in groups
        ]
        return _named(made, folder, stem, "zip")


def audiobook_parts(
    parts: Sequence[Part], folder: Path, stem: str, tags: Tags, *, limit: int
) -> list[Exported]:
    """The same as M4Bs with chapter marks, split between chapters where the seconds say so, and in
    halves where they were wrong. The title of one of several tells its chapters.

    Raises `ValueError` for a chapter that is too large, `DiskFull`, `SpeechFailed`."""
    cover = tags.cover.stat().st_size if tags.cover is not None and tags.cover.is_file() else 0
    sizes = [part.samples / RATE * AAC_BYTES_S for part in parts]
    with _making(folder) as workshop:

        def bound(group: range) -> Path:
            own = tags if len(group) == len(parts) else _tags_of(group, tags)
            out = workshop / f"{group.start}-{group.stop}"
            whole_m4b(parts[group.start : group.stop], out, own)
            return out

        made = [
            pair
            for group in grouped(sizes, limit - cover, is_strict=False)
            for pair in _small_enough(group, bound, limit)
        ]
        return _named(made, folder, stem, "m4b")


def grouped(sizes: Sequence[float], limit: float, *, is_strict: bool = True) -> list[range]:
    """Neighbours that together are within the limit, as many as fit. Raises `ValueError` for one
    that alone is not, if strict; else it stands alone."""
    groups: list[range] = []
    total = 0.0
    for place, size in enumerate(sizes):
        if is_strict and size > limit:
            raise ValueError(f"track {place + 1} is larger than a file may be")
        total += size
        if groups and total <= limit:
            groups[-1] = range(groups[-1].start, place + 1)
        else:
            groups.append(range(place, place + 1))
            total = size
    return groups


def unique(names: Sequence[str]) -> list[str]:
    """Safe file names, each once, wherever they are unpacked: Windows and macOS take capitals and
    small letters for the same."""
    taken: set[str] = set()
    found = []
    for name in map(safe, names):
        stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
        fresh, number = name, 1
        while fresh.casefold() in taken:
            number += 1
            fresh = f"{stem}-{number}{dot}{suffix}"
        taken.add(fresh.casefold())
        found.append(fresh)
    return found


def safe(name: str) -> str:
    """One name in one folder, on any system; letters of all scripts stay."""
    plain = unicodedata.normalize("NFC", name.encode(errors="replace").decode())
    plain = "".join("-" if unicodedata.category(sign)[0] == "C" else sign for sign in plain)
    plain = re.sub(r'[\\/:*?"<>|]+', "-", plain).strip(". ")
    if RESERVED.match(plain):
        plain = f"-{plain}"
    return _shortened(plain) or "track"


def _shortened(name: str) -> str:
    """Its beginning and its ending: bytes count, as file systems count them."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a name, not a path
    while len((stem + suffix).encode()) > LONGEST_NAME:
        stem, suffix = (stem[:-1], suffix) if stem else ("", suffix[:-1])
    return stem + suffix


def _zipped(entries: Sequence[tuple[Path, str]], out: Path) -> Path:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for track, name in entries:
            info = zipfile.ZipInfo(name, EARLIEST)
            info.create_system, info.external_attr = UNIX, IS_FILE
            info.file_size = track.stat().st_size
            with track.open("rb") as source, archive.open(info, "w") as target:
                shutil.copyfileobj(source, target, 1024 * 1024)
    return out


def _small_enough(
    group: range, bound: Callable[[range], Path], limit: int
) -> Iterator[tuple[Path, range]]:
    """A group as one file, or as several where it came out larger than was thought."""
    file = bound(group)
    if file.stat().st_size <= limit:
        yield file, group
        return
    file.unlink()
    if len(group) == 1:
        raise ValueError(f"chapter {group.start + 1} is larger than a file may be")
    middle = (group.start + group.stop) // 2
    for half in (range(group.start, middle), range(middle, group.stop)):
        yield from _small_enough(half, bound, limit)


def _tags_of(group: range, tags: Tags) -> Tags:
    """Of one part; how many there are is known when all are made."""
    chapters = f"{group.start + 1}" if len(group) == 1 else f"{group.start + 1}–{group.stop}"
    return replace(tags, title=f"{tags.title} ({chapters})")


@contextmanager
def _making(folder: Path) -> Iterator[Path]:
    """Where parts come to be, beside where they will lie; gone with what is left in it. Raises
    `DiskFull`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".export-", dir=folder) as workshop:
            yield Path(workshop)
    except OSError as err:
        if is_disk_full(err):
            raise DiskFull from err
        raise


def _named(
    made: Sequence[tuple[Path, range]], folder: Path, stem: str, suffix: str
) -> list[Exported]:
    exported = []
    for number, (file, group) in enumerate(made, start=1):
        part = f"-{number}-of-{len(made)}" if len(made) > 1 else ""
        out = folder / f"{safe(stem)}{part}.{suffix}"
        file.replace(out)
        exported.append(Exported(file=out, first=group.start + 1, last=group.stop))
    return exported
