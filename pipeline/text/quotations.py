"""Long quotations in another language than the document's: they are spoken in theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.domain import Chapter, Passage, PassageKind
from pipeline.language.identification import language_of
from pipeline.language.sentences import word_count

FEWEST_WORDS, FEWEST_LETTERS = 25, 120
PROSE = 0.75  # of the signs are letters, where words are and not tables or code
USUAL = 0.4  # of the passages have a word that is usual in the document's language
USUAL_SHARE = 0.15  # of a passage's words, from which on it is in the document's language
_QUOTABLE = (PassageKind.PARAGRAPH, PassageKind.ITEM)


def with_languages(chapters: Sequence[Chapter], language: str) -> list[Chapter]:
    """The chapters, their long quotations marked. Most passages are told by the document's own
    usual words alone; the others must be in another language from end to end."""
    usual = _usual_words([passage for chapter in chapters for passage in chapter.passages])
    return [
        replace(
            chapter,
            passages=tuple(_marked(passage, usual, language) for passage in chapter.passages),
        )
        for chapter in chapters
    ]


def _usual_words(passages: Sequence[Passage]) -> frozenset[str]:
    long = [passage for passage in passages if word_count(passage.text) >= FEWEST_WORDS]
    counted = Counter(word for passage in long for word in set(passage.text.lower().split()))
    return frozenset(word for word, count in counted.items() if count >= USUAL * len(long))


def _marked(passage: Passage, usual: frozenset[str], language: str) -> Passage:
    words = passage.text.lower().split()
    is_long = word_count(passage.text) >= FEWEST_WORDS or len(words) >= FEWEST_WORDS
    if passage.kind not in _QUOTABLE or not is_long:
        return passage
    if sum(word in usual for word in words) >= USUAL_SHARE * len(words):
        return passage
    found = _language_throughout(passage.text)
    return replace(passage, language=found) if found and found != language else passage


def _language_throughout(text: str) -> str:
    """Of both halves alike; empty if they differ, or if there is too little to tell."""
    letters = sum(sign.isalpha() for sign in text)
    if letters < FEWEST_LETTERS or letters < PROSE * len(text.replace(" ", "")):
        return ""
    middle = text.find(" ", len(text) // 2)
    first, second = language_of(text[:middle]), language_of(text[middle:])
    return first if first == second else ""
