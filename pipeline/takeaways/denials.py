"""What is denied: a claim must deny what its text denies, and nothing else. In English."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.language.negation import (
    bounds,
    demands,
    denies_only_behind,
    ends_in_denial,
    in_spite_of,
    may_be_demanded,
    may_deny,
    needs,
)
from pipeline.language.opposites import are_opposite
from pipeline.takeaways.nearness import Scale
from pipeline.takeaways.tokens import Token
from pipeline.takeaways.wording import Clause

LEAST_FIT = 0.15  # of a full one: the place of a word counts
LEAST_SHARED = 2  # words, of what is denied in both
FEWEST_OF_CLAUSE = 3  # words beside what is denied, all of which a claim says


def denies_otherwise(scale: Scale) -> bool:
    """Whether a claim denies what its text does not, or says what its text denies."""
    if _leaves_a_denial_out(scale) or _takes_a_condition_away(scale):
        return True
    return any(
        _is_denied_only_here(scale, word) if word.is_head else _is_denied_only_there(scale, word)
        for word in scale.claim.tokens
        if word.is_head or not (word.is_number or word.is_name)
    )


def _is_denied_only_here(scale: Scale, word: Token) -> bool:
    places = scale.best(word, scale.like(word))
    if places and word.denied_by == "without" and all(_is_needed(scale, one) for one in places):
        return sum(one.is_head for one in scale.claim.tokens) == 1
    behind = [
        t for t in scale.claim.tokens if t.clause == word.clause and 0 <= t.place - word.place < 2
    ]
    if any(not t.is_denied for one in behind for t in scale.best(one, scale.opposite(one))):
        return False
    if any(token.is_denied or token.may_be_denied for token in places):
        return False
    if places and scale.most(word, places) > LEAST_FIT * scale.fullest(word):
        return True
    around = [
        token
        for token in scale.claim.tokens
        if token.clause == word.clause
        and token.place != word.place
        and (token.is_reached or not denies_only_behind(word.denied_by))
    ]
    return not any(
        sum(
            any(one.says(t) and (t.is_denied or t.may_be_denied) for t in sentence.tokens)
            for one in around
        )
        >= min(LEAST_SHARED, len(around))
        for sentence in scale.source.sentences
    )


def _is_denied_only_there(scale: Scale, word: Token) -> bool:
    if word.is_reached or word.may_be_denied:
        return False
    same = [token for token in scale.like(word) if token.meaning.base == word.meaning.base]
    places = scale.best(word, same or scale.like(word))
    if places and all(token.is_head for token in places):
        return not (demands(scale.claim.text) and _are_excepted(scale, places))
    return _is_denied_of_its_own(scale, word) or _is_denied_in_short(scale, word)


def _are_excepted(scale: Scale, places: Sequence[Token]) -> bool:
    return all(may_be_demanded(scale.sentence_of(token).text) for token in places)


def _is_denied_of_its_own(scale: Scale, word: Token) -> bool:
    """Whether the text speaks of something in the same clause only to deny that word of it, though
    it may say the word of others."""
    heads = {token.sentence for token in scale.like(word) if token.is_head}
    said = {token.sentence for token in scale.like(word) if not token.is_head}
    own = [t for t in scale.claim.tokens if t.clause == word.clause and t.place < word.place]
    return bool(heads) and any(
        there and there <= heads and not there & said
        for there in ({t.sentence for t in scale.like(one)} for one in own)
    )


def _is_needed(scale: Scale, token: Token) -> bool:
    """ "Only with consent": what the text says cannot be done without."""
    sentence = scale.sentence_of(token)
    return not token.is_denied and needs(sentence.clauses[token.clause].text)


def _is_denied_in_short(scale: Scale, word: Token) -> bool:
    """Of "it counts, but one on the way to a letter box does not": whether the claim says of what
    stands there alone what is said before it."""
    own = [one for one in scale.claim.tokens if one.place != word.place]
    for sentence in scale.source.sentences:
        for short in sentence.clauses:
            if not short.tokens or not ends_in_denial(short.text, sentence.language):
                continue
            before = [t for t in sentence.tokens if t.clause < short.tokens[0].clause]
            is_told = any(word.says(t) for t in before)
            if is_told and _stands_only_in(scale, own, short.tokens):
                return True
    return False


def _stands_only_in(scale: Scale, words: Sequence[Token], short: Sequence[Token]) -> bool:
    """Whether some of the words stand in the text nowhere else than there."""
    there = {id(token) for token in short}
    found = [scale.like(word) for word in words]
    only = [like for like in found if like and all(id(token) in there for token in like)]
    return len(only) >= min(LEAST_SHARED, len(short))


def _leaves_a_denial_out(scale: Scale) -> bool:
    """Whether it says nearly all of a clause that denies something, with another word for what is
    denied there, and denies nothing."""
    claim = scale.claim
    if may_deny(claim.text, claim.language) or bounds(claim.text):
        return False
    changed = [c.tokens for c in claim.clauses if not all(scale.like(word) for word in c.tokens)]
    denying = [c for one in scale.source.sentences for c in one.clauses if _denies_one(c)]
    return any(_says_all_but_the_denial(said, clause) for said in changed for clause in denying)


def _denies_one(clause: Clause) -> bool:
    return any(t.is_head for t in clause.tokens) and len(clause.tokens) > FEWEST_OF_CLAUSE


def _says_all_but_the_denial(said: Sequence[Token], clause: Clause) -> bool:
    heads = [token for token in clause.tokens if token.is_head]
    rest = [token for token in clause.tokens if not token.is_head]
    is_all = all(any(word.says(token) for word in said) for token in rest)
    return is_all and not any(
        word.says(head) or are_opposite(word.meaning, head.meaning)
        for word in said
        for head in heads
    )


def _takes_a_condition_away(scale: Scale) -> bool:
    """ "Even if he hid it" of what the text says holds unless he did."""
    match = in_spite_of(scale.claim.text)
    behind = [t for t in scale.claim.tokens if match is not None and t.start >= match]
    best = [token for word in behind for token in scale.best(word, scale.like(word))[:1]]
    excepted = [t for t in best if needs(scale.sentence_of(t).clauses[t.clause].text)]
    return len(excepted) >= LEAST_SHARED and len(excepted) > len(best) / 2
