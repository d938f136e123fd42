"""ffmpeg out of a wheel, for what is asked for rarely: joining a document's tracks."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from functools import lru_cache

from pipeline.errors import DiskFull, SpeechFailed

QUIETLY = ("-hide_banner", "-nostdin", "-loglevel", "error", "-xerror", "-y")
NICENESS = 10
BELOW_NORMAL = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)  # only Windows has it,
TOO_LARGE = -getattr(signal, "SIGXFSZ", 0) or None  # and only the others this
_NO_ROOM = ("no space left", "quota exceeded", "file too large")


def run_ffmpeg(*arguments: str) -> None:
    """One whole run, after whatever is more urgent. Raises `DiskFull`, `SpeechFailed`."""
    done = subprocess.run(
        [*_nicely(), ffmpeg(), *QUIETLY, *arguments],
        capture_output=True,
        check=False,
        creationflags=BELOW_NORMAL,
    )
    if done.returncode == 0:
        return
    complaint = done.stderr.decode(errors="replace").lower()
    has_no_room = any(words in complaint for words in _NO_ROOM)
    raise DiskFull if has_no_room or done.returncode == TOO_LARGE else SpeechFailed


@lru_cache(maxsize=1)
def _nicely() -> tuple[str, ...]:
    nice = shutil.which("nice") if os.name == "posix" else None
    return (nice, "-n", str(NICENESS)) if nice else ()


@lru_cache(maxsize=1)
def ffmpeg() -> str:
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())
