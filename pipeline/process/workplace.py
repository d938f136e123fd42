"""A child's own folder: what it is given for a job lies in `in`, what it makes in `out`.

It may read both and write the second; nothing else of ours is open to it. Files come as links where
a link is safe, else as copies, and go as copies: a child may still hold a file open.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG
from typing import Any

from pipeline.errors import DiskFull, is_disk_full
from pipeline.process.frames import Json
from pipeline.process.lock import links_are_safe

BLOCK = 512  # bytes, in which `st_blocks` counts
MOST_BYTES, MOST_FILES = 3 * 1024**3, 10_000  # a decoded chapter of ten hours is the most


@dataclass(frozen=True, slots=True)
class Given:
    """In a request: a file, or a folder of files, that the child may read under its own name."""

    path: Path


@dataclass(frozen=True, slots=True)
class Wanted:
    """In a request: where the program wants what the child makes. `in_part`: also what is there
    when the child fails or ends. What is larger than `most_bytes` counts as not made."""

    path: Path
    in_part: bool = False
    most_bytes: int = 2 * 1024**3


@dataclass(slots=True)
class Job:
    """A request as the child sees it, and what to bring back from it, by where it is made."""

    request: Json = field(default_factory=dict)
    wanted: dict[Path, Wanted] = field(default_factory=dict)


class Workplace:
    """Blocking; used from threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inlay, self.outlay = folder / "in", folder / "out"

    def open(self) -> None:
        for folder in (self.folder, self.inlay, self.outlay):
            folder.mkdir(mode=0o700)

    def prepare(self, request: Json) -> Job:
        """Put there what the request gives. Raises `OSError`, `DiskFull`."""
        job = Job()
        try:
            job.request = self._laid(request, job)
        except OSError as err:
            raise _named(err) from err
        return job

    def bring_back(self, job: Job, *, is_well: bool) -> None:
        """What was made; of a job that failed what is wanted all the same. Raises `DiskFull`."""
        try:
            for made, wanted in job.wanted.items():
                if is_well or wanted.in_part:
                    _take_over(made, wanted.path, wanted.most_bytes)
        except OSError as err:
            raise _named(err) from err

    def clear(self) -> None:
        """For the next job."""
        for folder in (self.inlay, self.outlay):
            for entry in _entries(folder):
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    Path(entry.path).unlink(missing_ok=True)

    def holds_too_much(self) -> bool:
        """Whether more lies where the child writes than any job makes, or more files than one may
        count."""
        taken = 0
        for number, file in enumerate(_files(self.outlay)):
            with suppress(OSError):  # it goes while one looks
                taken += file.stat(follow_symlinks=False).st_blocks * BLOCK
            if taken > MOST_BYTES or number > MOST_FILES:
                return True
        return False

    def is_held_by(self, pid: int) -> bool:
        """Whether a process still has a file open, or mapped, that it wrote and that lies here no
        more: it takes room that nobody sees. Where there is no `/proc` nobody knows."""
        ours = f"{self.outlay}/"
        return any(name.startswith(ours) and name.endswith(" (deleted)") for name in _held(pid))

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _laid(self, value: Any, job: Job) -> Any:
        match value:
            case Given(path):
                return str(self._give(path))
            case Wanted():
                made = self.outlay / str(len(job.wanted))
                job.wanted[made] = value
                return str(made)
            case dict():
                return {key: self._laid(each, job) for key, each in value.items()}
            case list() | tuple():
                return [self._laid(each, job) for each in value]
        return value

    def _give(self, path: Path) -> Path:
        """In a folder of its own, since two may have the same name and documents are called after
        theirs."""
        place = self.inlay / str(sum(1 for _ in _entries(self.inlay)))
        place.mkdir()
        if not path.is_dir():
            return _lent(path, place)
        for file in path.iterdir():
            if file.is_file():
                _lent(file, place)
        return place


def _lent(file: Path, folder: Path) -> Path:
    """A link, where the child can do no harm to it, and where it is ours to be read."""
    real = file.resolve(strict=True)
    place = folder / real.name
    if links_are_safe() and hasattr(os, "geteuid") and real.stat().st_uid == os.geteuid():
        try:
            place.hardlink_to(real)
        except OSError:  # on another disk, or of a kind that has no links
            shutil.copyfile(real, place)
    else:
        shutil.copyfile(real, place)
    return place


def _take_over(made: Path, place: Path, most_bytes: int) -> None:
    """A copy, by its contents alone: a child's folder may hold anything under any name."""
    try:
        source = os.open(made, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | _NO_WAITING)
    except OSError:
        return  # it made none
    with open(source, "rb") as file:  # noqa: PTH123 - a descriptor
        found = os.fstat(source)
        if not S_ISREG(found.st_mode) or found.st_size > most_bytes:
            return
        half = place.with_name(f".{place.name[:200]}.part")
        try:
            with half.open("wb") as out:
                shutil.copyfileobj(file, out, 1024 * 1024)
            half.replace(place)
        finally:
            half.unlink(missing_ok=True)


_NO_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        yield from found


def has_room(folder: Path) -> bool:
    """For as much as a child may hold. Blocking."""
    trial = folder / "trial"
    try:
        with trial.open("wb") as file:
            _reserve(file.fileno(), MOST_BYTES)
    except OSError as err:
        return not is_disk_full(err)
    finally:
        trial.unlink(missing_ok=True)
    return True


def _reserve(file: int, size: int) -> None:
    """Raises `OSError`. Where a system has no such call (macOS) the disk as a whole tells."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
    elif os.fstatvfs(file).f_bavail * os.fstatvfs(file).f_frsize < size:
        raise OSError(errno.ENOSPC, "no room")


def _files(folder: Path) -> Iterator[os.DirEntry[str]]:
    """All that lies in it, at any depth."""
    with suppress(OSError):
        for entry in _entries(folder):
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from _files(Path(entry.path))


def _held(pid: int) -> Iterator[str]:
    with suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                yield str(link.readlink())
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/maps").read_text(errors="replace").splitlines():
            yield line[line.find("/") :]


def _named(err: OSError) -> Exception:
    return DiskFull() if is_disk_full(err) else err
