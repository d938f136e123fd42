"""What is drawn on a document's pages to show its account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.domain import Document, Place


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on a page. `reason`: why it is not read; empty: it is."""

    place: Place
    reason: str = ""


def marks_of(document: Document) -> dict[int, list[Mark]]:
    """By page, 1-based. What is left out comes last, since it may stand inside what is read."""
    marks: dict[int, list[Mark]] = defaultdict(list)
    for place in _read(document):
        marks[place.page].append(Mark(place))
    for omission in document.omissions:
        if omission.place is not None:
            marks[omission.page].append(Mark(omission.place, omission.reason.value))
    return dict(marks)


def _read(document: Document) -> Iterator[Place]:
    for chapter in document.chapters:
        yield from chapter.places
        for passage in chapter.passages:
            yield from (stretch.place for stretch in passage.stretches)
