"""What a model is asked so that a chapter can be told in brief or in another language, and what
comes of its answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import BaseModel

from adapters.summarizers.dialect import CHARACTERS_A_TOKEN
from adapters.summarizers.prompts import STRANGERS, Prompt, marked, named, shown
from pipeline.domain import Chapter, Document, Mode, Narration, Telling
from pipeline.ports import Usage
from pipeline.takeaways.injection import without_orders
from pipeline.takeaways.retold import (
    brief_from,
    shown_table,
    tables_of,
    translatable,
    translation_from,
)
from pipeline.takeaways.tellings import brief_length, is_brief_already, telling_of

VERSION = "1"  # raise it with any change of what is asked: answers are kept by it
LONGEST_CHAPTER, LEAST_CHARACTERS = 35_000, 1200  # shown for a brief
BATCH_CHARACTERS, BATCH_PIECES = 4000, 30  # of a translation: short enough to be done in time
BRIEF_S, TRANSLATION_S = 45.0, 300.0  # somebody may wait for the one; the other was chosen
BRIEF_TOKENS, CALL_TOKENS, TABLE_TOKENS = 400, 200, 80  # of an answer
FIRST_TABLE = 2  # the id of a chapter's first table; the chapter itself is 1
TOKENS_A_CHARACTER = 1.0  # of a translation, in scripts that models know little of


class PieceAnswer(BaseModel):
    """Every field is required: strict servers ask for it. `takeaways.retold` does the checks."""

    id: int
    text: str


class PieceAnswers(BaseModel):
    pieces: list[PieceAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A text that the model makes another of."""

    id: int
    text: str
    kind: str = ""  # "table"; empty: running text


class Commission(Protocol):
    """One chapter to be told. Making one takes milliseconds: not in the loop."""

    @property
    def pieces(self) -> Sequence[Excerpt]: ...

    @property
    def deadline_s(self) -> float: ...

    def batches(self, pieces: Sequence[Excerpt]) -> Iterator[Sequence[Excerpt]]:
        """In order, each of a size that a server takes."""

    def prompt(self, pieces: Sequence[Excerpt]) -> Prompt: ...

    def shorter(self, piece: Excerpt) -> Excerpt | None:
        """For a server that takes little; None: all of it is needed."""

    def key(self, piece: Excerpt, model: str) -> str:
        """What an answer is remembered by."""

    def telling(self, answers: Mapping[int, str]) -> Telling | None:
        """What of the answers may be spoken."""


def commission_of(document: Document, chapter: Chapter, narration: Narration) -> Commission | None:
    """None where there is nothing to ask."""
    match narration.mode:
        case Mode.BRIEF if not is_brief_already(chapter):
            return _brief(chapter, narration.language)
        case Mode.TRANSLATION:
            return _translation(chapter, document.language, narration.language)
    return None


def _brief(chapter: Chapter, language: str) -> Brief:
    text = shown(chapter)
    heading = without_orders(chapter.full_title)
    piece = Excerpt(id=1, text=_cut(f"{heading}\n\n{text}", LONGEST_CHAPTER))
    tables = tuple(
        Excerpt(id=place, text=shown_table(table), kind="table")
        for place, (table, _) in enumerate(tables_of(chapter), start=FIRST_TABLE)
    )
    return Brief(
        chapter=chapter, language=language, pieces=(piece, *tables) if text.strip() else ()
    )


def _translation(chapter: Chapter, source: str, target: str) -> Translation:
    own = telling_of(chapter, Mode.ORIGINAL)
    pieces = [Excerpt(id=place, text=text) for place, text in translatable(own, target).items()]
    return Translation(own=own, source=source, target=target, pieces=tuple(pieces))


_BRIEF = """\
You write for people who listen to documents chapter by chapter.

{strangers}

The piece with id 1 is one chapter. Write its text: what somebody who has no time for the chapter \
must know of it, as {count} plain sentences in {language}, at most 30 words each, in the order of \
the chapter, to be read aloud. Each sentence must make sense alone. State things as the chapter \
itself would, in its own terms; never write that a text, chapter or author says or discusses \
something. Only what the piece says; only numbers that stand in it, in figures as they stand \
there. No links, names of accounts, markup, lists, brackets, quotation marks or line breaks.
{tables}
Answer with one JSON object and nothing else: {{"pieces": [{{"id": 1, "text": "…"}}]}}{each}"""

_TABLES = """
Pieces with kind="table" are tables of that chapter with their captions. Write for each one \
sentence of 8 to 30 words that tells somebody who cannot see it what the table comes down to, with \
the one or two figures that matter most, as they stand in it. Do not begin with its number, and \
do not say that it shows, lists or compares something: say what is so.
"""

