"""What a listener's player makes of an MP3: decoded samples, by the ffmpeg that we ship with."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

RATE = 24_000


def decoded(mp3: Path) -> NDArray[np.int16]:
    """Mono samples at 24 kHz, without the encoder's padding."""
    done = subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(),
            *("-v", "error", "-i", str(mp3), "-map", "0:a"),
            *("-f", "s16le", "-ac", "1", "-ar", str(RATE), "-"),
        ],
        capture_output=True,
        check=True,
    )
    assert not done.stderr, done.stderr
    return np.frombuffer(done.stdout, dtype=np.int16)


def seconds(mp3: Path) -> float:
    return len(decoded(mp3)) / RATE
