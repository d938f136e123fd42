"""Where in a text a word of a sentence belongs: the place that has most of the same around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.language.opposites import Meaning, are_alike, are_opposite
from pipeline.takeaways.tokens import Token
from pipeline.takeaways.wording import Sentence, names_in, text_sentences

NEARLY = 0.8  # of the best fit: as good a place
# What each word, and each border of a clause, between two words takes from their nearness.
FAR, CLAUSE = 0.4, 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A text that sentences are held against. Made once, asked often."""

    language: str
    names: frozenset[str]
    sentences: Sequence[Sentence]
    tokens: Mapping[Meaning, Sequence[Token]]  # by what they mean
    words: frozenset[str]  # all, in small letters


@lru_cache(maxsize=64)
def source_of(text: str, language: str) -> Source:
    sentences = text_sentences(text, language)
    tokens: dict[Meaning, list[Token]] = {}
    for token in (token for sentence in sentences for token in sentence.all_tokens):
        tokens.setdefault(token.meaning, []).append(token)
    return Source(
        language=language,
        names=names_in(text),
        sentences=sentences,
        tokens=tokens,
        words=frozenset(re.findall(r"[^\W\d_]+", text.lower())),
    )


class Scale:
    """A claim beside a text: how well a word of the one fits a word of the other."""

    def __init__(self, claim: Sentence, source: Source) -> None:
        self.claim = claim
        self.source = source
        self._like = {word.place: self._found(word, are_alike) for word in claim.tokens}
        self._there = {place: _by_sentence(found) for place, found in self._like.items()}
        self._fits: dict[tuple[int, int], float] = {}
        self._sentences = {one.tokens[0].sentence: one for one in source.sentences if one.tokens}

    def sentence_of(self, token: Token) -> Sentence:
        """Of the text, the one that a word of it stands in."""
        return self._sentences[token.sentence]

    def nearest_sentences(self) -> Sequence[Sentence]:
        """Of the text, those that share most words with the claim."""
        sentences = self.source.sentences
        shared = [
            sum(any(word.says(token) for token in one.tokens) for word in self.claim.tokens)
            for one in sentences
        ]
        most = max(shared, default=0)
        return [s for s, count in zip(sentences, shared, strict=True) if most and count == most]

    def like(self, word: Token) -> Sequence[Token]:
        """What of the text says the same word."""
        return self._like[word.place]

    def opposite(self, word: Token) -> Sequence[Token]:
        return self._found(word, are_opposite)

    def among(self, *, numbers: bool) -> Sequence[Token]:
        return [
            token
            for tokens in self.source.tokens.values()
            for token in tokens
            if (token.is_number if numbers else token.is_name)
        ]

    def fit(self, word: Token, token: Token) -> float:
        """How much of what stands around the one stands around the other, by nearness."""
        key = (word.place, id(token))
        if key not in self._fits:
            self._fits[key] = sum(
                nearness(word, around) * self._nearest(around, token)
                for around in self.claim.tokens
                if around.place != word.place and not around.says(word)
            )
        return self._fits[key]

    def nearest(self, word: Token, tokens: Sequence[Token]) -> float:
        """How near to any of them the text says a word."""
        return max((self._nearest(word, token) for token in tokens), default=0.0)

    def fullest(self, word: Token) -> float:
        """How well a place would fit where all that the text has too stood as near."""
        return sum(
            nearness(word, around)
            for around in self.claim.tokens
            if around.place != word.place and self.like(around)
        )

    def best(self, word: Token, tokens: Sequence[Token]) -> Sequence[Token]:
        """Those that fit best, or nearly so; none that does not fit at all."""
        fits = [self.fit(word, token) for token in tokens]
        most = max(fits, default=0.0)
        return [t for t, fit in zip(tokens, fits, strict=True) if most > 0 and fit >= NEARLY * most]

    def most(self, word: Token, tokens: Sequence[Token]) -> float:
        return max((self.fit(word, token) for token in tokens), default=0.0)

    def _found(self, word: Token, is_so: Callable[[Meaning, Meaning], bool]) -> Sequence[Token]:
        return [
            token
            for meaning, tokens in self.source.tokens.items()
            if is_so(word.meaning, meaning)
            for token in tokens
        ]

    def _nearest(self, around: Token, token: Token) -> float:
        there = self._there[around.place].get(token.sentence, ())
        return max((nearness(token, one) for one in there if one is not token), default=0.0)


def _by_sentence(tokens: Sequence[Token]) -> Mapping[int, Sequence[Token]]:
    found: dict[int, list[Token]] = {}
    for token in tokens:
        found.setdefault(token.sentence, []).append(token)
    return found


def nearness(one: Token, other: Token) -> float:
    """1 down to 0, of two words of a sentence."""
    gap = max(0, abs(one.place - other.place) - 1)
    return 1 / (1 + FAR * gap + CLAUSE * abs(one.clause - other.clause))
