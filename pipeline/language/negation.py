"""What says no, by language.

Two strengths: words that deny outright ("not", "kein"), and words that can stand for such a one
when somebody says the same otherwise ("unless", "refuse", "impossible").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """`is_none`: what looks like a denial and is none, as in "not only"."""

    denies: re.Pattern[str]
    hints: re.Pattern[str]
    is_none: re.Pattern[str]


def _words(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{text})(?![^\W_])", re.I)


_DENIALS: Mapping[str, Denial] = {
    "en": Denial(
        denies=_words(
            r"not|\w+n['’]t|cannot|never|no one|no|none|nobody|nothing|nowhere|neither|nor|without|"
            r"hardly|scarcely|barely|unable|(?:fail(?:s|ed|ing)?|refus(?:e|es|ed|ing)) to|"
            r"lack(?:s|ed|ing)?|fail(?:s|ed) in"
        ),
        hints=_words(
            r"only|few(?:er)?|little|rarely|seldom|avoid\w*|except\w*|unless|until|instead|rather|"
            r"den(?:y|ied|ies)|reject\w*|refus\w*|too \w+ to|exclu\w*|forbid\w*|forbade|"
            r"prohibit\w*|ban(?:s|ned)?|absen\w*|lack\w*|fail\w*|prevent\w*|los(?:e|t|s|ing)|"
            r"un\w{3,}|in(?:ab|ad|ap|ca|co|de|di|ef|eq|ev|ex|op|se|so|su|va|vi)\w{3,}|im\w{4,}|"
            r"dis\w{4,}|\w{3,}less|miss\w*|free (?:of|from)|void|illegal|irre\w+|alone|spare[sd]?|"
            r"leav\w+|left|against|neglect\w*|oppos\w+|doubt\w*|empty|unlike"
        ),
        is_none=_words(
            r"not (?:only|just|merely|least)|no (?:less|more|fewer|later|sooner|earlier) than|"
            r"no doubt|nothing but|no\.? ?(?=\d)|whether or not|if not"
        ),
    ),
    "de": Denial(
        denies=_words(r"nicht|nichts|kein\w*|nie|niemals|niemand\w*|nirgends|ohne|weder|kaum"),
        hints=_words(
            r"nur|wenig\w*|selten\w*|verhinder\w*|vermeid\w*|außer|bis|statt|anstatt|verweiger\w*|"
            r"lehn\w*|verbiet\w*|verbot\w*|verboten\w*|ausgeschlossen|ausschl\w*|fehl\w*|mangel\w*|"
            r"un\w{3,}|\w{3,}los(?:e|er|en|em|es)?|scheiter\w*|versäum\w*|weiger\w*|zu|noch|frei"
        ),
        is_none=_words(r"nicht (?:nur|bloß|zuletzt)|nicht (?:weniger|mehr) als|ob oder nicht"),
    ),
    "fr": Denial(
        denies=_words(
            r"pas|jamais|rien|aucun\w*|personne ne|nul(?:le)?|sans|ni|point|guère|"
            r"n['’]\w+ plus|ne \w+ plus"
        ),
        hints=_words(
            r"ne|n['’]\w+|que|seul\w*|peu|rarement|empêch\w*|évit\w*|sauf|hormis|excepté|jusqu\w*|"
            r"refus\w*|rejet\w*|interdi\w*|exclu\w*|manqu\w*|absen\w*|échou\w*|impossib\w*|"
            r"in\w{4,}|im\w{4,}|trop|plutôt|lieu|à moins"
        ),
        is_none=_words(r"pas seulement|pas uniquement|point de|sans doute|au point"),
    ),
    "es": Denial(
        denies=_words(r"no|nunca|jamás|nada|nadie|ningún|ningun\w*|sin|ni|tampoco|apenas"),
        hints=_words(
            r"sólo|solo|solamente|poc[oa]s?|rara\w*|impid\w*|impedi\w*|evit\w*|salvo|excepto|hasta|"
            r"rechaz\w*|neg\w+|niega\w*|prohib\w*|prohíb\w*|exclu\w*|falt\w*|carec\w*|fracas\w*|"
            r"imposib\w*|in\w{4,}|im\w{4,}|des\w{4,}|demasiado|lugar|menos"
        ),
        is_none=_words(r"no (?:sólo|solo|solamente)|sin duda|sin embargo|no (?:menos|más) de"),
    ),
    "pt": Denial(
        denies=_words(r"não|nunca|jamais|nada|ninguém|nenhum\w*|sem|nem|tampouco|mal"),
        hints=_words(
            r"só|somente|apenas|pouc[oa]s?|rar\w+|imped\w*|evit\w*|salvo|exceto|até|recus\w*|rejeit\w*|"
            r"neg\w+|proib\w*|proíb\w*|exclu\w*|falt\w*|care[cç]\w*|fracass\w*|impossív\w*|in\w{4,}|"
            r"im\w{4,}|des\w{4,}|demasiado|vez|menos"
        ),
        is_none=_words(r"não (?:só|apenas|somente)|sem dúvida|nada menos"),
    ),
    "ru": Denial(
        denies=_words(
            r"не|нет|никогда|никто|никого|никому|ничто|ничего|нигде|никак\w*|без|ни|нельзя|едва"
        ),
        hints=_words(
            r"только|лишь|мало|редко|предотвра\w*|избе\w*|кроме|до|пока|отка\w*|отверг\w*|запре\w*|"
            r"исключ\w*|отсутств\w*|недостат\w*|невозмож\w*|не\w{3,}|бес\w{3,}|без\w{3,}|слишком|"
            r"вместо"
        ),
        is_none=_words(r"не только|не менее|не более|без сомнения|несомненно"),
    ),
}  # fmt: skip


def has_denials(language: str) -> bool:
    """Whether there is a table for it."""
    return language in _DENIALS


# "Keeps bacteria from growing": what is denied stands behind.
_KEEPS_FROM = _words(
    r"(?:ke(?:ep|pt)|stop|prevent|hinder|prohibit|bar|ban|discourage|protect)(?:s|ed|ped|red|ned|ing)?"
    r"(?: [\w-]+){1,6}? from(?= \w+ing\b)"
)


def denials_in(text: str, language: str) -> list[tuple[int, int]]:
    """Where a text denies something outright: places from and to."""
    table = _DENIALS[language]
    spared = [match.span() for match in table.is_none.finditer(text)]
    kept = [m.span() for m in _KEEPS_FROM.finditer(text)] if language == "en" else []
    return sorted(kept) + [
        match.span()
        for match in table.denies.finditer(text)
        if not any(start <= match.start() < end for start, end in spared)
    ]


_ONLY_BEHIND = _words("without|no")
_EXCEPTS = _words("without|unless|until|except|but for|other than|before|if not")
_DEMANDS = _words(
    r"only|requires?|required|requiring|needs?|needed|must|has to|have to|had to|unless|until|"
    r"except|necessary|essential|compulsory|mandatory|provided|as long as|demands?|depends? on|"
    r"after|subject to"
)


def denies_only_behind(word: str) -> bool:
    """ "Without" and "no" say nothing of what stands before them."""
    return bool(_ONLY_BEHIND.fullmatch(word))


def may_be_demanded(text: str) -> bool:
    """ "Not without consent": who says that consent is needed says the same."""
    return bool(_EXCEPTS.search(text))


_NEEDS = _words(
    r"only (?:with|if|when|after|by|on|in)|unless|until|except|requires?|required|needs?|needed|"
    r"must"
)
_BOUNDS = _words(
    r"at (?:most|least)|needs?|needed|must|requires?|required|more than|less than|than"
)
_AT_ITS_END = re.compile(
    r"\b(?:do|does|did|is|are|was|were|will|would|can|could|may|must|should|has|have|had)"
    r"(?:n['’]t| not)\W*$|\bcannot\W*$",
    re.I,
)


def needs(text: str) -> bool:
    """ "Only with consent", "unless the council agrees"."""
    return bool(_NEEDS.search(text))


def bounds(text: str) -> bool:
    """Whether it draws a line, by which something is denied as well: "at least 4 percent"."""
    return bool(_BOUNDS.search(text.replace("less than", "")))


_IN_SPITE = _words(
    "even (?:if|when|where)|regardless of whether|whether or not|no matter (?:if|whether)"
)


def in_spite_of(text: str) -> int | None:
    """Where it begins to tell what does not matter: "even if he hid it"."""
    match = _IN_SPITE.search(text)
    return match.end() if match else None


def ends_in_denial(text: str, language: str) -> bool:
    """ "… but others do not": the clause before tells what."""
    return language == "en" and bool(_AT_ITS_END.search(text))


def demands(text: str) -> bool:
    return bool(_DEMANDS.search(text))


# Of the hints, those that leave no doubt what they stand for.
_STANDS_FOR = _words(
    r"avoid\w*|except\w*|unless|instead|rather than|den(?:y|ied|ies)|reject\w*|refus\w*|"
    r"too \w+ to|exclu\w*|forbid\w*|forbade|prohibit\w*|bann?(?:s|ed)?|absen(?:ce|t)|prevent\w*|"
    r"impossible|unable|unknown|unclear|free of|void|miss(?:es|ed)|spare[sd]?|neglect\w*|unlike|"
    r"late|rarely|seldom|few|little|only|le(?:ave|aves|ft) open|undecided|unresolved|"
    r"un(?:suitable|fit|safe|lawful|wise|sound|desirable|acceptable|available|likely)|illegal|"
    r"at (?:most|least)|limit\w*|no (?:less|more|fewer|later|sooner|earlier) than"
)


def stands_in(text: str) -> list[tuple[int, int]]:
    """Where something in an English text may stand for a denial: places from and to."""
    return [match.span() for match in _STANDS_FOR.finditer(text)]


def may_deny(text: str, language: str) -> bool:
    """Whether anything in it could stand for a denial."""
    return bool(denials_in(text, language) or _DENIALS[language].hints.search(text))


def is_alike_denied(one: str, other: str, language: str, other_language: str = "") -> bool:
    """Whether both deny something, or neither does, as far as words can tell."""
    other_language = other_language or language
    is_one, is_other = denials_in(one, language), denials_in(other, other_language)
    if bool(is_one) == bool(is_other):
        return True
    return may_deny(other, other_language) if is_one else may_deny(one, language)
