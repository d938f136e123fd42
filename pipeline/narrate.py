"""A script → PCM → one tagged MP3. Runs in a child process.

Nothing is called spoken before it was checked: enough sound for the words, no silence, no clipping.
"""

from __future__ import annotations

import errno
import importlib
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.domain import Chapter, Document, Narration, Script, Utterance, from_json
from pipeline.errors import DiskFull, SpeechFailed
from pipeline.ports import Pcm, Voice
from pipeline.speakable import script_of, smaller
from pipeline.tags import Tags, write_tags

Json = dict[str, Any]
Samples = NDArray[np.int16]
LEAD_IN_S, LEAD_OUT_S = 0.25, 0.5
BITRATE = "48k"
LEAST_S_PER_CHARACTER, MOST_S_PER_CHARACTER = 0.02, 0.25
QUIETEST_RMS = 0.002
PEAK = 0.89  # −1 dBFS
FADE_S = 0.004  # against clicks at joins
DEEPEST_SPLIT = 3


def narrated(
    voice: Voice, script: Script, narration: Narration, out: Path, *, tags: Tags
) -> tuple[int, float]:
    """Speak a script into an MP3 at `out`, whole or not at all.

    Returns samples and seconds of CPU spent in the voice. Raises `SpeechFailed`, `DiskFull`.
    """
    began = time.process_time()
    pcm = spoken_pcm(voice, script, narration)
    speech_s = time.process_time() - began
    half = out.with_name(f".{out.name}.part")
    try:
        write_mp3(pcm, voice.sample_rate, half)
        write_tags(half, tags)
        half.replace(out)
    except OSError as err:
        half.unlink(missing_ok=True)
        if err.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull from err
        raise
    return len(pcm), speech_s


def spoken_pcm(voice: Voice, script: Script, narration: Narration) -> Samples:
    """The whole script as 16-bit samples, with its pauses."""
    if not any(_has_words(utterance) for utterance in script.utterances):
        raise SpeechFailed
    rate = voice.sample_rate
    parts: list[Samples] = [_silence(LEAD_IN_S, rate)]
    for utterance in script.utterances:
        parts.extend(_spoken(voice, utterance, narration, DEEPEST_SPLIT))
    parts.append(_silence(LEAD_OUT_S, rate))
    return np.concatenate(parts)


def _has_words(utterance: Utterance) -> bool:
    return any(sign.isalnum() for sign in utterance.text)


def _silence(seconds: float, rate: int) -> Samples:
    return np.zeros(round(seconds * rate), dtype=np.int16)


def _spoken(voice: Voice, utterance: Utterance, narration: Narration, splits: int) -> list[Samples]:
    """One utterance, checked; one that fails is tried again in halves."""
    if not _has_words(utterance):
        return [_silence(utterance.pause_s, voice.sample_rate)]
    try:
        pcm = voice.speak(utterance.text, speed=narration.speed, language=narration.language)
        _check(pcm, utterance.text, voice.sample_rate, narration.speed)
    except SpeechFailed:
        halves = smaller(utterance)
        if splits == 0 or len(halves) < 2:
            raise
        return [part for half in halves for part in _spoken(voice, half, narration, splits - 1)]
    return [_finished(pcm, voice.sample_rate), _silence(utterance.pause_s, voice.sample_rate)]


def _check(pcm: Pcm, text: str, rate: int, speed: float) -> None:
    """Raises `SpeechFailed` for what cannot be this text spoken."""
    letters = sum(sign.isalnum() for sign in text)
    seconds = len(pcm) / rate * speed
    is_finite = bool(len(pcm)) and bool(np.isfinite(pcm).all())
    if not is_finite or seconds < LEAST_S_PER_CHARACTER * letters:
        raise SpeechFailed
    if seconds > 2.0 + 3 * MOST_S_PER_CHARACTER * max(len(text), 4):
        raise SpeechFailed
    if float(np.sqrt(np.mean(np.square(pcm)))) < QUIETEST_RMS:
        raise SpeechFailed


def _finished(pcm: Pcm, rate: int) -> Samples:
    """Short fades against clicks, peaks bent under −1 dBFS, 16 bits."""
    fade = min(round(FADE_S * rate), len(pcm) // 2)
    ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
    pcm = pcm.astype(np.float32, copy=True)
    pcm[:fade] *= ramp
    pcm[len(pcm) - fade :] *= ramp[::-1]
    over = np.abs(pcm) > 0.7
    if over.any():  # a soft knee: what is above it is compressed, never cut
        pcm[over] = np.sign(pcm[over]) * (
            0.7 + (PEAK - 0.7) * np.tanh((np.abs(pcm[over]) - 0.7) / (PEAK - 0.7))
        )
    return np.asarray(np.round(pcm * 32767.0), dtype=np.int16)


def write_mp3(pcm: Samples, rate: int, out: Path) -> None:
    """24 kHz mono 48 kbps CBR, by ffmpeg into a file: in a pipe it could not write the header
    that makes the length exact."""
    segment = _pydub().AudioSegment(data=pcm.tobytes(), sample_width=2, frame_rate=rate, channels=1)
    if rate != 24000:
        segment = segment.set_frame_rate(24000)
    parameters = ["-ac", "1", "-compression_level", "7", "-write_xing", "1"]
    exported = segment.export(
        out, format="mp3", bitrate=BITRATE, parameters=parameters, id3v2_version="3"
    )
    exported.close()


@lru_cache(maxsize=1)
def _pydub() -> Any:
    import warnings

    import imageio_ffmpeg

    with warnings.catch_warnings():  # it looks for ffmpeg on PATH and says so
        warnings.simplefilter("ignore")
        import pydub

        pydub.AudioSegment.converter = imageio_ffmpeg.get_ffmpeg_exe()
    return pydub


@lru_cache(maxsize=4)
def _voice(factory: str, speaker: str) -> Voice:
    """`module:callable` called with the speaker: the pipeline knows no adapter by name."""
    module, name = factory.split(":")
    voice: Voice = getattr(importlib.import_module(module), name)(speaker)
    return voice


def _speak_task(request: Json, progress: Callable[[int, int], None]) -> Json:
    chapter = from_json(Chapter, request["chapter"])
    head = from_json(Document, request["head"])  # without chapters
    narration = from_json(Narration, request["narration"])
    voice = _voice(request["factory"], request["speaker"])
    tags = Tags(
        title=chapter.title,
        album=head.title,
        artist=", ".join(head.authors) or "ListenDock",
        number=chapter.number,
        total=int(request["total"]),
        language=narration.language,
        lyrics=chapter.text,
        comment=f"Page {chapter.page} of {head.pages}",
        cover=Path(request["cover"]) if request.get("cover") else None,
    )
    out = Path(request["out"])
    script = script_of(chapter, narration)
    samples, speech_s = narrated(voice, script, narration, out, tags=tags)
    return {
        "samples": samples,
        "rate": voice.sample_rate,
        "size": out.stat().st_size,
        "speech_cpu_s": speech_s,
    }


def _warm_up_task(request: Json, progress: Callable[[int, int], None]) -> Json:
    """Load the voice and say a word, so that the first chapter starts at once."""
    _pydub()
    if request.get("factory"):
        _voice(request["factory"], request["speaker"]).speak("Ready.", speed=1.0, language="en")
    return {}


TASKS: dict[str, Callable[[Json, Callable[[int, int], None]], Json]] = {
    "speak": _speak_task,
    "speak.warm_up": _warm_up_task,
}
