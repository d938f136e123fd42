"""ID3v2.3 tags: what a player shows of a track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mutagen import MutagenError
from mutagen.id3 import APIC, COMM, ID3, SYLT, TALB, TCON, TIT2, TLAN, TPE1, TRCK, USLT

_ISO_639_2 = {
    "ar": "ara", "bg": "bul", "ca": "cat", "cs": "ces", "da": "dan", "de": "deu", "el": "ell",
    "en": "eng", "es": "spa", "et": "est", "fa": "fas", "fi": "fin", "fr": "fra", "he": "heb",
    "hi": "hin", "hr": "hrv", "hu": "hun", "id": "ind", "it": "ita", "ja": "jpn", "ko": "kor",
    "lt": "lit", "lv": "lav", "nl": "nld", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron",
    "ru": "rus", "sk": "slk", "sl": "slv", "sr": "srp", "sv": "swe", "th": "tha", "tr": "tur",
    "uk": "ukr", "vi": "vie", "zh": "zho",
}  # fmt: skip
UTF16 = 1  # the encoding that every ID3v2.3 reader knows
IN_MILLISECONDS, IS_TEXT = 2, 2  # of SYLT: how its times count, and that it is no song


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """`number` 0: it is none of the chapters. `language` is ISO 639-1; `cover` a JPEG; `lines` what
    is said from which millisecond on."""

    title: str
    album: str
    artist: str
    number: int
    total: int
    language: str
    lyrics: str
    comment: str
    cover: Path | None = None
    lines: Sequence[tuple[str, int]] = ()


def write_tags(mp3: Path, tags: Tags) -> None:
    """Replace the file's tags. Raises `OSError`."""
    language = _ISO_639_2.get(tags.language, "und")
    frames = ID3()
    frames.add(TIT2(encoding=UTF16, text=tags.title))
    frames.add(TALB(encoding=UTF16, text=tags.album))
    frames.add(TPE1(encoding=UTF16, text=tags.artist))
    if tags.number:
        frames.add(TRCK(encoding=0, text=f"{tags.number}/{tags.total}"))
    frames.add(TCON(encoding=0, text="Speech"))
    frames.add(TLAN(encoding=0, text=language))
    frames.add(COMM(encoding=UTF16, lang=language, desc="", text=tags.comment))
    frames.add(USLT(encoding=UTF16, lang=language, desc="", text=tags.lyrics))
    if tags.lines:
        form = {"format": IN_MILLISECONDS, "type": IS_TEXT, "desc": ""}
        frames.add(SYLT(encoding=UTF16, lang=language, text=list(tags.lines), **form))
    if tags.cover is not None and tags.cover.is_file():
        data = tags.cover.read_bytes()
        frames.add(APIC(encoding=0, mime="image/jpeg", type=3, desc="", data=data))
    try:
        frames.save(mp3, v1=0, v2_version=3)
    except MutagenError as err:  # around what the file system said: a full disk must be known
        raise next((cause for cause in err.args if isinstance(cause, OSError)), err) from err
