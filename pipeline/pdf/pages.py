"""PDF pages → lines of text with their look: the only module that asks PyMuPDF for text.

Lines come in MuPDF's own order, which keeps columns apart (docs/reading.md). Rotated, invisible,
tiny and off-page text never becomes a line.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pymupdf

from pipeline.domain import Reason
from pipeline.pdf.direction import is_right_to_left, logical
from pipeline.pdf.drawn_sizes import set_drawn_sizes
from pipeline.pdf.glyphs import clean_text
from pipeline.pdf.lines import LONE_NUMBER, Line, Page, Unread, around
from pipeline.pdf.scans import is_bare, trouble_of
from pipeline.pdf.turned import main_quarters, quarters_of, straightened, turned_page
from pipeline.pdf.visibility import visible

FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
SUPERSCRIPT, ITALIC, MONO, BOLD = 1, 2, 8, 16
TINY_PT = 2.5
NOWHERE = (0.0, 0.0, 0.0, 0.0)
SAME_LINE_GAP_PT = 40.0
FEWEST_SIGNS = 12
_MONO_NAME = re.compile(
    r"mono(?!type)|monaco|courier|consol|typewriter|cmtt|inconsolata|menlo|fixed|andale|"
    r"source ?code|fira ?code|lucida ?sans ?typ|\btt\b",
    re.I,
)
_BOLD_NAME = re.compile(r"bold|black|heavy|semibold|demi|cmbx|sfbx|-bd\b|medi\b|cmssbx", re.I)
_ITALIC_NAME = re.compile(r"ital|obliq|cmti|cmsl|slant", re.I)
_RUN_IN = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){1,3}|§\s?\d+)\.?\)?\s+[^\W\d_].*[.:]$")
_RUN_IN_REST = re.compile(r"[“\"(]?[^\W\d_].{8,}")
_NUMBER = re.compile(r"[\s\d.§]*")
_MARK = re.compile(r"^[\d,\s*†‡§¶∗⋆]{1,6}$")
PAGE_ERRORS = (RuntimeError, ValueError, IndexError, TypeError, ZeroDivisionError)  # of MuPDF


def page_of(page: Any, number: int) -> Page:
    """A PyMuPDF page as lines."""
    turn = page.rotation // 90 % 4
    if turn:  # text has its place on the page before it is turned: so must all else
        page.set_rotation(0)
    data = page.get_text("dict", flags=FLAGS, sort=False)
    blocks = [block for block in data["blocks"] if block["type"] == 0]
    _mark_hidden(page, blocks)
    empty = Page(
        number=number, width=float(data["width"]), height=float(data["height"]), lines=(), turn=turn
    )
    found = _with_lines(empty, blocks)
    face = (
        replace(turned_page(found, found.quarters), lines=found.turned) if found.turned else found
    )
    is_bare_page = len(face.lines) < 6 or is_bare(face)
    face = replace(face, picture_share=_picture_share(page) if is_bare_page else 0.0)
    trouble = trouble_of(face, page, is_layer=_is_layer(blocks))
    return replace(found, picture_share=face.picture_share, trouble=trouble)


def _with_lines(page: Page, blocks: list[dict[str, Any]]) -> Page:
    """The page with its lines; with those of its turned text too, where that is most of it."""
    quarters = main_quarters(blocks)
    unread: list[Unread] = []
    lines = list(_all_lines(blocks, page.number, unread, apart=quarters))
    turned = _all_lines(straightened(blocks, quarters, page), page.number, []) if quarters else ()
    return replace(
        page, lines=tuple(lines), unread=tuple(unread), turned=tuple(turned), quarters=quarters
    )


def _all_lines(
    blocks: list[dict[str, Any]], page: int, unread: list[Unread], *, apart: int = 0
) -> Iterator[Line]:
    for index, block in enumerate(blocks):
        yield from _joined(_lines(block, page, index, unread, apart=apart))


def _is_layer(blocks: list[dict[str, Any]]) -> bool:
    """Whether most of the text has no ink: the layer that a scanner's software laid on a scan."""
    spans = [span for block in blocks for line in block["lines"] for span in line["spans"]]
    inkless = sum(len(s["text"]) for s in spans if s.get("is_visible") and not s.get("alpha", 255))
    return inkless > 0.5 * sum(len(span["text"]) for span in spans) if inkless else False


