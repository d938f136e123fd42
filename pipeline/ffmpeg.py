"""ffmpeg out of a wheel, for what is asked for rarely: joining a document's tracks."""

from __future__ import annotations

import signal
import subprocess
from functools import lru_cache

from pipeline.errors import DiskFull, SpeechFailed

QUIETLY = ("-hide_banner", "-nostdin", "-loglevel", "error", "-xerror", "-y")
_NO_ROOM = ("no space left", "quota exceeded", "file too large")


def run_ffmpeg(*arguments: str) -> None:
    """One whole run. Raises `DiskFull`, `SpeechFailed`."""
    done = subprocess.run([ffmpeg(), *QUIETLY, *arguments], capture_output=True, check=False)
    if done.returncode == 0:
        return
    complaint = done.stderr.decode(errors="replace").lower()
    has_no_room = any(words in complaint for words in _NO_ROOM)
    raise DiskFull if has_no_room or done.returncode == -signal.SIGXFSZ else SpeechFailed


@lru_cache(maxsize=1)
def ffmpeg() -> str:
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())
