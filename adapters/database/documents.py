"""Documents and their chapters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import schema
from adapters.database.queries import Connected, insert_once, insert_or_set, touch_cards
from bot.domain import Holding, Stage
from bot.ports import renewed
from pipeline.domain import (
    FIRST_EXTRA,
    Chapter,
    Digest,
    Document,
    Takeaway,
    bare,
    from_json,
    to_json,
)

_documents, _chapters, _digests = schema.documents, schema.chapters, schema.digests
IS_CHAPTER = _chapters.c.number < FIRST_EXTRA  # and no extra: of these the document's head knows
_NO_FAILURE = {"failure_kind": "", "failure": "", "failure_facts": "{}"}


def text_of(value: object) -> str:
    return to_json(value).decode()


class DocumentQueries(Connected):
    async def receive(self, document: str, *, filename: str, size: int) -> Holding:
        async with self._writing(document) as connection:
            await insert_once(
                connection,
                _documents,
                id=document,
                filename=filename,
                size=size,
                stage=Stage.RECEIVED,
            )
            restarted = await connection.execute(
                sa.update(_documents)
                .where(_documents.c.id == document, _documents.c.stage == Stage.FAILED)
                .values(stage=Stage.RECEIVED, **_NO_FAILURE)
            )
            if restarted.rowcount:
                await touch_cards(connection, document)
            found = await holdings(connection, [document])
            return found[document]

    async def holding(self, document: str) -> Holding | None:
        async with self._reading() as connection:
            return (await holdings(connection, [document])).get(document)

    async def newest_documents(self, most: int) -> Sequence[str]:
        async with self._reading() as connection:
            newest = sa.select(_documents.c.id).order_by(
                _documents.c.received_at.desc(), _documents.c.id
            )
            return list((await connection.execute(newest.limit(most))).scalars())

    async def chapter(self, document: str, number: int) -> Chapter | None:
        async with self._reading() as connection:
            statement = sa.select(_chapters.c.body).where(
                _chapters.c.document == document, _chapters.c.number == number
            )
            body = (await connection.execute(statement)).scalar_one_or_none()
            return from_json(Chapter, body) if body is not None else None

    async def mark_reading(self, document: str) -> None:
        async with self._writing(document) as connection:
            result = await connection.execute(
                sa.update(_documents)
                .where(_documents.c.id == document, _documents.c.stage == Stage.RECEIVED)
                .values(stage=Stage.READING, read_share=0.0)
            )
            if result.rowcount:
                await touch_cards(connection, document)

    async def save_read_share(self, document: str, share: float) -> None:
        async with self._writing(document) as connection:
            result = await connection.execute(
                sa.update(_documents)
                .where(_documents.c.id == document, _documents.c.stage == Stage.READING)
                .values(read_share=share)
            )
            if result.rowcount:
                await touch_cards(connection, document)

    async def save_reading(self, document: Document) -> None:
        async with self._writing(document.id) as connection:
            result = await connection.execute(
                sa.update(_documents)
                .where(_documents.c.id == document.id, _documents.c.stage != Stage.READ)
                .values(stage=Stage.READ, head=_head_of(document), draft="", **_NO_FAILURE)
            )
            if not result.rowcount:
                return  # read already, or deleted meanwhile
            await _insert_chapters(connection, document)
            await touch_cards(connection, document.id)

    async def renew_reading(self, document: str, again: Document | None) -> None:
        async with self._writing(document) as connection:
            head = await _head(connection, document)
            if head is None:
                return
            bodies = await connection.execute(
                sa.select(_chapters.c.body)
                .where(_chapters.c.document == document, IS_CHAPTER)
                .order_by(_chapters.c.number)
            )
            chapters = tuple(from_json(Chapter, body) for body in bodies.scalars())
            better = renewed(replace(head, chapters=chapters), again)
            await connection.execute(
                sa.update(_documents)
                .where(_documents.c.id == document)
                .values(head=_head_of(better))
            )
            if better.left_out is not head.left_out:  # else nothing was taken over
                await connection.execute(
                    sa.delete(_chapters).where(_chapters.c.document == document)
                )
                await _insert_chapters(connection, better)
            await touch_cards(connection, document)

    async def save_draft(self, draft: Document) -> None:
        async with self._writing(draft.id) as connection:
            result = await connection.execute(
                sa.update(_documents)
                .where(_documents.c.id == draft.id, _documents.c.stage == Stage.READING)
                .values(draft=text_of(draft))
            )
            if result.rowcount:
                await touch_cards(connection, draft.id)

    async def save_failure(
        self,
        document: str,
        *,
        kind: str,
        sentence: str,
        facts: Mapping[str, str | int] | None = None,
    ) -> None:
        told = {
            "failure_kind": kind,
            "failure": sentence,
            "failure_facts": text_of(dict(facts or {})),
        }
        async with self._writing(document) as connection:
            await connection.execute(
                sa.update(_documents)
                .where(_documents.c.id == document, _documents.c.stage != Stage.READ)
                .values(stage=Stage.FAILED, draft="", **told)
            )
            await touch_cards(connection, document)

    async def save_takeaways(
        self,
        document: str,
        summary: str,
        takeaways: Mapping[int, Takeaway],
        titles: Mapping[int, str] | None = None,
        *,
        language: str = "",
    ) -> None:
        async with self._writing(document) as connection:
            head = await _head(connection, document)
            if head is None:
                return
            if language:
                digest = Digest(summary=summary, takeaways=takeaways, titles=titles or {})
                keys = {"document": document, "language": language}
                await insert_or_set(connection, _digests, keys, body=text_of(digest))
                await touch_cards(connection, document)
                return
            better = replace(head, summary=summary or head.summary)
            await connection.execute(
                sa.update(_documents)
                .where(_documents.c.id == document)
                .values(head=text_of(better))
            )
            titles = titles or {}
            for number in sorted({*takeaways, *titles}):
                await _improve_chapter(
                    connection, document, number, takeaways.get(number), titles.get(number)
                )
            await touch_cards(connection, document)

    async def has_takeaways(self, document: str, language: str) -> bool:
        async with self._reading() as connection:
            return document in await digests(connection, [document], language)


def _head_of(document: Document) -> str:
    return text_of(replace(bare(document), chapters=()))


async def _insert_chapters(connection: AsyncConnection, document: Document) -> None:
    """And extras."""
    rows = [
        {
            "document": document.id,
            "number": chapter.number,
            "head": text_of(replace(chapter, passages=())),
            "body": text_of(chapter),
        }
        for chapter in (*document.chapters, *document.extras)
    ]
    if rows:
        await connection.execute(sa.insert(_chapters), rows)


async def _improve_chapter(
    connection: AsyncConnection,
    document: str,
    number: int,
    takeaway: Takeaway | None,
    title: str | None,
) -> None:
    place = (_chapters.c.document == document, _chapters.c.number == number)
    body = (await connection.execute(sa.select(_chapters.c.body).where(*place))).scalar()
    if body is None:
        return
    chapter = from_json(Chapter, body)
    chapter = replace(
        chapter,
        takeaway=takeaway or chapter.takeaway,
        telling_title=title or chapter.telling_title,
    )
    values = {"head": text_of(replace(chapter, passages=())), "body": text_of(chapter)}
    await connection.execute(sa.update(_chapters).where(*place).values(**values))


async def _head(connection: AsyncConnection, document: str) -> Document | None:
    statement = sa.select(_documents.c.head).where(_documents.c.id == document)
    head = (await connection.execute(statement)).scalar()
    return from_json(Document, head) if head else None


async def digests(
    connection: AsyncConnection, ids: Sequence[str], language: str
) -> dict[str, Digest]:
    """What was written about documents in a language that is not theirs."""
    statement = sa.select(_digests.c.document, _digests.c.body).where(
        _digests.c.document.in_(ids), _digests.c.language == language
    )
    rows = await connection.execute(statement)
    return {document: from_json(Digest, body) for document, body in rows}


async def holdings(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, Holding]:
    """Documents with their chapters' heads, in two queries."""
    rows = await connection.execute(sa.select(_documents).where(_documents.c.id.in_(ids)))
    heads: dict[str, list[Chapter]] = {}
    chapters = await connection.execute(
        sa.select(_chapters.c.document, _chapters.c.head)
        .where(_chapters.c.document.in_(ids), IS_CHAPTER)
        .order_by(_chapters.c.document, _chapters.c.number)
    )
    for document, head in chapters:
        heads.setdefault(document, []).append(from_json(Chapter, head))
    return {row.id: _holding(row, heads.get(row.id, [])) for row in rows}


def _holding(row: Any, chapters: Sequence[Chapter]) -> Holding:
    document = None
    if row.head:
        document = replace(from_json(Document, row.head), chapters=tuple(chapters))
    return Holding(
        id=row.id,
        filename=row.filename,
        size=row.size,
        stage=Stage(row.stage),
        failure_kind=row.failure_kind,
        failure=row.failure,
        failure_facts=from_json(dict[str, str | int], row.failure_facts),
        read_share=row.read_share,
        document=document,
        draft=from_json(Document, row.draft) if row.draft else None,
    )
