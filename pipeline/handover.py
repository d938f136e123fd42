"""What children hand to each other, and to the program: files in a folder of the task's own.

Pages stand one a line, each written as soon as it is read: what a child has done outlives it, and
no answer grows with the book. A document is its head and then its chapters, one a line, so that
the program never parses more than a chapter at a time. All of it is JSON; nothing is unpickled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from operator import attrgetter
from pathlib import Path

from pydantic import ValidationError

from pipeline.domain import Chapter, Document, from_json, to_json
from pipeline.errors import ChildDied, DamagedPdf
from pipeline.lines import Line, Page, Trouble

MOST_BROKEN = 50  # pages that cannot be read, before the whole is given up
MOST_BYTES = 256 * 1024 * 1024  # of a document
_LINE = tuple(field.name for field in fields(Line))
_PAGE = tuple(field.name for field in fields(Page) if field.name != "lines")
_of_line, _of_page = attrgetter(*_LINE), attrgetter(*_PAGE)


def row_of(page: Page) -> str:
    """A page as a line of its file. Numbers come back exactly as they were."""
    return json.dumps([_of_page(page), [_of_line(line) for line in page.lines]]) + "\n"


def page_from(row: str) -> Page:
    """Raises `ValueError`, `TypeError` for a line that is no page."""
    page, lines = json.loads(row)
    values = dict(zip(_PAGE, page, strict=True))
    trouble = values.pop("trouble")
    return Page(
        **values,
        trouble=None if trouble is None else Trouble(trouble),
        lines=tuple(Line(**dict(zip(_LINE, line, strict=True))) for line in lines),
    )


def pages_in(files: Sequence[Path]) -> Iterator[Page]:
    """The pages in these files, as they come; where a child broke off its last line is lost."""
    for path in files:
        if not path.is_file():
            continue
        with path.open(encoding="ascii") as file:
            for row in file:
                if row.endswith("\n"):
                    yield page_from(row)


def in_order(pages: Iterable[Page], count: int) -> list[Page]:
    """All `count` pages, whoever read them and when; one that nobody could read is empty. Raises
    `DamagedPdf` where too many are missing, or all."""
    read = {page.number: page for page in pages}
    missing = count - len(read)
    if missing > MOST_BROKEN or missing == count:
        raise DamagedPdf
    nothing = Page(number=0, width=0.0, height=0.0, lines=())
    return [read.get(number) or replace(nothing, number=number) for number in range(count)]


def write_document(document: Document, out: Path) -> None:
    """The document without its chapters, then each of them."""
    with out.open("wb") as file:
        for part in (replace(document, chapters=()), *document.chapters):
            file.write(to_json(part) + b"\n")


def document_in(path: Path) -> Document:
    """What `write_document` wrote; blocks, with the interpreter let go between two chapters.
    Raises `ChildDied` for anything else: a child is not trusted."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ChildDied(reason="a document too large")
        with path.open("rb") as file:
            head = from_json(Document, next(file))
            return replace(head, chapters=tuple(from_json(Chapter, line) for line in file))
    except (OSError, StopIteration, ValidationError):
        raise ChildDied(reason="no document") from None
