"""PCM → MP3 while it is being spoken: 24 kHz mono, 48 kbps CBR, exact in length.

LAME runs in this process: it takes half of what ffmpeg takes for the same frames, which hands each
of them through five threads (docs/decisions/0005). It leaves the Info header to us; without one,
players guess the length and play the encoder's padding.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

RATE, KBPS = 24000, 48
QUALITY = 7  # half the time of LAME's default; at 48 kbps mono the difference cannot be heard
FRAME_BYTES, FRAME_SAMPLES = 144, 576  # of MPEG-2 layer III at this rate
LAME_DELAY, DECODER_DELAY = 576, 529
ENCODER_DELAY = LAME_DELAY + DECODER_DELAY  # samples before the first sound
INFO_BYTES = 192  # a frame of 64 kbps: one of 48 has no room for the header
_INFO_FRAME = bytes.fromhex("fff384c4")  # MPEG-2 layer III, 64 kbps, 24 kHz, mono
_SIDE_BYTES = 9


class Mp3Writer:
    """Takes samples piece by piece; `samples` is how many there were, and will be decoded."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._encoder = _encoder()
        self._bytes = 0
        self.samples = 0
        file.write(bytes(INFO_BYTES))

    def write(self, segment: Any) -> None:
        """A pydub `AudioSegment` of this format."""
        self._keep(self._encoder.encode(segment.raw_data))
        self.samples += int(segment.frame_count())

    def finish(self) -> None:
        """Silence up to a whole frame, at most 24 ms: players differ in how they cut a part of
        one off, and tracks of whole frames join without a gap. Then the header."""
        rest = -(self.samples + ENCODER_DELAY) % FRAME_SAMPLES
        self._keep(self._encoder.encode(bytes(2 * rest)))
        self.samples += rest
        self._keep(self._encoder.flush())
        self._file.seek(0)
        self._file.write(info_frame(frames=self._bytes // FRAME_BYTES, samples=self.samples))

    def _keep(self, data: bytes) -> None:
        self._file.write(data)
        self._bytes += len(data)


@contextmanager
def mp3_writer(out: Path) -> Iterator[Mp3Writer]:
    """The file is whole when the block ends well. Raises `OSError`."""
    with out.open("wb") as file:
        writer = Mp3Writer(file)
        yield writer
        writer.finish()


def _encoder() -> Any:
    import lameenc

    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(RATE)
    encoder.set_out_sample_rate(RATE)
    encoder.set_bit_rate(KBPS)
    encoder.set_quality(QUALITY)
    return encoder


def info_frame(*, frames: int, samples: int) -> bytes:
    """The silent first frame that tells how long the sound is: Xing's fields, then LAME's with
    the samples to leave out at both ends."""
    size = INFO_BYTES + frames * FRAME_BYTES
    padding = frames * FRAME_SAMPLES - LAME_DELAY - samples
    has_all = 0b1111  # frames, bytes, table of contents, quality
    table = bytes(place * 256 // 100 for place in range(100))
    xing = b"Info" + struct.pack(">III", has_all, frames, size) + table + struct.pack(">I", 100)
    constant_rate, lowpass = 1, 0
    lame = (
        b"LAME3.100"
        + struct.pack(">BB", constant_rate, lowpass)
        + bytes(8)  # peak and gains: not measured
        + struct.pack(">BB", 0, KBPS)
        + (LAME_DELAY << 12 | padding).to_bytes(3, "big")
        + bytes(4)
        + struct.pack(">IH", size, 0)
    )
    frame = _INFO_FRAME + bytes(_SIDE_BYTES) + xing + lame
    frame += struct.pack(">H", _crc16(frame))
    return frame.ljust(INFO_BYTES, b"\0")


def _crc16(data: bytes) -> int:
    """CRC-16/ARC, as LAME's tag has it."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
