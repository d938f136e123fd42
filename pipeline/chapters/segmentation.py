"""Where a text without headings changes its subject, and what a piece of it is about."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.language.terms import CJK_PAIRS, STOPWORDS, tfidf

WORDS_A_SEGMENT = 420
MAX_PARAGRAPHS = 4000


def cut_points(paragraphs: Sequence[str]) -> list[int]:
    """Indices of the paragraphs that begin a segment, the first is 0.

    Dynamic programming: a segment gains by the likeness of its paragraphs to their common
    direction and pays for being far from the usual length.
    """
    count = min(len(paragraphs), MAX_PARAGRAPHS)
    if count == 0:
        return []
    words = np.array([max(1, len(text.split())) for text in paragraphs[:count]], dtype=float)
    if words.sum() < 1.6 * WORDS_A_SEGMENT or count < 3:
        return [0]
    cumulated = np.vstack([np.zeros((1, 1)), np.cumsum(words)[:, None]])[:, 0]
    vectors = tfidf(paragraphs[:count], max_terms=1500) * np.sqrt(words)[:, None]
    sums = np.vstack([np.zeros((1, vectors.shape[1])), np.cumsum(vectors, axis=0)])
    return _best_cuts(sums, cumulated)


def _best_cuts(sums: NDArray[np.float64], words: NDArray[np.float64]) -> list[int]:
    count = len(words) - 1
    best = np.full(count + 1, -np.inf)
    best[0] = 0.0
    source = np.zeros(count + 1, dtype=int)
    for end in range(1, count + 1):
        first = int(np.searchsorted(words, words[end] - 3 * WORDS_A_SEGMENT))
        starts = np.arange(min(first, end - 1), end)
        sizes = (words[end] - words[starts]) / WORDS_A_SEGMENT
        likeness = np.linalg.norm(sums[end] - sums[starts], axis=1) / math.sqrt(WORDS_A_SEGMENT)
        values = best[starts] + likeness - 0.35 * np.log(np.maximum(sizes, 0.02)) ** 2 - 0.45
        at = int(np.argmax(values))
        best[end], source[end] = values[at], starts[at]
    cuts, at = [], count
    while at > 0:
        at = int(source[at])
        cuts.append(at)
    return cuts[::-1]


def keyphrase(text: str, others: Sequence[str] = ()) -> str:
    """One to three words that stand often here and seldom elsewhere; empty if nothing does."""
    here = _phrases(text)
    if not here:
        return ""
    elsewhere = Counter(phrase for other in others for phrase in set(_phrases(other)))
    total = 1 + len(others)

    def value(phrase: str) -> float:
        rarity = math.log((1 + total) / (1 + elsewhere[phrase]))
        return here[phrase] * rarity * (1 + 0.5 * phrase.count(" ")) * (len(phrase) > 3)

    best = max(here, key=lambda phrase: (value(phrase), -len(phrase)))
    return best if here[best] >= 2 or len(here) < 40 else best.split(" ")[0]


def _phrases(text: str) -> Counter[str]:
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*|[.,;:!?()]", text.lower())
    found: Counter[str] = Counter()
    for size in (1, 2, 3):
        for i in range(len(words) - size + 1):
            group = words[i : i + size]
            if all(len(word) > 2 and word not in STOPWORDS for word in group):
                found[" ".join(group)] += 1
    for pair in CJK_PAIRS.findall(text):
        found[pair] += 1
    return found
