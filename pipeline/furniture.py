"""Lines that belong to the page and not to the text: what is dropped, and as what it counts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum

from pipeline.layout import Label
from pipeline.lines import Line, Page
from pipeline.numbering import number_of
from pipeline.vocabulary import CAPTION_LINE, TABLE_CAPTION

OUTER_SHARE = 0.13  # of the page's height, above and below: where running heads stand
HEADER_SHARE, FOOTER_SHARE = 0.08, 0.07  # where the model's word alone is enough
HEIGHT_STEP_PT = 6.0
NOTE_RATIO = 0.92  # footnotes are set smaller than the text
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"^[ivxlc]+$", re.I)
_PAGE_NUMBER = re.compile(
    r"^[–—\-|\s]*(?:page\s+)?\d{1,4}(?:\s*(?:/|of|von|de)\s*\d{1,4})?[–—\-|\s]*$", re.I
)
_EQUATION_NUMBER = re.compile(r"\(\d+(?:\.\d+)*[a-z]?\)\s*$")
_MATH_FONT = re.compile(r"cmmi|cmsy|cmex|msam|msbm|mathit|math|symbol|stix.*math|eufm|rsfs", re.I)
_MATH_SIGN = re.compile(r"[=≤≥∑∫∏√∂∇±×·→∞∈⊂∪∩∀∃]|[\u0370-\u03ff]|\ufffd")
_NOTE_START = re.compile(r"^(?:\d{1,3}|[*†‡§¶∗])\s?(?=[^\W\d_]|[\"“(])")


class Reason(StrEnum):
    """Why a line is not read; the names are those of `Skipped`'s fields."""

    RUNNING_HEAD = "running_heads"
    TABLE = "tables"
    FIGURE = "figures"
    CAPTION = "captions"
    FORMULA = "formulas"
    FOOTNOTE = "footnotes"
    CODE = "code"


def repeated_lines(pages: Sequence[Page], lines: Sequence[Line]) -> frozenset[int]:
    """Running heads and page numbers: the same text, digits aside, at the same height near the
    edge on at least two pages. Returns line numbers."""
    heights = {page.number: page.height for page in pages}
    places: dict[tuple[str, int], list[Line]] = defaultdict(list)
    for line in lines:
        height = heights[line.page]
        if line.y1 < OUTER_SHARE * height or line.y0 > (1 - OUTER_SHARE) * height:
            text = _ROMAN.sub("#", _DIGITS.sub("#", line.text.lower()))
            step = round(line.y0 / HEIGHT_STEP_PT)
            for nearby in (step, step + 1):
                places[text, nearby].append(line)
    return frozenset(
        line.number
        for group in places.values()
        if len({line.page for line in group}) >= 2
        for line in group
    )


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
    found: dict[int, Reason] = {}
    for line in lines:
        if line.number in headings:
            continue
        reason = _edge_reason(line, heights[line.page], repeated, label_of.get(line.number))
        reason = reason or _label_reason(label_of.get(line.number))
        reason = reason or _look_reason(line, heights[line.page], body_size)
        if reason is not None:
            found[line.number] = reason
    _extend_captions(lines, found, headings)
    return found


def _edge_reason(
    line: Line, height: float, repeated: frozenset[int], label: Label | None
) -> Reason | None:
    if line.number in repeated:
        return Reason.RUNNING_HEAD
    at_edge = line.y1 < HEADER_SHARE * height or line.y0 > (1 - FOOTER_SHARE) * height
    if not at_edge:
        return None
    if _PAGE_NUMBER.match(line.text) or _ROMAN.match(line.text):
        return Reason.RUNNING_HEAD
    if label is not None and label.name in ("page-header", "page-footer"):
        return Reason.RUNNING_HEAD
    return None


_LABEL_REASONS = {
    "table": Reason.TABLE,
    "picture": Reason.FIGURE,
    "caption": Reason.CAPTION,
    "formula": Reason.FORMULA,
    "footnote": Reason.FOOTNOTE,
}


def _label_reason(label: Label | None) -> Reason | None:
    return _LABEL_REASONS.get(label.name) if label is not None else None


def _look_reason(line: Line, height: float, body_size: float) -> Reason | None:
    """What the line itself shows, for pages that the model did not see and for what it missed."""
    if line.is_mono and len(line.text) > 2:
        return Reason.CODE
    if CAPTION_LINE.match(line.text):
        return Reason.CAPTION
    if _is_formula(line):
        return Reason.FORMULA
    is_small = line.size <= NOTE_RATIO * body_size and line.y0 > 0.6 * height
    if is_small and _NOTE_START.match(line.text):
        return Reason.FOOTNOTE
    return None


def _is_formula(line: Line) -> bool:
    """A displayed formula: signs and single letters, hardly a word."""
    words = re.findall(r"[^\W\d_]{3,}", line.text)
    if len(words) > 2 or len(line.text) > 90:
        return False
    signs = len(_MATH_SIGN.findall(line.text))
    if _MATH_FONT.search(line.font) and len(words) <= 1:
        return True
    if signs and len(words) <= 1 and len(line.text) < 60:
        return True
    return bool(_EQUATION_NUMBER.fullmatch(line.text))


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


def counts(lines: Sequence[Line], found: Mapping[int, Reason]) -> dict[str, int]:
    """How many of each were left out: runs of lines, not lines. A caption speaks for its table or
    figure, so each of these counts as the larger of boxes and captions."""
    runs: dict[str, int] = defaultdict(int)
    tables = figures = 0
    before: tuple[Reason, int] | None = None
    for line in lines:
        reason = found.get(line.number)
        here = (reason, line.page) if reason is not None else None
        is_new = here != before or reason is Reason.RUNNING_HEAD
        if reason is Reason.CAPTION and CAPTION_LINE.match(line.text):
            is_table = TABLE_CAPTION.match(line.text) is not None
            tables, figures = tables + is_table, figures + (not is_table)
        elif here is not None and is_new and reason is not Reason.CAPTION:
            runs[here[0].value] += 1
        before = here
    runs["tables"] = tables or runs["tables"]
    runs["figures"] = figures or runs["figures"]
    return dict(runs)


def is_list_item(text: str) -> bool:
    return bool(_ITEM.match(text))


_ITEM = re.compile(r"^\s*(?:[•·‣▪◦●○■□►▶➢⁃∙*–—-]\s+|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+(?=\S))")


def without_bullet(text: str) -> str:
    """A list item's words; its number stays, since the text may refer to it."""
    return re.sub(r"^\s*[•·‣▪◦●○■□►▶➢⁃∙*–—-]\s+", "", text)


def is_contents_line(text: str) -> bool:
    """`3.2 Methods . . . . . . 17`"""
    return bool(re.search(r"(?:\.\s?){4,}\s*\d*\s*$|…{2,}\s*\d*\s*$", text)) or (
        number_of(text) is not None and bool(re.search(r"\s\d{1,4}$", text)) and "  " in text
    )
