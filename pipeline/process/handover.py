"""A document as a child hands it to the program: a file in a folder of the task's own.

It is its head and then its chapters, one a line, so that the program never parses more than a
chapter at a time. All of it is JSON; nothing is unpickled.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from pipeline.domain import Chapter, Document, from_json, to_json
from pipeline.errors import ChildDied

MOST_BYTES = 256 * 1024 * 1024  # of a document


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
