"""What a listener's player makes of an audio file: samples, loudness, where sound begins; by the
ffmpeg that we ship with."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from pipeline.audio.sound import Segment

RATE = 24_000


def decoded(audio: Path) -> NDArray[np.int16]:
    """Mono samples at 24 kHz, without the encoder's padding."""
    done = subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(),
            *("-v", "error", "-i", str(audio), "-map", "0:a"),
            *("-f", "s16le", "-ac", "1", "-ar", str(RATE), "-"),
        ],
        capture_output=True,
        check=True,
    )
    assert not done.stderr, done.stderr
    return np.frombuffer(done.stdout, dtype=np.int16)


def samples_of(piece: Segment) -> NDArray[np.int16]:
    """Of sound that is no file yet."""
    return np.frombuffer(piece.raw_data, dtype="<i2")


def seconds(mp3: Path) -> float:
    return len(decoded(mp3)) / RATE


def loudness(file: Path) -> tuple[float, float]:
    """Integrated LUFS and true peak in dBTP, by ffmpeg's EBU R128 meter."""
    arguments = ["-hide_banner", "-nostats", "-i", str(file), "-map", "0:a"]
    meter = ["-af", "ebur128=peak=true", "-f", "null", "-"]
    done = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), *arguments, *meter], capture_output=True, check=True
    )
    summary = done.stderr.decode().rpartition("Summary:")[2]
    loud, peak = re.search(r"I:\s+(\S+)", summary), re.search(r"Peak:\s+(\S+)", summary)
    assert loud
    assert peak
    return float(loud[1]), float(peak[1])


def sounds(pcm: NDArray[np.int16], *, above: int = 300) -> list[tuple[float, float]]:
    """Start and end in seconds of each stretch of sound, silences under 50 ms ignored."""
    heard = np.flatnonzero(np.abs(pcm.astype(np.int32)) > above)
    if not len(heard):
        return []
    cuts = np.flatnonzero(np.diff(heard) > 0.05 * RATE)
    starts = [heard[0], *heard[cuts + 1]]
    ends = [*heard[cuts], heard[-1]]
    return [(start / RATE, end / RATE) for start, end in zip(starts, ends, strict=True)]
