"""Citations, addresses and other things that stand in a sentence and are no part of it."""

from __future__ import annotations

import re

from pipeline.domain import Reason
from pipeline.language.sentences import word_count
from pipeline.text.traced import Traced

_NUMBERS = r"\d{1,3}(?:\s*[-–—,;]\s*\d{1,3})*"
_NUMERIC = re.compile(rf"\s*\[\s*{_NUMBERS}\s*\]")
_NUMERIC_NOTE = re.compile(
    rf"\s*\[\s*(?:see\s+|e\.g\.,?\s+|cf\.\s+)?{_NUMBERS}\s*,\s*"
    r"(?:p|pp|sec|section|chap|chapter|ch|fig|theorem|thm|appendix)\b[^\[\]]{0,40}\]",
    re.I,
)
_YEAR = r"(?:1[6-9]|20)\d\d[a-z]?"
_NAME = r"(?:(?:van|von|de|der|den|del|di|da|la|le|du|ter|ten|al|el)\s+)*[A-ZÀ-ÞŁŚŽŠČĆĐ][\w’'`.-]+"
_PARENTHESIS = re.compile(r"\s*\(([^()]{3,400})\)|\s*\[([^\[\]]{5,300})\]")
_AUTHOR_YEAR = re.compile(
    rf"{_NAME}(?:[^;()]{{0,120}}?)[\s,]\s*\(?(?:{_YEAR}|in press|n\.\s?d\.|forthcoming|to appear)\b"
)
_NARRATIVE = re.compile(
    rf"((?:{_NAME}(?:\s+et\s+al\.?)?(?:’s|'s)?,?|\bet\s+al\.?(?:’s|'s)?))\s*[\[(]\s*({_YEAR}"
    rf"(?:\s*[,;]\s*(?:{_YEAR}|[a-z]))*(?:\s*,\s*(?:pp?|sec|section|chap|chapter|ch|fig|table|"
    r"theorem)\b\.?[^()\[\]]{0,40})?)\s*[\])]"
)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]{}\"]+[^\s<>()\[\]{}\".,;:!?]", re.I)
_HOST = re.compile(r"(?:https?://)?(?:www\.)?([^/\s:]+)", re.I)
_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_SIGN = rf"(?:[^\W{_CJK}]|[+-])"  # addresses stand between such letters without a space
_MAIL = re.compile(rf"(?:{_SIGN}|\.)+@{_SIGN}+(?:\.{_SIGN}+)+")
_SMALL_WORD = re.compile(
    rf"(?:(?<![^\W\d_])[a-zß-öø-ÿа-яёα-ωά-ώ]+\s|[\u0590-\u06ff]\s|[{_CJK}]\s?)$"
)
SENTENCE_WORDS = 6
_HOLES = re.compile(r"\s*(?:<\s*(?:mailto:)?\s*>|\[\s*mailto:\s*\])")  # that an address leaves
_LABEL = re.compile(r"(?<!\w)(?:contact|e-?mail|correspondence)\s*:\s*(?=[.;,]|$)", re.I)
_STOP = r"\.(?!\d)"  # the point of ".5 mg" is none: it belongs to its number
_SPACE_BEFORE = re.compile(rf"\s+([,;:!?)\]]|{_STOP})")
_EMPTY = re.compile(r"\s*(?:\(\s*[,;]?\s*\)|\[\s*[,;]?\s*\])")
_DOUBLED = re.compile(rf"([,;])\s*(?=[,;]|{_STOP})")
_GAPS = re.compile(r"[ \t]{2,}")


