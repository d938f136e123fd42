"""Signs and their English names: what is left when every rule that knows the context is through.

Nothing that a voice drops or stumbles over may survive: a sign has a name here, or it is a space.
"""

from __future__ import annotations

import re
import unicodedata

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱ"
SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉₊₋ₐₑᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
_PLAIN = str.maketrans(
    SUPERSCRIPTS + SUBSCRIPTS + "−–", "0123456789+-ni0123456789+-aeijklmnoprstuvx--"
)

NAMES = {
    "≥": "greater than or equal to", "≤": "less than or equal to", "⩾": "greater than or equal to",
    "⩽": "less than or equal to", "≫": "much greater than", "≪": "much less than",
    "≈": "approximately", "≃": "approximately", "≅": "approximately", "∼": "about", "~": "about",
    "≠": "not equal to", "≡": "equivalent to", "≜": "defined as", "∝": "proportional to",
    "±": "plus or minus", "∓": "minus or plus", "×": "times", "·": "times", "⋅": "times",
    "∗": "star", "∘": "composed with", "÷": "divided by", "−": "minus", "=": "equals",
    "<": "less than", ">": "greater than", "+": "plus", "∞": "infinity", "∈": "in", "∉": "not in",
    "∋": "contains", "∑": "the sum of", "∏": "the product of", "∫": "the integral of",
    "∮": "the contour integral of", "√": "the square root of", "∛": "the cube root of",
    "∂": "partial", "∇": "nabla", "∆": "Delta", "∀": "for all", "∃": "there exists",
    "∄": "there is no", "∅": "the empty set", "∪": "union", "∩": "intersection", "∖": "without",
    "⊂": "a subset of", "⊆": "a subset of", "⊃": "a superset of", "⊇": "a superset of",
    "∧": "and", "∨": "or", "¬": "not", "⊕": "direct sum", "⊗": "tensor", "⊙": "times",
    "∥": "parallel to", "‖": "norm", "⊥": "perpendicular to", "∠": "angle", "∴": "therefore",
    "∵": "because", "⊢": "proves", "⊨": "models", "∣": "given", "⇒": "implies", "⟹": "implies",
    "⇔": "if and only if", "⟺": "if and only if", "→": "to", "⟶": "to", "↦": "maps to",
    "←": "from", "↔": "to and from", "⇌": "in equilibrium with", "↑": "up", "↓": "down",
    "°": "degrees", "′": "prime", "″": "double prime", "%": "percent", "‰": "per mille",
    "&": "and", "@": "at", "#": "number", "№": "number", "§": "section", "©": "copyright",
    "½": "one half", "¼": "one quarter", "¾": "three quarters", "⅓": "one third",
    "⅔": "two thirds", "⅛": "one eighth", "ℓ": "l", "ℏ": "h bar", "ℝ": "the reals",
    "ℕ": "the naturals", "ℤ": "the integers", "ℚ": "the rationals", "ℂ": "the complex numbers",
    "𝔼": "the expectation", "Å": "angstroms", "Ω": "Omega", "$": "dollars", "€": "euros",
    "£": "pounds", "¥": "yen", "¢": "cents", "✓": "check mark", "✔": "check mark", "✗": "cross",
    "✘": "cross", "★": "star", "☆": "star", "♂": "male", "♀": "female", "☉": "sun",
    "♭": "flat", "♯": "sharp", "…": ".", "^": "to the",
}  # fmt: skip
# In two senses at once, or decoration: they end as a space.
SILENT = "™®†‡¶•◦▪■□●○▲△◆◇|\\{}[]_*`´⟨⟩⌈⌉⌊⌋\ufffd"
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon",
    "ζ": "zeta", "η": "eta", "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa",
    "λ": "lambda", "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi",
    "ρ": "rho", "ϱ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi",
    "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_NAMED = re.compile("[" + re.escape("".join(NAMES) + SILENT) + "]")
