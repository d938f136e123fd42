"""What a denial denies in its sentence: the word behind it, a list of words, what is set against
another; and how far it reaches."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.language.negation import denials_in, denies_only_behind, has_denials, stands_in
from pipeline.takeaways.tokens import Token

_ADVERBS = frozenset("always longer yet early actually necessarily often usually been be".split())
WITHOUT_WORDS = 2  # "without the consent of the parents": so many it means, and no more


def with_denials(
    text: str, language: str, tokens: Sequence[Token], breaks: Sequence[int]
) -> Sequence[Token]:
    """The words of a sentence, with what is denied among them. `breaks`: where its clauses begin,
    but for the first."""
    if not has_denials(language):
        return tokens
    denials = denials_in(text, language)
    reach = [
        (_clause_of(start, breaks), *_reach(text, tokens, start, end)) for start, end in denials
    ]
    heads = {
        head: text[slice(*denial)].lower()
        for denial in denials
        for head in _heads(text, tokens, denial, breaks)
    }
    clauses = {clause for clause, *_ in reach} | {t.clause for t in tokens if t.place in heads}
    clauses_of = Counter(clause for clause, *_ in reach)
    stands = stands_in(text) if language == "en" else []
    return [
        replace(
            token,
            is_denied=token.clause in clauses
            and not (clauses_of[token.clause] == 1 and _is_within(token, denials)),
            is_reached=any(
                token.clause == clause and start <= token.start < end
                for clause, start, end in reach
            ),
            is_head=token.place in heads,
            denied_by=heads.get(token.place, ""),
            may_be_denied=any(
                _clause_of(start, breaks) == token.clause and not start <= token.start < end
                for start, end in stands
            ),
        )
        for token in tokens
    ]


def _is_within(token: Token, denials: Sequence[tuple[int, int]]) -> bool:
    """ "Refused to" denies what stands behind it, and not itself."""
    return any(start <= token.start < end for start, end in denials)


def _clause_of(start: int, breaks: Sequence[int]) -> int:
    return sum(b <= start for b in breaks)


def _reach(text: str, tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """From where to where in its clause a denial may mean a word."""
    if not denies_only_behind(text[start:end]):
        return 0, len(text)
    behind = [token.start for token in tokens if token.start >= end]
    is_short = text[start:end].lower() == "without" and len(behind) > WITHOUT_WORDS
    return start, behind[WITHOUT_WORDS] if is_short else len(text)


# "Not cut, sucked or cooled": all of them.
_LISTED = re.compile(r" (?:(?:should|may|must|can|be|have|been|to) )*\w+(?:, \w+)*,? (?:or|nor) ")


def _heads(
    text: str, tokens: Sequence[Token], denial: tuple[int, int], breaks: Sequence[int]
) -> Iterator[int]:
    """The places of all that is denied."""
    head = _head(text, tokens, denial, breaks)
    if head is None:
        return
    yield head
    if listed := _LISTED.match(text, denial[1]):
        edges = [m.end() for m in re.finditer(r", |\b(?:or|nor) ", listed.group())]
        for edge in edges:
            behind = (t for t in tokens if t.start >= denial[1] + edge and _may_be_head(t))
            if (first := next(behind, None)) is not None:
                yield first.place


# "The coast and not the Moon": the other is what is denied.
_AND = re.compile(r"(?:,|\b(?:and|but)) $", re.I)
_ANOTHER = re.compile(r" (?:(?:the|a|an|by|from|in|of|at|for|to|with|his|her|its|their) )*", re.I)
_AGAINST_A_NUMBER = re.compile(r"not(?: (?:in|at|by|for|of|on|the|only|after|within)){0,3} \d")


def _head(
    text: str, tokens: Sequence[Token], denial: tuple[int, int], breaks: Sequence[int]
) -> int | None:
    """The place of what is denied: the first word behind, in the same clause."""
    clause = _clause_of(denial[0], breaks)
    is_contrast = text[slice(*denial)].lower() == "not" and _AND.search(text[: denial[0]])
    if _AGAINST_A_NUMBER.match(text, denial[0]):
        return None  # "not in the 22 minutes": whose numbers they are is asked elsewhere
    if is_contrast and (another := _ANOTHER.match(text, denial[1])):
        named = [t.place for t in tokens if t.start == another.end() and t.is_name]
        if named:
            return named[0]
    behind = (token for token in tokens if token.start >= denial[1] and token.clause == clause)
    return next((token.place for token in behind if _may_be_head(token)), None)


def _may_be_head(token: Token) -> bool:
    return not token.is_number and not token.is_name and token.text.lower() not in _ADVERBS
