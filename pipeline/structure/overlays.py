"""Slides that grow: a file has a page for each step, and each page holds what the one before had.

What stands on the next slide too, in the same words at the same place under the same title, is read
there. Slides that follow each other under one title are one part of the talk: it is said once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from pipeline.domain import Reason
from pipeline.pdf.lines import Line, Page, left_out
from pipeline.structure.evidence import Evidence

PLACE_PT = 3.0
EVERYWHERE = 0.7  # of the slides: what stands on more of them at one place is their frame
GROWN = 0.5  # of a slide's words, that the next one must have
SET_OFF = 1.2  # times the size of the text
TITLE_SHARE = 0.4  # of a slide's height, in which its title begins

Key = tuple[str, int]


def without_overlays(pages: Sequence[Page]) -> list[Page]:
    """The slides, each without what the next one repeats; told as unread."""
    frame = _frame(pages)
    contents = [[line for line in page.lines if _placed(line) not in frame] for page in pages]
    slides = [_Slide(page, _title(c, page), c) for page, c in zip(pages, contents, strict=True)]
    for here, after in pairwise(slides):
        if here.has_title_of(after):
            here.leave_to(after)
    for _, part in groupby(slides, key=lambda slide: slide.title and _key(slide.title)):
        _say_once(list(part))
    return [slide.read for slide in slides]


def slide_titles(lines: Sequence[Line], known: Evidence) -> frozenset[int]:
    """The numbers of the first lines of slides that are set bigger than their text."""
    tops: dict[int, Line] = {}
    for line in lines:
        if line.number not in known.repeated:
            top = tops.setdefault(line.page, line)
            tops[line.page] = line if line.y0 < top.y0 else top
    return frozenset(
        line.number for line in tops.values() if line.size >= SET_OFF * known.body_size
    )


@dataclass(slots=True)
class _Slide:
    page: Page
    title: Line | None
    lines: Sequence[Line]  # without the frame
    gone: list[Line] = field(default_factory=list)

    @property
    def rest(self) -> list[Line]:
        """What is read of it, its title aside."""
        return [line for line in self.lines if line not in self.gone and line is not self.title]

    @property
    def read(self) -> Page:
        if not self.gone:
            return self.page
        kept = tuple(line for line in self.page.lines if line not in self.gone)
        unread = (*self.page.unread, *left_out(self.gone, Reason.REPEATED))
        return replace(self.page, lines=kept, unread=unread)

    def has_title_of(self, other: _Slide) -> bool:
        titles = self.title, other.title
        return None not in titles and len({_key(title) for title in titles if title}) == 1

    def leave_to(self, after: _Slide) -> None:
        """What the next slide has too, if that is most of this one."""
        left = Counter(_key(line) for line in after.lines)
        grown = []
        for line in self.lines:
            if left[_key(line)] > 0:
                left[_key(line)] -= 1
                grown.append(line)
        if _words(grown) >= GROWN * _words(self.lines):
            self.gone = [line for line in grown if line is not self.title]


def _say_once(part: Sequence[_Slide]) -> None:
    """The title of slides that follow each other, on the first of which anything is read."""
    first = next((slide for slide in part if slide.rest), part[-1])
    for slide in part:
        if slide.title is not None and slide is not first:
            slide.gone.append(slide.title)


def _placed(line: Line) -> tuple[str, int, int]:
    """Its words, numbers aside, and its place."""
    text = "".join("#" if sign.isdecimal() else sign for sign in line.text.casefold())
    return text.replace("##", "#"), round(line.x0 / PLACE_PT), round(line.y0 / PLACE_PT)


def _frame(pages: Sequence[Page]) -> set[tuple[str, int, int]]:
    places = Counter(key for page in pages for key in {_placed(line) for line in page.lines})
    return {
        key
        for key, count in places.items()
        if count > EVERYWHERE * len(pages) or not any(sign.isalpha() for sign in key[0])
    }


def _key(line: Line) -> Key:
    """Slides that are centred move up as they grow: their height is no part of it."""
    return line.text, round(line.x0 / PLACE_PT)


def _title(lines: Sequence[Line], page: Page) -> Line | None:
    top = min(lines, key=lambda line: line.y0, default=None)
    return top if top is not None and top.y0 < TITLE_SHARE * page.height else None


def _words(lines: Sequence[Line]) -> int:
    return sum(max(1, line.words) for line in lines)
