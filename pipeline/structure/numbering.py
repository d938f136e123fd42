"""Numbers before headings, and the sequence in which they must follow each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.structure.spelled import spelled_number

_ROMAN = r"[IVXL]{1,7}"
_CJK_DIGITS = "一二三四五六七八九十百"
_SPELLED = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
_APPENDICES = (
    "appendix|annexe?|anhang|anlage|ap[eéê]ndice|anexo|appendice|allegato|приложение|додаток|"
    "lampiran|bijlage|załącznik|příloha|bilag|bilaga|liite|ملحق"
)
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("spelled", re.compile(rf"^({'|'.join(_SPELLED)})$", re.I)),
    (
        "part",
        re.compile(
            rf"^(?:part|teil|partie|parte|часть|del|deel|bagian)\s+(\d{{1,2}}|{_ROMAN})\b\s*[.:)–—-]*\s*",
            re.I,
        ),
    ),
    ("cjk", re.compile(rf"^第\s*([0-9０-９{_CJK_DIGITS}]+)\s*([章节節部编編回])\s*")),
    (
        "word",
        re.compile(
            r"^(?:chapter|section|kapitel|abschnitt|chapitre|cap[ií]tulo|capitolo|"
            r"secci[oó]n|seção|глава|bab|hoofdstuk|rozdział|الفصل|الباب)"
            rf"\s+(\d{{1,3}}|{_ROMAN})\b\s*[.:)–—-]?\s*",
            re.I,
        ),
    ),
    (
        "appendix",
        re.compile(
            rf"^(?:(?:{_APPENDICES})\s+|(?:附录|附錄|附件|付録|別紙|부록)\s*)"
            rf"([A-Z]|[IVX]{{1,5}}|\d{{1,2}}|[{_CJK_DIGITS}]{{1,3}})(?![^\W_])\s*[.:)：–—-]*\s*",
            re.I,
        ),
    ),
    (
        "decimal",
        re.compile(r"^(?:§\s*)?(\d{1,3}(?:\.\d{1,3}){0,4})\.?\)?(?=[\s\u3000]|[^\W\d_])\s*"),
    ),
    ("roman", re.compile(rf"^({_ROMAN})(?:\s*[.:)–—-]\s*(?=\S)|\s{{1,4}}(?=[^\W\d_a-zß-ÿ]))")),
    ("letter_decimal", re.compile(r"^([A-Z](?:\.\d{1,3}){1,3})\.?\s+(?=\S)")),
    ("bare", re.compile(rf"^(\d{{1,2}}|{_ROMAN})\.?$")),
    ("letter", re.compile(r"^([A-Z])\s*[.)]\s+(?=\S)|^([A-Z])\s{1,4}(?=[A-Z])")),
)
_IS_ROMAN = re.compile(r"[IVX]+$", re.I)  # "Annex I" is the first, and not the ninth
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A heading's number: its family, its parts (`4.1` is (4, 1)), and the text behind it."""

    family: str
    parts: tuple[int, ...]
    rest: str
    printed: str = ""  # `Appendix II`, `4.1`

    @property
    def depth(self) -> int:
        return len(self.parts)


@lru_cache(maxsize=4096)  # asked of each line by several, and of each title many times
def number_of(text: str) -> Number | None:
    """The number that a heading begins with; None if it has none. A bare number has no rest."""
    spelled = spelled_number(text)
    if spelled:
        family, value, end = spelled
        return Number(family=family, parts=(value,), rest=text[end:], printed=text[:end].strip())
    for family, pattern in _PATTERNS:
        match = pattern.match(text)
        if match is None:
            continue
        parts = _parts(family, next(group for group in match.groups() if group is not None))
        rest = text[match.end() :]
        is_phrase = family in _WORDED and rest[:1].islower() and text[:1].isupper()
        if parts is None or is_phrase:  # "Chapter 12 of the bees"
            continue
        printed = text[: match.end()].rstrip(_BETWEEN)
        return Number(family=_FAMILIES.get(family, family), parts=parts, rest=rest, printed=printed)
    return None


_BETWEEN = " .:)：–—-\t\u3000"  # a number and what it numbers
_WORDED = ("word", "part", "appendix")
_FAMILIES = {"letter_decimal": "letter", "spelled": "word"}


def without_number(text: str) -> str:
    """A heading's words alone; a heading of nothing but a number stays as it is."""
    number = number_of(text)
    return number.rest.strip() if number and number.rest.strip() else text


