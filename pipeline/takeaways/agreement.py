"""Does a sentence say what a text says? Its numbers, names, denials, opposites and comparisons must
agree with the sentences of the text that they are nearest to.

A model says things in other words, so that no word need be the same; but each number, name and
word of a pair of opposites that it takes has a best place in the text, by the words around it, and
what stands at that place must not be another. English is held to all of it; other languages to
numbers, names and denials.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence, Set

from pipeline.language.negation import has_denials, is_alike_denied
from pipeline.language.opposites import base_of
from pipeline.language.sentences import sentences_of
from pipeline.takeaways.bounds import is_of_bound, turns_round
from pipeline.takeaways.causes import causes_otherwise
from pipeline.takeaways.comparisons import (
    compares_otherwise,
    is_of_comparison,
    swaps_sides,
)
from pipeline.takeaways.denials import LEAST_FIT, LEAST_SHARED, denies_otherwise
from pipeline.takeaways.lures import lures_in
from pipeline.takeaways.measures import counts_by_another, measures_otherwise, takes_another_time
from pipeline.takeaways.nearness import NEARLY, Scale, Source, source_of
from pipeline.takeaways.strength import counts_more, is_surer, is_wider
from pipeline.takeaways.swaps import (
    has_foreign_name,
    has_foreign_number,
    has_swapped_names,
    has_swapped_numbers,
    is_done_by_another,
)
from pipeline.takeaways.tokens import Token
from pipeline.takeaways.wording import FORM, Clause, sentence_from

LONG_TEXT = 60_000  # characters; of longer ones only the sentences that share most are taken apart
MOST_SENTENCES = 300
SURE_FIT = 0.45  # of a full one: the place of an opposite counts though the word itself stands
# somewhere else
FOREIGN_WORDS = 3  # of a clause that says something of its own
Checks = tuple[tuple[str, Callable[[Scale], bool]], ...]


def is_said(sentence: str, text: str, language: str) -> bool:
    """Whether a text says what a sentence says, as far as can be told without understanding it."""
    if lures_in(sentence, text):
        return False
    return _is_quoted(sentence, text) or not disagreement(
        sentence, source_of(_about(sentence, text), language)
    )


def _is_quoted(sentence: str, text: str) -> bool:
    """As a sentence of its own: behind "it is possible that" the same words say less."""
    bare = _bare(sentence)
    return bare in _bare(text) and any(
        bare == _bare(one) for line in text.splitlines() for one in sentences_of(line)
    )


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _about(sentence: str, text: str) -> str:
    """The text; of a long one what shares words with the sentence."""
    if len(text) < LONG_TEXT:
        return text
    parts = [one for line in text.splitlines() for one in sentences_of(line)]
    words = [_words_of(part) for part in parts]
    spread = Counter(word for found in words for word in found)
    wanted = _words_of(sentence)
    worth = [sum(1 / spread[word] for word in found & wanted) for found in words]
    best = sorted(range(len(parts)), key=lambda place: -worth[place])[:MOST_SENTENCES]
    return "\n".join(parts[place] for place in sorted(best))


def _words_of(part: str) -> Set[str]:
    return {base_of(w) for w in re.findall(r"[^\W_]{2,}", part.lower()) if w not in FORM}


def disagreement(sentence: str, source: Source) -> str:
    """What in a sentence the text does not say, in a word; empty: nothing was found."""
    claim = sentence_from(sentence, source.language, source.names)
    scale = Scale(claim, source)
    checks: Checks = (
        ("a name", has_foreign_name),
        ("a number", has_foreign_number),
        ("a clause", _adds_a_clause),
        ("figures swapped", has_swapped_numbers),
        ("names swapped", has_swapped_names),
    )
    checks += _ENGLISH if source.language == "en" else _OTHERS
    return next((name for name, is_so in checks if is_so(scale)), "")


def _adds_a_clause(scale: Scale) -> bool:
    """Whether there is a clause of which the text has not one word."""
    clauses: dict[int, list[bool]] = {}
    for word in scale.claim.tokens:
        clauses.setdefault(word.clause, []).append(bool(scale.like(word)))
    return any(len(found) >= FOREIGN_WORDS and not any(found) for found in clauses.values())


# --- opposites, and denials of other languages --------------------------------------------------


def _says_the_opposite(scale: Scale) -> bool:
    return any(
        _is_the_opposite(scale, word)
        for word in scale.claim.tokens
        if not (word.is_number or word.is_name or word.is_denied or _is_of_any(scale, word))
    )


def _is_of_any(scale: Scale, word: Token) -> bool:
    """ "However small": of whatever size."""
    return scale.claim.text[: word.start].lower().endswith("however ")


def _is_the_opposite(scale: Scale, word: Token) -> bool:
    if is_of_comparison(scale, word) or is_of_bound(scale.claim.text, word.start):
        return False
    return _fits_the_opposite(scale, word)


def _fits_the_opposite(scale: Scale, word: Token) -> bool:
    opposite = [token for token in scale.opposite(word) if not token.is_denied]
    if not opposite:
        return False
    like = scale.like(word)
    best = scale.best(word, [*opposite, *like])
    least = (SURE_FIT if like else LEAST_FIT) * scale.fullest(word)
    return scale.most(word, best) > least and all(token in opposite for token in best)


def _denies_otherwise_somewhere(scale: Scale) -> bool:
    """Of a language in which it is not known what a denial denies: clause against clause."""
    if not has_denials(scale.source.language):
        return False
    clauses = [clause for one in scale.source.sentences for clause in one.clauses]
    return any(_is_denied_elsewhere(clause, clauses) for clause in scale.claim.clauses)


def _is_denied_elsewhere(clause: Clause, clauses: Sequence[Clause]) -> bool:
    """Whether the clauses of the text that are nearest to one deny something, and it does not, or
    the other way round."""
    shared = [sum(any(w.says(t) for t in one.tokens) for w in clause.tokens) for one in clauses]
    most = max(shared, default=0)
    near = [one for one, count in zip(clauses, shared, strict=True) if count >= NEARLY * most]
    return most >= LEAST_SHARED and not any(
        is_alike_denied(clause.text, one.text, clause.language) for one in near
    )


_ENGLISH: Checks = (
    ("a denial", denies_otherwise),
    ("an opposite", _says_the_opposite),
    ("a comparison", compares_otherwise),
    ("sides of a contrast", swaps_sides),
    ("a bound", turns_round),
    ("a measure", measures_otherwise),
    ("a measure", counts_by_another),
    ("a time", takes_another_time),
    ("who did it", is_done_by_another),
    ("cause and effect", causes_otherwise),
    ("how surely", is_surer),
    ("how many", counts_more),
    ("how often", is_wider),
)
_OTHERS: Checks = (("a denial", _denies_otherwise_somewhere),)
