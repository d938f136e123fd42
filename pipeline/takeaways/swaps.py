"""Numbers and names that stand in a text, but not where a sentence puts them: swapped figures, one
person's deeds told of another.

For two numbers, or names, of a sentence: what stands around each of them there must not stand
around the other in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from pipeline.language.opposites import base_of
from pipeline.takeaways.nearness import Scale, nearness
from pipeline.takeaways.tokens import Token
from pipeline.takeaways.wording import is_person

BETTER = 1.15  # by so much two numbers or names would fit better the other way round,
MUCH_BETTER = 1.8  # or one that is not said fits better than the one that is,
LEAST_FIT = 0.45  # and so well at least, of a full fit
SURELY = 1.1  # nearer by so much: a word belongs to the one, not to the other
LEAST_MOVED = 2  # words that stand in the text with the other only


def has_foreign_name(scale: Scale) -> bool:
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


def has_foreign_number(scale: Scale) -> bool:
    return any(
        token.is_number and not scale.like(token) and not _is_one_in(scale, token)
        for token in scale.claim.tokens
    )


_ONE_IN = re.compile(r"\bone(?: \w+)? (?:in|of|out of)(?: every)? $", re.I)


def _is_one_in(scale: Scale, share: Token) -> bool:
    """ "A fifth" of what the text says is one in five, or the other way round."""
    if share.value is None or not share.value:
        return False
    is_said = bool(_ONE_IN.search(scale.claim.text[: share.start]))
    return any(
        is_said or _ONE_IN.search(scale.sentence_of(token).text[: token.start])
        for token in scale.among(numbers=True)
        if token.value == 1 / share.value
    )


def has_swapped_numbers(scale: Scale) -> bool:
    numbers = [
        token
        for token in scale.claim.tokens
        if token.is_number and (scale.like(token) or not _is_one_in(scale, token))
    ]
    return _is_swapped(scale, numbers, scale.among(numbers=True))


def has_swapped_names(scale: Scale) -> bool:
    names = [token for token in scale.claim.tokens if token.is_name and scale.like(token)]
    return _is_swapped(scale, names, scale.among(numbers=False))


def is_done_by_another(scale: Scale) -> bool:
    """Whether what a name of the claim does is done in the text by others with names of their own,
    and the claim's stands in none of those sentences."""
    return any(
        _is_of_others(scale, one, behind)
        for one, behind in pairwise(scale.claim.tokens)
        if is_person(one) and scale.like(one) and _may_be_done(one, behind)
    )


def _may_be_done(name: Token, behind: Token) -> bool:
    is_deed = not behind.is_name and not behind.is_number and not behind.is_denied
    return is_deed and behind.clause == name.clause


def _is_of_others(scale: Scale, name: Token, deed: Token) -> bool:
    own = {token.sentence for token in scale.like(name)}
    names = {(t.sentence, t.clause, t.place): t for t in scale.among(numbers=False)}
    deeds = [t for t in scale.like(deed) if t.meaning.base == deed.meaning.base]
    doers = [names.get((t.sentence, t.clause, t.place - 1)) for t in deeds]
    return bool(doers) and all(
        doer is not None and is_person(doer) and not doer.says(name) and doer.sentence not in own
        for doer in doers
    )


def _is_swapped(scale: Scale, said: Sequence[Token], there: Sequence[Token]) -> bool:
    return any(
        _fit_better_swapped(scale, *pair)
        for pair in combinations(said, 2)
        if _may_be_swapped(scale, *pair)
    ) or any(_is_anothers(scale, word, said, there) for word in said)


def _may_be_swapped(scale: Scale, one: Token, other: Token) -> bool:
    """Whether they could be taken for one another: numbers of the same, names that are not parts of
    one."""
    if one.says(other):
        return False
    if one.is_name:
        return abs(one.place - other.place) > 1
    if _is_total(scale, one) != _is_total(scale, other) and abs(one.place - other.place) > 1:
        return False
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


def _is_total(scale: Scale, number: Token) -> bool:
    """ "17 of 60": what others are counted of is no such count itself."""
    return bool(_OF.search(scale.claim.text[: number.start]))


_OF = re.compile(r"\d (?:out )?of (?:the |all |his |her |its |their )*$", re.I)


def _sort(unit: str) -> str:
    """Hours and days are of one sort."""
    return "time" if unit in _TIMES else unit


def _is_part(number: Token) -> bool:
    """Half, a third: said in words."""
    is_in_words = not any(sign.isdigit() for sign in number.text)
    return is_in_words and number.value is not None and number.value < 1


_TIMES = frozenset(map(base_of, "second minute hour day week month year decade century".split()))


def _may_be_year(number: Token) -> bool:
    return number.value is not None and number.value.denominator == 1 and 1000 < number.value < 2100


def _fit_better_swapped(scale: Scale, one: Token, other: Token) -> bool:
    if not one.is_name and (is_turned := _is_pair_turned(scale, one, other)) is not None:
        return is_turned
    if _is_crossed(scale, one, other):
        return True
    own = scale.most(one, scale.like(one)), scale.most(other, scale.like(other))
    swapped = scale.most(one, scale.like(other)) + scale.most(other, scale.like(one))
    return (one.is_number or all(own)) and swapped > BETTER * sum(own)


def _is_pair_turned(scale: Scale, one: Token, other: Token) -> bool | None:
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


def _is_crossed(scale: Scale, one: Token, other: Token) -> bool:
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
    return gone >= LEAST_MOVED and gone > len(sure) - gone


def _clauses_of_others(scale: Scale, one: Token, other: Token) -> set[int]:
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


def _is_anothers(scale: Scale, word: Token, said: Sequence[Token], there: Sequence[Token]) -> bool:
    """Whether what is said of it is said of another, which the claim does not name."""
    others = [t for t in there if not any(one.says(t) for one in said)]
    most = scale.most(word, others)
    return most > LEAST_FIT * scale.fullest(word) and most > MUCH_BETTER * scale.most(
        word, scale.like(word)
    )
