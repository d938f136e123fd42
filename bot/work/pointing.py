"""From a spot on a page to what is read there, and when: the way back of a track's times."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.domain import Pointed
from bot.ports import Library
from pipeline.domain import WHOLE_PAGE, Chapter, Narration, Passage, Place

NEAR = 300  # of a page's 10,000: who points so far beside a line still means it


async def at(
    library: Library, document: str, narration: Narration, *, page: int, x: int, y: int
) -> Pointed | None:
    """What is read at a spot, or nearest to it; `x` and `y` in 1/10,000 of the page as it is shown.
    None: nothing near it is read, or its places are not known."""
    holding = await library.holding(document)
    if holding is None or holding.document is None:
        return None
    best: tuple[int, Pointed] | None = None
    for number in _on_page(holding.document.chapters, page):
        chapter = await library.chapter(document, number)
        if chapter is not None:
            best = min(filter(None, (best, _nearest(chapter, page, x, y))), default=None, key=_far)
    if best is None or best[0] > NEAR:
        return None
    return await _with_second(library, document, narration, best[1])


def _far(found: tuple[int, Pointed]) -> int:
    return found[0]


def _on_page(chapters: Sequence[Chapter], page: int) -> Iterator[int]:
    """Those that begin there or before, and do not end before it."""
    if chapters:
        ends = [*(after.page for _, after in pairwise(chapters)), page]
        for chapter, end in zip(chapters, ends, strict=True):
            if chapter.page <= page <= max(end, chapter.page):
                yield chapter.number


def _nearest(chapter: Chapter, page: int, x: int, y: int) -> tuple[int, Pointed] | None:
    """How far away it is, and what."""
    found = [
        (_distance(place, x, y), Pointed(chapter=chapter.number, passage=number, sign=sign))
        for number, sign, place in _lines(chapter, page, x)
    ]
    return min(found, default=None, key=_far)


def _lines(chapter: Chapter, page: int, x: int) -> Iterator[tuple[int, int, Place]]:
    """What of the chapter stands on the page: passage, the sign at `x`, and where its line is."""
    for place in chapter.places:
        if place.page == page:
            yield 0, 0, place
    for number, passage in enumerate(chapter.passages, start=1):
        for start, end, place in _stretches(passage):
            if place.page == page:
                yield number, _sign(start, end, place, x), place


def _stretches(passage: Passage) -> Iterable[tuple[int, int, Place]]:
    ends = [*(stretch.start for stretch in passage.stretches[1:]), len(passage.text)]
    for stretch, end in zip(passage.stretches, ends, strict=False):
        yield stretch.start, end, stretch.place


def _sign(start: int, end: int, place: Place, x: int) -> int:
    """In proportion along the line."""
    share = min(1.0, max(0.0, (x - place.x) / max(1, place.w)))
    return min(max(start, end - 1), start + int(share * (end - start)))


def _distance(place: Place, x: int, y: int) -> int:
    """To its rectangle; 0 within. Across lines it counts twice: who points beside a line means
    this one and not the next."""
    beside = max(place.x - x, x - place.x - place.w, 0)
    above = max(place.y - y, y - place.y - place.h, 0)
    return min(WHOLE_PAGE, beside + 2 * above)


async def _with_second(
    library: Library, document: str, narration: Narration, pointed: Pointed
) -> Pointed:
    track = await library.track(document, pointed.chapter, narration)
    if track is None:
        return pointed
    ms = await asyncio.to_thread(track.times.ms_of, pointed.passage, pointed.sign)
    return pointed if ms is None else replace(pointed, second=ms / 1000)
