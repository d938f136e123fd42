"""Numbers in company: money, versions, ranges, dimensions, comparisons, signs between words."""

from __future__ import annotations

import re

from pipeline.spoken.rules import Rule, applied
from pipeline.spoken.symbols import SUPERSCRIPTS

_NUMBER = r"\d+(?:[.,]\d+)*"
# A comparison that begins a phrase, "was ≥ 5 points", is "at least"; one behind a variable,
# "n ≥ 5", is a relation and left to the normaliser.
_OPENS = r"(?:(?<=[A-Za-z]{3} )|(?<=[(\[,])|(?<=, )|^)"
_AMOUNT = r"\s?(?=[$€£]?\d)"

_BEFORE: tuple[Rule, ...] = (
    (re.compile(r"\b(?:[Vv]ersion\s|v\.?\s?)(\d+(?:\.\d+)+)\b"),
     lambda m: "version " + m.group(1).replace(".", " point ")),
    (re.compile(r"\b(\d+):(\d+)(?=\s(?:ratio|dilution|mixture|odds|scale|aspect))"), r"\1 to \2"),
    (re.compile(r"(?<=ratio of )(\d+):(\d+)"), r"\1 to \2"),
    (re.compile(r"\b(\d{1,2}):(\d)\b(?!\d)"), r"\1 to \2"),
    (re.compile(r"\b(\d+(?:\.\d+)?)[x×](?=[\s,.;)]|$)(?!\s?[×x\d])"), r"\1 times"),
    (re.compile(rf"({_NUMBER})\s?[×x]\s?({_NUMBER})\s?[×x]\s?({_NUMBER})(?!\d|\s?=)"),
     r"\1 by \2 by \3"),
    (re.compile(rf"({_NUMBER})\s?[×x]\s?({_NUMBER})(?![\d^{SUPERSCRIPTS}−]|\s?=|\s?\^)"),
     r"\1 by \2"),
)  # fmt: skip
_RULES: tuple[Rule, ...] = (
    (re.compile(r"\b(?:US\$|USD\s?)(?=\d)([\d,.]*\d(?:\s(?:thousand|million|billion|trillion))?)"),
     r"\1 US dollars"),
    (re.compile(r"\bEUR\s?([\d,.]*\d(?:\s(?:million|billion))?)"), r"\1 euros"),
    (re.compile(r"\bGBP\s?([\d,.]*\d(?:\s(?:million|billion))?)"), r"\1 pounds"),
    (re.compile(rf"(?<![\w.–-])([−-]?{_NUMBER})\s?[–—]\s?([−-]?{_NUMBER})(?![\w–-])"),
     r"\1 to \2"),
    (re.compile(rf"(?<![\w.–-])({_NUMBER})-({_NUMBER})(?![\w–-])"), r"\1 to \2"),
    (re.compile(rf"{_OPENS}[≥⩾]{_AMOUNT}"), "at least "),
    (re.compile(rf"{_OPENS}[≤⩽]{_AMOUNT}"), "at most "),
    (re.compile(rf"{_OPENS}>{_AMOUNT}"), "more than "),
    (re.compile(rf"{_OPENS}<{_AMOUNT}"), "less than "),
    (re.compile(rf"{_OPENS}[~∼≈≃]{_AMOUNT}"), "about "),
    (re.compile(r"\b([B-HJ-Zb-hj-z]|[A-Z][A-Za-z]{1,7})(\d{1,4})(?![\w.])"), r"\1 \2"),
    (re.compile(r"(?<=\w)/(?=or\b)"), " "),
    (re.compile(r"\b([Hh]e|[Hh]is|[Hh]im|[Yy]es|[Tt]rue|[Ee]ither|[Ss])/(she|hers?|no|false|or|he)\b"),
     r"\1 or \2"),
    (re.compile(r"(?<=[A-Za-z]{2})\s?/\s?(?=[A-Za-z]{2})"), " "),
    (re.compile(rf"\[\s*([−-]?{_NUMBER})\s*,\s*({_NUMBER})\s*[\])]"), r"\1 to \2"),
    (re.compile(r"(?<=[A-Za-z])[–—](?=[A-Z])"), "-"),
    (re.compile(r"\s*[—―]\s*|\s+[–-]{1,2}\s+(?!\d)|\s+[–]\s+"), ", "),
    (re.compile(r"(?<=[a-z0-9])–(?=[a-z])"), "-"),
    (re.compile(r"\bp\s*<\s*(?=[\d.])"), "p less than "),
    (re.compile(r"\bp\s*>\s*(?=[\d.])"), "p greater than "),
    (re.compile(r"\bp\s*≤\s*(?=[\d.])"), "p at most "),
    (re.compile(r"\s*:=\s*|\s*≜\s*"), " is defined as "),
    (re.compile(r"\s*(?:<=>|⇔|⟺)\s*"), " if and only if "),
    (re.compile(r"\s*(?:=>|⇒|⟹)\s*"), " implies "),
    (re.compile(r"\s*!=\s*|\s*≠\s*"), " is not equal to "),
    (re.compile(r"\s*(?:->|→|⟶)\s*"), " to "),
    (re.compile(r"\s*(?:<-|←)\s*"), " from "),
    (re.compile(r"(?<=[\w)])\s*∈\s*(?=\w|ℝ)"), " in "),
    (re.compile(r"(?<=\d)[′'](?=-?(?:end|UTR|cap|to)\b)"), " prime "),
)  # fmt: skip


def with_dimensions(text: str) -> str:
    """What must be seen before units and formulas are: "3 × 3 cm", "v2.1", "1:10"."""
    return applied(_BEFORE, text)


def with_numbers(text: str) -> str:
    return applied(_RULES, text)
