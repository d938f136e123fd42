"""Headings that recur below others: "Ingredients" and "Method" in each recipe are parts of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.structure.levels import Heading, rank

FEWEST_PARENTS = 3
PARENTS_SHARE = 0.5  # of the headings that look as those above do
MOST_WORDS = 900  # of all that stands below a parent, some five minutes
INSIDE = 4  # the level of headings that begin no chapter


def with_recurring_inside(
    headings: Sequence[Heading], words: Callable[[int, int], int], end: int
) -> list[Heading]:
    """Headings of the same words and the same look that stand below three bigger ones, once below
    each and below half of all that look so, inside these, where they are short. `words(a, b)`: how
    many stand from line a to b; `end`: the number behind the last line."""
    parents = _parents(headings)
    starts = [place for place in range(len(headings)) if place not in parents]
    bounds = [headings[place].line.number for place in starts] + [end]
    is_short = {
        place: words(first, last) <= MOST_WORDS
        for place, (first, last) in zip(starts, pairwise(bounds), strict=True)
    }
    return [
        replace(heading, level=max(heading.level, INSIDE))
        if place in parents and is_short[_outermost(place, parents)]
        else heading
        for place, heading in enumerate(headings)
    ]


def _parents(headings: Sequence[Heading]) -> dict[int, int]:
    """The place of the heading above each that recurs."""
    alike: dict[tuple[object, ...], dict[int, int]] = defaultdict(dict)
    for place, heading in enumerate(headings):
        parent = _parent(headings, place)
        if heading.number is None and parent is not None:
            alike[heading.title.casefold(), heading.group.style][place] = parent
    looks = Counter(heading.group.style[:2] for heading in headings)
    return {
        place: parent
        for found in alike.values()
        if FEWEST_PARENTS <= len(found) == len(set(found.values()))
        if _is_usual(headings[next(iter(found.values()))], len(found), looks)
        for place, parent in found.items()
    }


def _is_usual(parent: Heading, times: int, looks: Mapping[tuple[str, float], int]) -> bool:
    return times >= PARENTS_SHARE * looks[parent.group.style[:2]]


def _parent(headings: Sequence[Heading], place: int) -> int | None:
    """The last heading before one that is set bigger, or bold where it is not."""
    own = rank(headings[place].line)
    above = (at for at in range(place - 1, -1, -1) if rank(headings[at].line) < own)
    return next(above, None)


def _outermost(place: int, parents: dict[int, int]) -> int:
    while place in parents:
        place = parents[place]
    return place
