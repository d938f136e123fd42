"""Lists of references: whether a section is one, where one begins that has no heading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.pdf.lines import Line

FEWEST_WORDS = 40  # a shorter section under that name is believed to be one
WORDS_A_YEAR = 45  # an entry names a year; a text about references seldom does
FEWEST_LINES, FEWEST_ENTRIES = 8, 5
FEWEST_MARKS = 3  # of a list that is marked
ENDS_ENTRY = tuple(".)]0123456789")
_MARK = re.compile(r"^\s*(?:\[\s*[\w+]{1,12}\s*\]|\d{1,3}\.\s|\(\d{1,3}\)\s)")
_AUTHOR = re.compile(
    r"^\s*(?:\d{1,3}\s?)?(?:(?:[A-Z]\.[\s-]?){1,3}\s*[A-Z][\w’'-]+|[A-Z][\w’'-]+,\s*(?:[A-Z]\.|[A-Z][a-z]+))"
)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d[a-z]?\b")


def is_reference_list(lines: Sequence[Line]) -> bool:
    """Whether what stands under a heading such as "References" is a list of them, and not a text
    about how to cite."""
    words = sum(line.words for line in lines)
    if words < FEWEST_WORDS or sum(bool(_MARK.match(line.text)) for line in lines) >= FEWEST_MARKS:
        return True
    years = sum(len(_YEAR.findall(line.text)) for line in lines)
    return years * WORDS_A_YEAR >= words


def entries(lines: Sequence[Line]) -> int:
    """How many references a list has: by their marks, else by their paragraphs."""
    marks = sum(bool(_MARK.match(line.text)) for line in lines)
    return marks or len({(line.page, line.block) for line in lines})


def entry_starts(texts: Sequence[str]) -> list[bool]:
    """Which lines of a list begin a reference: by their marks, else where a name follows on
    something that ended. Where that cannot be told, references stay together."""
    marked = [bool(_MARK.match(text)) for text in texts]
    if sum(marked) >= FEWEST_MARKS:
        return marked
    ended = [True, *(text.rstrip()[-1:] in ENDS_ENTRY for text in texts[:-1])]
    return [end and _AUTHOR.match(text) is not None for end, text in zip(ended, texts, strict=True)]


def list_start(lines: Sequence[Line]) -> int | None:
    """Where a list of references begins that ends the lines and has no heading of its own.

    From there on most lines begin an entry or carry a year, at least five do begin one, and there
    are hardly fewer years than entries: a numbered list of anything else has none.
    """
    if len(lines) < FEWEST_LINES:
        return None
    begins = [bool(_MARK.match(line.text) or _AUTHOR.match(line.text)) for line in lines]
    has_sign = [
        begin or bool(_YEAR.search(line.text)) for begin, line in zip(begins, lines, strict=True)
    ]
    best: int | None = None
    entry_count = sign_count = year_count = 0
    for back in range(1, len(lines) + 1):
        at = len(lines) - back
        entry_count += begins[at]
        year_count += len(_YEAR.findall(lines[at].text))
        sign_count += has_sign[at]
        if back >= FEWEST_LINES and sign_count < 0.5 * back:
            break
        is_list = entry_count >= FEWEST_ENTRIES and year_count >= 0.7 * entry_count
        if begins[at] and is_list and sign_count >= 0.6 * back:
            best = at
    return best
