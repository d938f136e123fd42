"""Real MP3s, without a voice."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg


def an_mp3(path: Path, *, seconds: float) -> Path:
    """A tone of that length, as our tracks are coded."""
    subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(),
            *("-v", "error", "-f", "lavfi", "-i", f"sine=440:d={seconds}:r=24000"),
            *("-ac", "1", "-b:a", "48k", "-y", str(path)),
        ],
        check=True,
    )
    return path
