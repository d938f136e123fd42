"""Words in a script that a voice for a Latin one drops: said by their sounds, as far as their
letters give them (anyascii), so that a sentence never has a hole."""

from __future__ import annotations

import re

from pipeline.spoken.symbols import GREEK

# Languages that are written otherwise: their voices read their own script, and often others.
_OTHERWISE = frozenset(
    "am ar as be bg bn el fa gu he hi hy ja ka kk kn ko ky mk ml mr ne pa ru si sr ta te th uk ur"
    " zh".split()
)
_GREEK = r"\u0370-\u03ff\u1f00-\u1fff"
# From Cyrillic on, without the marks of phonetics, mathematical letters and full-width Latin.
_OTHER = (
    r"\u0400-\u1cff\u2c00-\u2c5f\u2d00-\u2dff\u2e80-\u2fff\u3005-\u3007\u3031-\ua7ff\ua800-\uab2f"
    r"\uabc0-\ud7ff\uf900-\ufaff\ufb13-\ufdff\ufe70-\ufefe\uff66-\uffdc"
    r"\U00010280-\U0001d0ff\U0001e000-\U0001ecff\U00020000-\U0003ffff"
)
_MARKS = r"\u0300-\u036f"
_FOREIGN = re.compile(rf"[{_GREEK}][{_GREEK}{_MARKS}]*|[{_OTHER}][{_OTHER}{_MARKS}]*")
_SYLLABLE = re.compile(r"[A-Z]+[a-z']*|[a-z']+")
# Signs that stand for a syllable or a word each; anyascii runs them together: "ShenDuXueXi".
_SYLLABIC = re.compile(
    r"[\u2e80-\u2fff\u3400-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def with_latin(text: str, language: str) -> str:
    """Words of other scripts in Latin letters. Unchanged for a language with a script of its own,
    whose voice knows more than we do."""
    if text.isascii() or language in _OTHERWISE:
        return text
    return _FOREIGN.sub(_by_sound, text)


def _by_sound(match: re.Match[str]) -> str:
    written = match.group(0)
    if _is_letters(written):
        return f" {' '.join(GREEK[sign.lower()] for sign in written)} "  # as in "5Ω"
    import anyascii  # its tables are read only for who needs them

    latin = anyascii.anyascii(written)
    latin = re.sub(r"[^A-Za-z0-9 .-]", "", latin)
    if _SYLLABIC.search(written):
        return " " + " ".join(_SYLLABLE.findall(latin)).lower() + " "
    return latin if latin[:1].islower() else latin[:1] + latin[1:].lower()


def _is_letters(written: str) -> bool:
    """Greek that is no word: "αβ" is a product; a word has an accent or ends in its own sigma."""
    return all(sign.lower() in GREEK for sign in written) and not written.endswith("ς")
