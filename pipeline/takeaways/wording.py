"""Sentences taken apart, so that one can be held against another: which words carry meaning, which
are numbers or names, where clauses end, and what is denied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pipeline.language.amounts import Amount, amounts_of
from pipeline.language.opposites import Meaning, meaning_of
from pipeline.language.sentences import sentences_of
from pipeline.takeaways.scopes import with_denials
from pipeline.takeaways.tokens import Token

FORM = frozenset(
    """a an the this that these those some any each every all both either such same own other others
    another one ones i me my we us our you your he him his she her hers it its they them their
    theirs who whom whose which what where when why how there here of in on at by for with about
    against between into through during before after above below to from up down out off over under
    again further then once and but or nor so yet if because as until while although though whereas
    unless since than whether be is am are was were been being have has had having do does did doing
    done will would shall should can could may might must ought need not no never none nobody
    nothing neither without cannot hardly scarcely barely only just also too very more most much
    many less least few fewer even still however therefore thus hence already ever per via within
    upon toward towards among across along around behind beyond despite like unlike especially
    namely himself herself itself themselves everybody everyone somebody anyone anybody someone
    something anything everything almost nearly about roughly quite rather really fully wholly
    entirely completely
    actually indeed soon later ago now well instead let lets non time times way thing
    things""".split()
)
# Words of form that are one side of a pair of opposites all the same.
TELLING = frozenset("above below more most less least fewer few up down later".split())
_BREAK = re.compile(
    r"(?<!\d),|,(?!\d)|[;:()–—]|\s-\s|\b(?:and|but|while|whereas|because|since|although|though|so|when|if|unless|"
    r"until|which|who|where|yet|despite|after|before|against)\b",
    re.I,
)
_BREAK_ELSEWHERE = re.compile(
    r"(?<!\d),|,(?!\d)|[;:()–—，；、]|\s-\s|\b(?:und|aber|sondern|denn|weil|wenn|obwohl|während|nachdem|bevor|"
    r"et|mais|car|parce|quand|tandis|puis|y|pero|sino|porque|cuando|mientras|aunque|e|mas|quando|"
    r"enquanto|embora|и|но|а|потому|когда|хотя|пока)\b",
    re.I,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PRONOUN = re.compile(r"\b(?:he|she|him|his|her)\b", re.I)
_ACRONYM = re.compile(r"[A-Z][A-Za-z]*[A-Z]\w*")
LONG_STEM = 6  # letters of a word of a language whose endings are not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    text: str
    language: str
    tokens: Sequence[Token]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence taken apart. `inherited`: names that its pronouns stand for; `breaks`: where its
    clauses begin, but for the first."""

    text: str
    language: str
    tokens: Sequence[Token]
    breaks: Sequence[int] = ()
    inherited: Sequence[Token] = field(default=())

    @property
    def all_tokens(self) -> Sequence[Token]:
        return [*self.tokens, *self.inherited]

    @property
    def clauses(self) -> Sequence[Clause]:
        edges = [0, *self.breaks, len(self.text)]
        return [
            Clause(
                text=self.text[start:end],
                language=self.language,
                tokens=[token for token in self.tokens if token.clause == place],
            )
            for place, (start, end) in enumerate(pairwise(edges))
        ]


def sentence_from(text: str, language: str, names: Set[str], number: int = 0) -> Sentence:
    """`names`: words known for names wherever they stand."""
    amounts = amounts_of(text, language)
    between = _BREAK if language == "en" else _BREAK_ELSEWHERE
    breaks = [match.start() for match in between.finditer(text)]
    made = [
        replace(token, place=place, sentence=number, clause=sum(b <= token.start for b in breaks))
        for place, token in enumerate(_tokens(text, language, amounts, names))
    ]
    return Sentence(
        text=text,
        language=language,
        tokens=with_denials(text, language, _with_units(made), breaks),
        breaks=breaks,
    )


def text_sentences(text: str, language: str) -> Sequence[Sentence]:
    """Of a whole text, line by line where it has lines."""
    names = names_in(text)
    parts = [one for line in text.splitlines() for one in sentences_of(line)]
    made: list[Sentence] = []
    for number, part in enumerate(parts):
        one = sentence_from(part, language, names, number)
        made.append(replace(one, inherited=_inherited(one, made[-3:])))
    return made


