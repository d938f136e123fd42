"""What a group's look, place and words say for and against its being a heading.

The votes and their weights are explained and measured in docs/reading.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.language.sentences import word_count
from pipeline.language.vocabulary import ADMINISTRATIVE, BY_LINE, CAPTION, KNOWN, SUMMARY, THEOREM
from pipeline.structure.evidence import Evidence
from pipeline.structure.line_groups import LineGroup
from pipeline.structure.numbering import Number, number_of, without_number

_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|\.{3,}\s*\d+\s*$")
_MAIL = re.compile(r"\S@\S|https?://|www\.|doi\.org", re.I)
_MATH = re.compile(r"[=≤≥∑∫∏√∂∇⊂⊆∈∀∃⟨⟩]|\\[a-z]")
_BRACKETED = re.compile(r"^[(（\[［][^()（）\[\]［］]*[)）\]］][.:]?$")
_TOTAL = re.compile(
    r"^(?:total[e]?|insgesamt|gesamt(?:punkt(?:e|zahl))?|summe|somme|suma|totaal|всего|итого|合計|小計|"
    r"总分|小计)(?![^\W\d_]).*\d",
    re.I,
)
_BULLET = re.compile(r"^\s*[•·‣▪◦●○■□–—*►▶➢]\s")
SUMMARY_ALONE = 1.5  # a line of nothing but "Abstract" on the first two pages
NUMERAL = 2.0  # nothing but a number, set off, and the next of three at least
SLIDE_TITLE = 1.5  # the first line of a slide, set bigger
RUN_IN = 1.0  # set off from the sentence that follows it on its line: that is said of nothing else
QUOTED_WORDS = 7  # all in quotation marks: what somebody says, set big
_QUOTED = re.compile(r"^[“\"„«»‘「『].*[”\"“»«’」』][.,]?$")
BIG = 1.2  # times the text's size
LABEL_RATIO = 1.08  # theorem labels are set in the size of the text; what is bigger is a heading


def neighbours(
    groups: Sequence[LineGroup],
) -> Iterable[tuple[LineGroup, LineGroup | None, LineGroup | None]]:
    for i, group in enumerate(groups):
        before = groups[i - 1] if i else None
        after = groups[i + 1] if i + 1 < len(groups) else None
        yield group, before, after


def basic_score(
    group: LineGroup, before: LineGroup | None, after: LineGroup | None, known: Evidence
) -> float:
    """What the group's own look says."""
    return (
        3.0 * _layout_probability(group, known)
        + _size_score(group.first.size / known.body_size)
        + _weight_score(group, known)
        + _spacing_score(group, before, after)
        + _wording_score(group)
        + (SLIDE_TITLE if group.first.number in known.titles else 0.0)
    )


def _layout_probability(group: LineGroup, known: Evidence) -> float:
    """The model's mean over the group's lines; 0 for a page it did not see."""
    found = [
        known.label_of_line[line.number].heading
        for line in group.lines
        if line.number in known.label_of_line
    ]
    return sum(found) / len(found) if found else 0.0


def _size_score(ratio: float) -> float:
    if ratio < 0.93:
        return -1.0
    return 1.7 if ratio >= 1.25 else (1.0 if ratio >= 1.08 else 0.0)


def _weight_score(group: LineGroup, known: Evidence) -> float:
    score = 0.0
    if group.first.is_bold and not known.is_bold:
        score += 1.2
    if group.text.isupper() and len(group.text) > 3:
        score += 0.6
    if group.first.is_italic:
        score += 0.2
    share = known.style_share.get((group.first.font, group.first.size), 0.0)
    return score + (0.5 if share < 0.02 else 0.2 if share < 0.05 else -0.6 if share > 0.3 else 0.0)


def _spacing_score(group: LineGroup, before: LineGroup | None, after: LineGroup | None) -> float:
    score, em = 0.0, max(group.first.height, 1.0)
    if before is not None and before.first.page == group.first.page:
        gap = group.first.y0 - before.last.y1
        score += 0.5 if gap >= 0.6 * em or gap < -em else -0.4 if gap < 0.2 * em else 0.0
    if after is not None and after.first.page == group.first.page:
        score += 0.2 if after.first.y0 - group.last.y1 >= 0.35 * em else 0.0
        beside = _stands_beside(group, after) and not group.first.is_run_in
        if beside or (before is not None and _stands_beside(group, before)):
            score -= 1.0
    return score


