"""Pages → the document's lines, in the order in which they are read: what comes before any rule on
headings and text. It depends on the kind of document, which the lines show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.chapters.kind import Look
from pipeline.domain import Kind, Reason
from pipeline.pdf.drop_caps import with_initials
from pipeline.pdf.lines import Line, Page, numbered, renumbered
from pipeline.structure.articles import in_articles
from pipeline.structure.asides import without_asides
from pipeline.structure.evidence import body_size
from pipeline.structure.letterspacing import closed_up
from pipeline.structure.lists import with_bullets
from pipeline.structure.margin_numbers import without_margin_numbers
from pipeline.structure.note_marks import without_note_marks
from pipeline.structure.overlays import without_overlays
from pipeline.structure.verse import with_verses
from pipeline.structure.verse_numbers import without_verse_numbers
from pipeline.text.traced import Cut

PROSAIC = (Kind.SLIDES, Kind.MANUAL, Kind.LAW, Kind.FORM, Kind.MINUTES)  # short lines, no poems


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """`pages` know what of them is part of no line; `cuts`: what lines have lost."""

    pages: Sequence[Page]
    lines: Sequence[Line]
    look: Look
    cuts: Sequence[Cut]


def arrangement_of(
    pages: Sequence[Page], look: Look | None = None, kind: Kind | None = None
) -> Arrangement:
    """`look`: what is known of the kind already; None: it is looked at. `kind`: what it is, by
    somebody's word."""
    usual = body_size([line for page in pages for line in page.lines])
    pages = without_note_marks(pages, usual)
    lines: Sequence[Line] = _lines(pages)
    look = look or Look(pages, lines, kind)
    if not look.is_paperlike:
        is_slides = look.kind is Kind.SLIDES
        cleared = without_overlays(pages) if is_slides else _cleared(pages, usual, look.kind)
        lines = lines if cleared is pages else _lines(cleared)
        pages = cleared
    if not look.is_paperlike and look.kind is not Kind.SLIDES:
        lines = renumbered(in_articles(pages, lines, usual))
    if not look.is_paperlike and look.kind not in PROSAIC:
        lines = with_verses(pages, lines)
    with_signs = with_bullets(lines)
    cuts = [
        Cut(line.number, 0, line.text.lstrip()[:1], Reason.LABEL)
        for line, changed in zip(lines, with_signs, strict=True)
        if changed is not line
    ]
    return Arrangement(pages=pages, lines=with_signs, look=look, cuts=cuts)


def _lines(pages: Sequence[Page]) -> list[Line]:
    return closed_up(numbered(with_initials(page) for page in pages))


def _cleared(pages: Sequence[Page], usual: float, kind: Kind) -> Sequence[Page]:
    """Without what is no part of the text, and stands in it or beside it."""
    pages = without_asides(pages, usual, is_magazine=kind is Kind.MAGAZINE)
    for without in (without_margin_numbers, without_verse_numbers):
        pages = without(pages, usual)
    return pages