_TOUCHING = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
# A Greek letter beside another is a Greek word; those are left to the voice.
_GREEK_SIGN = re.compile(r"(?<![α-ωά-ώ])[Α-Ωα-ωϑϕϵϱµ∆](?![α-ωά-ώ])")
_MATHS_LETTER = re.compile(r"[\U0001d400-\U0001d7ff\ufb00-\ufb06\uff01-\uff5eℎ]")
_OTHER = re.compile("[^0-9A-Za-z.,;:!?'\"()/ -]")  # than what every voice pronounces
_ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde", "\u20d7": "vector"}
_ACCENTED = re.compile(r"\b([^\W\d_])([\u0302\u0304\u0303\u20d7])(?![^\W\d_])")
# Fonts of old put an accent beside its letter: "K¨ahler".
_LOOSE = {"¨": "\u0308", "´": "\u0301", "ˇ": "\u030c", "˚": "\u030a", "˜": "\u0303"}
_LOOSE_ACCENT = re.compile(r"([¨´ˇ˚˜])([A-Za-z])")
_QUOTES = str.maketrans(
    {
        **dict.fromkeys("“”„«»‟", '"'),
        **dict.fromkeys("‘’‚‹›ʼ", "'"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0f", ""),
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u3000\t\n\r", " "),
        **dict.fromkeys("‐‑", "-"),
    }
)


def plain_digits(text: str) -> str:
    """Raised and lowered digits on the line."""
    return text.translate(_PLAIN)


def tidied(text: str) -> str:
    """One form for quotes, spaces, ligatures and mathematical alphabets; invisible signs go."""
    text = _LOOSE_ACCENT.sub(lambda m: m.group(2) + _LOOSE[m.group(1)], text)
    text = re.sub(rf"[−–-](?=[{SUPERSCRIPTS}])", "⁻", text)
    text = _ACCENTED.sub(_accent, unicodedata.normalize("NFD", text)) if _has_hat(text) else text
    text = unicodedata.normalize("NFC", text).translate(_QUOTES)
    text = _MATHS_LETTER.sub(lambda m: unicodedata.normalize("NFKC", m.group(0)), text)
    return re.sub(r" {2,}", " ", text).strip()


def _has_hat(text: str) -> bool:
    return any(sign in text for sign in _ACCENTS)


def _accent(match: re.Match[str]) -> str:
    return f"{match.group(1)} {_ACCENTS[match.group(2)]}"


def with_greek(text: str) -> str:
    """Single Greek letters by name; spaced only where they touch a letter or a digit."""
    return _GREEK_SIGN.sub(_greek_name, text)


def _greek_name(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    left = " " if before.isalnum() else ""
    right = " " if after.isalnum() else ""
    return f"{left}{greek(match.group(0))}{right}"


def named(text: str) -> str:
    """Every sign by its name."""
    text = _TOUCHING.sub(" ", text)  # a number by itself is read at the next pass
    text = _NAMED.sub(lambda match: f" {NAMES.get(match.group(0), '')} ", text)
    return _OTHER.sub(lambda match: _pronounceable(match.group(0)), text)


def greek(sign: str) -> str:
    if sign == "∆":
        return "Delta"
    name = GREEK.get(sign.lower(), sign)
    return name.capitalize() if sign.isupper() else name


def _pronounceable(sign: str) -> str:
    """Letters and digits stay; a picture is named; anything else is a space."""
    if sign.isascii():
        return " "
    category = unicodedata.category(sign)
    if category[0] in "LM" or category == "Nd":
        return sign
    if category == "No":
        return f" {unicodedata.normalize('NFKC', sign).replace(chr(0x2044), ' over ')} "
    if category == "So" and ord(sign) >= 0x1F300:
        return f", {unicodedata.name(sign, '').lower()}, "
    return sign if sign in "。，、；：！？・「」『』（）؟،؛।" else " "


def folded(text: str) -> str:
    """One space between words, none before a stop, no stops in a row."""
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ([,.;:!?)])", r"\1", text)
    text = re.sub(r"\( ", "(", text)
    text = re.sub(r"\([,.;: ]*\)", "", text)
    text = re.sub(r"[,;:](?: ?[,;:])* ?([,;:.!?])", r"\1", text)
    text = re.sub(r"([.!?])(?: ?[,;:.])+", r"\1", text)
    text = re.sub(r"^[,;:. ]+|(?<= )[,;:.]+ ", "", text)
    return re.sub(r"\s+", " ", text).strip()
