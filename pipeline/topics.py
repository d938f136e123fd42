"""Where a text without headings changes its subject, and what a piece of it is about."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SENTENCES_A_SEGMENT = 18
WORDS_A_SEGMENT = 420
MAX_PARAGRAPHS = 4000
_WORD = re.compile(r"[^\W\d_]{3,}")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}")
STOPWORDS = frozenset(
    """the and for are but not you all any can had her was one our out has have him his how its may
    new now old see two who did get let put say she too use that this with from they will would
    there their what about which when make like time just know take into year your good some could
    them than then look only come over think also back after work first well even want because these
    give most been being were does such each other more very much many where while those both using
    used between through during before under same however therefore thus hence shall must might upon
    und der die das den dem des ein eine einer eines einem nicht mit von auf für ist sind war wird
    werden als auch sich bei nach aus über oder wie zur zum durch kann noch nur wenn aber dass
    les des une est dans que qui pour pas sur avec par plus sont ont mais comme cette ces aux leur
    nous vous elle ils être fait tout sans los las una por para con del como más pero sus este esta
    esto son entre cuando muy sin sobre también hasta donde quien desde nos durante uno dos uma não
    dos das com seu sua foi ser são ele ela""".split()
)


def terms(text: str) -> list[str]:
    """The words that say what a text is about; Chinese and Japanese by pairs of signs."""
    low = text.lower()
    words = [_stem(word) for word in _WORD.findall(low) if word not in STOPWORDS]
    return words + _CJK.findall(low) + _CJK.findall(low[1:])


def _stem(word: str) -> str:
    """English endings that hide that two words are one."""
    for ending in ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def tfidf(texts: Sequence[str], *, max_terms: int = 3000) -> NDArray[np.float64]:
    """Row-normalised TF-IDF, shape (texts, terms)."""
    bags = [Counter(terms(text)) for text in texts]
    spread = Counter(term for bag in bags for term in bag)
    vocabulary = {term: i for i, (term, _) in enumerate(spread.most_common(max_terms))}
    matrix = np.zeros((len(texts), max(1, len(vocabulary))))
    for row, bag in enumerate(bags):
        for term, count in bag.items():
            column = vocabulary.get(term)
            if column is not None:
                weight = math.log((1 + len(texts)) / (1 + spread[term])) + 1
                matrix[row, column] = (1 + math.log(count)) * weight
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix / np.where(norms == 0, 1, norms)


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


_PHRASE = re.compile(r"[^\W\d_]{3,}(?:[ -][^\W\d_]{3,}){0,2}")


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
    for pair in _CJK.findall(text):
        found[pair] += 1
    return found