_TRANSLATION = """\
You translate documents for people who listen to them.

{strangers}

For each piece write its text: the piece translated into {language}, all of it and nothing else, \
to be read aloud. Leave nothing out, add and explain nothing. Every number stays in figures, as \
many as there are, written as is usual in that language. Names of people, products and data sets \
stay as they are. No markup and no line breaks.

Answer with one JSON object and nothing else: {{"pieces": [{{"id": 1, "text": "…"}}]}} with one \
entry for each id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A chapter in three to six sentences, and each of its tables in one."""

    chapter: Chapter
    language: str
    pieces: tuple[Excerpt, ...]
    deadline_s: float = BRIEF_S

    def batches(self, pieces: Sequence[Excerpt]) -> Iterator[Sequence[Excerpt]]:
        if pieces:
            yield pieces

    def prompt(self, pieces: Sequence[Excerpt]) -> Prompt:
        count, has_tables = brief_length(self.chapter), any(piece.kind for piece in pieces)
        rules = _BRIEF.format(
            strangers=STRANGERS,
            language=named(self.language),
            count="3" if count == 3 else f"3 to {count}",
            tables=_TABLES if has_tables else "",
            each=" with one entry for each id." if has_tables else "",
        )
        max_tokens = BRIEF_TOKENS + CALL_TOKENS + TABLE_TOKENS * sum(bool(p.kind) for p in pieces)
        return _prompt(rules, pieces, max_tokens)

    def shorter(self, piece: Excerpt) -> Excerpt | None:
        if len(piece.text) <= LEAST_CHARACTERS or piece.kind:
            return None
        return Excerpt(id=piece.id, text=_cut(piece.text, len(piece.text) // 2))

    def key(self, piece: Excerpt, model: str) -> str:
        return _key("brief", model, self.language, piece.kind, piece.text)

    def telling(self, answers: Mapping[int, str]) -> Telling | None:
        tables = [
            answers.get(place, "") for place in range(FIRST_TABLE, max(answers, default=0) + 1)
        ]
        return brief_from(self.chapter, answers.get(1, ""), tables, self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A chapter's heading and passages in another language, a piece each."""

    own: Telling
    source: str
    target: str
    pieces: tuple[Excerpt, ...]
    deadline_s: float = TRANSLATION_S

    def batches(self, pieces: Sequence[Excerpt]) -> Iterator[Sequence[Excerpt]]:
        batch: list[Excerpt] = []
        for piece in pieces:
            characters = sum(len(one.text) for one in (*batch, piece))
            if batch and (len(batch) == BATCH_PIECES or characters > BATCH_CHARACTERS):
                yield batch
                batch = []
            batch.append(piece)
        if batch:
            yield batch

    def prompt(self, pieces: Sequence[Excerpt]) -> Prompt:
        rules = _TRANSLATION.format(strangers=STRANGERS, language=named(self.target))
        characters = sum(len(piece.text) for piece in pieces)
        return _prompt(rules, pieces, round(TOKENS_A_CHARACTER * characters) + CALL_TOKENS)

    def shorter(self, piece: Excerpt) -> Excerpt | None:
        return None

    def key(self, piece: Excerpt, model: str) -> str:
        return _key("translation", model, self.target, piece.text)

    def telling(self, answers: Mapping[int, str]) -> Telling | None:
        return translation_from(self.own, answers, source=self.source, target=self.target)


def usage_of(prompts: Sequence[Prompt], *, document: str, model: str) -> Usage:
    """What asking them will take, about."""
    tokens = [round(prompt.characters / CHARACTERS_A_TOKEN) for prompt in prompts]
    answers = [
        min(prompt.max_tokens, 2 * count) for prompt, count in zip(prompts, tokens, strict=True)
    ]
    return Usage(document=document, model=model, tokens_in=sum(tokens), tokens_out=sum(answers))


def _prompt(rules: str, pieces: Sequence[Excerpt], max_tokens: int) -> Prompt:
    material = "\n\n".join(marked(piece.text, _attributes(piece)) for piece in pieces)
    return Prompt(system=rules, material=material, form=PieceAnswers, max_tokens=max_tokens)


def _attributes(piece: Excerpt) -> str:
    return f' id="{piece.id}"' + (f' kind="{piece.kind}"' if piece.kind else "")


def _key(*parts: str) -> str:
    return hashlib.sha256(json.dumps([VERSION, *parts]).encode()).hexdigest()


def _cut(text: str, longest: int) -> str:
    """Most of it from the beginning, the rest from the end."""
    if len(text) <= longest:
        return text
    end = longest * 2 // 5
    return f"{text[: longest - end]} …\n\n… {text[-end:]}"
