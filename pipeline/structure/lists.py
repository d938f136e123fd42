"""Lines that are items of a list, or of a table of contents."""

from __future__ import annotations

import re

from pipeline.structure.numbering import number_of

_BULLET = r"[•·‣▪◦●○■□►▶➢⁃∙*–—-]"
_ITEM = re.compile(rf"^\s*(?:{_BULLET}\s+|\(?(?:\d{{1,2}}|[a-z]|[ivx]{{1,4}})[.)]\s+(?=\S))")
BULLET = re.compile(rf"^\s*{_BULLET}\s+")  # a number stays: the text may refer to it
_CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\d*\s*$|…{2,}\s*\d*\s*$")


def is_list_item(text: str) -> bool:
    return bool(_ITEM.match(text))


def is_contents_line(text: str) -> bool:
    """`3.2 Methods . . . . . . 17`"""
    return bool(_CONTENTS.search(text)) or (
        number_of(text) is not None and bool(re.search(r"\s\d{1,4}$", text)) and "  " in text
    )
