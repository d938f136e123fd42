"""What is compared with "than", and whether a text compares the same the other way round."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.language.opposites import are_opposite
from pipeline.takeaways.nearness import Scale
from pipeline.takeaways.tokens import Token
from pipeline.takeaways.wording import Sentence

FEWEST_SWAPPED = 2  # words of what is said of the other side


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """What stands before "than", and behind it."""

    before: Sequence[Token]
    behind: Sequence[Token]

    @property
    def measures(self) -> Sequence[Token]:
        """What is compared: more, less, better."""
        found = [t for t in self.before if t.meaning.sides and _MEASURE.fullmatch(t.text)]
        behind = [t for t in self.before if found and t.place == found[-1].place + 1]
        is_more = bool(found) and found[-1].text.lower() == "more"
        return behind if is_more and behind and behind[0].meaning.sides else found[-1:]


_EDGE = re.compile(  # "light and warmth" are one side
    r"(?<!\d),|,(?!\d)|[;:()–—]|\b(?:but|while|whereas|because|since|although|though|so|when|if|"
    r"unless|until|which|who|where)\b",
    re.I,
)
_MEASURE = re.compile(r"more|less|worse|\w+er", re.I)


def _comparison_in(sentence: Sentence) -> _Comparison | None:
    than = re.search(r"\bthan\b", sentence.text)
    if than is None:
        return None
    behind = [token for token in sentence.tokens if token.start > than.start()]
    edges = [m.start() for m in _EDGE.finditer(sentence.text)]
    first = max((edge for edge in edges if edge < than.start()), default=0)
    return _Comparison(
        before=[token for token in sentence.tokens if first <= token.start < than.start()],
        behind=[t for t in behind if t.clause == behind[0].clause],
    )


def compares_otherwise(scale: Scale) -> bool:
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
    """1: the same is compared, on the same sides; -1: on the other ones; 0: it is not the same."""
    claimed, there = _told_apart(claimed, there), _told_apart(there, claimed)
    straight = _shared(claimed.behind, there.behind)
    crossed = _shared(claimed.behind, there.before), _shared(claimed.before, there.behind)
    if straight and not any(crossed):
        return 1 if _shared(claimed.before, there.before) else 0
    return -1 if all(crossed) and not straight else 0


def _told_apart(one: _Comparison, other: _Comparison) -> _Comparison:
    """Without what stands on both sides of either: "red light" and "blue light" are both light."""
    both = {
        a.meaning.base
        for each in (one, other)
        for a in each.before
        if any(a.meaning.base == b.meaning.base for b in each.behind)
    }
    before, behind = (
        [token for token in side if token.meaning.base not in both]
        for side in (one.before, one.behind)
    )
    return _Comparison(before=before, behind=behind)


def _shared(some: Sequence[Token], others: Sequence[Token]) -> int:
    return sum(any(one.meaning.base == other.meaning.base for other in others) for one in some)


def is_of_comparison(scale: Scale, word: Token) -> bool:
    """Whether it is part of a comparison that the text makes too: those are held against one
    another as wholes."""
    claimed = _comparison_in(scale.claim)
    if claimed is None or word not in (*claimed.before, *claimed.behind):
        return False
    there = [found for one in scale.source.sentences if (found := _comparison_in(one))]
    return any(_direction(claimed, one) for one in there)


# --- contrasts ------------------------------------------------------------------------------------


def swaps_sides(scale: Scale) -> bool:
    """Whether a claim says of one thing what the text says of another that it sets against it:
    "vipers cause swelling; cobras paralyse"."""
    clauses = [list(clause.tokens) for clause in scale.claim.clauses if clause.tokens]
    return any(
        _is_of_the_other_side(claimed, own, other)
        for sentence in scale.source.sentences
        for own, other in _sides_of(sentence)
        for claimed in clauses
    )


def _sides_of(sentence: Sentence) -> list[tuple[Sequence[Token], Sequence[Token]]]:
    """Each clause with one beside it that begins with something else."""
    sides = [clause.tokens for clause in sentence.clauses if len(clause.tokens) > 1]
    beside = list(pairwise(sides))
    return [*beside, *((b, a) for a, b in beside)]


def _is_of_the_other_side(
    claimed: Sequence[Token], own: Sequence[Token], other: Sequence[Token]
) -> bool:
    subject, rest = claimed[0], claimed[1:]
    is_about = subject.says(own[0]) and not any(subject.says(token) for token in other)
    if not is_about or any(word.says(other[0]) for word in rest if not _is_compared(claimed)):
        return False
    theirs, mine = _shared(rest, other[1:]), _shared(rest, own[1:])
    return theirs >= FEWEST_SWAPPED and not mine


def _is_compared(tokens: Sequence[Token]) -> bool:
    return any(_MEASURE.fullmatch(token.text) and token.meaning.sides for token in tokens)
