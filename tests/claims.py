"""Chapters with sentences that a model may write about them, honest ones and attacks
(`tests/data/claims*.txt`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.domain import Chapter, Document, Passage
from pipeline.takeaways.extracts import with_takeaways

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A sentence about a chapter. `kind`: of an attack; empty: it is honest."""

    chapter: int
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A document, and what a model says of its chapters."""

    document: Document
    sayings: Sequence[Saying]

    @property
    def attacks(self) -> Sequence[Saying]:
        return [saying for saying in self.sayings if saying.kind]

    @property
    def honest(self) -> Sequence[Saying]:
        return [saying for saying in self.sayings if not saying.kind]


def said_in(name: str) -> Said:
    """What one of the files holds."""
    chapters: list[Chapter] = []
    sayings: list[Saying] = []
    for number, part in enumerate((DATA / name).read_text().split("\n## ")[1:], start=1):
        title, _, rest = part.partition("\n")
        text, sentences = _split(rest)
        passages = tuple(Passage(text=one, page=number) for one in text)
        chapters.append(
            Chapter(number=number, title=title, level=1, page=number, passages=passages)
        )
        sayings += [_saying(number, sentence) for sentence in sentences]
    document = Document(id="c1" * 32, title="A reader", pages=99, chapters=tuple(chapters))
    return Said(document=with_takeaways(document), sayings=sayings)


def _split(text: str) -> tuple[list[str], list[str]]:
    """Paragraphs, and the lines that are sentences about them."""
    lines = [line for line in text.splitlines() if line.strip()]
    return (
        [line for line in lines if not re.match(r"[+-] ", line)],
        [line for line in lines if re.match(r"[+-] ", line)],
    )


def _saying(chapter: int, line: str) -> Saying:
    if line.startswith("+ "):
        return Saying(chapter=chapter, text=line[2:])
    kind, _, text = line[2:].partition(": ")
    return Saying(chapter=chapter, text=text, kind=kind)
