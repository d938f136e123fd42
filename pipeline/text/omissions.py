"""What stands among the text and is none: tables, figures, captions, formulas, code, footnotes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from pipeline.domain import Reason
from pipeline.language.vocabulary import CAPTION_LINE, TABLE_CAPTION
from pipeline.pdf.layout import Label
from pipeline.pdf.lines import Line, Page
from pipeline.structure.furniture import edge_reason, line_numbers

NOTE_RATIO = 0.92  # footnotes are set smaller than the text
FLOAT_RATIO = 0.95  # and so is what belongs to a caption
PROSE_LINES, PROSE_SHARE = 3, 0.6
WORDY = 0.7  # of a line's signs, in words of three letters and more
_EQUATION_NUMBER = re.compile(r"\(\d+(?:\.\d+)*[a-z]?\)\s*$")
_MATH_FONT = re.compile(r"cmmi|cmsy|cmex|msam|msbm|mathit|math|symbol|stix.*math|eufm|rsfs", re.I)
_MATH_SIGN = re.compile(r"[=≤≥∑∫∏√∂∇±×·→∞∈⊂∪∩∀∃]|[\u0370-\u03ff]|\ufffd")
_NOTE_START = re.compile(r"^(?:\d{1,3}|[*†‡§¶∗])\s?(?=[^\W\d_]|[\"“(])")
_SENTENCE_END = re.compile(r"[.!?:;。！？：；؟][\"”’»)\]]*$")
_UNCOUNTED = (None, Reason.CONTENTS)
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")
_LABEL_REASONS = {
    "table": Reason.TABLE,
    "picture": Reason.FIGURE,
    "caption": Reason.CAPTION,
    "formula": Reason.FORMULA,
    "footnote": Reason.FOOTNOTE,
}


def reasons(
    pages: Sequence[Page],
    lines: Sequence[Line],
    repeated: frozenset[int],
    label_of: Mapping[int, Label],
    body_size: float,
    headings: frozenset[int],
) -> dict[int, Reason]:
    """By line number, why a line is left out. Lines of headings never are."""
    heights = {page.number: page.height for page in pages}
    numbering = line_numbers(lines)
    found: dict[int, Reason] = {}
    before: Line | None = None
    for line in lines:
        if line.number not in headings:
            reason = edge_reason(line, heights[line.page], repeated, label_of.get(line.number))
            if reason is None and line.number in numbering:
                reason = Reason.RUNNING_HEAD
            reason = reason or _label_reason(label_of.get(line.number))
            reason = reason or _look_reason(line, before, heights[line.page], body_size)
            if reason is not None:
                found[line.number] = reason
        before = line
    _spare_prose(lines, found, label_of)
    _spare_inline_code(lines, found)
    _extend_captions(lines, found, headings)
    _add_floats_of_captions(lines, found, headings, body_size)
    return found


def _label_reason(label: Label | None) -> Reason | None:
    return _LABEL_REASONS.get(label.name) if label is not None else None


def _look_reason(line: Line, before: Line | None, height: float, body_size: float) -> Reason | None:
    """What the line itself shows, for pages that the model did not see and for what it missed."""
    if line.is_mono and len(line.text) > 2:
        return Reason.CODE
    if CAPTION_LINE.match(line.text) and not _goes_on(before, line):
        return Reason.CAPTION
    if _is_formula(line):
        return Reason.FORMULA
    is_small = line.size <= NOTE_RATIO * body_size and line.y0 > 0.6 * height
    if is_small and _NOTE_START.match(line.text):
        return Reason.FOOTNOTE
    return None


def _goes_on(before: Line | None, line: Line) -> bool:
    """Whether a sentence runs from one line into the next: "as shown in / Figure 3. The …"."""
    if before is None or before.page != line.page or before.block != line.block:
        return False
    return abs(before.size - line.size) < 0.4 and not _SENTENCE_END.search(before.text)


def _is_formula(line: Line) -> bool:
    """A displayed formula: signs and single letters, hardly a word."""
    words = re.findall(r"[^\W\d_]{3,}", line.text)
    if len(words) > 2 or len(line.text) > 90:
        return False
    signs = len(_MATH_SIGN.findall(_LONG_WORD.sub(" ", line.text)))  # Greek has words too
    if _MATH_FONT.search(line.font) and len(words) <= 1:
        return True
    if signs and len(words) <= 1 and len(line.text) < 60:
        return True
    return bool(_EQUATION_NUMBER.fullmatch(line.text))


def _spare_prose(
    lines: Sequence[Line], found: dict[int, Reason], label_of: Mapping[int, Label]
) -> None:
    """The model takes framed text (an abstract in a box, a sidebar, a long list) for tables and
    pictures; what is made of whole lines of words is text all the same."""
    boxed = {Reason.TABLE, Reason.FIGURE}
    for (_, reason), group in groupby(lines, key=lambda line: (line.page, found.get(line.number))):
        run = list(group)
        if reason in boxed and len(run) >= PROSE_LINES:
            prose = sum(len(line.text) for line in run if is_prose(line.text))
            if prose > PROSE_SHARE * sum(len(line.text) for line in run):
                for line in run:
                    del found[line.number]


def spare_wordy_formulas(lines: Sequence[Line], found: dict[int, Reason]) -> None:
    """For a document whose text was taken for formulas: what is mostly words is none."""
    for line in lines:
        if found.get(line.number) is Reason.FORMULA:
            words = _LONG_WORD.findall(line.text)
            if words and sum(map(len, words)) >= WORDY * len("".join(line.text.split())):
                del found[line.number]


def is_prose(text: str) -> bool:
    """Whether a line is part of a running text: many words, most of them in lower case."""
    words = text.split()
    return len(words) >= 7 and sum(word[:1].islower() for word in words) >= 0.6 * len(words)


def _spare_inline_code(lines: Sequence[Line], found: dict[int, Reason]) -> None:
    """A line or two of code inside a sentence are words of it."""
    for place, line in enumerate(lines):
        if found.get(line.number) is not Reason.CODE or place == 0:
            continue
        before = lines[place - 1]
        is_close = before.page == line.page and 0 < line.y0 - before.y0 < 1.6 * before.height
        inside = before.number not in found and not _SENTENCE_END.search(before.text)
        run = [other for other in lines[place : place + 3] if _is_code(other, found)]
        if is_close and inside and len(run) <= 2 and before.words > 4:
            del found[line.number]


def _is_code(line: Line, found: Mapping[int, Reason]) -> bool:
    return found.get(line.number) is Reason.CODE


def _extend_captions(
    lines: Sequence[Line], found: dict[int, Reason], headings: frozenset[int]
) -> None:
    """The lines behind a caption's first, in the same block and size, belong to it."""
    last: Line | None = None
    for line in lines:
        if last is not None and line.number not in headings and line.number not in found:
            same = line.page == last.page and line.block == last.block
            if same and abs(line.size - last.size) < 0.4:
                found[line.number] = found[last.number]
        reason = found.get(line.number)
        last = line if reason in (Reason.CAPTION, Reason.FOOTNOTE) else None


