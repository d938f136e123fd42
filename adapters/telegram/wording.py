"""Strangers' words made fit to be shown: titles and sentences may hold anything."""

from __future__ import annotations

import html as markup
import re
import unicodedata

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
# Half characters, control characters, and marks that would turn what follows around.
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
_JOINER = "\u200d"
LONGEST_CLUSTER = 16
_TONES = range(0x1F3FB, 0x1F400)


def clean(text: str) -> str:
    """Without characters that a chat refuses, or that would disturb what stands around them."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def units(text: str) -> int:
    """Its length in UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, limit: int) -> str:
    """At most `limit` units, ended by … where something is left out; emoji and accented letters
    stay whole."""
    if units(text) <= limit:
        return text
    end, used = 0, 0
    for end, character in enumerate(text):  # noqa: B007 - where it stops is what is wanted
        used += 2 if character > "\uffff" else 1
        if used > limit - 1:
            break
    for _ in range(LONGEST_CLUSTER):
        if end > 0 and _belong_together(text[end - 1], text[end]):
            end -= 1
    return text[:end].rstrip() + "…"


def _belong_together(before: str, after: str) -> bool:
    is_mark = unicodedata.category(after).startswith("M") or ord(after) in _TONES
    return is_mark or _JOINER in (before, after)


def html(text: str, limit: int) -> str:
    """Cleaned, cut and escaped."""
    return markup.escape(cut(clean(text), limit), quote=False)


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def inline_html(text: str, limit: int) -> str:
    """A title amid other words of a line: at most two units longer than `limit`."""
    return markup.escape(isolated(cut(one_line(text), limit)), quote=False)


def isolated(text: str) -> str:
    """Hebrew or Arabic, kept from turning the figures beside it around."""
    is_right_to_left = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}" if is_right_to_left else text
