"""Lines that belong to the page and not to the text: what is dropped, and as what it counts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.domain import Reason
from pipeline.pdf.layout import Label
from pipeline.pdf.lines import Line, Page
from pipeline.structure.evidence import body_size
from pipeline.structure.numbering import number_of

OUTER_SHARE = 0.13  # of the page's height, above and below: where running heads stand
ROW_SHARE, ROW_PAGES = 0.2, 3  # further in only what is a page's first or last row, on three pages
HEADER_SHARE, FOOTER_SHARE = 0.08, 0.07  # where the model's word alone is enough
HEIGHT_STEP_PT = 6.0
ROW_PT = 3.0
FEWEST_HEADS = 5  # pages, from which on their place is known
BIG = 1.2  # times the usual size
FEWEST_LINE_NUMBERS = 8
NUMBERS_PT = 12.0  # they are set flush on one side
SENTENCE_WORDS = 4
_SENTENCE_END = re.compile(r"[.!?:;。！？：；؟…][\"”’»)\]]*$")
_DIGITS = re.compile(r"\d+")
_WORD_AND_NUMBER = re.compile(r"^([^\W\d_]{2,})\s+(\d{1,3})\b")
_PAGES = re.compile(
    r"^(?:page|seite|página|pagina|pag|стр|страница|sid[ae]|sivu|strona|stránka|oldal|sayfa|trang|"
    r"slide|folie|diapositiva|sheet|blatt|feuille|hoja|folha|folio|strana|stran|stranica|pagină|"
    r"halaman|σελίδα|сторінка|blad|lehekülg|puslapis|lapa|side|bladsy)$",
    re.I,
)
SET_OFF = 1.04  # times the size of the text
FEWEST_CHAPTERS = 3
_ROMAN = re.compile(r"^[ivxlc]+$", re.I)
_PAGE_NUMBER = re.compile(
    r"^[–—\-|\s]*(?:page\s+)?\d{1,4}(?:\s*(?:/|of|von|de)\s*\d{1,4})?[–—\-|\s]*$", re.I
)


def repeated_lines(pages: Sequence[Page], lines: Sequence[Line]) -> frozenset[int]:
    """Running heads and page numbers: the same text, digits aside, in the same size at the same
    height near the edge on at least two pages. Returns line numbers."""
    edges = _edges(pages, lines)
    usual = body_size(lines)
    heights = {page.number: page.height for page in pages}
    places: dict[tuple[str, float, int, bool], list[Line]] = defaultdict(list)
    for line in lines:
        near, far = edges[line.page]
        is_outer = line.y1 < near.top or line.y0 > near.bottom
        if is_outer or line.y1 <= far.top or line.y0 >= far.bottom:
            text = line.text.lower()
            if line.size < BIG * usual:  # "Experiment 2", "Experiment 3" are headings if set big
                text = _ROMAN.sub("#", _DIGITS.sub("#", text))
            step = round(line.y0 / HEIGHT_STEP_PT)
            for nearby in (step, step + 1):
                places[text, round(line.size), nearby, is_outer].append(line)
    found = [
        line
        for (_, _, _, is_outer), group in places.items()
        if len({line.page for line in group}) >= (2 if is_outer else ROW_PAGES)
        and not _counts_chapters(group, usual, heights)
        for line in group
    ]
    return frozenset(line.number for line in [*found, *_in_their_places(found, lines)])


def _in_their_places(repeated: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    """What stands as a page's first or last row where running heads stand on most pages, and looks
    as they do: the name of a short section. In a look of its own, no bigger than the text."""
    looks = Counter((line.font, round(line.size)) for line in lines).most_common(1)
    usual = body_size(lines)
    rows: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        rows[line.page].append(line)
    outermost = [line for own in rows.values() for line in _outermost(own)]
    all_pages = _pages_by_place(outermost)
    places = {
        place
        for place, found in _pages_by_place(repeated).items()
        if len(found) >= max(FEWEST_HEADS, len(all_pages[place]) / 2) and place[:2] != looks[0][0]
    }
    return [line for line in outermost if _place(line) in places and line.size <= SET_OFF * usual]


def _outermost(page: Sequence[Line]) -> list[Line]:
    """A page's first and last rows."""
    first, last = min(line.y0 for line in page), max(line.y1 for line in page)
    return [line for line in page if line.y0 <= first + ROW_PT or line.y1 >= last - ROW_PT]


