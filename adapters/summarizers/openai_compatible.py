"""Takeaways by a model behind any OpenAI-compatible server.

A document goes out in batches and comes back sentence by sentence: each is checked against the
document before it counts, and a chapter whose sentence does not is left as it was. AnswerCache are
remembered, so that nothing is paid twice.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import structlog

from adapters.compatible import ServerRefused, ServerUnreachable
from adapters.summarizers import prompts
from adapters.summarizers.dialect import (
    CHARACTERS_A_TOKEN,
    Dialect,
    Nonsense,
    Spent,
    TooLong,
)
from pipeline.domain import Chapter, Digest, Document, Passage, Takeaway
from pipeline.ports import AnswerCache, Purse, Tell, Usage
from pipeline.takeaways.claims import Draft, accepted, accepted_summary, says_little, title_from
from pipeline.takeaways.digest import page_of

log = structlog.get_logger()
MOST_CHAPTERS, MOST_TOKENS = 12, 10_000  # of a batch
LEAST_CHARACTERS = 1200  # of a chapter's text, when a server takes little
TOKENS_A_CHAPTER, TOKENS_A_CALL = 90, 200  # of an answer
DEADLINE_S = 120.0
AT_ONCE = 4  # batches


@dataclass(slots=True)
class _Writing:
    """One document on its way: what came so far, whatever happens next."""

    document: Document
    language: str
    drafts: dict[int, Draft] = field(default_factory=dict)
    spent: Spent = field(default_factory=Spent)
    is_partial: bool = False


class CompatibleSummarizer:
    """`pipeline.ports.Summarizer`. `language`: of all takeaways; empty: each document's own.

    `tell`: says to whoever runs the program what only they can mend.
    """

    def __init__(
        self,
        dialect: Dialect,
        *,
        answers: AnswerCache,
        purse: Purse,
        tell: Tell,
        language: str = "",
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._dialect = dialect
        self._answers = answers
        self._purse = purse
        self._tell = tell
        self._language = language
        self._deadline_s = deadline_s
        self._most_tokens = MOST_TOKENS

    async def digest(self, document: Document, language: str = "") -> Digest:
        writing = _Writing(document, language or self._language or document.language)
        try:
            async with asyncio.timeout(self._deadline_s):
                title, summary = await self._write_all(writing)
        except TimeoutError:
            log.warning("model too slow", document=document.id[:12], seconds=self._deadline_s)
            title, summary, writing.is_partial = "", "", True
        finally:
            await asyncio.shield(self._pay(writing))
        return await asyncio.to_thread(_digest_of, writing, title, summary)

    async def _write_all(self, writing: _Writing) -> tuple[str, str]:
        """Fills the drafts; returns title and summary, empty where there are none."""
        missing = await self._without_answer(writing)
        if not await self._purse.allows(self._estimate(writing.document, missing)):
            return "", ""
        try:
            await self._write_chapters(missing, writing)
            return await self._whole(writing)
        except ServerRefused as err:
            log.error("model refused", model=self._dialect.model, reason=str(err))
            await self._tell(f"The model {self._dialect.model} does not work for us: {err}.")
        except ServerUnreachable as err:
            log.warning("model out of reach", model=self._dialect.model, reason=str(err))
            writing.is_partial = True
        return "", ""

    # --- chapters -------------------------------------------------------------------------------

    async def _without_answer(self, writing: _Writing) -> list[Chapter]:
        """The chapters that no remembered answer fits; the others become drafts."""
        keys = {c.number: self._key(c, writing) for c in writing.document.chapters}
        known = await self._answers.recall(sorted(set(keys.values())))
        for number, key in keys.items():
            if key in known:
                writing.drafts[number] = Draft(**json.loads(known[key]))
        return [
            chapter
            for chapter in writing.document.chapters
            if chapter.number not in writing.drafts and prompts.shown(chapter).strip()
        ]

    async def _write_chapters(self, chapters: Sequence[Chapter], writing: _Writing) -> None:
        batches = list(_batches(chapters, self._most_tokens))
        if not batches:
            return
        await self._write(batches[0], writing)  # alone: it learns how the server is spoken to
        slots = asyncio.Semaphore(AT_ONCE)

        async def write(batch: Sequence[Chapter]) -> None:
            async with slots:
                await self._write(batch, writing)

        writes = (write(batch) for batch in batches[1:])
        results = await asyncio.gather(*writes, return_exceptions=True)
        for result in results:  # the first failure tells; what the others wrote stands
            if isinstance(result, BaseException):
                raise result

    async def _write(self, batch: Sequence[Chapter], writing: _Writing) -> None:
        """One batch, in halves if it does not fit. Raises `ServerRefused`, `ServerUnreachable`."""
        max_tokens = TOKENS_A_CHAPTER * len(batch) + TOKENS_A_CALL
        prompt = prompts.about_chapters(batch, writing.language, max_tokens)
        try:
            answer = await self._dialect.ask(prompt, writing.spent)
        except TooLong:
            self._most_tokens = min(self._most_tokens, max(300, _tokens(batch) // 2))
            await self._write_halves(batch, writing)
        except Nonsense:
            if not self._dialect.is_known:
                raise ServerUnreachable("no usable answer") from None
            if len(batch) > 1:
                await self._write_halves(batch, writing)
        else:
            taken = await self._take(answer, batch, writing)
            if forgotten := [chapter for chapter in batch if chapter.number not in taken]:
                await self._write_forgotten(forgotten, batch, writing)

    async def _write_forgotten(
        self, forgotten: Sequence[Chapter], batch: Sequence[Chapter], writing: _Writing
    ) -> None:
        """Some servers cut so little that their count does not show it. Each round is smaller."""
        if len(forgotten) < len(batch):
            await self._write(forgotten, writing)
        elif len(batch) > 1:
            await self._write_halves(batch, writing)

    async def _write_halves(self, batch: Sequence[Chapter], writing: _Writing) -> None:
        if len(batch) > 1:
            middle = len(batch) // 2
            await self._write(batch[:middle], writing)
            await self._write(batch[middle:], writing)
        elif len(batch[0].text) > LEAST_CHARACTERS:
            await self._write([_shorter(batch[0])], writing)

    async def _take(
        self, answer: prompts.ChapterAnswers, batch: Sequence[Chapter], writing: _Writing
    ) -> set[int]:
        """Drafts by id; an id that was not asked for, or a second time, is dropped. Returns the
        ids that came."""
        asked = {c.number: c for c in writing.document.chapters if c.number in _numbers(batch)}
        fresh: dict[int, Draft] = {}
        for entry in answer.chapters:
            if entry.id in asked and entry.id not in fresh:
                fresh[entry.id] = Draft(takeaway=entry.takeaway, title=entry.title)
        writing.drafts |= fresh
        await self._answers.remember(
            {self._key(asked[number], writing): _kept(draft) for number, draft in fresh.items()},
            document=writing.document.id,
        )
        return set(fresh)

    # --- the whole ------------------------------------------------------------------------------

    async def _whole(self, writing: _Writing) -> tuple[str, str]:
        """Title and summary. Raises `ServerRefused`, `ServerUnreachable`."""
        if not writing.document.chapters:
            return "", ""
        drafts = await asyncio.to_thread(_accepted, writing)
        lines = [
            drafts[c.number].takeaway if c.number in drafts else c.takeaway.text
            for c in writing.document.chapters
        ]
        prompt = prompts.about_the_whole(writing.document, lines, writing.language)
        key = self._hash("whole", writing.language, writing.document.id, *lines)
        known = await self._answers.recall([key])
        if key in known:
            answer = prompts.WholeAnswer.model_validate_json(known[key])
            return answer.title, answer.summary
        try:
            answer = await self._dialect.ask(prompt, writing.spent)
        except (TooLong, Nonsense):
            return "", ""
        await self._answers.remember({key: answer.model_dump_json()}, document=writing.document.id)
        return answer.title, answer.summary

    # --- money ----------------------------------------------------------------------------------

    def _estimate(self, document: Document, missing: Sequence[Chapter]) -> Usage:
        batches = len(list(_batches(missing, self._most_tokens))) + 1
        return Usage(
            document=document.id,
            model=self._dialect.model,
            tokens_in=_tokens(missing) + 700 * batches + 2000,
            tokens_out=TOKENS_A_CHAPTER * len(missing) + TOKENS_A_CALL,
        )

    async def _pay(self, writing: _Writing) -> None:
        if writing.spent.tokens_in or writing.spent.tokens_out:
            await self._purse.pay(
                Usage(
                    document=writing.document.id,
                    model=self._dialect.model,
                    tokens_in=writing.spent.tokens_in,
                    tokens_out=writing.spent.tokens_out,
                )
            )

    def _key(self, chapter: Chapter, writing: _Writing) -> str:
        wants = "title" if says_little(chapter.title) else ""
        return self._hash("chapter", writing.language, wants, chapter.title, chapter.text)

    def _hash(self, *parts: str) -> str:
        whole = json.dumps([prompts.VERSION, self._dialect.model, *parts])
        return hashlib.sha256(whole.encode()).hexdigest()


def _digest_of(writing: _Writing, title: str, summary: str) -> Digest:
    """What of it may be shown."""
    document = writing.document
    drafts = _accepted(writing)
    chapters = {chapter.number: chapter for chapter in document.chapters}
    takeaways = {
        number: Takeaway(
            text=draft.takeaway, source="model", page=page_of(draft.takeaway, chapters[number])
        )
        for number, draft in drafts.items()
        if draft.takeaway
    }
    log.info("model wrote", document=document.id[:12], asked=len(drafts), taken=len(takeaways))
    return Digest(
        title="" if document.title else title_from(title),
        summary=accepted_summary(document, summary, language=writing.language),
        takeaways=takeaways,
        titles={number: draft.title for number, draft in drafts.items() if draft.title},
        is_partial=writing.is_partial,
    )


def _accepted(writing: _Writing) -> dict[int, Draft]:
    return accepted(writing.document, writing.drafts, language=writing.language)


def _batches(chapters: Sequence[Chapter], most_tokens: int) -> Iterator[Sequence[Chapter]]:
    """In order; a chapter that is too long for a batch is cut."""
    batch: list[Chapter] = []
    for chapter in chapters:
        fitting = _fitting(chapter, most_tokens)
        if batch and (len(batch) == MOST_CHAPTERS or _tokens([*batch, fitting]) > most_tokens):
            yield batch
            batch = []
        batch.append(fitting)
    if batch:
        yield batch


def _fitting(chapter: Chapter, most_tokens: int) -> Chapter:
    while _tokens([chapter]) > most_tokens and len(chapter.text) > LEAST_CHARACTERS:
        chapter = _shorter(chapter)
    return chapter


def _shorter(chapter: Chapter) -> Chapter:
    """Half of the text: most of it from the beginning, some from the end."""
    text = chapter.text
    kept = f"{text[: len(text) * 3 // 10]} …\n\n… {text[-len(text) // 5 :]}"
    return replace(chapter, passages=(Passage(text=kept, page=chapter.page),))


def _tokens(chapters: Sequence[Chapter]) -> int:
    return round(sum(len(chapter.text) for chapter in chapters) / CHARACTERS_A_TOKEN)


def _numbers(chapters: Sequence[Chapter]) -> set[int]:
    return {chapter.number for chapter in chapters}


def _kept(draft: Draft) -> str:
    return json.dumps({"takeaway": draft.takeaway, "title": draft.title})