def _add_floats_of_captions(
    lines: Sequence[Line], found: dict[int, Reason], headings: frozenset[int], body_size: float
) -> None:
    """Small print that touches a caption is its table, though no box and no rule shows it."""
    for step in (1, -1):
        edge: Line | None = None
        reason = Reason.TABLE
        for line in lines[::step]:
            if found.get(line.number) is Reason.CAPTION:
                edge = line
                starts = CAPTION_LINE.match(line.text)
                reason = Reason.FIGURE if starts and not _is_table(line.text) else Reason.TABLE
            elif edge is not None and line.number not in found | dict.fromkeys(headings):
                is_small = line.size <= FLOAT_RATIO * body_size and not line.text[:1].islower()
                if not (is_small and _touches(edge, line)):
                    edge = None
                    continue
                found[line.number] = reason
                edge = line
            elif line.number not in found:
                edge = None


def _touches(edge: Line, line: Line) -> bool:
    if edge.page != line.page or min(edge.x1, line.x1) <= max(edge.x0, line.x0):
        return False
    gap = max(edge.y0, line.y0) - min(edge.y1, line.y1)
    return gap < 1.8 * max(edge.height, line.height)


def _is_table(caption: str) -> bool:
    return TABLE_CAPTION.match(caption) is not None


def works(
    lines: Sequence[Line], found: Mapping[int, Reason], *, after: int, first: int
) -> dict[int, int]:
    """By line number, how many things of their kind begin with what is left out there: with a run
    of lines one, with a caption its table or figure, with a mark its footnote. What looks like
    code before line `first`, the first heading, is an address; above line `after`, where the title
    ends, there is nothing but running heads."""
    begun: dict[int, int] = {}
    for (reason, _), group in groupby(lines, key=lambda line: (found.get(line.number), line.page)):
        run = list(group)
        if run[0].number < after and reason is not Reason.RUNNING_HEAD:
            starts = []
        elif reason is Reason.CAPTION:
            starts = [line for line in run if CAPTION_LINE.match(line.text)]
        elif reason is Reason.FOOTNOTE:
            starts = [line for line in run if _NOTE_START.match(line.text)] or run[:1]
        elif reason in _UNCOUNTED or (reason is Reason.CODE and run[0].number < first):
            starts = []
        else:
            starts = run[:1]
        begun |= dict.fromkeys((line.number for line in starts), 1)
    return begun