def _pages_by_place(lines: Sequence[Line]) -> dict[tuple[object, ...], set[int]]:
    pages: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for line in lines:
        pages[_place(line)].add(line.page)
    return pages


def _place(line: Line) -> tuple[object, ...]:
    return line.font, round(line.size), round(line.y0)


def _counts_chapters(group: Sequence[Line], usual: float, heights: Mapping[int, float]) -> bool:
    """ "Day 1", "Day 2" at the tops of pages: each number once, rising by one, and either otherwise
    than pages do or set off from the text. What a running head numbers stands on each page in the
    text's own look, or more than once."""
    found = [counted for line in group if (counted := _counted(line.text))]
    if len(found) < max(FEWEST_CHAPTERS, len(group)) or found[0][1] > 2:
        return False
    if any(after[1] - before[1] != 1 for before, after in pairwise(found)):
        return False
    if any(line.y0 > heights[line.page] / 2 for line in group):
        return False
    leads = {line.page - number for line, (_, number) in zip(group, found, strict=True)}
    is_set_off = all(line.is_bold or line.size >= SET_OFF * usual for line in group)
    is_named = bool(found[0][0])
    return is_set_off if is_named == (len(leads) == 1) else is_named


def _counted(text: str) -> tuple[str, int] | None:
    """What is counted and its number; None for what counts pages."""
    match = _WORD_AND_NUMBER.match(text)
    if match:
        return None if _PAGES.match(match[1]) else (match[1], int(match[2]))
    number = number_of(text)
    return ("", number.parts[0]) if number and number.family == "bare" else None


def without_sentences(repeated: frozenset[int], lines: Sequence[Line]) -> frozenset[int]:
    """For a document that says the same sentences again: only what is none is a running head."""
    return frozenset(
        line.number
        for line in lines
        if line.number in repeated
        and not (line.words >= SENTENCE_WORDS and _SENTENCE_END.search(line.text))
    )


def without_titles(
    repeated: frozenset[int], pages: Sequence[Page], lines: Sequence[Line]
) -> frozenset[int]:
    """For slides: what is set bigger than the text, and stands on no more than half of them, is
    their title, though other slides have the same ("Agenda")."""
    usual = body_size(lines)
    on_pages: dict[str, set[int]] = defaultdict(set)
    for line in lines:
        on_pages[line.text].add(line.page)
    return frozenset(
        line.number
        for line in lines
        if line.number in repeated
        and (line.size < BIG * usual or len(on_pages[line.text]) > len(pages) / 2)
    )


@dataclass(frozen=True, slots=True)
class _Edges:
    """Heights above and below which running heads may stand."""

    top: float
    bottom: float


def _edges(pages: Sequence[Page], lines: Sequence[Line]) -> dict[int, tuple[_Edges, _Edges]]:
    """By page, where anything that repeats is a running head, and where only a page's first and
    last rows may be: wide margins push them inwards."""
    rows: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        rows[line.page].append(line)
    found = {}
    for page in pages:
        height, own = page.height, rows[page.number]
        first = min((line.y1 for line in own), default=0.0)
        last = max((line.y0 for line in own), default=height)
        found[page.number] = (
            _Edges(OUTER_SHARE * height, (1 - OUTER_SHARE) * height),
            _Edges(
                first + ROW_PT if first < ROW_SHARE * height else 0.0,
                last - ROW_PT if last > (1 - ROW_SHARE) * height else height,
            ),
        )
    return found


def edge_reason(
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


def line_numbers(lines: Sequence[Line]) -> set[int]:
    """Numbers that count the lines of a page in its margin: many, alone, rising evenly."""
    columns: dict[tuple[int, int, bool], list[Line]] = defaultdict(list)
    for line in lines:
        if line.text.isdecimal() and len(line.text) <= 5:
            columns[line.page, round(line.x0 / NUMBERS_PT), True].append(line)
            columns[line.page, round(line.x1 / NUMBERS_PT), False].append(line)
    return {
        line.number
        for column in columns.values()
        if len(column) >= FEWEST_LINE_NUMBERS and _rises([int(line.text) for line in column])
        for line in column
    }


def _rises(numbers: Sequence[int]) -> bool:
    steps = [after - before for before, after in pairwise(numbers)]
    return sum(0 < step <= 10 for step in steps) > 0.8 * len(steps)