def _mark_hidden(page: Any, blocks: list[dict[str, Any]]) -> None:
    spans = [span for block in blocks for line in block["lines"] for span in line["spans"]]
    set_drawn_sizes(spans, least=TINY_PT)
    readable = [span for span in spans if _is_readable(span)]
    for span, is_visible in zip(readable, visible(page, readable), strict=True):
        span["is_visible"] = is_visible


def _picture_share(page: Any) -> float:
    """How much of the page its pictures cover, 0..1. Only asked of pages with little text."""
    area = abs(page.rect.width * page.rect.height) or 1.0
    covered = 0.0
    for info in page.get_image_info():
        box = pymupdf.Rect(info["bbox"]) & page.rect
        covered += abs(box.width * box.height)
    return min(1.0, covered / area)


def _lines(
    block: dict[str, Any], page: int, index: int, unread: list[Unread], *, apart: int
) -> Iterator[Line]:
    """`apart`: what is turned by so many quarters is dealt with elsewhere."""
    for raw in block["lines"]:
        quarters = quarters_of(raw)
        if quarters != 0:
            unread += _unread(raw["spans"], Reason.TURNED) if quarters != apart else []
            continue
        for part, is_run_in in _without_run_in(_seen(raw["spans"], unread)):
            text = _line_text(part, unread)
            if text:
                yield _line(part, text, page, index, is_run_in=is_run_in)
            else:
                unread += _unread(part, Reason.UNREADABLE)


def _seen(spans: list[dict[str, Any]], unread: list[Unread]) -> list[dict[str, Any]]:
    """The spans that a reader sees."""
    seen = [span for span in spans if span.get("is_visible")]
    if len(seen) < len(spans):
        unread += _unread([s for s in spans if "is_visible" not in s], Reason.TINY)
        unread += _unread([s for s in spans if s.get("is_visible") is False], Reason.HIDDEN)
    return seen


def _unread(spans: list[dict[str, Any]], reason: Reason) -> list[Unread]:
    """Spans of one line that are not read, as one."""
    text = clean_text("".join(span["text"] for span in spans)) or "".join(
        span["text"] for span in spans
    )
    if not text.strip():
        return []
    boxes = [span["bbox"] for span in spans if all(map(math.isfinite, span["bbox"]))]
    return [Unread(text=text, box=around(boxes) if boxes else NOWHERE, reason=reason)]


def _line(
    spans: list[dict[str, Any]], text: str, page: int, index: int, *, is_run_in: bool
) -> Line:
    looks = _looks(spans)
    main = _main_span(looks)
    x0, y0, x1, y1 = box = _box(spans)
    ink = around([span["bbox"] for span in spans if span["text"].strip()] or [box])
    return Line(
        page=page,
        block=index,
        text=text,
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        size=_size(spans, main),
        font=main["font"].split("+")[-1],
        is_bold=_share(looks, _is_bold) > 0.6,
        is_italic=_share(looks, _is_italic) > 0.6,
        is_mono=_share(looks, _is_mono) > 0.8,
        pitch=_pitch(spans, main),
        has_one_font=_share(looks, lambda span: span["font"] == main["font"]) > 0.8,
        is_run_in=is_run_in,
        ink=ink if ink != box else None,
    )


def _is_bold(span: dict[str, Any]) -> bool:
    return bool(span["flags"] & BOLD) or _look_of(span["font"])[0]


def _is_italic(span: dict[str, Any]) -> bool:
    return bool(span["flags"] & ITALIC) or _look_of(span["font"])[1]


def _is_mono(span: dict[str, Any]) -> bool:
    return bool(span["flags"] & MONO) or _look_of(span["font"])[2]


