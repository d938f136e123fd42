"""Right-to-left lines, which PDFs give in the order of the eye, in the order of the voice."""

from __future__ import annotations

import re

_RTL_SIGN = r"\u0590-\u065f\u066a-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefe"
_RTL = re.compile(rf"[{_RTL_SIGN}]")
_LTR = re.compile(r"[A-Za-zÀ-ɏͰ-ϿЀ-ӿ]")
_RUN = re.compile(
    rf"[{_RTL_SIGN}](?:[^A-Za-zÀ-ɏ\d]*[{_RTL_SIGN}])*"  # a run of one direction, spaces inside
    r"|[A-Za-zÀ-ɏ\d](?:[^\u0590-\u065f\u066a-\u06ef\u06fa-\u08ff\ufb1d-\ufefe]*[A-Za-zÀ-ɏ\d])?"
    r"|\s+|[^\w\s]+|."
)


def is_right_to_left(text: str) -> bool:
    """Whether most letters of a line are written from right to left."""
    if text.isascii():
        return False
    rtl = len(_RTL.findall(text))
    return rtl > 0 and rtl > len(_LTR.findall(text))


def logical(text: str) -> str:
    """A piece whose runs come from left to right, each readable in itself, as it is read."""
    runs = [match.group(0) for match in _RUN.finditer(text)]
    if len(runs) < 2:
        return text
    read = ""
    for run in reversed(runs):
        glue = " " if read and read[-1].isalnum() and run[:1].isalnum() else ""
        read += glue + run
    return read
