"""Does a sentence say what a text says? Its numbers, names, denials, opposites and comparisons must
agree with the sentences of the text that they are nearest to.

A model says things in other words, so that no word need be the same; but each number, name and
word of a pair of opposites that it takes has a best place in the text, by the words around it, and
what stands at that place must not be another. English is held to all of it; other languages to
numbers, names and denials.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from pipeline.language.negation import denials_in, has_denials, may_deny
from pipeline.language.opposites import are_opposite, is_denied_form
from pipeline.takeaways.wording import Sentence, Token, names_in, sentence_from, text_sentences

NEARLY = 0.8  # of the best score: as good a place
BETTER = 1.25  # by so much two numbers or names would fit better the other way round,
MUCH_BETTER = 1.8  # or one that is not said fits better than the one that is
FAR_S, CLAUSE_S = 0.2, 0.7  # what a word, and a clause, between two words takes from their nearness
LEAST_SHARED = 2  # words, of what is denied in both


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A text that sentences are held against. Made once, asked often."""

    language: str
    names: frozenset[str]
    sentences: Sequence[Sentence]

    @property
    def tokens(self) -> Iterator[Token]:
        return (token for sentence in self.sentences for token in sentence.all_tokens)

    @property
    def words(self) -> frozenset[str]:
        return frozenset(
            word.lower() for one in self.sentences for word in re.findall(r"[^\W\d_]+", one.text)
        )


@lru_cache(maxsize=8)
def source_of(text: str, language: str) -> Source:
    return Source(
        language=language, names=names_in(text), sentences=text_sentences(text, language)
    )


def disagreement(sentence: str, source: Source) -> str:
    """What in a sentence the text does not say, in a word; empty: nothing was found."""
    claim = sentence_from(sentence, source.language, source.names)
    scale = _Scale(claim, source)
    checks = (
        ("a name", _has_foreign_name),
        ("a number", _has_foreign_number),
        ("figures swapped", _has_swapped_numbers),
        ("names swapped", _has_swapped_names),
    )
    if source.language == "en":
        checks += (("a denial", _denies_otherwise), ("an opposite", _says_the_opposite),
                   ("a comparison", _compares_otherwise))  # fmt: skip
    else:
        checks += (("a denial", _denies_otherwise_somewhere),)
    return next((name for name, is_so in checks if is_so(scale)), "")


# --- nearness -----------------------------------------------------------------------------------


class _Scale:
    """A claim beside a text: how well a word of the one fits a word of the other."""

    def __init__(self, claim: Sentence, source: Source) -> None:
        self.claim = claim
        self.source = source
        self._all = list(source.tokens)
        self._scores: dict[tuple[int, int], float] = {}
        self._near = {
            word.place: [token for token in self._all if word.says(token)] for word in claim.tokens
        }

    def like(self, word: Token) -> Sequence[Token]:
        """What of the text says the same word."""
        return self._near[word.place]

    def opposite(self, word: Token) -> Sequence[Token]:
        return [t for t in self._all if not t.is_number and are_opposite(word.meaning, t.meaning)]

    def among(self, *, numbers: bool) -> Sequence[Token]:
        return [t for t in self._all if (t.is_number if numbers else t.is_name)]

    def fit(self, word: Token, token: Token) -> float:
        """How much of what stands around the one stands around the other, by nearness."""
        key = (word.place, id(token))
        if key not in self._scores:
            self._scores[key] = sum(
                nearness(word, around) * self._nearest(around, word, token)
                for around in self.claim.tokens
                if around.place != word.place and not around.says(word)
            )
        return self._scores[key]

    def _nearest(self, around: Token, word: Token, token: Token) -> float:
        return max(
            (
                nearness(token, other)
                for other in self._near[around.place]
                if other.sentence == token.sentence and other is not token
            ),
            default=0.0,
        )

    def best(self, word: Token, tokens: Sequence[Token]) -> Sequence[Token]:
        """Those that fit best, or nearly so; none that does not fit at all."""
        fits = [self.fit(word, token) for token in tokens]
        most = max(fits, default=0.0)
        return [
            t for t, fit in zip(tokens, fits, strict=True) if most > 0 and fit >= NEARLY * most
        ]

    def most(self, word: Token, tokens: Sequence[Token]) -> float:
        return max((self.fit(word, token) for token in tokens), default=0.0)


def nearness(one: Token, other: Token) -> float:
    """1 down to 0, of two words of a sentence."""
    gap = max(0, abs(one.place - other.place) - 1)
    return 1 / (1 + FAR_S * gap + CLAUSE_S * abs(one.clause - other.clause))


# --- numbers and names --------------------------------------------------------------------------


def _has_foreign_name(scale: _Scale) -> bool:
    words = scale.source.words
    return any(
        token.is_name and not _is_known_name(token.text.lower(), words)
        for token in scale.claim.tokens
    )


