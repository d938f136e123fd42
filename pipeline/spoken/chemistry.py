"""Formulas of chemistry, spelled: "Na2SO4" → "N A 2 S O 4"."""

from __future__ import annotations

import re

from pipeline.spoken.symbols import SUBSCRIPTS, plain_digits

_ELEMENTS = (
    "He|Li|Be|Ne|Na|Mg|Al|Si|Cl|Ar|Ca|Ti|Cr|Mn|Fe|Co|Ni|Cu|Zn|Ga|Ge|As|Se|Br|Kr|Sr|Zr|Mo|Ag|Cd|"
    "In|Sn|Sb|Te|Xe|Cs|Ba|Pt|Au|Hg|Pb|Bi|H|B|C|N|O|F|P|S|K|V|Y|I|W|U"
)
_FORMULA = re.compile(rf"(?<![\w.])(?:(?:{_ELEMENTS})[\d{SUBSCRIPTS}]{{0,2}})+(?:\d?[+−])?(?!\w)")
_PART = re.compile(rf"({_ELEMENTS})(\d*)|([+−])")
# A letter with one index is a variable, unless it is a gas or an ion of these.
_MOLECULES = frozenset("H2 N2 O2 O3 F2 I2 Cl2 Br2".split())


def with_formulas(text: str) -> str:
    return _FORMULA.sub(_spelled, text)


def _spelled(match: re.Match[str]) -> str:
    written = match.group(0)
    text = plain_digits(written)
    parts = _PART.findall(text)
    digits = sum(bool(number) for _, number, _ in parts)
    elements = sum(bool(element) for element, _, _ in parts)
    is_charged = text[-1] in "+−-" and elements == 1
    if not digits or (elements == 1 and text not in _MOLECULES and not is_charged):
        return written
    names = {"+": "plus", "−": "minus"}
    said = (f"{' '.join(el).upper()} {n}" if el else names.get(sign, "") for el, n, sign in parts)
    return " ".join(" ".join(said).split())
