"""A document as a child hands it to the program: a file in a folder of the task's own.

It is its head, then its chapters, one a line, then what was left out, in batches, so that the
program never parses more than a chapter at a time. All of it is JSON; nothing is unpickled.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from pipeline.domain import (
    WHOLE_PAGE,
    Chapter,
    Document,
    Omission,
    Passage,
    Place,
    from_json,
    to_json,
)
from pipeline.errors import ChildDied

MOST_BYTES = 256 * 1024 * 1024  # of a document
LONGEST_ROW = 32 * 1024 * 1024  # of a chapter, which the interpreter parses in one go
BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """Some of a document's omissions."""

    omissions: tuple[Omission, ...]


_BATCH_BEGINS = b'{"omissions":'


def write_document(document: Document, out: Path) -> None:
    """The document without its chapters, then each of them, then its omissions."""
    with out.open("wb") as file:
        for part in (
            replace(document, chapters=(), omissions=()),
            *document.chapters,
            *_batches(document.omissions),
        ):
            file.write(to_json(part) + b"\n")


def _batches(omissions: tuple[Omission, ...]) -> Iterator[_Batch]:
    for start in range(0, len(omissions), BATCH):
        yield _Batch(omissions=omissions[start : start + BATCH])


def document_in(path: Path) -> Document:
    """What `write_document` wrote; blocks, with the interpreter let go between two chapters.
    Raises `ChildDied` for anything else: a child is not trusted."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ChildDied(reason="a document too large")
        with path.open("rb") as file:
            rows = _rows(file)
            head = from_json(Document, next(rows))
            document = _with_parts(head, rows)
    except (OSError, StopIteration, ValidationError):
        raise ChildDied(reason="no document") from None
    if not _is_sound(document):
        raise ChildDied(reason="an account that cannot be")
    return document


def _rows(file: BinaryIO) -> Iterator[bytes]:
    while row := file.readline(LONGEST_ROW):
        if len(row) == LONGEST_ROW:
            raise ChildDied(reason="a chapter too large")
        yield row


def _with_parts(head: Document, rows: Iterable[bytes]) -> Document:
    chapters: list[Chapter] = []
    omissions: list[Omission] = []
    for row in rows:
        if row.startswith(_BATCH_BEGINS):
            omissions += from_json(_Batch, row).omissions
        else:
            chapters.append(from_json(Chapter, row))
    return replace(head, chapters=tuple(chapters), omissions=tuple(omissions), left_out=())


def _is_sound(document: Document) -> bool:
    """Whether places lie on pages that are there, in texts that are there, sums are right, and
    chapters are counted from 1, each of some seconds."""
    account = document.account
    told = account.spoken + sum(account.left_out.values()) + account.unexplained
    pages = [
        *account.missing_pages,
        *(finding.page for finding in account.findings),
        *(omission.page for omission in document.omissions),
    ]
    return (
        told == account.words
        and min(account.spoken, account.unexplained, *account.left_out.values()) >= 0
        and all(1 <= page <= document.pages for page in pages)
        and all(o.words >= 0 and o.works >= 0 for o in document.omissions)
        and all(_is_on_page(place, document.pages) for place in _places(document))
        and all(_is_in_order(p) for chapter in document.chapters for p in chapter.passages)
        and [c.number for c in document.chapters] == [*range(1, len(document.chapters) + 1)]
        and all(math.isfinite(c.seconds) and c.seconds >= 0 for c in document.chapters)
    )


def _places(document: Document) -> Iterator[Place]:
    for omission in document.omissions:
        if omission.place is not None:
            yield omission.place
    for chapter in document.chapters:
        yield from chapter.places
        for passage in chapter.passages:
            yield from (stretch.place for stretch in passage.stretches)


def _is_on_page(place: Place, pages: int) -> bool:
    is_inside = place.x + place.w <= WHOLE_PAGE and place.y + place.h <= WHOLE_PAGE
    return place.page <= pages and is_inside


def _is_in_order(passage: Passage) -> bool:
    starts = [stretch.start for stretch in passage.stretches]
    return all(a < b for a, b in pairwise([*starts, len(passage.text)]))