def _is_known_name(name: str, words: frozenset[str]) -> bool:
    """ "British" is known where "Britain" is."""
    parts = re.findall(r"[^\W\d_]+", name)
    return all(
        part in words or (len(part) > 4 and any(word[:4] == part[:4] for word in words))
        for part in parts
    )


def _has_foreign_number(scale: _Scale) -> bool:
    return any(token.is_number and not scale.like(token) for token in scale.claim.tokens)


def _has_swapped_numbers(scale: _Scale) -> bool:
    numbers = [token for token in scale.claim.tokens if token.is_number]
    return _is_swapped(scale, numbers, scale.among(numbers=True))


def _has_swapped_names(scale: _Scale) -> bool:
    names = [token for token in scale.claim.tokens if token.is_name and scale.like(token)]
    return _is_swapped(scale, names, scale.among(numbers=False))


def _is_swapped(scale: _Scale, said: Sequence[Token], there: Sequence[Token]) -> bool:
    return any(_fit_better_swapped(scale, *pair) for pair in combinations(said, 2)) or any(
        _is_anothers(scale, word, said, there) for word in said
    )


def _fit_better_swapped(scale: _Scale, one: Token, other: Token) -> bool:
    if one.says(other) or abs(one.place - other.place) < 2 and one.is_name:
        return False
    own = scale.most(one, scale.like(one)) + scale.most(other, scale.like(other))
    swapped = scale.most(one, scale.like(other)) + scale.most(other, scale.like(one))
    return swapped > BETTER * own


def _is_anothers(
    scale: _Scale, word: Token, said: Sequence[Token], there: Sequence[Token]
) -> bool:
    """Whether what is said of it is said of another, which the claim does not name."""
    others = [t for t in there if not any(one.says(t) for one in said)]
    return scale.most(word, others) > MUCH_BETTER * scale.most(word, scale.like(word))


# --- denials and opposites ----------------------------------------------------------------------


def _denies_otherwise(scale: _Scale) -> bool:
    return any(
        _is_denied_only_here(scale, word) if word.is_head else _is_denied_only_there(scale, word)
        for word in scale.claim.tokens
        if not word.is_number and not word.is_name
    )


def _is_denied_only_here(scale: _Scale, word: Token) -> bool:
    if any(not token.is_denied for token in scale.best(word, scale.opposite(word))):
        return False
    places = scale.best(word, scale.like(word))
    if places:
        return not any(token.is_denied or token.may_be_denied for token in places)
    around = [
        token
        for token in scale.claim.tokens
        if token.clause == word.clause and token.place != word.place
    ]
    return not any(
        sum(any(one.says(t) and t.is_denied for t in sentence.tokens) for one in around)
        >= min(LEAST_SHARED, len(around))
        for sentence in scale.source.sentences
    )


def _is_denied_only_there(scale: _Scale, word: Token) -> bool:
    if word.is_denied or word.may_be_denied:
        return False
    places = scale.best(word, scale.like(word))
    return bool(places) and all(token.is_head for token in places)


def _says_the_opposite(scale: _Scale) -> bool:
    return any(
        _is_the_opposite(scale, word)
        for word in scale.claim.tokens
        if not word.is_number and not word.is_name and not word.is_denied
    )


def _is_the_opposite(scale: _Scale, word: Token) -> bool:
    opposite = [token for token in scale.opposite(word) if not token.is_denied]
    if not opposite or _is_of_comparison(scale, word):
        return False
    best = scale.best(word, [*opposite, *scale.like(word)])
    return bool(best) and all(token in opposite for token in best)


def _denies_otherwise_somewhere(scale: _Scale) -> bool:
    """Of a language in which it is not known what a denial denies: sentence against sentence."""
    language = scale.source.language
    if not has_denials(language):
        return False
    shared = [
        (sum(any(word.says(t) for t in one.tokens) for word in scale.claim.tokens), one.text)
        for one in scale.source.sentences
    ]
    most = max((count for count, _ in shared), default=0)
    near = [text for count, text in shared if count >= max(1, NEARLY * most)]
    return bool(near) and not any(is_alike_denied(scale.claim.text, t, language) for t in near)


def is_alike_denied(one: str, other: str, language: str, other_language: str = "") -> bool:
    """Whether both deny something, or neither does."""
    other_language = other_language or language
    denied = bool(denials_in(one, language)), bool(denials_in(other, other_language))
    if denied[0] == denied[1]:
        return True
    return may_deny(other, other_language) if denied[0] else may_deny(one, language)


# --- comparisons --------------------------------------------------------------------------------


def _is_of_comparison(scale: _Scale, word: Token) -> bool:
    return False


def _compares_otherwise(scale: _Scale) -> bool:
    return False
