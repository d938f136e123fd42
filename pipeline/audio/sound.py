"""What is done to a voice's samples: one rate, even peaks, no clicks, silence where we want it.

numpy computes, pydub holds the pieces that are put together."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.audio.mp3 import RATE
from pipeline.ports import Pcm

Segment = Any  # a pydub.AudioSegment: 24 kHz, mono, 16 bits

CEILING = 0.78  # of samples; what MP3 and the wave between samples add stays under −1 dBTP
KNEE_S = 0.0025  # the limiter looks this far, and turns down and up over twice as long
FADE_S = 0.005  # against clicks at joins
FRAME_S = 0.01
SILENCE_DB = -42.0  # under the loudest frame: breath and room, no speech
ONSET_S, RELEASE_S = 0.03, 0.08  # kept around speech: soft consonants and the end of a vowel


def resampled(pcm: Pcm, rate: int) -> Pcm:
    """The same sound at 24 kHz, band-limited, by way of its spectrum."""
    if rate == RATE or not len(pcm):
        return pcm
    step = rate // int(np.gcd(rate, RATE))
    padded = np.pad(pcm, (0, -len(pcm) % step))
    count = len(padded) * RATE // rate
    spectrum = np.fft.rfft(padded)
    kept = np.zeros(count // 2 + 1, dtype=spectrum.dtype)
    shared = min(len(kept), len(spectrum))
    kept[:shared] = spectrum[:shared]
    return np.asarray(np.fft.irfft(kept, count) * (count / len(padded)), dtype=np.float32)


def loudness_frames(pcm: Pcm, rate: int) -> NDArray[np.float32]:
    """The effective value of each 10 ms, shape (frames,)."""
    size = max(1, round(FRAME_S * rate))
    frames = np.pad(pcm, (0, -len(pcm) % size)).reshape(-1, size)
    return np.asarray(np.sqrt(np.mean(np.square(frames), axis=1)), dtype=np.float32)


def trimmed(pcm: Pcm) -> Pcm:
    """Without the silence that a voice puts before and after: the script has its own pauses."""
    frames = loudness_frames(pcm, RATE)
    speech = np.flatnonzero(frames > frames.max() * 10 ** (SILENCE_DB / 20))
    size = round(FRAME_S * RATE)
    start = speech[0] * size - round(ONSET_S * RATE)
    end = (speech[-1] + 1) * size + round(RELEASE_S * RATE)
    return pcm[max(0, start) : end]


def limited(pcm: Pcm) -> Pcm:
    """No sample above the ceiling: the gain bends down around a peak and up again, so that the
    wave keeps its shape (a clipped one crackles)."""
    if not len(pcm) or float(np.abs(pcm).max()) <= CEILING:
        return pcm
    size = round(KNEE_S * RATE)
    frames = np.abs(np.pad(pcm, (0, -len(pcm) % size))).reshape(-1, size).max(axis=1)
    wanted = np.minimum(1.0, CEILING / np.maximum(frames, 1e-9))
    lowest = _windows(wanted, 7).min(axis=1)
    smooth = _windows(lowest, 5).mean(axis=1)  # never above `wanted` at a peak: 5 fit into 7
    centres = (np.arange(len(frames)) + 0.5) * size
    gain = np.interp(np.arange(len(pcm)), centres, smooth)
    return np.asarray(pcm * gain, dtype=np.float32)


def _windows(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    padded = np.pad(values, width // 2, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, width)


def finished(pcm: Pcm) -> Segment:
    """Peaks under the ceiling, faded at both ends, 16 bits."""
    pcm = limited(pcm).astype(np.float32, copy=True)
    fade = min(round(FADE_S * RATE), len(pcm) // 2)
    ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
    pcm[:fade] *= ramp
    pcm[len(pcm) - fade :] *= ramp[::-1]
    return segment_of(np.round(pcm * 32767.0))


def segment_of(samples: NDArray[Any]) -> Segment:
    """Samples between -32768 and 32767, shape (n,), at 24 kHz."""
    data = samples.astype("<i2").tobytes()
    return _pydub()(data=data, sample_width=2, frame_rate=RATE, channels=1)


def silence(seconds: float) -> Segment:
    """To the millisecond."""
    return _pydub().silent(duration=round(seconds * 1000), frame_rate=RATE)


@lru_cache(maxsize=1)
def _pydub() -> Any:
    """Loaded where something is spoken. It looks for an ffmpeg on the PATH, and warns of none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    return AudioSegment
