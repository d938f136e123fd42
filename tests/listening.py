"""What a test can hear in a file: its samples, its loudness, where sound begins."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.ffmpeg import ffmpeg
from pipeline.mp3 import RATE

Samples = NDArray[np.int16]


def decoded(file: Path) -> Samples:
    """As a player that knows the Info header hears it."""
    arguments = ["-loglevel", "error", "-i", str(file), "-map", "0:a", "-f", "s16le", "-ac", "1"]
    done = subprocess.run([ffmpeg(), *arguments, "-"], capture_output=True, check=True)
    return np.frombuffer(done.stdout, dtype="<i2")


def loudness(file: Path) -> tuple[float, float]:
    """Integrated LUFS and true peak in dBTP, by ffmpeg's EBU R128 meter."""
    arguments = ["-hide_banner", "-nostats", "-i", str(file), "-map", "0:a"]
    meter = ["-af", "ebur128=peak=true", "-f", "null", "-"]
    done = subprocess.run([ffmpeg(), *arguments, *meter], capture_output=True, check=True)
    summary = done.stderr.decode().rpartition("Summary:")[2]
    loud, peak = re.search(r"I:\s+(\S+)", summary), re.search(r"Peak:\s+(\S+)", summary)
    assert loud
    assert peak
    return float(loud[1]), float(peak[1])


def sounds(pcm: Samples, *, above: int = 300) -> list[tuple[float, float]]:
    """Start and end in seconds of each stretch of sound, silences under 50 ms ignored."""
    heard = np.flatnonzero(np.abs(pcm.astype(np.int32)) > above)
    if not len(heard):
        return []
    cuts = np.flatnonzero(np.diff(heard) > 0.05 * RATE)
    starts = [heard[0], *heard[cuts + 1]]
    ends = [*heard[cuts], heard[-1]]
    return [(start / RATE, end / RATE) for start, end in zip(starts, ends, strict=True)]
