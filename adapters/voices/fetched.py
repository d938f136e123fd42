"""A voice that was fetched: what a server said lies in a folder, and is played from there.

Lives in a speaking child, which has neither network nor key. What a server sent is not trusted:
ffmpeg decodes it here, one length is measured against the others, and
`pipeline.audio.narrate` checks the rest.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.audio.ffmpeg import run_ffmpeg
from pipeline.audio.loudness import lufs
from pipeline.audio.mp3 import RATE
from pipeline.audio.narrate import NOT_FETCHED
from pipeline.errors import SpeechFailed
from pipeline.language.pace import seconds_to_say
from pipeline.ports import Pcm, VoiceFacts

MANIFEST = "said.json"
WANTED_LUFS, MOST_GAIN_DB, ENOUGH_S = -19.0, 20.0, 120.0
LEAST_SHARE, MOST_SHARE = 0.6, 1.8  # of the usual pace of this voice in this chapter
SURE_WORDS = 4  # shorter texts say little about pace
RAW_PCM = ("-f", "s16le", "-ar", str(RATE), "-ac", "1")  # what "pcm" means to these servers
STREAMED = (0, 0x7FFFFFFF, 0xFFFFFFFF)  # lengths of a header that was sent before its sound


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenPiece:
    text: str
    file: Path  # decoded: a chapter of an hour shall not lie in memory
    pace: float  # of the seconds that it should take

    @property
    def pcm(self) -> Pcm:
        return np.fromfile(self.file, dtype="<f4")


def piece_name(text: str) -> str:
    """The file that holds a text spoken."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class FetchedVoice:
    """What a server said for one chapter, decoded into `made_in`. Raises `SpeechFailed` for any
    other text."""

    def __init__(self, folder: Path, made_in: Path) -> None:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        language, speed = str(said["language"]), float(said["speed"])
        self.facts = VoiceFacts(
            id=str(said["voice"]),
            sample_rate=RATE,
            languages=frozenset({language}),
            speeds=(speed, speed),
        )
        pieces = [
            _piece(folder, str(text), language, speed, made_in)
            for text in said["texts"]
            if text.strip()
        ]
        self._pieces = {piece.text: piece for piece in pieces}
        long = [piece.pace for piece in pieces if len(piece.text.split()) >= SURE_WORDS]
        self._usual_pace = float(np.median(long)) if long else 1.0
        self._gain = _gain(pieces)

    def speak(self, text: str, *, speed: float, language: str) -> Pcm:
        piece = self._pieces.get(text)
        if piece is None:
            raise SpeechFailed(fault=NOT_FETCHED)
        share = piece.pace / self._usual_pace if self._usual_pace else 0.0
        is_sure = len(text.split()) >= SURE_WORDS
        if is_sure and not LEAST_SHARE <= share <= MOST_SHARE:
            raise SpeechFailed(fault="strange")  # cut short, or with something else in it
        return np.asarray(piece.pcm * self._gain, dtype=np.float32)


def open_fetched(folder: str) -> FetchedVoice:
    return FetchedVoice(Path(folder), Path(tempfile.gettempdir()))


def _piece(folder: Path, text: str, language: str, speed: float, made_in: Path) -> SpokenPiece:
    file = _decoded(folder / piece_name(text), speed, made_in)
    expected_s = seconds_to_say(text, language) / speed
    seconds = file.stat().st_size / 4 / RATE
    return SpokenPiece(text=text, file=file, pace=seconds / max(expected_s, 0.1))


def _decoded(file: Path, speed: float, made_in: Path) -> Path:
    """24 kHz mono; what was fetched is only read. Servers differ in which speeds they keep, so the
    tempo is ours."""
    out = made_in / f"{file.name}.f32"
    data = file.read_bytes()
    kind = container(data[:16])
    if kind == "wav":
        file = out.with_suffix(".wav")
        file.write_bytes(_with_its_length(data))
    source = RAW_PCM if kind == "pcm" else ("-f", kind)
    tempo = ("-af", f"atempo={speed:.3f}") if speed != 1.0 else ()
    form = ("-f", "f32le", "-ar", str(RATE), "-ac", "1")
    run_ffmpeg(*(*source, "-i", str(file), *tempo, *form, str(out)), reads=[file], writes=[out])
    return out


def container(head: bytes) -> str:
    """What ffmpeg calls the form that a file begins like; raw samples begin like anything."""
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] in (b"OggS", b"fLaC"):
        return "ogg" if head[:4] == b"OggS" else "flac"
    is_frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2
    return "mp3" if head[:3] == b"ID3" or is_frame else "pcm"


def _with_its_length(wav: bytes) -> bytes:
    """A streamed WAV with the length that it came to have. Raises `SpeechFailed` for one that is
    shorter than it says."""
    at = wav.find(b"data", 12)
    if at < 0 or at + 8 > len(wav):
        raise SpeechFailed
    claimed, there = int.from_bytes(wav[at + 4 : at + 8], "little"), len(wav) - at - 8
    if claimed in STREAMED:
        return wav[: at + 4] + there.to_bytes(4, "little") + wav[at + 8 :]
    if claimed > there:
        raise SpeechFailed
    return wav


def _gain(pieces: list[SpokenPiece]) -> float:
    """The same for a whole chapter, so that it keeps its own louds and softs; two minutes tell."""
    heard: list[Pcm] = []
    for piece in pieces:
        if sum(map(len, heard)) < ENOUGH_S * RATE:
            heard.append(piece.pcm)
    level = lufs(np.concatenate(heard), RATE) if heard else None
    if level is None:
        return 1.0  # nothing to hear: the checks will tell
    return float(10 ** (min(WANTED_LUFS - level, MOST_GAIN_DB) / 20))