@lru_cache(maxsize=1024)
def _look_of(font: str) -> tuple[bool, bool, bool]:
    """What a font's name says: bold, italic, monospaced. A document has few names, many spans."""
    names = (_BOLD_NAME, _ITALIC_NAME, _MONO_NAME)
    is_bold, is_italic, is_mono = (name.search(font) is not None for name in names)
    return is_bold, is_italic, is_mono


def _without_run_in(spans: list[dict[str, Any]]) -> list[tuple[list[dict[str, Any]], bool]]:
    """A numbered heading that its paragraph follows on the same line ("2.1. Direction. The
    angle of …") as a line of its own; the flag tells the heading."""
    end = next((i for i, span in enumerate(spans) if not _is_set_off(span)), len(spans))
    if end == 0 or end == len(spans):
        return [(spans, False)] if spans else []
    head = "".join(span["text"] for span in spans[:end]).strip()
    rest = "".join(span["text"] for span in spans[end:]).strip()
    if len(head) >= 120 or not _RUN_IN.match(head) or not _RUN_IN_REST.match(rest):
        return [(spans, False)]
    return [(spans[:end], True), (spans[end:], False)]


def _is_set_off(span: dict[str, Any]) -> bool:
    return _is_bold(span) or _is_italic(span) or _NUMBER.fullmatch(span["text"]) is not None


def _pitch(spans: list[dict[str, Any]], main: dict[str, Any]) -> float:
    """The mean advance of a font's signs in ems; East Asian signs are all equally wide anyway."""
    alike = [span for span in spans if span["font"] == main["font"] and span["text"].isascii()]
    signs = sum(len(span["text"]) for span in alike)
    if signs < FEWEST_SIGNS:
        return 0.0
    width = sum(span["bbox"][2] - span["bbox"][0] for span in alike)
    return float(width / signs / main["size"])


def _is_readable(span: dict[str, Any]) -> bool:
    x0, y0, x1, y1 = span["bbox"]
    size = span["size"]
    return bool(size >= TINY_PT) and math.isfinite(x0 + y0 + x1 + y1 + size)


def _looks(spans: list[dict[str, Any]]) -> list[tuple[dict[str, Any], int]]:
    """Each look of a line once: the first span that has it, and how many characters do. Producers
    set words, even letters, as spans of their own, so that a line has many spans and few looks."""
    if len(spans) == 1:
        return [(spans[0], 1)]
    first: dict[tuple[str, int, float], dict[str, Any]] = {}
    weights: dict[tuple[str, int, float], int] = {}
    for span in spans:
        look = (span["font"], span["flags"], span["size"])
        first.setdefault(look, span)
        weights[look] = weights.get(look, 0) + len(span["text"].strip())
    return list(zip(first.values(), weights.values(), strict=True))


def _share(looks: list[tuple[dict[str, Any], int]], has: Callable[[dict[str, Any]], bool]) -> float:
    """How much of a line, 0..1, has something in its look."""
    total = sum(weight for _, weight in looks) or 1
    return sum(weight for span, weight in looks if has(span)) / total


def _main_span(looks: list[tuple[dict[str, Any], int]]) -> dict[str, Any]:
    """The span whose look the line has: that of most characters."""
    if len(looks) == 1:
        return looks[0][0]
    weights: dict[tuple[str, float], int] = {}
    first: dict[tuple[str, float], dict[str, Any]] = {}
    for span, weight in looks:
        look = (span["font"], round(span["size"], 1))
        first.setdefault(look, span)
        weights[look] = weights.get(look, 0) + weight
    return first[max(weights, key=lambda look: weights[look])]


def _size(spans: list[dict[str, Any]], main: dict[str, Any]) -> float:
    """That of most characters; of small capitals that of the big ones among them."""
    sizes = []
    for span in spans:
        text = span["text"]
        if any(sign.isalpha() for sign in text):
            if text.upper() != text:
                return round(float(main["size"]), 1)
            if not span["flags"] & SUPERSCRIPT:
                sizes.append(span["size"])
    return round(float(max(sizes, default=main["size"])), 1)