def without_citations(text: Traced) -> int:
    """Takes the citations out of a text; how many there were.

    `[3, 12–14]` and `(Hinton et al., 2015)` go; of "Hinton et al. (2015)" the name stays. An
    interval, an index or a year in brackets is no citation.
    """
    count = text.cut(_NARRATIVE, r"\1", Reason.CITATION, lambda _: 1)
    count += text.cut(_NUMERIC_NOTE, _numeric, Reason.CITATION, _numbered_works)
    count += text.cut(_NUMERIC, _numeric, Reason.CITATION, _numbered_works)
    count += text.cut(_PARENTHESIS, _bracketed, Reason.CITATION, _dated_works)
    if count:
        mend(text)
    return count


def _numeric(match: re.Match[str]) -> str:
    is_kept = _is_interval(match.group(), match.string[: match.start()])
    return match.group() if is_kept else ""


def _numbered_works(match: re.Match[str]) -> int:
    return _works(match.group())


def _bracketed(match: re.Match[str]) -> str:
    return "" if _is_author_year(match.group(1) or match.group(2)) else match.group()


def _dated_works(match: re.Match[str]) -> int:
    return max(1, len(re.findall(_YEAR, match.group(1) or match.group(2))))


def _works(bracket: str) -> int:
    """How many works a bracket of numbers cites: `[3, 12–14]` is four."""
    works = 0
    for first, last in re.findall(r"(\d+)(?:\s*[-–—]\s*(\d+))?", bracket):
        span = int(last) - int(first) + 1 if last else 1
        works += span if 0 < span < 50 else 1
    return works


def _is_interval(match: str, before: str) -> bool:
    """`[0, 1]`, and `x ∈ [1, 5]`, and an index such as `a[1]`."""
    numbers = re.findall(r"\d+", match)
    if "0" in numbers and len(numbers) <= 2:
        return True
    if not match[0].isspace() and re.search(r"[\w)\]]$", before):
        return re.search(r"(?:^|[^\w])[A-Za-z]$", before) is not None
    return bool(_VALUES.search(before))


_VALUES = re.compile(
    r"[∈∊=×:]\s*$|\b(?:interval|range|between|are|values?|set|vector|list)\s*$|"
    r"\b(?:temperature|value|size|rate|setting|length|number|level|degree|width|depth|weight|"
    r"dimension|epoch|layer|step)s?\s+(?:of|in|from|at)\s*$"
)


def _is_author_year(inside: str) -> bool:
    """Every part between semicolons that carries a year names an author too."""
    if not re.search(_YEAR, inside) and "in press" not in inside:
        return False
    parts = [part for part in inside.split(";") if part.strip()]
    named = [part for part in parts if _AUTHOR_YEAR.search(part)]
    if not named:
        return False
    lead = re.sub(
        r"^\s*(?:see|e\.g\.|i\.e\.|cf\.?|for|as in|also|and|reviewed in|,|\s)+", "", parts[0]
    )
    return bool(re.match(_NAME, lead)) or len(named) == len(parts)


def mend(text: Traced) -> None:
    """A sentence whose inside was taken out, without the gaps."""
    text.tidy(_EMPTY, "")
    text.tidy(_DOUBLED, "")
    text.tidy(_SPACE_BEFORE, r"\1")
    text.tidy(_GAPS, " ")
    text.strip()


def without_addresses(text: Traced) -> None:
    """URLs become their host; mail addresses go, with a label that they leave alone, but where a
    sentence needs them: "please write to … for the list"."""
    text.cut(_URL, lambda match: _host(match.group()), Reason.ADDRESS)
    if "@" in text.text:
        text.cut(_MAIL, _unneeded, Reason.ADDRESS)
        text.cut(_HOLES, "", Reason.ADDRESS)
        text.cut(_LABEL, "", Reason.ADDRESS)


def _unneeded(match: re.Match[str]) -> str:
    """An address behind a small word, with no sign between, in a text of several words, is part of
    its sentence."""
    before = match.string[: match.start()]
    is_needed = _SMALL_WORD.search(before) and word_count(match.string) >= SENTENCE_WORDS
    return match.group() if is_needed else ""


def _host(url: str) -> str:
    match = _HOST.match(url)
    return match.group(1) if match else ""
