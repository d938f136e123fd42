"""A track's cover, small: for chats that show a picture beside an audio file."""

from __future__ import annotations

from pathlib import Path

from pipeline.audio.ffmpeg import start_ffmpeg
from pipeline.process.programs import ProgramLimits

SIDE = 320  # pixels
LIMITS = ProgramLimits(cpu_s=20, memory_mb=500, file_mb=1, still_s=20.0)


def thumbnail_of(mp3: Path) -> bytes | None:
    """The picture in its tags as a JPEG of at most 320 × 320 pixels; None if it has none.

    ffmpeg does it, locked up: the picture comes from a stranger's PDF.
    """
    fitted = f"scale={SIDE}:{SIDE}:force_original_aspect_ratio=decrease"
    arguments = (
        *("-i", str(mp3), "-map", "0:v:0", "-vf", fitted, "-frames:v", "1"),
        *("-c:v", "mjpeg", "-q:v", "5", "-f", "image2pipe", "-"),
    )
    try:
        done = start_ffmpeg(*arguments, limits=LIMITS, reads=[mp3])
    except OSError:
        return None
    return done.said if done.code == 0 and done.said else None
