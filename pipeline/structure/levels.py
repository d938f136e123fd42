"""Headings that were found, and how they lie below each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.language.phrases import appendix_label
from pipeline.language.vocabulary import KNOWN
from pipeline.pdf.lines import Line
from pipeline.structure.line_groups import LineGroup
from pipeline.structure.numbering import Number, without_number

FEWEST_ABOVE, TEXT_LINES = 2, 8  # headings above all numbered ones; lines of a text of their own
# Families of numbers.
_CALLED = ("word", "cjk", "part")
_MAIN = ("decimal", "roman", "word", "cjk", "bare")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A group taken for a heading."""

    group: LineGroup
    title: str  # without its number
    label: str = ""  # "Appendix A"
    level: int
    score: float
    number: Number | None = None

    @property
    def line(self) -> Line:
        return self.group.first


def with_levels(headings: Sequence[Heading], *, is_paperlike: bool = True) -> list[Heading]:
    """Levels: the number's depth; else the usual one of that look; known names 1; else by size."""
    families = {heading.number.family for heading in headings if heading.number}
    offset = 1 if families & {"word", "cjk"} else 0
    below = 0 if is_paperlike else int(_are_listed_below(headings))
    has_parts = _are_divided(headings)
    numbered = {
        heading.line.number: _depth(heading.number, offset) + _nesting(headings, place) + below
        for place, heading in enumerate(headings)
        if heading.number is not None and (has_parts or heading.number.family != "part")
    }
    depths: dict[tuple[str, float, bool], Counter[int]] = defaultdict(Counter)
    for heading in headings:
        if heading.line.number in numbered:
            depths[heading.group.style][numbered[heading.line.number]] += 1
    ranks = _style_ranks(headings)
    levelled = []
    for heading in headings:
        style = heading.group.style
        if heading.line.number in numbered:
            level = numbered[heading.line.number]
        elif depths.get(style):
            level = depths[style].most_common(1)[0][0]
        elif KNOWN.match(without_number(heading.group.text)):
            level = 1
        else:
            level = ranks[style]
        levelled.append(replace(heading, level=min(level, 6)))
    return _inside_parts(levelled) if has_parts else levelled


def _are_listed_below(headings: Sequence[Heading]) -> bool:
    """Whether all numbers stand below headings that have none: two and more of these are set
    bigger, or bold where the numbered are not, have a text of their own, as no title page has, and
    come first. What is called a chapter lies below nothing."""
    numbered = [h for h in headings if h.number and h.number.rest]
    if not numbered or any(h.number and h.number.family in _CALLED for h in headings):
        return False
    first = min(rank(h.line) for h in numbered)
    above = [
        heading
        for heading, after in pairwise(headings)
        if heading.number is None and rank(heading.line) < first
        if after.line.number - heading.group.last.number > TEXT_LINES
    ]
    return len(above) >= FEWEST_ABOVE and headings[0] in above


def rank(line: Line) -> tuple[float, bool]:
    """Bigger is higher; among equals bold before plain."""
    return (-round(line.size), not line.is_bold)


def _are_divided(headings: Sequence[Heading]) -> bool:
    """Whether "Part I", "Part II" are the document's largest divisions: nothing is set bigger."""
    parts = [h.line.size for h in headings if h.number and h.number.family == "part"]
    return bool(parts) and min(parts) >= max(h.line.size for h in headings) - 0.2


def with_appendices(headings: Sequence[Heading], language: str) -> list[Heading]:
    """Appendices are labelled by the document's own words, "Appendix II"; "A. Proofs" behind
    chapter 7 is "Appendix A"."""
    mains = [i for i, h in enumerate(headings) if h.number and h.number.family in _MAIN]
    last = mains[-1] if mains else len(headings)
    return [
        replace(heading, label=_appendix_name(heading, language, is_behind=place > last))
        for place, heading in enumerate(headings)
    ]


def _appendix_name(heading: Heading, language: str, *, is_behind: bool) -> str:
    """Empty for what is none."""
    number = heading.number
    is_named = heading.title and not heading.title[:1].islower()
    if number is None or number.depth > 1 or number.parts[0] > 26:
        return ""
    if heading.level > 2 or not is_named:
        return ""
    if number.family == "letter" and is_behind:
        return appendix_label(language, chr(64 + number.parts[0]))
    *word, sign = number.printed.split() if number.family == "appendix" else [""]
    return f"{' '.join(word).capitalize()} {sign.upper()}".strip()


def _inside_parts(headings: Sequence[Heading]) -> list[Heading]:
    """Behind a "Part I" everything but the next part is one level further in."""
    inside = False
    found = []
    for heading in headings:
        is_part = heading.number is not None and heading.number.family == "part"
        found.append(heading if is_part or not inside else _deeper(heading))
        inside = inside or is_part
    return found


def _deeper(heading: Heading) -> Heading:
    return replace(heading, level=min(heading.level + 1, 6))


def _nesting(headings: Sequence[Heading], place: int) -> int:
    """1 for a letter between numbered chapters (IV, then A, B), which is a section; 0 for one
    behind the last of them, an appendix, unless it looks like the sections before it."""
    here = headings[place]
    if here.number is None or here.number.family != "letter" or here.number.depth > 1:
        return 0
    mains = [i for i, h in enumerate(headings) if h.number and h.number.family in _MAIN]
    if not mains or place < mains[0]:
        return 0
    nested = [h for h in headings[: mains[-1]] if h.number and h.number.family == "letter"]
    is_inner = place < mains[-1] or any(h.group.style == here.group.style for h in nested)
    return int(is_inner)


def _depth(number: Number, offset: int) -> int:
    """Where chapters are worded ("Chapter 3"), a bare `3.1` is their child all the same."""
    if number.family in ("part", "word", "cjk", "appendix"):
        return 1
    return number.depth + (offset if number.depth == 1 else 0)


def _style_ranks(headings: Sequence[Heading]) -> dict[tuple[str, float, bool], int]:
    """Bigger is higher; among equals bold before plain."""
    styles = {heading.group.style: heading.group.first for heading in headings}
    looks = sorted({(-line.size, not line.is_bold) for line in styles.values()})
    return {
        style: 1 + looks.index((-line.size, not line.is_bold)) for style, line in styles.items()
    }
