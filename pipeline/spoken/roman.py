"""Roman numerals, where a word before them tells that they are numbers."""

from __future__ import annotations

import re

from pipeline.spoken.rules import Rule, applied

_ROMAN_HEADS = (
    "Chapter|Section|Part|Volume|Book|Act|Phase|Type|Stage|Class|Table|Figure|Appendix|Grade|"
    "Level|War|Article|Title|Theorem|Lemma|Group|Factor|Step|Experiment|Study|Unit|Canto|Mark|"
    "Scene|Category|Tier|Algorithm|Equation"
)
_RULERS = (
    "Henry|Louis|Elizabeth|Charles|George|William|Edward|James|Richard|Philip|Napoleon|Paul|Pius|"
    "Leo|Benedict|Francis|Catherine|Frederick|Nicholas|Alexander|Peter|Ivan|Otto|Ramses|"
    "Ferdinand|Gregory|Innocent|Friedrich|Wilhelm|Rameses|Christian|Gustav|Albert|Darius"
)
_ROMAN = r"(?:X{0,3}(?:IX|IV|V?I{1,3}|V)|X{1,3})"


def _roman_value(numeral: str) -> int:
    values = {"I": 1, "V": 5, "X": 10}
    total = 0
    for sign, after in zip(numeral, [*numeral[1:], ""], strict=True):
        value = values[sign]
        total += -value if after and values[after] > value else value
    return total


def _numeral(match: re.Match[str]) -> str:
    return f"{match.group(1)} {_roman_value(match.group(2))}"


def _ruler(match: re.Match[str]) -> str:
    number = _roman_value(match.group(2))
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number if number < 20 else number % 10, "th")
    return f"{match.group(1)} the {number}{ending}"


_RULES: tuple[Rule, ...] = (
    (re.compile(rf"\b({_ROMAN_HEADS})s?\s({_ROMAN})\b(?![.]\w)"), _numeral),
    (re.compile(rf"\b({_ROMAN_HEADS.lower()}) (X{{0,3}}(?:IX|IV|V?I{{2,3}}|VI|V|X))\b"), _numeral),
    (re.compile(r"\b(type|phase|class|stage|grade) (I)\b(?=\s(?:and|or|error|diabetes|collagen|"
                r"interferon|cell|trial|reaction|system|clinical)|[,.;:)])"), _numeral),
    (re.compile(rf"\b({_RULERS})\s((?:X{{0,3}}(?:IX|IV|V?I{{2,3}}|VI|V|X)))\b"), _ruler),
    (re.compile(rf"\b({_RULERS})\s(I)(?=\s(?:of|was|had|became)\b|[,.;:)])"), _ruler),
)  # fmt: skip


def with_roman_numerals(text: str) -> str:
    return applied(_RULES, text)
