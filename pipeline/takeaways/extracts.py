"""The one sentence a chapter comes down to, chosen from its own: no model, no key.

Centroid of the chapter's TF-IDF, likeness to its heading, and a prior on what makes a sentence
stand alone and be heard with ease (docs/takeaways.md has the measurements). Each is judged without
what it can spare, and shown like that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.domain import Chapter, Document, Passage, PassageKind, Takeaway, Telling
from pipeline.language.sentences import sentences_of, word_count
from pipeline.language.terms import tfidf
from pipeline.language.vocabulary import SUMMARY
from pipeline.takeaways import rhetoric
from pipeline.takeaways.condensing import condensed
from pipeline.takeaways.digest import page_of

FEWEST_WORDS, MOST_WORDS, LONGEST_WORDS = 20, 31, 50
SHORTEST_WORDS = 12  # of what is left where a sentence has to be cut
MAX_SENTENCES = 400
TAILS = ")]}»”’.,;: "  # of the sentence before, where a space stood inside of it
CANDIDATES = 40  # sentences whose wording is looked at
UNLIKELY = 4.0  # the others come behind them
THESIS_WEIGHT = 0.35
NEW_WEIGHT = 0.15
WORSE = 0.6  # a sentence by so much is not worth a change of words


def with_takeaways(document: Document) -> Document:
    """The document with a takeaway in each chapter and a summary."""
    summary = summary_of(document)
    chapters = tuple(
        replace(chapter, takeaway=takeaway_of(chapter, besides=summary))
        for chapter in document.chapters
    )
    return replace(document, chapters=chapters, summary=summary)


def takeaway_of(chapter: Chapter, *, besides: str = "") -> Takeaway:
    """A sentence of the chapter's own, and the page it stands on; empty if there is none.
    `besides`: what stands on the card already, to be said twice only if all else is much worse."""
    sentences = _sentences(chapter)
    if not sentences:
        return Takeaway()
    short = [condensed(sentence) for sentence in sentences]
    scores = _scores(sentences, short, chapter.title)
    if SUMMARY.match(chapter.title):
        scores = scores + _theses(sentences)
    best, *others = (int(place) for place in np.argsort(-scores, kind="stable")[:2])
    if others and finished(short[best]) == besides and scores[others[0]] > scores[best] - WORSE:
        best = others[0]
    return Takeaway(text=finished(short[best]), page=page_of(sentences[best], chapter))


def summary_of(document: Document) -> str:
    """One sentence for the whole: what the document says it does, from the abstract or what opens
    it, else the sentence of these that is closest to all of it."""
    opening = _opening(document.chapters)
    sentences = [sentence for chapter in opening for sentence in _sentences(chapter)][:80]
    if not sentences:
        return ""
    short = [condensed(sentence) for sentence in sentences]
    whole = " ".join(chapter.text[:3000] for chapter in document.chapters[:40])
    scores = _scores(sentences, short, f"{document.title} {document.title}", whole)
    news = [NEW_WEIGHT * bool(rhetoric.NEW.search(sentence)) for sentence in sentences]
    return finished(short[int(np.argmax(scores + _theses(sentences) + np.array(news)))])


def _theses(sentences: Sequence[str]) -> NDArray[np.float64]:
    """What a sentence gains by saying what the document does."""
    return np.array(
        [THESIS_WEIGHT * bool(rhetoric.THESIS.search(sentence)) for sentence in sentences]
    )


def brief(chapter: Chapter, count: int) -> Telling:
    """The chapter in its `count` best sentences, in their order, without its heading."""
    placed = _placed_sentences(chapter)
    if len(placed) <= count:
        return Telling(passages=chapter.passages)
    sentences = [sentence for _, sentence in placed]
    best = sorted(np.argsort(-_scores(sentences, sentences, chapter.title))[:count])
    return Telling(
        passages=tuple(Passage(text=finished(sentences[n]), page=chapter.page) for n in best),
        sources=tuple(placed[n][0] for n in best),
    )


def _opening(chapters: Sequence[Chapter]) -> Sequence[Chapter]:
    named = [c for c in chapters[:4] if SUMMARY.match(c.title)]
    return named or chapters[:2]


def _sentences(chapter: Chapter) -> list[str]:
    return [sentence for _, sentence in _placed_sentences(chapter)]


def _placed_sentences(chapter: Chapter) -> list[tuple[int, str]]:
    """With the number of the passage that each is of, from 1."""
    found = (
        (number, sentence.lstrip(TAILS))
        for number, passage in enumerate(chapter.passages, start=1)
        if passage.kind in (PassageKind.PARAGRAPH, PassageKind.ITEM)
        for sentence in sentences_of(passage.text)
    )
    return [one for one in found if word_count(one[1]) >= 4][:MAX_SENTENCES]


def _scores(
    sentences: Sequence[str], short: Sequence[str], heading: str, whole: str = ""
) -> NDArray[np.float64]:
    """`short`: the sentences as they would be shown."""
    vectors = tfidf([*short, heading, *([whole] if whole else [])])
    own, title = vectors[: len(sentences)], vectors[len(sentences)]
    centre = vectors[-1] if whole else own.sum(axis=0)
    norm = float(np.linalg.norm(centre)) or 1.0
    likeness = own @ centre / norm + 0.5 * (own @ title)
    scores = likeness - UNLIKELY
    for place in np.argsort(-likeness)[:CANDIDATES]:  # what is about something else need not apply
        scores[place] = likeness[place] + _prior(sentences[place], short[place], int(place))
    return np.asarray(scores)


def _prior(whole: str, sentence: str, place: int) -> float:
    """How well a sentence stands alone; `whole`: with all that it was spared."""
    words = word_count(sentence)
    score = 0.12 if place == 0 else 0.05 if place < 4 else 0.0
    score -= 0.03 * max(0, FEWEST_WORDS - words) + 0.025 * max(0, words - MOST_WORDS)
    score += 0.12 * (FEWEST_WORDS <= words <= MOST_WORDS)
    score -= 0.3 * bool(rhetoric.WEAK_START.match(sentence))
    score -= 0.05 * bool(rhetoric.WEAK_START.match(whole))
    score -= 0.25 * bool(rhetoric.POINTER.search(sentence))
    score -= 0.12 * min(4, rhetoric.symbols(sentence))
    score -= 0.08 * max(0, len(re.findall(r"\b\d[\d.,]*", sentence)) - 1)
    score -= 0.3 * bool(rhetoric.TORN.search(sentence))
    score += 0.15 * min(2, len(rhetoric.FINDING.findall(whole)))
    score -= 0.25 * bool(rhetoric.SETUP.search(whole if _is_of_us(sentence) else sentence))
    score -= 0.2 * bool(rhetoric.LEANING.search(sentence))
    score -= 0.4 * (sentence[-1] not in '.!?。！？”"')
    score -= 0.2 * (sentence.endswith("?"))
    return score - 0.3 * (not sentence[0].isupper() and sentence[0].isascii())


def _is_of_us(sentence: str) -> bool:
    """Whether it tells what the authors do rather than what is so."""
    return sentence.startswith(("We ", "I "))


def finished(sentence: str) -> str:
    """A sentence that can stand on a card: not endless, ending in a period."""
    words = sentence.split()
    if len(words) > LONGEST_WORDS:
        sentence = _shortened(words)
    sentence = sentence.strip().rstrip(",;:–—-").strip()
    if sentence and sentence[-1] not in ".!?。！？…":
        sentence += "."
    return sentence


def _shortened(words: Sequence[str]) -> str:
    """At the last clause border that leaves a sentence; else open-ended, and seen to be."""
    for end in range(LONGEST_WORDS, SHORTEST_WORDS, -1):
        if words[end - 1][-1] in ";:" or (words[end - 1][-1] == "," and end > 20):
            return " ".join(words[:end])
    return " ".join(words[:LONGEST_WORDS]) + " …"
