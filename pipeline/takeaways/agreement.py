"""Does a sentence say what a text says? Its numbers, names, denials, opposites and comparisons must
agree with the sentences of the text that they are nearest to.

A model says things in other words, so that no word need be the same; but each number, name and
word of a pair of opposites that it takes has a best place in the text, by the words around it, and
what stands at that place must not be another. English is held to all of it; other languages to
numbers, names and denials.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from pipeline.language.negation import has_denials, is_alike_denied
from pipeline.language.opposites import are_opposite, base_of
from pipeline.language.sentences import sentences_of
from pipeline.takeaways.lures import lures_in
from pipeline.takeaways.wording import (
    FORM,
    Sentence,
    Token,
    is_person,
    names_in,
    sentence_from,
    text_sentences,
)

LONG_TEXT = 60_000  # characters; of longer ones only what shares words is taken apart
NEARLY = 0.8  # of the best score: as good a place
BETTER = 1.2  # by so much two numbers or names would fit better the other way round,
MUCH_BETTER = 1.8  # or one that is not said fits better than the one that is
FAR_S, CLAUSE_S = 0.4, 1.5  # what a word, and a clause, between two words takes from their nearness
SURELY = 1.1  # nearer by so much: a word belongs to the one, not to the other
SURE_FIT, LEAST_FIT = 0.45, 0.15  # of a full one: a place of an opposite counts, if the word itself
# stands somewhere else, or nowhere
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


@lru_cache(maxsize=64)
def source_of(text: str, language: str) -> Source:
    return Source(language=language, names=names_in(text), sentences=text_sentences(text, language))


def is_said(sentence: str, text: str, language: str) -> bool:
    """Whether a text says what a sentence says, as far as can be told without understanding it."""
    if lures_in(sentence, text):
        return False
    is_quoted = _bare(sentence) in _bare(text)
    return is_quoted or not disagreement(sentence, source_of(_about(sentence, text), language))


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _about(sentence: str, text: str) -> str:
    """The text; of a long one what shares words with the sentence."""
    if len(text) < LONG_TEXT:
        return text
    words = {base_of(word) for word in re.findall(r"[^\W_]{3,}", sentence.lower())} - FORM
    parts = [one for line in text.splitlines() for one in sentences_of(line)]
    return "\n".join(part for part in parts if _shares(part, words))


def _shares(part: str, words: Set[str]) -> bool:
    found = {base_of(word) for word in re.findall(r"[^\W_]{3,}", part.lower())}
    return len(found & words) >= LEAST_SHARED


def disagreement(sentence: str, source: Source) -> str:
    """What in a sentence the text does not say, in a word; empty: nothing was found."""
    claim = sentence_from(sentence, source.language, source.names)
    scale = _Scale(claim, source)
    checks: tuple[tuple[str, Callable[[_Scale], bool]], ...] = (
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

    def nearest(self, word: Token, tokens: Sequence[Token]) -> float:
        """How near to any of them the text says a word."""
        return max((self._nearest(word, word, token) for token in tokens), default=0.0)

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
    return any(
        _fit_better_swapped(scale, *pair)
        for pair in combinations(said, 2)
        if _may_be_swapped(scale, *pair)
    ) or any(_is_anothers(scale, word, said, there) for word in said)


def _may_be_swapped(scale: _Scale, one: Token, other: Token) -> bool:
    """Whether they could be taken for one another: numbers of the same, names that are not parts of
    one."""
    if one.says(other):
        return False
    if one.is_name:
        return abs(one.place - other.place) > 1
    units = [
        {_sort(t.unit) for t in (token, *scale.like(token)) if t.unit} for token in (one, other)
    ]
    is_measured = [
        bool(unit) or _may_be_year(t) for unit, t in zip(units, (one, other), strict=True)
    ]
    return (
        _is_part(one) == _is_part(other)
        and one.kind == other.kind
        and (bool(units[0] & units[1]) or not all(is_measured) or not any(units))
    )


def _sort(unit: str) -> str:
    """Hours and days are of one sort."""
    return "time" if unit in _TIMES else unit


def _is_part(number: Token) -> bool:
    """Half, a third: said in words."""
    return number.text.isalpha() and number.value is not None and number.value < 1


_TIMES = frozenset(map(base_of, "second minute hour day week month year decade century".split()))


def _may_be_year(number: Token) -> bool:
    return number.value is not None and number.value.denominator == 1 and 1000 < number.value < 2100


def _fit_better_swapped(scale: _Scale, one: Token, other: Token) -> bool:
    if not one.is_name and (is_turned := _is_pair_turned(scale, one, other)) is not None:
        return is_turned
    if _is_crossed(scale, one, other):
        return True
    own = scale.most(one, scale.like(one)), scale.most(other, scale.like(other))
    swapped = scale.most(one, scale.like(other)) + scale.most(other, scale.like(one))
    return (one.is_number or all(own)) and swapped > BETTER * sum(own)


def _is_pair_turned(scale: _Scale, one: Token, other: Token) -> bool | None:
    """Of two numbers that stand side by side, "from 9 to 4", whether they stand in the text the
    other way round; None if they do not stand so in both."""
    pairs = [
        (a, b)
        for a in scale.like(one)
        for b in scale.like(other)
        if a.sentence == b.sentence and abs(a.place - b.place) == 1
    ]
    if abs(one.place - other.place) != 1 or not pairs:
        return None
    return not any(_stand_alike(one, other, a, b) for a, b in pairs)


def _stand_alike(one: Token, other: Token, a: Token, b: Token) -> bool:
    if {one.lead, other.lead} == {a.lead, b.lead} == {"from", "to"}:
        return one.lead == a.lead
    return (one.place < other.place) == (a.place < b.place)


def _is_crossed(scale: _Scale, one: Token, other: Token) -> bool:
    """Whether of the words around them some that belong to the one in the claim belong to the other
    in the text, and some the other way round."""
    if abs(one.place - other.place) == 1:
        return False  # what stands around them stands around both
    units = {one.unit, other.unit}
    others = _clauses_of_others(scale, one, other)
    moved = [
        _Move(
            here=_side(nearness(word, one), nearness(word, other)),
            there=_side(*near),
            is_sure=not min(near),
        )
        for word in scale.claim.tokens
        if word.clause not in others
        and not (word.says(one) or word.says(other) or word.meaning.base in units)
        and (near := [scale.nearest(word, scale.like(to)) for to in (one, other)])
    ]
    if {(1, -1), (-1, 1)} <= {(move.here, move.there) for move in moved}:
        return True
    sure = [move for move in moved if move.is_sure and move.here and move.there]
    gone = sum(move.here != move.there for move in sure)
    return gone >= LEAST_SHARED and gone > len(sure) - gone


def _clauses_of_others(scale: _Scale, one: Token, other: Token) -> set[int]:
    """Clauses with numbers, or names, of their own: what stands there belongs to these."""
    own = {one.clause, other.clause}
    return {
        token.clause
        for token in scale.claim.tokens
        if token.clause not in own
        and (token.is_number if one.is_number else is_person(token) and token.place)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """To which of two numbers or names a word belongs, in the claim and in the text."""

    here: int
    there: int
    is_sure: bool  # in the text it stands in no sentence with the other


def _side(to_one: float, to_other: float) -> int:
    """1: nearer to the one, -1: to the other, 0: to none of them by much."""
    if to_one > SURELY * to_other:
        return 1
    return -1 if to_other > SURELY * to_one else 0


def _is_anothers(scale: _Scale, word: Token, said: Sequence[Token], there: Sequence[Token]) -> bool:
    """Whether what is said of it is said of another, which the claim does not name."""
    others = [t for t in there if not any(one.says(t) for one in said)]
    most = scale.most(word, others)
    return most > SURE_FIT * scale.fullest(word) and most > MUCH_BETTER * scale.most(
        word, scale.like(word)
    )


# --- denials and opposites ----------------------------------------------------------------------


def _denies_otherwise(scale: _Scale) -> bool:
    return any(
        _is_denied_only_here(scale, word) if word.is_head else _is_denied_only_there(scale, word)
        for word in scale.claim.tokens
        if not word.is_number and not word.is_name
    )


def _is_denied_only_here(scale: _Scale, word: Token) -> bool:
    behind = [
        t for t in scale.claim.tokens if t.clause == word.clause and 0 <= t.place - word.place < 2
    ]
    if any(not t.is_denied for one in behind for t in scale.best(one, scale.opposite(one))):
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
    like = scale.like(word)
    best = scale.best(word, [*opposite, *like])
    least = (SURE_FIT if like else LEAST_FIT) * scale.fullest(word)
    return scale.most(word, best) > least and all(token in opposite for token in best)


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


# --- comparisons --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """What stands before "than", and behind it."""

    before: Sequence[Token]
    behind: Sequence[Token]

    @property
    def measures(self) -> Sequence[Token]:
        """What is compared: more, less, better."""
        return [
            token
            for token in self.before[-3:]
            if token.meaning.sides and _MEASURE.fullmatch(token.text)
        ]


_MEASURE = re.compile(r"more|less|worse|\w+er", re.I)


def _comparison_in(sentence: Sentence) -> _Comparison | None:
    than = re.search(r"\bthan\b", sentence.text)
    if than is None:
        return None
    before = [token for token in sentence.tokens if token.start < than.start()]
    behind = [token for token in sentence.tokens if token.start > than.start()]
    return _Comparison(
        before=[t for t in before if t.clause == before[-1].clause],
        behind=[t for t in behind if t.clause == behind[0].clause],
    )


def _compares_otherwise(scale: _Scale) -> bool:
    claimed = _comparison_in(scale.claim)
    if claimed is None:
        return False
    there = [found for one in scale.source.sentences if (found := _comparison_in(one))]
    return any(_is_turned(claimed, one) for one in there)


def _is_turned(claimed: _Comparison, there: _Comparison) -> bool:
    """Whether the same two are compared the other way round."""
    direction = _direction(claimed, there)
    pairs = [(a, b) for a in claimed.measures for b in there.measures]
    is_opposite = any(are_opposite(a.meaning, b.meaning) for a, b in pairs)
    is_same = any(a.meaning.sides & b.meaning.sides for a, b in pairs)
    return (direction > 0 and is_opposite and not is_same) or (
        direction < 0 and is_same and not is_opposite
    )


def _direction(claimed: _Comparison, there: _Comparison) -> int:
    """1: what is compared stands on the same sides, -1: on the other ones, 0: it is not the same."""
    straight = _shared(claimed.behind, there.behind)
    crossed = _shared(claimed.behind, there.before), _shared(claimed.before, there.behind)
    if straight and not any(crossed):
        return 1 if _shared(claimed.before, there.before) else 0
    return -1 if all(crossed) and not straight else 0


def _shared(some: Sequence[Token], others: Sequence[Token]) -> int:
    return sum(any(one.meaning.base == other.meaning.base for other in others) for one in some)


def _is_of_comparison(scale: _Scale, word: Token) -> bool:
    """Whether it is part of a comparison that the text makes too: those are held against one
    another as wholes."""
    claimed = _comparison_in(scale.claim)
    if claimed is None or word not in (*claimed.before, *claimed.behind):
        return False
    there = [found for one in scale.source.sentences if (found := _comparison_in(one))]
    return any(_direction(claimed, one) for one in there)
