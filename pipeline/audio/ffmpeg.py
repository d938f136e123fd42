"""ffmpeg, of the system or out of a wheel (the extra `m4b`), for what is asked for rarely: joining
tracks, and strangers' sounds and pictures. It runs locked up, with nothing but the files that it is
for."""

from __future__ import annotations

import signal
from collections.abc import Collection
from pathlib import Path

from pipeline.errors import DiskFull, NoFfmpeg, SpeechFailed
from pipeline.process.programs import Ended, ProgramLimits, ffmpeg, run_program

QUIETLY = ("-hide_banner", "-nostdin", "-loglevel", "error", "-xerror", "-y")
# An hour of a processor joins two weeks of sound.
JOINING = ProgramLimits(cpu_s=3600, memory_mb=1000, file_mb=4096)
TOO_LARGE = -getattr(signal, "SIGXFSZ", 0) or None  # Windows has none
_NO_ROOM = ("no space left", "quota exceeded", "file too large")


def ffmpeg_is_installed() -> bool:
    """Whether there is one. Asked without starting it."""
    try:
        ffmpeg()
    except FileNotFoundError:
        return False
    return True


def run_ffmpeg(
    *arguments: str, reads: Collection[Path] = (), writes: Collection[Path] = ()
) -> None:
    """One whole run, after whatever is more urgent. Raises `DiskFull`, `SpeechFailed`,
    `NoFfmpeg`."""
    if not ffmpeg_is_installed():
        raise NoFfmpeg
    done = start_ffmpeg(*arguments, limits=JOINING, reads=reads, writes=writes)
    if done.code == 0:
        return
    complaint = done.complained.decode(errors="replace").lower()
    has_no_room = any(words in complaint for words in _NO_ROOM)
    raise DiskFull if has_no_room or done.code == TOO_LARGE else SpeechFailed


def start_ffmpeg(
    *arguments: str, limits: ProgramLimits, reads: Collection[Path], writes: Collection[Path] = ()
) -> Ended:
    """Raises `OSError` where there is none."""
    return run_program([ffmpeg(), *QUIETLY, *arguments], limits, reads=reads, writes=writes)
