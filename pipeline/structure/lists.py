"""Lines that are items of a list, or of a table of contents."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from pipeline.pdf.lines import Line
from pipeline.structure.numbering import number_of

_BULLET = r"[•·‣▪◦●○■□►▶➢⁃∙☐☑☒❏❑◯*–—-]"  # boxes to be ticked are no more than that
_ITEM = re.compile(rf"^\s*(?:{_BULLET}\s+|\(?(?:\d{{1,2}}|[a-z]|[ivx]{{1,4}})[.)]\s+(?=\S))")
BULLET = re.compile(rf"^\s*{_BULLET}\s+")  # a number stays: the text may refer to it
_ENDED = re.compile(r"[.!?:;…][\"”’»)\]]*$")
OTHER_LOOK_PT = 0.6
INDENT_EM = 0.8
GAP = 1.3  # of a line's height, from one line's top to the next: more than within a paragraph
SAME_PT = 2.0
_CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\d*\s*$|…{2,}\s*\d*\s*$")


# Letters that word processors' fonts of symbols draw as bullets; behind them a word begins an item.
_LETTERED = re.compile(r"^\s*([ovqüØ§])\s+(?=[“\"‘'«„(]?[^\W\d_a-zß-ÿ])")
_AS_WORD = re.compile(r"^\s*([ovqüØ§])\s+[“\"‘'«„(]?(?:\d|[^\W\d_A-ZÀ-ÞĀ-ſ])")
FEWEST_ITEMS = 2  # that begin with one such letter


def with_bullets(lines: Sequence[Line]) -> list[Line]:
    """Lines with a bullet where a letter stands for one. Witnesses: each line that begins with it
    begins something, by what stands before it and by its place, and it does so again. "v" and "o"
    are words of many languages: where one begins a line in any other way, it is a word."""
    found: dict[str, list[int]] = defaultdict(list)
    words: set[str] = set()
    for place, line in enumerate(lines):
        begins, word = _LETTERED.match(line.text), _AS_WORD.match(line.text)
        if word:
            words.add(word[1])
        if begins is None:
            continue
        is_next = place - 1 in found[begins[1]] and abs(lines[place - 1].x0 - line.x0) < SAME_PT
        if is_next or (place and _begins_anew(lines[place - 1], line)):
            found[begins[1]].append(place)
        else:
            words.add(begins[1])
    known = {letter: places for letter, places in found.items() if letter not in words}
    listed = {lines[p].page for places in known.values() for p in places[FEWEST_ITEMS - 1 :]}
    items = {
        place
        for places in known.values()
        for place in places
        if len(places) >= FEWEST_ITEMS or lines[place].page in listed  # a level with one item
    }
    return [
        replace(line, text=_LETTERED.sub("• ", line.text)) if place in items else line
        for place, line in enumerate(lines)
    ]


def _begins_anew(before: Line, line: Line) -> bool:
    """Whether a line begins something below the one before it: it stands further in; or what was
    before has ended, and there is a gap, another look, or the end of a hanging indent between."""
    if before.page != line.page or not before.y0 < line.y0 or line.x0 >= before.x1:
        return False
    indent = line.x0 - before.x0
    if indent > INDENT_EM * line.size:
        return True
    is_other = abs(before.size - line.size) > OTHER_LOOK_PT or before.is_bold != line.is_bold
    has_gap = line.y0 - before.y0 > GAP * line.height
    is_back = indent < -INDENT_EM * line.size
    return is_other or (bool(_ENDED.search(before.text)) and (has_gap or is_back))


def is_list_item(text: str) -> bool:
    return bool(_ITEM.match(text))


def is_contents_line(text: str) -> bool:
    """`3.2 Methods . . . . . . 17`"""
    return bool(_CONTENTS.search(text)) or (
        number_of(text) is not None and bool(re.search(r"\s\d{1,4}$", text)) and "  " in text
    )
