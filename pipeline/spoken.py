"""Written words → spoken words.

Our own pass takes what the general normaliser gets wrong (docs/decisions/0004), then that one
(normt2s) reads numbers, dates, units and symbols, then nothing may be left that a voice drops.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

Replacement = str | Callable[[re.Match[str]], str]

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_NUMBER = r"\d+(?:[.,]\d+)*"


def _power(match: re.Match[str]) -> str:
    exponent = match.group(2).translate(_SUPERSCRIPTS)
    if exponent in ("2", "3"):
        return f"{match.group(1)} {'squared' if exponent == '2' else 'cubed'}"
    sign = "minus " if exponent.startswith("-") else ""
    return f"{match.group(1)} to the {sign}{exponent.lstrip('+-')}"


def _scientific(match: re.Match[str]) -> str:
    exponent = match.group(2).translate(_SUPERSCRIPTS).replace("−", "-")
    sign = "minus " if exponent.startswith("-") else ""
    return f"{match.group(1)} times ten to the {sign}{exponent.lstrip('+-')}"


def _snake(match: re.Match[str]) -> str:
    return match.group(0).replace("_", " ").strip()


def _camel(match: re.Match[str]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", match.group(0))


def _subscript(match: re.Match[str]) -> str:
    return f"{match.group(1)} sub {match.group(2).strip('{}')}"


def _caret(match: re.Match[str]) -> str:
    exponent = match.group(2).strip("{}")
    if exponent in ("2", "3"):
        return f"{match.group(1)} {'squared' if exponent == '2' else 'cubed'}"
    return f"{match.group(1)} to the {exponent.replace('-', 'minus ')}"


_ENGLISH: tuple[tuple[re.Pattern[str], Replacement], ...] = (
    (re.compile(r"(?:https?://|www\.)(?:www\.)?([\w-]+(?:\.[\w-]+)+)[^\s,;)\]]*"), r"\1"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "an e-mail address"),
    (re.compile(rf"({_NUMBER})\s*[×x·]\s*10\s*\^?\s*([⁺⁻+−-]?[\d⁰¹²³⁴⁵⁶⁷⁸⁹]+)"), _scientific),
    (re.compile(r"\b(\d+(?:\.\d+)?)[eE]([+−-]\d{1,3})\b"), _scientific),
    (
        re.compile(r"\b10([−⁻]\s?\d{1,3}|[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"),
        lambda m: "ten to the " + _exponent(m.group(1)),
    ),
    (re.compile(r"([\w)])([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"), _power),
    (re.compile(r"\b([A-Za-z])_(\{?\w+\}?)"), _subscript),
    (re.compile(r"\b([A-Za-z]|\d+)\^(\{?[-\w]+\}?)"), _caret),
    (re.compile(r"(?<=\w)[₀₁₂₃₄₅₆₇₈₉]+"), lambda m: " " + m.group(0).translate(_SUBSCRIPTS) + " "),
    (re.compile(r"\bHbA1c\b"), "H b A one C"),
    (re.compile(r"\bCO2\b"), "C O two"),
    (re.compile(r"\bH2O\b"), "H two O"),
    (re.compile(r"\be\.\s?g\.,?"), "for example,"),
    (re.compile(r"\bi\.\s?e\.,?"), "that is,"),
    (re.compile(r"\bw\.\s?r\.\s?t\.?"), "with respect to"),
    (re.compile(r"\bs\.\s?t\.(?=\s)"), "such that"),
    (re.compile(r"\bcf\.(?=\s)"), "compare"),
    (re.compile(r"\bet\s+al\.?(?=\s+[a-z(]|[,;:’'])"), "and others"),
    (re.compile(r"\bet\s+al\.?"), "and others."),
    (re.compile(r"\bvs\.?(?=\s)"), "versus"),
    (re.compile(r"\bapprox\.(?=\s)"), "approximately"),
    (re.compile(r"\b(?:Eqs?|Eqns?)\.\s?\(?(\d+(?:\.\d+)*[a-z]?)\)?"), r"Equation \1"),
    (re.compile(r"\bFigs\.\s?(?=\d)"), "Figures "),
    (re.compile(r"\bFig\.\s?(?=[A-Z]?\d)"), "Figure "),
    (re.compile(r"\bTabs?\.\s?(?=\d)"), "Table "),
    (re.compile(r"\bSecs?(?:t)?\.\s?(?=[A-Z]?\d)"), "Section "),
    (re.compile(r"\bChaps?\.\s?(?=\d)"), "Chapter "),
    (re.compile(r"\bRefs?\.\s?(?=\d)"), "Reference "),
    (re.compile(r"\bThm\.\s?(?=\d)"), "Theorem "),
    (re.compile(r"\bNos?\.\s?(?=\d)"), "number "),
    (re.compile(r"\bpp\.\s?(?=\d)"), "pages "),
    (re.compile(r"\bvol\.\s?(?=\d)", re.I), "volume "),
    (re.compile(r"§§?\s?(?=\d)"), "section "),
    (re.compile(rf"(?<![\w.–-])({_NUMBER})\s?[–—]\s?({_NUMBER})(?![\w–-])"), r"\1 to \2"),
    (re.compile(rf"\[\s*({_NUMBER})\s*,\s*({_NUMBER})\s*[\])]"), r"\1 to \2"),
    (re.compile(r"\s*[—―]\s*|\s+[–-]{1,2}\s+"), ", "),
    (re.compile(r"\bp\s*<\s*"), "p less than "),
    (re.compile(r"\bp\s*>\s*"), "p greater than "),
    (re.compile(r"(?<=\w)\s*:=\s*(?=\w)"), " is defined as "),
    (re.compile(r"\s*(?:=>|⇒|⟹)\s*"), " implies "),
    (re.compile(r"\s*(?:<=>|⇔|⟺)\s*"), " if and only if "),
    (re.compile(r"\s*(?:->|→|⟶)\s*"), " to "),
    (re.compile(r"\s*(?:<-|←)\s*"), " from "),
    (re.compile(r"\s*↔\s*"), " to and from "),
    (re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b", re.I), _snake),
    (re.compile(r"\b[a-z]+(?:[A-Z][a-z]+)+\b"), _camel),
    (re.compile(r"(?<=[a-z])/(?=[a-z])"), " or "),
)


def _exponent(raw: str) -> str:
    digits = raw.translate(_SUPERSCRIPTS).replace("−", "-").replace(" ", "")
    return f"minus {digits[1:]}" if digits.startswith("-") else digits


SYMBOLS = {
    "≥": "greater than or equal to",
    "≤": "less than or equal to",
    "≈": "approximately",
    "≃": "approximately",
    "∼": "about",
    "≠": "is not equal to",
    "≡": "is equivalent to",
    "±": "plus or minus",
    "∓": "minus or plus",
    "×": "times",
    "·": "times",
    "⋅": "times",
    "÷": "divided by",
    "∞": "infinity",
    "∈": "in",
    "∉": "not in",
    "∑": "the sum of",
    "∏": "the product of",
    "∫": "the integral of",
    "√": "the square root of",
    "∂": "partial",
    "∇": "nabla",
    "∆": "Delta",
    "∝": "proportional to",
    "∀": "for all",
    "∃": "there is",
    "∅": "the empty set",
    "∪": "union",
    "∩": "intersected with",
    "⊂": "a subset of",
    "⊆": "a subset of",
    "∧": "and",
    "∨": "or",
    "¬": "not",
    "⊕": "plus",
    "⊗": "times",
    "∥": "parallel to",
    "⊥": "perpendicular to",
    "°": "degrees",
    "′": "prime",
    "″": "double prime",
    "ℓ": "l",
    "−": "minus",
    "=": "equals",
    "<": "less than",
    ">": "greater than",
    "+": "plus",
    "%": "percent",
    "&": "and",
    "™": "",
    "®": "",
    "©": "copyright",
    "‰": "per mille",
    "№": "number",
    "½": "one half",
    "¼": "one quarter",
    "¾": "three quarters",
    "†": "",
    "‡": "",
    "¶": "",
    "ℝ": "the reals",
    "ℕ": "the naturals",
    "ℤ": "the integers",
    "⟨": "",
    "⟩": "",
    "|": " ",
    "~": "about ",
    "^": " to the ",
    "_": " ",
    "*": " ",
    "\\": " ",
    "#": " number ",
    "{": " ",
    "}": " ",
    "`": "",
    "•": "",
    "\ufffd": " ",
}
_SYMBOL = re.compile("[" + re.escape("".join(SYMBOLS)) + "]")
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon",
    "ζ": "zeta", "η": "eta", "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa",
    "λ": "lambda", "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi",
    "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "ϕ": "phi",
    "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_GREEK_SIGN = re.compile("[" + "".join(_GREEK) + "".join(_GREEK).upper() + "]")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'"})

_LANGUAGES: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    "de": (
        (re.compile(r"\bz\.\s?B\."), "zum Beispiel"),
        (re.compile(r"\bd\.\s?h\."), "das heißt"),
        (re.compile(r"\bu\.\s?a\."), "unter anderem"),
        (re.compile(r"\bbzw\."), "beziehungsweise"),
        (re.compile(r"\bvgl\."), "vergleiche"),
        (re.compile(r"\bca\.(?=\s)"), "circa"),
        (re.compile(r"\busw\."), "und so weiter"),
        (re.compile(r"\bAbb\.\s?(?=\d)"), "Abbildung "),
        (re.compile(r"\bKap\.\s?(?=\d)"), "Kapitel "),
        (re.compile(r"§\s?(?=\d)"), "Paragraf "),
        (re.compile(r"\s?%"), " Prozent"),
        (re.compile(r"\s?€"), " Euro"),
    ),
    "fr": (
        (re.compile(r"\bp\.\s?ex\."), "par exemple"),
        (re.compile(r"\bc\.-à-d\."), "c'est-à-dire"),
        (re.compile(r"\bfig\.\s?(?=\d)", re.I), "figure "),
        (re.compile(r"\s?%"), " pour cent"),
        (re.compile(r"\s?€"), " euros"),
    ),
    "es": (
        (re.compile(r"\bp\.\s?ej\."), "por ejemplo"),
        (re.compile(r"\bfig\.\s?(?=\d)", re.I), "figura "),
        (re.compile(r"\s?%"), " por ciento"),
        (re.compile(r"\s?€"), " euros"),
    ),
}


def spoken(text: str, language: str = "en") -> str:
    """What a reader says for what is written. Doing it twice changes nothing more."""
    text = unicodedata.normalize("NFC", text).translate(_QUOTES)
    if language != "en":
        return _folded(_language_pass(text, language))
    for pattern, replacement in _ENGLISH:
        text = pattern.sub(replacement, text)
    is_ended = text.rstrip()[-1:] in ".!?"
    text = _general().normalize(text)
    text = _GREEK_SIGN.sub(lambda match: f" {_greek(match.group(0))} ", text)
    text = _SYMBOL.sub(lambda match: f" {SYMBOLS[match.group(0)]} ", text)
    text = _folded(_pronounceable(text))
    if is_ended and text and text[-1] not in ".!?":
        text += "."  # the normaliser eats the period of "7 p.m."
    return text


@lru_cache(maxsize=1)
def _general() -> Any:
    import normt2s

    return normt2s.Normalizer("en")


def _language_pass(text: str, language: str) -> str:
    for pattern, replacement in _LANGUAGES.get(language, ()):
        text = pattern.sub(replacement, text)
    return text


def _greek(sign: str) -> str:
    name = _GREEK.get(sign.lower(), "")
    return name.capitalize() if sign.isupper() else name


def _pronounceable(text: str) -> str:
    """Letters, digits and punctuation only; emoji and rarities go, odd spaces become plain."""
    kept = []
    for sign in text:
        category = unicodedata.category(sign)
        if category[0] in "LMN" or sign in ".,;:!?'\"()-/$€£¥":
            kept.append(sign)
        else:
            kept.append(" ")
    return "".join(kept)


def _folded(text: str) -> str:
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s+([,.;:!?)])", r"\1", text)
    text = re.sub(r"([,;:])(?:\s*[,;:])+", r"\1", text)
    text = re.sub(r"\(\s+", "(", text)
    text = re.sub(r"\(\s*\)", "", text)
    text = re.sub(r"(?:^|\s)[,;:]+(?=\s)", "", text)
    return text.strip()