def names_in(text: str) -> frozenset[str]:
    """Words with a capital that does not come from the beginning of a sentence."""
    small = set(re.findall(r"\b[a-zà-ÿа-я][^\W\d_]*", text))
    capitals = re.findall(r"(?<=[\w,;:–—’'] )[^\W\d_a-zà-ÿа-я][^\W\d_]+(?:-[^\W\d_]+)?", text)
    return frozenset(word for word in capitals if word.lower() not in small)


def _tokens(
    text: str, language: str, amounts: Sequence[Amount], names: Set[str]
) -> Iterator[Token]:
    found = [_number(text, amount) for amount in amounts]
    for match in _WORD.finditer(text):
        if any(amount.start <= match.start() < amount.end for amount in amounts):
            continue
        if (token := _word(match, text, language, names)) is not None:
            found.append(token)
    return iter(sorted(found, key=lambda token: token.start))


def _number(text: str, amount: Amount) -> Token:
    written = text[amount.start : amount.end]
    lead = re.search(r"\b(from|to)\s+\S?$", text[: amount.start], re.I)
    return Token(
        text=written,
        lead=lead.group(1).lower() if lead else "",
        meaning=Meaning(base=f"#{amount.value}"),
        value=amount.value,
        kind=amount.kind,
        start=amount.start,
    )


# "At least three days" and "three days or longer" are no opposites.
_BOUNDING = frozenset("least most longer more later less fewer".split())
_BOUND = re.compile(r"\b(?:at|or) $", re.I)
# "Slow down" and "give up" tell of no direction.
_PARTICLES = frozenset("up down".split())
_MOVES = re.compile(
    r"\b(?:go|goes|going|went|gone|come|comes|came|coming|move\w*|moving|push\w*|dr[io]v\w+|"
    r"br(?:ing|ings|ought)|send|sends|sent|is|are|was|were|prices?|rates?) $",
    re.I,
)


def _word(match: re.Match[str], text: str, language: str, names: Set[str]) -> Token | None:
    word = match.group()
    low = word.lower().removesuffix("’s").removesuffix("'s").removesuffix("n't").removesuffix("n’t")
    if language == "en" and low in FORM and low not in TELLING:
        return None
    before = text[: match.start()]
    if low in _PARTICLES and not _MOVES.search(before):
        return None
    if low in _BOUNDING and _BOUND.search(before):
        return None
    if len(low) < 2 or (language != "en" and len(low) < 4):
        return None
    bare = word.removesuffix("’s").removesuffix("'s")
    is_inner = match.start() > 0 and text[match.start() - 2 : match.start() - 1] not in ".!?"
    is_name = (
        bare in names
        or bool(_ACRONYM.fullmatch(bare))
        or (language != "de" and is_inner and bare[0].isupper())
    )
    meaning = meaning_of(low) if language == "en" else Meaning(base=low[:LONG_STEM])
    return Token(text=bare, meaning=meaning, is_name=is_name, start=match.start())


def _with_units(tokens: Sequence[Token]) -> list[Token]:
    """What stands behind a number is what it counts."""
    behind = [*tokens[1:], None]
    return [
        replace(token, unit=after.meaning.base)
        if token.is_number and after is not None and _may_be_unit(token, after)
        else token
        for token, after in zip(tokens, behind, strict=True)
    ]


def _may_be_unit(number: Token, behind: Token) -> bool:
    return not behind.is_number and not behind.is_name and behind.clause == number.clause


def _inherited(sentence: Sentence, before: Sequence[Sentence]) -> Sequence[Token]:
    """The names that "he" and "she" stand for: those at the beginning of the last sentence that
    has any."""
    pronoun = _PRONOUN.search(sentence.text)
    if pronoun is None or not sentence.tokens:
        return ()
    if any(is_person(token) and token.start < pronoun.start() for token in sentence.tokens):
        return ()
    place = sum(token.start < pronoun.start() for token in sentence.tokens)
    for earlier in reversed(before):
        if named := [token for token in earlier.all_tokens if is_person(token)]:
            first = [token for token in named if token.place - named[0].place <= 1]
            own = sentence.tokens[min(place, len(sentence.tokens) - 1)]
            return [
                replace(token, place=place, clause=own.clause, sentence=own.sentence)
                for token in first
            ]
    return ()


def is_person(token: Token) -> bool:
    """Or may be one."""
    return token.is_name and token.text.lower() not in _DATES


_DATES = frozenset(
    """january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday""".split()
)
