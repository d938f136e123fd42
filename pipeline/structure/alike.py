"""Headings that tell themselves by their company: several of one look, each above a text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median

from pipeline.language.sentences import word_count
from pipeline.structure.evidence import Evidence
from pipeline.structure.line_groups import ENDED, IN_BRACKETS, LineGroup

FEWEST_ALIKE = 3
SET_OFF = 1.08  # times the text's size
MOST_WORDS = 12  # of a heading
TEXT_WORDS = 12  # of a line group, which a page's end may cut off
SAME_PT = 0.6
FEWEST_LETTERS = 4
DISTINCT, WORDS_BELOW = 0.8, 25
_NO_HEADING = re.compile(r"[.,;()\[\]]$")

Style = tuple[str, float, bool]


def alike(groups: Sequence[LineGroup], known: Evidence) -> frozenset[int]:
    """The numbers of the first lines of groups that are set off from the text in one look, at least
    three of them right above a text, no two with the same words. Others of that look count where
    they stand above something else that is set off, as a chapter does above its first section."""
    found: dict[Style, list[LineGroup]] = defaultdict(list)
    outer: dict[Style, list[LineGroup]] = defaultdict(list)
    for group, after in pairwise(groups):
        if not _is_set_off(group, known):
            continue
        if is_above_text(after, known):
            found[group.style].append(group)
        elif _is_set_off(after, known) and after.style != group.style:
            outer[group.style].append(group)
    return frozenset(
        group.first.number
        for style, several in found.items()
        if len({group.text for group in several}) == len(several) >= FEWEST_ALIKE
        for group in (*several, *outer[style])
    )


def _is_set_off(group: LineGroup, known: Evidence) -> bool:
    line = group.first
    if line.number in known.repeated or line.is_mono or _NO_HEADING.search(group.text):
        return False
    is_marked = line.is_bold and not known.is_bold and line.size > known.body_size - SAME_PT
    return (is_marked or line.size >= SET_OFF * known.body_size) and (
        word_count(group.text) <= MOST_WORDS
    )


def capitals(groups: Sequence[LineGroup], known: Evidence) -> frozenset[int]:
    """The numbers of the first lines of groups in nothing but capitals, in the text's look or a
    bigger one, each between the end of a sentence and a text; at least three, hardly two with the
    same words, and mostly with much text below them: so no speakers of a play, no fields of a
    form."""
    found: dict[tuple[str, float], list[int]] = defaultdict(list)
    for place, group in enumerate(groups[:-1]):
        before = groups[place - 1] if place else None
        if _is_in_capitals(group, known) and _stands_between(before, group, groups[place + 1]):
            found[group.style[:2]].append(place)
    return frozenset(
        groups[place].first.number
        for places in found.values()
        if len(places) >= FEWEST_ALIKE
        and len({groups[place].text for place in places}) >= DISTINCT * len(places)
        and median(_words_below(groups, places)) >= WORDS_BELOW
        for place in places
    )


def _is_in_capitals(group: LineGroup, known: Evidence) -> bool:
    """Or, where letters have none, in the brackets that Japanese patents set headings in."""
    text, line = group.text, group.first
    if line.number in known.repeated or line.size <= known.body_size - SAME_PT:
        return False
    if IN_BRACKETS.fullmatch(text):
        return True
    if not text.isupper() or len(text.split()) > MOST_WORDS or _NO_HEADING.search(text):
        return False
    letters = sum(sign.isupper() for sign in text)  # Chinese signs are none
    return letters >= FEWEST_LETTERS and letters > 0.6 * len(text.replace(" ", ""))


def _stands_between(before: LineGroup | None, group: LineGroup, after: LineGroup) -> bool:
    """Whether no sentence runs from what stands before, or into what follows."""
    if after.text[:1].islower():
        return False
    if before is None or before.first.page != group.first.page or not _has_small(before):
        return True
    return before.style[:2] != group.style[:2] or ENDED.search(before.text) is not None


def _has_small(group: LineGroup) -> bool:
    return not (group.text.isupper() or IN_BRACKETS.fullmatch(group.text))


def _words_below(groups: Sequence[LineGroup], places: Sequence[int]) -> list[int]:
    ends = [*places[1:], len(groups)]
    return [
        sum(word_count(group.text) for group in groups[start + 1 : end])
        for start, end in zip(places, ends, strict=True)
    ]


def is_above_text(after: LineGroup | None, known: Evidence) -> bool:
    """Whether what follows is a text, in the text's own size."""
    if after is None or abs(after.first.size - known.body_size) > SAME_PT:
        return False
    return word_count(after.text) >= TEXT_WORDS and not (after.first.is_bold and not known.is_bold)


def company(
    groups: Sequence[LineGroup], opening: int, followed: Mapping[int, LineGroup], known: Evidence
) -> frozenset[int]:
    """The places before `opening`, a summary's heading, of at least two groups that look as it does
    and have a text below them, as no author and no address has."""
    if not opening:
        return frozenset()
    found = [
        place
        for place, group in enumerate(groups[:opening])
        if group.style == groups[opening].style
        and is_above_text(followed.get(group.first.number), known)
    ]
    return frozenset(found) if len(found) >= FEWEST_ALIKE - 1 else frozenset()