def _parts(family: str, raw: str) -> tuple[int, ...] | None:
    if family == "spelled":
        is_number = raw.isupper() or raw.istitle()  # "one" in lower case is a word
        return (_SPELLED.index(raw.lower()) + 1,) if is_number else None
    if family == "cjk":
        value = _cjk_value(raw)
        return (value,) if value else None
    if family == "decimal":
        parts = tuple(int(part) for part in raw.split("."))
        return parts if parts[0] <= 60 and all(part <= 99 for part in parts) else None
    if family == "letter_decimal":
        head, *tail = raw.split(".")
        return (ord(head) - 64, *(int(part) for part in tail))
    if family == "appendix" and not raw.isascii():
        return (_cjk_value(raw),)
    is_letter = family == "appendix" and not _IS_ROMAN.match(raw)
    if raw.isalpha() and (family == "letter" or is_letter):
        return (ord(raw.upper()) - 64,)
    if raw.isdecimal():
        return (int(raw),)
    value = _roman_value(raw.upper())
    return (value,) if value else None


def _roman_value(text: str) -> int:
    total = 0
    for sign, after in zip(text, [*text[1:], ""], strict=True):
        value = _ROMAN_VALUES[sign]
        total += -value if after and _ROMAN_VALUES[after] > value else value
    return total


def _cjk_value(text: str) -> int:
    if text.isdecimal():
        return int(text)
    total = digit = 0
    for sign in text:
        place = _CJK_DIGITS.find(sign) + 1
        if sign == "十":
            total += (digit or 1) * 10
            digit = 0
        elif sign == "百":
            total += (digit or 1) * 100
            digit = 0
        elif place:
            digit = place
    return total + digit


def follows(before: Number, after: Number) -> float | None:
    """The price of `after` as the next number behind `before`; None if it cannot be that.

    Successor (2 → 3), child (2 → 2.1) and a parent's successor (2.3 → 3) are free; a gap of one
    costs, since a heading may have been missed, and so does a first child whose parent is not
    there (2.3 → 3.1): its number may be a word, or a picture.
    """
    return _follows(before.parts, after.parts)


def _follows(a: tuple[int, ...], b: tuple[int, ...]) -> float | None:
    if len(b) >= 2 and b[-1] == 1 and a[: len(b) - 1] != b[:-1]:
        to_parent = _follows(a, b[:-1])
        return None if to_parent is None else to_parent + MISSED_PRICE
    if len(b) == len(a) + 1 and b[:-1] == a:
        return {0: 0.0, 1: 0.0, 2: MISSED_PRICE}.get(b[-1])
    if len(b) <= len(a) and b[:-1] == a[: len(b) - 1]:
        return {1: 0.0, 2: MISSED_PRICE}.get(b[-1] - a[len(b) - 1])
    return None


def starts(number: Number) -> float | None:
    """The price of a chain that begins with this number."""
    if all(part <= 1 for part in number.parts):
        return 0.0
    is_second = number.parts == (2,) or (number.parts[:-1] == (2,) and number.parts[-1] == 1)
    return MISSED_PRICE if is_second else None


RESTART_PRICE, MISSED_PRICE = 0.4, 0.6


def chain(
    numbers: Sequence[Number | None], weights: Sequence[float], *, restarts: bool = False
) -> set[int]:
    """The places that form the best-weighted run of numbers following each other.

    `weights[i]` says how much the i-th candidate looks like a heading; the run gains it (plus a
    little for being there at all) and pays for gaps. `restarts`: it may begin anew, as the letters
    of sections do in each chapter. Quadratic in the candidates of one family only, and bounded.
    """
    places = [i for i, number in enumerate(numbers) if number is not None and weights[i] > -1.5]
    places = sorted(sorted(places, key=lambda i: -weights[i])[:800])
    best: dict[int, tuple[float, int]] = {}
    for at, i in enumerate(places):
        here = numbers[i]
        assert here is not None
        price = starts(here)
        options = [(-price, -1)] if price is not None else []
        for j in places[max(0, at - 300) : at]:
            before = numbers[j]
            assert before is not None
            cost = follows(before, here)
            if cost is None and restarts and here.parts == (1,):
                cost = RESTART_PRICE
            if cost is not None and j in best:
                options.append((best[j][0] - cost, j))
        if options:
            value, source = max(options)
            best[i] = (value + weights[i] + 0.8, source)
    run = _run(best)
    if restarts:
        return _without_lone(run, numbers)
    return run if len(run) >= 2 else set()


def _run(best: dict[int, tuple[float, int]]) -> set[int]:
    if not best:
        return set()
    at = max(best, key=lambda i: best[i][0])
    run: set[int] = set()
    while at != -1:
        run.add(at)
        at = best[at][1]
    return run


def _without_lone(run: set[int], numbers: Sequence[Number | None]) -> set[int]:
    """An "A." that no "B." follows is more often an initial than a section."""
    stretches: list[list[int]] = []
    for i in sorted(run):
        number = numbers[i]
        if number is not None and number.parts == (1,):
            stretches.append([])
        if stretches:
            stretches[-1].append(i)
    return {
        i
        for stretch in stretches
        if len(stretch) >= 2 or _is_worded(numbers[stretch[0]])
        for i in stretch
    }


def _is_worded(number: Number | None) -> bool:
    return number is not None and number.family == "appendix"
