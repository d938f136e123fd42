"""Inline mathematics in English words: powers, indices, functions, sums; a long formula is named,
not recited."""

from __future__ import annotations

import re

from pipeline.spoken.rules import Rule, applied
from pipeline.spoken.symbols import SUBSCRIPTS, SUPERSCRIPTS, plain_digits

_UP, _LOW = f"[{SUPERSCRIPTS}]", f"[{SUBSCRIPTS}]"
_GREEK = "\u0391-\u03c9ϑϕϵ"
_LETTER = f"[A-Za-z{_GREEK}]"
_DECIMAL = r"\d+(?:[.,]\d+)*"
_POWER_NAMES = {"2": "squared", "3": "cubed", "T": "transpose", "⊤": "transpose",
                "*": "star", "∗": "star", "'": "prime", "-1": "inverse"}  # fmt: skip
_FUNCTIONS = (
    "log|ln|exp|sin|cos|tan|tanh|sinh|cosh|max|min|arg ?max|arg ?min|softmax|sigmoid|"
    "det|tr|rank|dim|sup|inf|lim|var|cov|sgn|sign|diag|ReLU|Pr"
)
LONG_FORMULA, FEW_OPERATORS = 13, 3
_OPERATOR = re.compile(r"[=<>≤≥≈≡∑∏∫∂∇√∈×⋅·+−±∝⊗⊕‖|^∥→]")


def exponent(raw: str) -> str:
    """ "⁻³" → "to the minus 3"."""
    digits = plain_digits(raw).strip("{}() ")
    if digits in _POWER_NAMES:
        return _POWER_NAMES[digits]
    sign = "minus " if digits.startswith("-") else "plus " if digits.startswith("+") else ""
    return f"to the {sign}{digits.lstrip('+-')}"


def _ten_to(raw: str) -> str:
    digits = plain_digits(raw).replace(" ", "")
    sign = "minus " if digits.startswith("-") else ""
    return f"ten to the {sign}{digits.lstrip('+-')}"


def _raised(match: re.Match[str]) -> str:
    return f"{match.group(1)} {exponent(match.group(2))} "


def _charge(match: re.Match[str]) -> str:
    """Ca²⁺ is "Ca two plus"."""
    digits = plain_digits(match.group(2))
    sign = "plus" if digits.endswith("+") else "minus"
    return f"{match.group(1)} {digits.rstrip('+-')} {sign} ".replace("  ", " ")


def _index(match: re.Match[str]) -> str:
    inside = plain_digits(match.group(2)).strip("{}()")
    return f"{match.group(1)} sub {inside.replace(',', ' ').replace('+', ' plus ')} "


def _limits(match: re.Match[str]) -> str:
    names = {"∑": "sum", "Σ": "sum", "∏": "product", "∫": "integral"}
    start = match.group(2).strip("{}").replace("=", " equals ")
    end = match.group(3).strip("{}")
    return f" the {names[match.group(1)]} from {start} to {end} of "


def _derivative(match: re.Match[str]) -> str:
    over, under = match.group(2), match.group(3)
    if match.group(1) == "∂":
        return f"partial {over} over partial {under}".replace("  ", " ")
    return f"d {over} over d {under}".replace("  ", " ")


