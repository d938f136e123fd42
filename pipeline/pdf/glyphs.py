"""What fonts make of signs, undone: ligatures, accents set apart, soft hyphens, controls."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"[\s\u200b\ufeff]+")
# TeX's bitmap fonts carry no map to Unicode: their ligatures come as control signs in a word.
_TEX_LIGATURES = {
    **dict(zip("\x1b\x1c\x1d\x1e\x1f", ("ff", "fi", "fl", "ffi", "ffl"), strict=True)),
    **dict(zip("\x0b\x0c\x0e\x0f", ("ff", "fi", "ffi", "ffl"), strict=True)),
}
_LIGATURE = r"[\x0b\x0c\x0e\x0f\x1b-\x1f]"
_TEX_LIGATURE = re.compile(rf"{_LIGATURE}(?=[a-z])|(?<=[a-z]){_LIGATURE}")
_COMBINING = {
    "´": "\u0301",
    "`": "\u0300",
    "¨": "\u0308",
    "˜": "\u0303",
    "ˆ": "\u0302",
    "ˇ": "\u030c",
}
_SPACING_ACCENT = re.compile(r"(´|[¨˜ˆˇ](?=[A-Za-zı][a-z])|(?<=[a-z])[`¨˜ˆˇ])([A-Za-zıȷ])")


def clean_text(text: str) -> str:
    """Spaces folded, ligatures opened, soft hyphens and control characters gone."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = unicodedata.normalize("NFC", text)
    text = _TEX_LIGATURE.sub(lambda match: _TEX_LIGATURES[match.group(0)], text)
    text = _SPACING_ACCENT.sub(_composed, text)
    return _SPACES.sub(" ", text.translate(_OPENED)).strip()


def _composed(match: re.Match[str]) -> str:
    """Old TeX fonts set an accent and its letter one after the other: "´o" is ó."""
    accent, letter = match.groups()
    base = {"ı": "i", "ȷ": "j"}.get(letter, letter)
    whole = unicodedata.normalize("NFC", base + _COMBINING[accent])
    return whole if len(whole) == 1 else match.group(0)


def _opened(sign: str) -> str:
    if sign.isalnum() and not "\ufb00" <= sign <= "\ufb06":
        return sign
    if "\ufb00" <= sign <= "\ufb06":
        return unicodedata.normalize("NFKC", sign)
    if sign == "\u00ad":
        return "-"  # at a line's end it is a broken word; elsewhere joined like one
    if sign in "\t\n\r":
        return " "
    category = unicodedata.category(sign)
    return "" if category in ("Cc", "Cs", "Co") else sign


class _Opened(dict[int, str]):
    """A table for `str.translate` that learns each sign when it first comes."""

    def __missing__(self, code: int) -> str:
        self[code] = _opened(chr(code))
        return self[code]


_OPENED = _Opened()
