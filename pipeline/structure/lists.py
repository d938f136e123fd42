"""Lines that are items of a list, or of a table of contents."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from pipeline.pdf.lines import Line
from pipeline.structure.numbering import number_of

_BULLET = r"[•·‣▪◦●○■□►▶➢⁃∙*–—-]"
_ITEM = re.compile(rf"^\s*(?:{_BULLET}\s+|\(?(?:\d{{1,2}}|[a-z]|[ivx]{{1,4}})[.)]\s+(?=\S))")
BULLET = re.compile(rf"^\s*{_BULLET}\s+")  # a number stays: the text may refer to it
_ENDED = re.compile(r"[.!?:;…][\"”’»)\]]*$")
OTHER_LOOK_PT = 0.6
INDENT_EM = 0.8
_CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\d*\s*$|…{2,}\s*\d*\s*$")


# Letters that word processors' fonts of symbols draw as bullets; behind them a word begins an item.
_LETTERED = re.compile(r"^\s*([ovqüØ§])\s+(?=[“\"‘'«„(]?[^\W\d_a-zß-ÿ])")
FEWEST_ITEMS = 2  # that begin with one such letter


def with_bullets(lines: Sequence[Line]) -> list[Line]:
    """Lines with a bullet where a letter stands for one. Two witnesses: it begins what comes after
    an end (of a sentence, a heading, another item), and it does so again. "o Brasil" at the edge of
    a Portuguese paragraph goes on with a sentence."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        begins = _LETTERED.match(line.text)
        if begins is None:
            continue
        is_next = place - 1 in found[begins[1]]
        if is_next or place == 0 or _is_over(lines[place - 1], line):
            found[begins[1]].append(place)
    places = {p for known in found.values() for p in known if len(known) >= FEWEST_ITEMS}
    if (
        sum(bool(known) for known in found.values()) > 1
    ):  # levels of one list: each letter vouches for the other
        places = {place for known in found.values() for place in known}
    return [
        replace(line, text=_LETTERED.sub("• ", line.text)) if place in places else line
        for place, line in enumerate(lines)
    ]


def _is_over(before: Line, line: Line) -> bool:
    is_other = before.page != line.page or abs(before.size - line.size) > OTHER_LOOK_PT
    is_other = is_other or line.x0 > before.x0 + INDENT_EM * line.size
    return is_other or before.is_bold != line.is_bold or bool(_ENDED.search(before.text))


def is_list_item(text: str) -> bool:
    return bool(_ITEM.match(text))


def is_contents_line(text: str) -> bool:
    """`3.2 Methods . . . . . . 17`"""
    return bool(_CONTENTS.search(text)) or (
        number_of(text) is not None and bool(re.search(r"\s\d{1,4}$", text)) and "  " in text
    )
