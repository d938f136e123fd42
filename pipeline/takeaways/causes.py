"""What comes of what: whether a text tells the same cause and effect the other way round.

"Because", "leads to" and verbs by which one thing changes another tell a cause and an effect. Which
is which need not be understood: the words on the two sides must not have changed them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.takeaways.nearness import Scale
from pipeline.takeaways.tokens import Token
from pipeline.takeaways.wording import Sentence

CLEARLY = 2  # so many times more words must have changed sides than stayed
_WHY = re.compile(
    r"\b(?:because(?: of)?|due to|owing to|thanks to|as a result of|caused by|results? from|"
    r"resulted from|comes? from|since|so|therefore|hence|thus|as a result|consequently)\b",
    re.I,
)
_FORWARD = frozenset("so therefore hence thus consequently".split()) | {"as a result"}
_DOES = re.compile(
    r"\b(?:(?P<aux>is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?)?(?P<verb>"
    r"(?:leads?|led|gives? rise|contributes?|contributed) to|results? in|resulted in|brings? about|"
    r"(?:brak|guid|rul|hir|invad|liberat|accus|caus|rais|reduc|increas|decreas|produc|induc|provok|improv|creat|promot|eras|replac|"
    r"driv|prov|stimulat|accelerat|eliminat|activat|regulat|dominat|influenc|encourag)"
    r"(?:e|es|ed|ing|en)|"
    r"(?:surround|lift|steer|employ|elect|appoint|succeed|arrest|betray|lower|trigger|hinder|prevent|weaken|strengthen|boost|push|pull|kill|destroy|attack|defeat|"
    r"conquer|protect|block|limit|attract|repel|affect|follow|support|help|threaten|absorb|slow|"
    r"heat|warm|cool|feed|dissolv|inhibit|suppress|stabili[sz]|infect|poison|govern|control)"
    r"(?:s|es|ed|e|ing)?|"
    r"drove|driven|overthr[eo]wn?)\b(?:\s+(?:only\s+)?(?P<by>by)\b)?",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cause:
    causes: Sequence[Token]
    effects: Sequence[Token]
    is_by_verb: bool = False


def causes_otherwise(scale: Scale) -> bool:
    claimed = list(_causes_in(scale.claim))
    if not claimed:
        return False
    there = [found for one in scale.source.sentences for found in _causes_in(one)]
    return any(_is_turned(one, other) for one in claimed for other in there) and not any(
        _is_same(one, other) for one in claimed for other in there
    )


def _is_turned(one: _Cause, other: _Cause) -> bool:
    if one.is_by_verb != other.is_by_verb:
        return False
    crossed = _shared(one.causes, other.effects), _shared(one.effects, other.causes)
    return all(crossed) and sum(crossed) > CLEARLY * _straight(one, other)


def _is_same(one: _Cause, other: _Cause) -> bool:
    crossed = _shared(one.causes, other.effects) + _shared(one.effects, other.causes)
    kept = _shared(one.causes, other.causes), _shared(one.effects, other.effects)
    return all(kept) and sum(kept) > crossed


def _straight(one: _Cause, other: _Cause) -> int:
    return _shared(one.causes, other.causes) + _shared(one.effects, other.effects)


def _shared(some: Sequence[Token], others: Sequence[Token]) -> int:
    """Words of both, each once, but for verbs of effect, which stand anywhere."""
    bases = {t.meaning.base for t in others if not _DOES.fullmatch(t.text)}
    return len({t.meaning.base for t in some if not _DOES.fullmatch(t.text)} & bases)


def _causes_in(sentence: Sentence) -> Iterator[_Cause]:
    for match in _WHY.finditer(sentence.text):
        if (found := _told_by_why(sentence, match)) is not None:
            yield found
    for match in _INTO.finditer(sentence.text):
        if (found := _told_by_into(sentence, match)) is not None:
            yield found
    for match in _DOES.finditer(sentence.text):
        if (found := _told_by_verb(sentence, match)) is not None:
            yield found


_INTO = re.compile(
    r"\b(?:turn|convert|chang|transform|develop|ferment|translat|dissolv|ma[dk]|grow|grew)\w*"
    r"(?= (?:\w+ ){0,6}?(?P<into>into)\b)",
    re.I,
)


def _told_by_into(sentence: Sentence, match: re.Match[str]) -> _Cause | None:
    """What is turned stands between "turn" and "into" or, if it is turned, before."""
    end = next((b for b in sentence.breaks if b >= match.end("into")), len(sentence.text))
    behind = [t for t in sentence.tokens if match.end("into") <= t.start < end]
    if by := re.search(r"\bby\b", sentence.text[match.end("into") : end]):
        behind = [t for t in behind if t.start < match.end("into") + by.start()]
    between = [t for t in sentence.tokens if match.end() <= t.start < match.start("into")]
    clause = sum(b <= match.start() for b in sentence.breaks)
    before = [t for t in sentence.tokens if t.clause == clause and t.start < match.start()]
    return _sides(between or before, behind, is_turned=False)


def _told_by_why(sentence: Sentence, match: re.Match[str]) -> _Cause | None:
    """What stands behind "because", up to the next comma, and the rest of the sentence; in front of
    it "because" has its cause first all the same."""
    end = next((b for b in sentence.breaks if b >= match.end()), len(sentence.text))
    behind = [t for t in sentence.tokens if match.end() <= t.start < end]
    before = [t for t in sentence.tokens if t.start < match.start()]
    rest = before or [t for t in sentence.tokens if t.start >= end]
    return _sides(behind, rest, is_turned=match.group().lower() in _FORWARD)


def _told_by_verb(sentence: Sentence, match: re.Match[str]) -> _Cause | None:
    """Who does it stands before the verb, in its clause or, where that has none, anywhere; "is done
    by" turns that round."""
    clause = sum(b <= match.start("verb") for b in sentence.breaks)
    mine = [t for t in sentence.tokens if t.clause == clause]
    before = [t for t in mine if t.start < match.start()]
    behind = [t for t in mine if t.start >= match.end()]
    if match.group("aux") and not match.group("by"):
        return None  # nobody is named who does it
    if not before:
        before = [t for t in sentence.tokens if t.start < match.start()]
    found = _sides(before, behind, is_turned=bool(match.group("by")))
    return found and replace(found, is_by_verb=True)


def _sides(causes: Sequence[Token], effects: Sequence[Token], *, is_turned: bool) -> _Cause | None:
    if not causes or not effects:
        return None
    if is_turned:
        causes, effects = effects, causes
    return _Cause(causes=causes, effects=effects)
