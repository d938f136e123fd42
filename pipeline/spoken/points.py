"""A decimal point that nothing stands before: ".5 mg" is half a milligram, and a voice that passes
over the point makes it five. So with a comma, where numbers are written with one."""

from __future__ import annotations

import re

# Where a decimal comma is written (CLDR), a point groups thousands: to a Portuguese voice "0.125"
# is nought thousand one hundred and twenty-five.
WITH_COMMA = frozenset(
    "af az be bg bs ca cs da de el eo es et eu fi fr hr ht hu hy id is it ka kk ku ky lb lt lv mk"
    " nb nl nn no pl pt ro ru sk sl sq sr sv tr uk vi".split()
)
# What no number stands behind: a letter or a digit ("file.5", "v.5"), another point, and what
# closes a sentence or a saying: the 5 of "(see above).5" is a note's. Ideographs are no such
# letters.
_CLOSING = r"""\w\s.…!?)\]}⟩»“”’"'％%°。！？）】」』"""
_IDEOGRAPHS = r"\u3040-\u30ff\u3400-\u9fff"  # no space parts words there
_LEADER = r"(?<![.\s]\.\s)"  # the dots of a table of contents, ". . . . .5"
_FILE_TYPES = r"7z|3g[p2]|3ds|3mf|3dm"
_LEADING_POINT = re.compile(
    rf"(?:^|(?<=[^{_CLOSING},])|(?<=[{_IDEOGRAPHS}])|(?P<comma>(?<=,))|(?<=\s){_LEADER}"
    rf"|(?<=[\s(\[][\"'“‘«])|(?<=^[\"'“‘«]))"
    rf"\.(?=[0-9])(?!(?:{_FILE_TYPES})\b)"
)
# A comma parts words more often than it leads a number. It leads one behind a relation or a minus,
# in brackets, and before what only a decimal is: noughts, or a unit.
_RELATION = r"[<>≤≥⩽⩾≪≫=≠≈≃≅∼~±]"
_DECIMAL = r"(?:0[0-9]|[0-9]+\s?(?:[%‰°]|(?:[kcdmµμn]?[glLmsAVWJNM]|[kmµμn]?(?:mol|Hz|Pa))(?!\w)))"
_LEADING_COMMA = re.compile(
    rf"(?:(?<={_RELATION})|(?<={_RELATION}\s)|(?<=[(\[])|(?<=[\s(\[<>=][-−+])|(?<=^[-−+])"
    rf"|(?:^|(?<=\s))(?=,{_DECIMAL})),(?=[0-9])"
)
_IN_A_LIST = re.compile(r"[0-9]\s?[^\s0-9,]{0,5}\s\Z")  # "5 mg ,10 mg": a gap before a plain comma
_LOOK_BACK = 9  # characters


def with_leading_zeros(text: str, language: str) -> str:
    """Every leading point completed, as the language writes it: ".5" → "0.5" or "0,5". Before any
    other rule."""
    if language not in WITH_COMMA:
        return _LEADING_POINT.sub(lambda found: _gap(found) + "0.", text)
    text = _LEADING_COMMA.sub(_completed, text)
    return _LEADING_POINT.sub(lambda found: _gap(found) + "0,", text)


def _completed(found: re.Match[str]) -> str:
    before = found.string[max(0, found.start() - _LOOK_BACK) : found.start()]
    return "," if _IN_A_LIST.search(before) else "0,"


def _gap(found: re.Match[str]) -> str:
    """In "(.1,.5)" the comma parts two numbers, and must not look like part of one."""
    return "" if found["comma"] is None else " "
