"""Dates, years, times and angles."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from pipeline.spoken.rules import Rule, applied

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|"
    r"Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_YEAR = r"(1[1-9]\d\d|20\d\d)"
_DECADES = (
    "aughts", "tens", "twenties", "thirties", "forties", "fifties", "sixties", "seventies",
    "eighties", "nineties",
)  # fmt: skip


@lru_cache(maxsize=1)
def _english() -> Any:
    from normt2s.langs import get_language

    return get_language("en")


def year_words(year: int) -> str:
    return str(_english().year(year))


def _date(month: str, day: int, year: str | None) -> str:
    said = f"{month} {_english().ordinal(day)}"
    return f"{said}, {year_words(int(year))}" if year else said


def _month_name(written: str) -> str:
    return next(name for name in _MONTHS if name.startswith(written[:3]))


def _iso(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    if not 1 <= int(month) <= 12 or not 1 <= int(day) <= 31:
        return match.group(0)
    return _date(_MONTHS[int(month) - 1], int(day), year)


def _day_month(match: re.Match[str]) -> str:
    day, month, year = match.groups()
    return _date(_month_name(month), int(day), year)


def _month_day(match: re.Match[str]) -> str:
    month, day, year = match.groups()
    return _date(_month_name(month), int(day), year)


def _years(match: re.Match[str]) -> str:
    start, end = match.group(1), match.group(2)
    end = start[:2] + end if len(end) == 2 else end
    return f"{year_words(int(start))} to {year_words(int(end))}"


def _degrees(match: re.Match[str]) -> str:
    sides = {"N": "north", "S": "south", "E": "east", "W": "west"}
    degrees, minutes, seconds, side = match.groups()
    parts = [f"{degrees} degrees"]
    parts += [f"{minutes} minutes"] if minutes else []
    parts += [f"{seconds} seconds"] if seconds else []
    parts += [sides[side]] if side else []
    return " ".join(parts)


_RULES: tuple[Rule, ...] = (
    (re.compile(r"(\d{1,3})°\s?(\d{1,2})[′']\s?(?:(\d{1,2}(?:\.\d+)?)(?:[″\"]|''))?\s?([NSEW]\b)?"),
     _degrees),
    (re.compile(r"(\d{1,3}(?:\.\d+)?)°()()\s?([NSEW])\b"), _degrees),
    (re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b(?!-)"), _iso),
    (re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?({_MONTH})(?:,?\s{_YEAR})?(?!\w)"),
     _day_month),
    (re.compile(rf"\b({_MONTH})\s(\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[.:]\d|[–-]\d)"
                rf"(?:,?\s{_YEAR})?(?!\w)"), _month_day),
    (re.compile(rf"\b{_YEAR}\s?[–—-]\s?(1[1-9]\d\d|20\d\d|\d\d)(?![\w.–-])"), _years),
    (re.compile(r"(?<![\w'])'(\d)0s\b"), lambda m: _DECADES[int(m.group(1))]),
    (re.compile(r"\b(\d{1,2}(?::\d\d)?)\s?([AaPp])\.?\s?[Mm](?:\.(?=\s+[a-z0-9(]|[,;:)]))?(?!\w)"),
     lambda m: f"{m.group(1)} {m.group(2).upper()} M"),
    (re.compile(r"\((1[89]\d\d|20\d\d)([a-z]?)\)"),
     lambda m: f"({year_words(int(m.group(1)))} {m.group(2)})"),
    (re.compile(rf"((?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter|end|start|beginning|middle|"
                rf"year|class) of ){_YEAR}(?!\w|\.\d)"),
     lambda m: m.group(1) + year_words(int(m.group(2)))),
    (re.compile(rf"((?:[Cc]irca|[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter|early|late|"
                rf"{_MONTH}|©|et al\.?|[A-Z][a-z]+),?\s){_YEAR}(?=[,;.)]|\s?$)"),
     lambda m: m.group(1) + year_words(int(m.group(2)))),
)  # fmt: skip


def with_dates(text: str) -> str:
    return applied(_RULES, text)