def _stands_beside(group: LineGroup, other: LineGroup) -> bool:
    a, b = group.first, other.last if other.first.number < group.first.number else other.first
    if a.page != b.page:
        return False
    overlap = min(a.y1, b.y1) - max(a.y0, b.y0)
    gap = max(a.x0, b.x0) - min(a.x1, b.x1)
    return overlap > 0.6 * min(a.height, b.height) and 0 < gap < 30


def _wording_score(group: LineGroup) -> float:
    text = group.text
    words = without_number(text)
    score = 1.5 if KNOWN.match(words) else 0.0
    score += SUMMARY_ALONE if _is_summary(group) else 0.0
    extra = word_count(words) - 12
    if extra > 0:
        score -= 0.125 * extra
    if text[-1] in ",;-":
        score -= 0.8
    if text.endswith(".") and word_count(text) > 3 and not group.first.is_run_in:
        score -= 0.7
    if words[:1].islower():
        score -= 1.2
    return score


def penalty(group: LineGroup, known: Evidence, *, is_chained: bool) -> float:
    """What speaks against it. A group in the numbering chain is spared the model's classes."""
    text = group.text
    score = _word_penalty(text, is_chained=is_chained)
    if group.first.size < LABEL_RATIO * known.body_size and _is_theorem(text):
        score -= 3.0
    score += _voice_penalty(group, known)
    if any(line.number in known.repeated for line in group.lines):
        score -= 4.0
    is_big = is_chained and group.first.size >= BIG * known.body_size  # as no listing is set
    if all(line.is_mono for line in group.lines) and not is_big:
        score -= 2.0
    letters = sum(sign.isalpha() for sign in text)
    if is_chained and is_numeral(text):
        return score + NUMERAL
    if letters < 0.4 * len(text.replace(" ", "")):
        score -= 2.0
    if is_chained or _is_summary(group):
        return score
    return score + _class_penalty(group, known)


def _voice_penalty(group: LineGroup, known: Evidence) -> float:
    """Who wrote it, hardly bigger than the text; and what somebody says, set big."""
    is_modest = not group.first.is_bold and group.first.size < 1.25 * known.body_size
    by_line = -3.0 if is_modest and BY_LINE.match(group.text) else 0.0
    is_said = _QUOTED.match(group.text) and word_count(group.text) >= QUOTED_WORDS
    return by_line - (2.0 if is_said else 0.0)


def is_numeral(text: str) -> bool:
    """Nothing but a number."""
    number = number_of(text)
    return number is not None and number.family == "bare"


def _is_summary(group: LineGroup) -> bool:
    """ "Abstract" alone on its line, where papers have theirs, whatever box it is printed in."""
    return group.first.page <= 1 and SUMMARY.fullmatch(group.text.strip(" .:—–-")) is not None


def _is_theorem(text: str) -> bool:
    return bool(THEOREM.search(text) or THEOREM.search(without_number(text)))


_WORD_PENALTIES = (
    (CAPTION, 4.0),
    (_MAIL, 3.0),
    (_LEADERS, 3.0),
    (ADMINISTRATIVE, 4.0),
    (_MATH, 1.2),
    (_BRACKETED, 3.0),
    (_TOTAL, 3.0),
    (_BULLET, 2.0),
)


def _word_penalty(text: str, *, is_chained: bool) -> float:
    """A number in the sequence makes "Software" a section, and no notice."""
    words = "" if is_chained else without_number(text)
    score = 0.0
    for pattern, price in _WORD_PENALTIES:
        if pattern.search(text) or (pattern is ADMINISTRATIVE and pattern.search(words)):
            score -= price
    return score


_CLASS_PENALTIES = {
    "table": 2.5,
    "picture": 2.5,
    "formula": 2.5,
    "caption": 2.0,
    "footnote": 2.0,
    "page-header": 1.5,
    "page-footer": 1.5,
    "list-item": 0.7,
}


def _class_penalty(group: LineGroup, known: Evidence) -> float:
    label = known.label_of_line.get(group.first.number)
    return -_CLASS_PENALTIES.get(label.name, 0.0) if label else 0.0


def number_score(
    group: LineGroup,
    number: Number | None,
    is_chained: bool,
    shared: set[tuple[str, float, bool]],
    has_chain: bool,
) -> float:
    score = 1.0 if group.style in shared else 0.0
    if number is not None:
        score += 0.5 + (1.2 if is_chained else -0.5)
        score += RUN_IN if is_chained and group.first.is_run_in else 0.0
    elif has_chain and not KNOWN.match(without_number(group.text)):
        score -= 0.4 if group.style in shared else 0.8
    return score
