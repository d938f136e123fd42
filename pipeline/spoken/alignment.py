"""Where in what is written a place of what is spoken stands. The words that both have in common are
the fixed points; between them, as between "1984" and its words, places are in proportion."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from difflib import SequenceMatcher

MOST_WORDS = 400  # of a sentence that is compared: the work grows with their square
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W_]+")


def aligned(written: str, spoken: str, cuts: Sequence[int]) -> list[int]:
    """For each place in what is spoken, in rising order, the one in what is written: the beginning
    of a word where there is one for each, and something before and after each of them."""
    words = [(match.group().lower(), match.start()) for match in _WORD.finditer(written)]
    fixed = _fixed_points(words, spoken, len(written))
    starts = [start for _, start in words]
    found: list[int] = []
    for number, cut in enumerate(cuts):
        exact, least = _between(fixed, cut), found[-1] + 1 if found else 1
        place = _nearest(starts, exact)
        place = place if place >= least else max(least, round(exact))
        found.append(max(0, min(place, len(written) - (len(cuts) - number))))
    return found


def _fixed_points(
    words: Sequence[tuple[str, int]], spoken: str, length: int
) -> list[tuple[int, int]]:
    """Places in both, rising; the two ends among them."""
    said = [(match.group().lower(), match.start()) for match in _WORD.finditer(spoken)]
    points = [(0, 0)]
    if max(len(words), len(said)) <= MOST_WORDS:
        a, b = [word for word, _ in said], [word for word, _ in words]
        for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
            points += ((said[block.a + at][1], words[block.b + at][1]) for at in range(block.size))
    return [*points, (len(spoken), length)]


def _between(points: Sequence[tuple[int, int]], place: int) -> float:
    at = min(max(1, bisect_left(points, (place, 0))), len(points) - 1)
    (spoken, written), (spoken_after, written_after) = points[at - 1], points[at]
    share = (place - spoken) / max(1, spoken_after - spoken)
    return written + min(1.0, max(0.0, share)) * (written_after - written)


def _nearest(starts: Sequence[int], place: float) -> int:
    at = bisect_left(starts, place)
    near = starts[max(0, at - 1) : at + 1]
    return min(near, key=lambda start: abs(start - place)) if near else round(place)
