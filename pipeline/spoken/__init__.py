"""Written words → spoken words.

A leading point is completed first. Then the lexicon, then our own rules for what the general
normaliser gets wrong, then that one (normt2s) for plain numbers, then every sign by its name
(docs/decisions/0004).

In: text and its language, or a `domain.Chapter`. Out: text as it is said, or a `domain.Script`.
May import: `takeaways`, `language`, and what they may.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.spoken.english import in_english
from pipeline.spoken.languages import in_language
from pipeline.spoken.lexicon import Lexicon, lexicon_for, operators_words, parsed
from pipeline.spoken.points import with_leading_zeros
from pipeline.spoken.scripts import with_latin
from pipeline.spoken.symbols import folded, named, tidied

__all__ = ["operators_words", "parsed", "spoken"]
MOST_AT_ONCE = 1000  # characters
MOST_PASSES = 4  # a sign by its name may give a rule more to see


def spoken(text: str, language: str = "en", words: Mapping[str, str] | None = None) -> str:
    """What a reader says for what is written. Doing it twice changes nothing more.

    `words`: an operator's and a listener's own, written → spoken; they win over the lexicon.
    """
    lexicon = lexicon_for(language, tuple(sorted((words or {}).items())))
    for _ in range(MOST_PASSES):
        before = text
        whole = with_leading_zeros(tidied(text), language)
        said = (_said(piece, language, lexicon) for piece in _slices(whole))
        text = folded(" ".join(said))
        if text == before:
            break
    return text


def _said(text: str, language: str, lexicon: Lexicon) -> str:
    if language == "en":
        return named(with_latin(in_english(text, lexicon.applied), language))
    return with_latin(in_language(lexicon.applied(text), language), language)


def _slices(text: str) -> Iterator[str]:
    """No rule sees more than a long sentence at once, so that no text can stall them."""
    start = 0
    while len(text) - start > MOST_AT_ONCE:
        end = text.rfind(" ", start, start + MOST_AT_ONCE)
        end = end if end > start else start + MOST_AT_ONCE
        yield text[start:end]
        start = end
    yield text[start:]
