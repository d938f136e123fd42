"""PCM → MP3 while it is being spoken: 24 kHz mono, 48 kbps CBR, exact in length.

ffmpeg reads samples from a pipe and writes a *file*: into a pipe it could not go back and write
the Info header, and players would guess the length (docs/decisions/0005).
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import DiskFull, SpeechFailed

Samples = NDArray[np.int16]
RATE = 24000
BITRATE = "48k"
# LAME's quality 7 costs half of its default; at 48 kbps mono the difference cannot be heard.
_ENCODER = (
    *("-c:a", "libmp3lame", "-b:a", BITRATE, "-compression_level", "7", "-write_xing", "1"),
    *("-map_metadata", "-1", "-write_id3v2", "0", "-id3v2_version", "0", "-f", "mp3"),
)
_NO_ROOM = ("no space left", "quota exceeded", "file too large")
PATIENCE_S = 120.0


class Mp3Writer:
    """Takes samples piece by piece; `samples` is how many there were."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.samples = 0

    def write(self, pcm: Samples) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(pcm.astype("<i2", copy=False).tobytes())
        self.samples += len(pcm)


@contextmanager
def mp3_writer(out: Path) -> Iterator[Mp3Writer]:
    """The file is whole when the block ends well. Raises `DiskFull`, `SpeechFailed`."""
    source = ("-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0")
    process = subprocess.Popen(
        [ffmpeg(), *QUIETLY, *source, *_ENCODER, os.fspath(out)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        yield Mp3Writer(process)
        _finish(process)
    except BrokenPipeError as err:
        _finish(process)
        raise SpeechFailed from err
    finally:
        _clear(process)


QUIETLY = ("-hide_banner", "-nostdin", "-loglevel", "error", "-y")


def run_ffmpeg(*arguments: str) -> None:
    """One whole run. Raises `DiskFull`, `SpeechFailed`."""
    done = subprocess.run([ffmpeg(), *QUIETLY, *arguments], capture_output=True, check=False)
    if done.returncode != 0:
        raise _reason(done.returncode, done.stderr)


@lru_cache(maxsize=1)
def ffmpeg() -> str:
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def _finish(process: subprocess.Popen[bytes]) -> None:
    _, complaint = process.communicate(timeout=PATIENCE_S)
    if process.returncode != 0:
        raise _reason(process.returncode, complaint)


def _reason(code: int, complaint: bytes) -> DiskFull | SpeechFailed:
    text = complaint.decode(errors="replace").lower()
    has_no_room = any(words in text for words in _NO_ROOM)
    return DiskFull() if has_no_room or code == -signal.SIGXFSZ else SpeechFailed()


def _clear(process: subprocess.Popen[bytes]) -> None:
    """Leave neither a process nor an open pipe, whatever happened."""
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stderr):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