def _box(spans: list[dict[str, Any]]) -> tuple[float, float, float, float]:
    """Around the line's ink, superscripts aside: they would make it look taller."""
    boxes = [s["bbox"] for s in spans if s["text"].strip() and not s["flags"] & SUPERSCRIPT]
    return around(boxes or [s["bbox"] for s in spans])


def _line_text(spans: list[dict[str, Any]], unread: list[Unread]) -> str:
    if is_right_to_left("".join(span["text"] for span in spans)):
        ordered = sorted(spans, key=lambda span: -span["bbox"][2])
        return clean_text(" ".join(logical(span["text"]) for span in ordered))
    text = ""
    for span in spans:
        piece = span["text"]
        if span["flags"] & SUPERSCRIPT and _is_note_mark(piece, text):
            text += " " if piece[-1:].isspace() else ""
            unread += _unread([span], Reason.NOTE_MARK)
            continue
        text += _raised(piece) if span["flags"] & SUPERSCRIPT and text.strip() else piece
    return clean_text(text)


def _raised(piece: str) -> str:
    """An exponent as one, so that it can be read as one: T², 10⁻⁶."""
    if re.fullmatch(r"\s*[+−–-]?\d{1,3}\s*", piece):
        return piece.strip().translate(_RAISED)
    return piece


_RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")


def _is_note_mark(piece: str, before: str) -> bool:
    """Whether a raised number points to a footnote or a reference: behind a word or a full stop.
    Behind a single letter, a number or a bracket it is an exponent (r², 10³) and stays."""
    if not _MARK.match(piece) or not piece.strip():
        return False
    last = re.search(r"(\S+)\s*$", before)
    if last is None:
        return False
    word = last.group(1)
    if word[-1] in '.,;:!?"”’':
        return len(word) > 1 and not word[-2:-1].isdigit()
    letters = re.search(r"[^\W\d_]+$", word)
    return letters is not None and len(letters.group(0)) >= 3


def _joined(lines: Iterable[Line]) -> Iterator[Line]:
    """Fragments of one block on one baseline become one line: "1" and "Introduction"."""
    last: Line | None = None
    for line in lines:
        if last is not None and _is_beside(last, line):
            last = _merged(last, line)
            continue
        if last is not None:
            yield last
        last = line
    if last is not None:
        yield last


def _is_beside(left: Line, right: Line) -> bool:
    if left.is_run_in:
        return False
    gap = right.x0 - left.x1
    apart = abs((left.y0 + left.y1) - (right.y0 + right.y1)) / 2
    return -2.0 < gap < SAME_LINE_GAP_PT and apart < 0.35 * max(left.height, right.height)


def _merged(left: Line, right: Line) -> Line:
    main = left if len(left.text) >= len(right.text) else right
    gap = right.x0 - left.x1
    glue = " " if gap > 0.12 * main.size else ""
    weight = len(left.text) + len(right.text)

    def most(left_is: bool, right_is: bool) -> bool:
        return left_is * len(left.text) + right_is * len(right.text) > 0.6 * weight

    signs, inner_x = _number_beside(left, right)
    return replace(
        left,
        number_signs=signs,
        inner_x=inner_x,
        text=f"{left.text}{glue}{right.text}",
        x0=min(left.x0, right.x0),
        y0=min(left.y0, right.y0),
        x1=max(left.x1, right.x1),
        y1=max(left.y1, right.y1),
        ink=around([left.box, right.box]) if left.ink or right.ink else None,
        size=main.size,
        font=main.font,
        is_bold=most(left.is_bold, right.is_bold),
        is_italic=most(left.is_italic, right.is_italic),
        is_mono=most(left.is_mono, right.is_mono),
        has_one_font=left.has_one_font and right.has_one_font and left.font == right.font,
    )


def _number_beside(left: Line, right: Line) -> tuple[int, float]:
    """Where one of two fragments is nothing but a number: its signs, and where the other's edge is
    that it stands at."""
    if LONE_NUMBER.match(left.text) and not left.number_signs:
        return len(left.text), right.x0
    if LONE_NUMBER.match(right.text):
        return -len(right.text), left.x1
    return left.number_signs, left.inner_x
