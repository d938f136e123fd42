"""A chapter told in its own words: whole, or in its best sentences. Others a model writes
(`pipeline.takeaways.retold`)."""

from __future__ import annotations

from pipeline.domain import Chapter, Mode, Passage, PassageKind, Telling
from pipeline.language.sentences import word_count
from pipeline.takeaways.extracts import brief

FEWEST_BRIEF, MOST_BRIEF, WORDS_A_SENTENCE = 3, 6, 80  # a sentence for each 80 words


def telling_of(chapter: Chapter, mode: Mode) -> Telling:
    """Its heading and its passages; in brief only the best sentences of these."""
    told = Telling(passages=chapter.passages)
    if mode is Mode.BRIEF:
        told = brief(chapter, brief_length(chapter))
    return Telling(
        passages=(heading_of(chapter), *told.passages),
        sources=(0, *told.sources) if told.sources else (),
    )


def heading_of(chapter: Chapter) -> Passage:
    """Its title, announced."""
    return Passage(text=chapter.full_title, page=chapter.page, kind=PassageKind.HEADING)


def brief_length(chapter: Chapter) -> int:
    """Sentences that a chapter comes down to."""
    return min(MOST_BRIEF, max(FEWEST_BRIEF, word_count(chapter.text) // WORDS_A_SENTENCE))


def is_brief_already(chapter: Chapter) -> bool:
    """Whether there is nothing to shorten."""
    return brief(chapter, brief_length(chapter)).passages == chapter.passages
