"""What a sentence can spare, and what it must keep."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.takeaways.condensing import condensed

SPARED = {
    "a frame": (
        "We show that the Transformer generalizes well to other tasks by applying it successfully "
        "to English constituency parsing.",
        "The Transformer generalizes well to other tasks by applying it successfully to English "
        "constituency parsing.",
    ),
    "a frame behind a connective": (
        "Moreover, our results clearly show that bees that dance in the dark find their way home "
        "as well as all others do.",
        "Bees that dance in the dark find their way home as well as all others do.",
    ),
    "a table that shows it": (
        "Table 1 shows that, indeed, our approach is able to extract more useful information from "
        "the training set than hard labels.",
        "Our approach is able to extract more useful information from the training set than hard "
        "labels.",
    ),
    "brackets": (
        "This queue is a linked list of segments (see above), each of them a ring queue (CRQ).",
        "This queue is a linked list of segments, each of them a ring queue.",
    ),
    "where it stands": (
        "The strategy that we propose in this paper achieves the desired effect on all data sets.",
        "The strategy achieves the desired effect on all data sets.",
    ),
    "a concession": (
        "Although nobody had tried to feed them before the winter of that year, bees that were fed "
        "in October came through the winter in much larger numbers than those that were not.",
        "Bees that were fed in October came through the winter in much larger numbers than those "
        "that were not.",
    ),
    "what only adds to it": (
        "Bees that were fed in October came through the winter in much larger numbers than those "
        "that were not, which had been expected by most of those who keep them and by their vets.",
        "Bees that were fed in October came through the winter in much larger numbers than those "
        "that were not.",
    ),
    "what was done before it was found": (
        "We trained ten models on the same data with different seeds and we find that models that "
        "are trained longer than the others do not agree with them more often on pictures that "
        "none of them has seen.",
        "Models that are trained longer than the others do not agree with them more often on "
        "pictures that none of them has seen.",
    ),
}
KEPT = {
    "a fact that was named before": "We have proved that fact for all almost complex structures "
    "that are regular in the sense of the last section of this text.",
    "what points to before it": "This means that the effective size of its training set is much "
    "smaller and it has a strong tendency to overfit on its classes.",
    "a hedge": "We believe that bees that dance in the dark find their way home as well as all "
    "the others do in the light of day.",
    "a formula": "The cost of f(x) at type (1, 1) is a function of L[k] and of the number of bees "
    "in the hive at noon.",
    "what turns it round": "We have explored adding diversity to the models by varying the sets of "
    "data that each of the models sees in the course of its training in every epoch, but we found "
    "this to not significantly change our results.",
    "a short one": "We show that bees dance.",
}


@pytest.mark.parametrize("name", SPARED)
def test_what_it_can_spare_goes(name: str) -> None:
    sentence, short = SPARED[name]
    assert condensed(sentence) == short


@pytest.mark.parametrize("name", KEPT)
def test_what_it_needs_stays(name: str) -> None:
    assert condensed(KEPT[name]) == KEPT[name]


WORDS = """we show that however in this paper ( bees ) , which although it is long , and we find the
results suggest while dancing at noon ; because of 3.5 % (see Table 2) hives – they fly home not but
or unless""".split()


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=70))
def test_words_are_only_taken_away(words: list[str]) -> None:
    sentence = " ".join(words) + "."
    left = iter(re.findall(r"[\w.%]+", sentence.lower()))
    short = re.findall(r"[\w.%]+", condensed(sentence).lower().removesuffix("."))
    assert all(any(word.rstrip(".") == other.rstrip(".") for other in left) for word in short)