_DOTS = r"(?:\. ?\. ?\.|…|⋯|· ?· ?·)"
RULES: tuple[Rule, ...] = (
    (re.compile(rf"\b({_LETTER})([01₀₁])\s*,\s*{_DOTS}\s*,\s*\1([A-Za-z])\b"),  # x1, …, xn
     r"\1 \2 to \1 \3"),
    (re.compile(rf"\s*,\s*{_DOTS}\s*,\s*"), " to "),
    (re.compile(rf"([+×])\s?{_DOTS}\s?(?=[+×])"), r"\1 and so on "),
    (re.compile(r"· ?· ?·|⋯"), " and so on "),
    (re.compile(rf"\b({_LETTER})\s?×\s?({_LETTER})"
                r"(?=\)|\s(?:matri|block|grid|array|kernel|table))"), r"\1 by \2"),
    (re.compile(r"\bO\((\w+\s+log\s+\w+)\)"), r"order \1"),
    (re.compile(rf"\bO\(({_LETTER}[{SUPERSCRIPTS}]?|1)\)"), r"order \1"),
    (
        re.compile(rf"({_DECIMAL})\s*[×x·⋅*∗]\s*10\s*\^?\s*\{{?([⁺⁻+−-]?[\d{SUPERSCRIPTS}]+)\}}?"),
        lambda m: f"{m.group(1)} times {_ten_to(m.group(2))} ",
    ),
    (
        re.compile(r"\b(\d+(?:\.\d+)?)[eE]([+−-]?\d{1,3})\b"),
        lambda m: f"{m.group(1)} times {_ten_to(m.group(2))}",
    ),
    (re.compile(r"\b10\s?\^\{?([+−-]?\d+)\}?"), lambda m: _ten_to(m.group(1))),
    (re.compile(rf"\b10(?:({_UP}+)|([−⁻]\s?\d{{1,3}})(?![\d.%–-]))"),
     lambda m: _ten_to(m.group(1) or m.group(2)) + " "),
    (re.compile(r"([∑Σ∏∫])_?(\{[^{}]{1,20}\}|\w)\^(\{[^{}]{1,20}\}|\w)"), _limits),
    (re.compile(rf"(∂|\bd)({_LETTER}?)\s?/\s?(?:∂|d)({_LETTER})\b"), _derivative),
    (re.compile(r"√\(?(\w+)\)?"), r"the square root of \1"),
    (re.compile(r"[‖∥]\s?([^‖∥]{1,20}?)\s?[‖∥]"), r"the norm of \1 "),
    (re.compile(rf"(?<![\w)])\|({_LETTER}(?:\s?[−+-]\s?{_LETTER})?)\|"),
     r"the absolute value of \1"),
    (re.compile(rf"\b([PpEQq])\(({_LETTER}\w?)\s?[|∣]\s?([^()]{{1,20}})\)"), r"\1 of \2 given \3"),
    (re.compile(rf"\b({_FUNCTIONS})\s?\(([^()]{{1,30}})\)"), r"\1 of \2"),
    (re.compile(rf"(?<![\w.])({_LETTER}'?)\((\d*{_LETTER}(?:[,;] ?{_LETTER})*|0|1)\)"),
     lambda m: f"{m.group(1)} of {m.group(2)}"),
    (re.compile(rf"\b({_LETTER})_(\{{[^{{}}]{{1,15}}\}}|[A-Za-z{_GREEK}]|\d+)"), _index),
    (re.compile(rf"({_LETTER})({_LOW}+)(?=[^a-z]|$)"), _index),
    (re.compile(r"(?<=[\s(])([A-Z][a-z]?(?:\d?))([⁰¹²³⁴⁵⁶⁷⁸⁹]?[⁺⁻])(?!\d|[⁰¹²³⁴⁵⁶⁷⁸⁹])"), _charge),
    (re.compile(rf"((?<![^\W\d_])(?:{_LETTER}|d{_LETTER}) ?|\d ?|\) ?|\bsub \w+ ?)"
                rf"([⁺⁻]?{_UP}+)"),
     lambda m: f"{m.group(1).rstrip()} {exponent(m.group(2))} "),
    (re.compile(rf"((?<![^\W_]){_LETTER}|\d|\)|\bsub \w+) ?\^ ?"
                r"(\{[^{}]{1,12}\}|\([^()]{1,12}\)|-?\w+|[*∗⊤'])"), _raised),
    (re.compile(rf"(?<=[^\W\d_]{{3}}){_UP}{{1,3}}(?!\w)"), ""),  # a footnote's mark
    (re.compile(rf"(?<![^\W_])({_LETTER})(?:′′|'')(?!\w)"), r"\1 double prime"),
    (re.compile(rf"(?<![^\W_])({_LETTER})[′'](?=[\s,.;=)(]|$)(?!\s?s\b)"), r"\1 prime"),
    (re.compile(rf"(?<![\w/.])({_LETTER}|\d+)\s?/\s?({_LETTER})(?!\w|/|\.\d)"), r"\1 over \2"),
    (re.compile(rf"(?<![\w/.])({_LETTER})\s?/\s?({_LETTER}|\d+)(?!\w|/|\.\d)"), r"\1 over \2"),
)  # fmt: skip


def with_maths(text: str) -> str:
    return applied(RULES, _without_long_formulas(text))


def _without_long_formulas(text: str) -> str:
    """A run of signs that nobody could follow by ear becomes "an equation"."""
    if len(_OPERATOR.findall(text)) < FEW_OPERATORS:
        return text
    kept: list[str] = []
    run: list[str] = []
    for word in text.split(" "):
        if len(word) < 60 and _is_maths(word):
            run.append(word)
            continue
        kept += [*_said_run(run), word]
        run = []
    return " ".join([*kept, *_said_run(run)])


def _is_maths(word: str) -> bool:
    letters = sum(sign.isalpha() for sign in word)
    if word in ("a", "A", "I", "is", "to", "we", "in", "of", "by", "at", "as", "or", "an", "on"):
        return False
    signs = len(word) - letters
    return letters <= 2 or (signs >= letters and bool(_OPERATOR.search(word) or "(" in word))


def _said_run(run: list[str]) -> list[str]:
    whole = " ".join(run)
    is_long = len(whole.replace(" ", "")) > LONG_FORMULA * 2 or len(run) >= LONG_FORMULA
    if is_long and len(_OPERATOR.findall(whole)) >= FEW_OPERATORS:
        end = whole[-1] if whole[-1] in ".,;" else ""
        return [f"an equation{end}"]
    return run
