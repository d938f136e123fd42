"""The words that say what a text is about, and texts as vectors of them (TF-IDF)."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WORD = re.compile(r"[^\W\d_]{3,}")
CJK_PAIRS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}")
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
    return words + CJK_PAIRS.findall(low) + CJK_PAIRS.findall(low[1:])


def _stem(word: str) -> str:
    """English endings that hide that two words are one."""
    for ending in ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def tfidf(texts: Sequence[str], *, max_terms: int = 3000) -> NDArray[np.float64]:
    """Row-normalised TF-IDF, shape (texts, terms)."""
    import numpy as np  # which the program does not load for the words alone

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
