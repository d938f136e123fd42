"""A track's cover, small: for chats that show a picture beside an audio file."""

from __future__ import annotations

import subprocess
from pathlib import Path

from pipeline.audio.ffmpeg import QUIETLY, ffmpeg

SIDE = 320  # pixels
PATIENCE_S = 20.0


def thumbnail_of(mp3: Path) -> bytes | None:
    """The picture in its tags as a JPEG of at most 320 × 320 pixels; None if it has none.

    ffmpeg does it in a process of its own: the picture comes from a stranger's PDF.
    """
    fitted = f"scale={SIDE}:{SIDE}:force_original_aspect_ratio=decrease"
    command = [
        *(ffmpeg(), *QUIETLY, "-i", str(mp3)),
        *("-map", "0:v:0", "-vf", fitted, "-frames:v", "1"),
        *("-c:v", "mjpeg", "-q:v", "5", "-f", "image2pipe", "-"),
    ]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE_S)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 and done.stdout else None
