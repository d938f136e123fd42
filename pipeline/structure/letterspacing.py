"""Letterspaced words ("A B S T R A C T"), closed up again."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import replace
from functools import cache

from pipeline.language.vocabulary import KNOWN
from pipeline.pdf.lines import Line

MOST_WORDS = 6
_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_] ){3,}[^\W\d_](?=[\s.:,;]|$)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_HEADING_WORDS = "article info abstract keywords history introduction conclusion".split()


def closed_up(lines: list[Line]) -> list[Line]:
    """Runs of single letters become the words that they spell, if the document itself writes
    these words elsewhere, or if they are the name of a section. "A B C D" stays."""
    if not any(_SPACED.search(line.text) for line in lines):
        return lines
    words = {word.lower() for line in lines for word in _WORD.findall(line.text)}
    known = words | set(_HEADING_WORDS)

    def spelled(match: re.Match[str]) -> str:
        letters = match.group(0).replace(" ", "")
        found = _words_in(letters, known)
        return " ".join(found) if found else match.group(0)

    return [_closed(line, _SPACED.sub(spelled, line.text)) for line in lines]


def _closed(line: Line, text: str) -> Line:
    """Letterspacing all of a line sets it off from the text as bold does."""
    if text == line.text:
        return line
    if _SPACED.fullmatch(line.text):
        return replace(line, text=text[:1].upper() + text[1:], is_bold=True)
    return replace(line, text=text)


def _words_in(letters: str, known: Set[str]) -> tuple[str, ...]:
    """The fewest known words that the letters make, in their order; none if they make none."""
    if KNOWN.match(letters):
        return (letters,)

    @cache
    def split(start: int, left: int) -> tuple[str, ...] | None:
        if start == len(letters):
            return ()
        best: tuple[str, ...] | None = None
        for end in range(len(letters), start, -1):
            word = letters[start:end]
            if left and (word.lower() in known or word in ("A", "a", "I")):
                rest = split(end, left - 1)
                if rest is not None and (best is None or len(rest) + 1 < len(best)):
                    best = (word, *rest)
        return best

    return split(0, MOST_WORDS) or ()
