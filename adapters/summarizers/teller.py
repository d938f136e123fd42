"""Chapters told by a model behind any OpenAI-compatible server: in brief, or in another language.

Asking and telling are two steps. `write` asks, and leaves what it was told with the answers, by
the text it is about: nothing is paid twice, and what came before a deadline stands. `told` looks
there and checks.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from adapters.compatible import ServerRefused, ServerUnreachable
from adapters.summarizers.commissions import Commission, Excerpt, commission_of, usage_of
from adapters.summarizers.dialect import Dialect, Nonsense, Spent, TooLong
from pipeline.domain import Chapter, Document, Mode, Narration, Telling
from pipeline.ports import AnswerCache, Purse, Tell, Usage

log = structlog.get_logger()
CHAPTERS_AT_ONCE, CALLS_A_CHAPTER = 4, 3  # of briefs and of translations each
OFF_AFTER_REFUSAL_S, OFF_AFTER_FAILURE_S = 600.0, 60.0


@dataclass(slots=True, kw_only=True)
class CompatibleTeller:
    """`pipeline.ports.Teller`. `tell`: says to whoever runs the program what only they can mend."""

    dialect: Dialect
    answers: AnswerCache
    purse: Purse
    tell: Tell
    deadline_s: float | None = None  # instead of each commission's own
    _desks: Mapping[Mode, asyncio.Semaphore] = field(
        default_factory=lambda: {mode: asyncio.Semaphore(CHAPTERS_AT_ONCE) for mode in Mode}
    )
    _off_until: float = 0.0

    async def find_telling(
        self, document: Document, chapter: Chapter, narration: Narration
    ) -> Telling | None:
        commission = await asyncio.to_thread(commission_of, document, chapter, narration)
        if commission is None:
            return None
        answers = await self._recall(commission)
        telling = await asyncio.to_thread(commission.telling, answers)
        if answers and telling is None:
            log.info("chapter not told by the model", chapter=chapter.number, mode=narration.mode)
        return telling

    async def write(self, document: Document, chapter: Chapter, narration: Narration) -> None:
        commission = await asyncio.to_thread(commission_of, document, chapter, narration)
        if commission is not None:
            async with self._desks[narration.mode]:  # whoever waits here is not late yet
                await self._write_missing(commission, document)

    async def _write_missing(self, commission: Commission, document: Document) -> None:
        known, keys = await self._recall(commission), self._keys(commission)
        missing = {keys[p.id]: p for p in commission.pieces if p.id not in known}  # each text once
        if not missing or self._is_off:
            return
        batches = list(commission.batches(list(missing.values())))
        prompts = [commission.prompt(batch) for batch in batches]
        usage = usage_of(prompts, document=document.id, model=self.dialect.model)
        if await self.purse.allows(usage):
            await self._write(_Writing(commission, document.id, keys), batches)

    async def _recall(self, commission: Commission) -> dict[int, str]:
        keys = self._keys(commission)
        known = await self.answers.recall(sorted(set(keys.values())))
        return {place: str(json.loads(known[key])) for place, key in keys.items() if key in known}

    def _keys(self, commission: Commission) -> dict[int, str]:
        return {piece.id: commission.key(piece, self.dialect.model) for piece in commission.pieces}

    @property
    def _is_off(self) -> bool:
        return time.monotonic() < self._off_until

    # --- asking ---------------------------------------------------------------------------------

    async def _write(self, writing: _Writing, batches: Sequence[Sequence[Excerpt]]) -> None:
        deadline_s = self.deadline_s or writing.commission.deadline_s
        try:
            async with asyncio.timeout(deadline_s):
                await self._ask_all(writing, batches)
        except ServerRefused as err:
            self._off_until = time.monotonic() + OFF_AFTER_REFUSAL_S
            log.error("model refused", model=self.dialect.model, reason=str(err))
            await self.tell(f"The model {self.dialect.model} does not work for us: {err}.")
        except ServerUnreachable as err:
            self._off_until = time.monotonic() + OFF_AFTER_FAILURE_S
            log.warning("model out of reach", model=self.dialect.model, reason=str(err))
        except TimeoutError:
            self._off_until = time.monotonic() + OFF_AFTER_FAILURE_S
            log.warning("model too slow", document=writing.document[:12], seconds=deadline_s)
        finally:
            await asyncio.shield(self._pay(writing))

    async def _ask_all(self, writing: _Writing, batches: Sequence[Sequence[Excerpt]]) -> None:
        await self._ask(writing, batches[0])  # alone: a server that refuses is asked once
        asked = (self._ask(writing, batch) for batch in batches[1:])
        for result in await asyncio.gather(*asked, return_exceptions=True):
            if isinstance(result, BaseException):  # the first tells; what the others wrote stands
                raise result

    async def _ask(self, writing: _Writing, batch: Sequence[Excerpt]) -> None:
        """One batch; what does not fit or comes to nothing in halves, and at last not at all.
        Raises `ServerRefused`, `ServerUnreachable`."""
        prompt = writing.commission.prompt(batch)
        try:
            async with writing.calls:
                answer = await self.dialect.ask(prompt, writing.spent)
        except (TooLong, Nonsense) as err:
            if isinstance(err, Nonsense) and not self.dialect.is_known:
                raise ServerUnreachable("no usable answer") from None
            left, is_cut = list(batch), isinstance(err, TooLong)
        else:
            written = {entry.id: entry.text for entry in answer.pieces}
            await self._remember(writing, {p.id: written[p.id] for p in batch if p.id in written})
            # What was forgotten may have been cut, by too little for the count to show it.
            left, is_cut = [piece for piece in batch if piece.id not in written], True
        await self._ask_again(writing, left, is_cut=is_cut)

    async def _ask_again(self, writing: _Writing, left: Sequence[Excerpt], *, is_cut: bool) -> None:
        if len(left) > 1:
            middle = len(left) // 2
            await self._ask(writing, left[:middle])
            await self._ask(writing, left[middle:])
        elif left:
            shorter = writing.commission.shorter(left[0]) if is_cut else None
            if shorter is not None:
                await self._ask(writing, [shorter])
            else:  # it was asked for in vain: that is an answer too
                await self._remember(writing, {left[0].id: ""})

    async def _remember(self, writing: _Writing, written: Mapping[int, str]) -> None:
        await self.answers.remember(
            {writing.keys[place]: json.dumps(text) for place, text in written.items()},
            document=writing.document,
        )

    async def _pay(self, writing: _Writing) -> None:
        spent = writing.spent
        if spent.tokens_in or spent.tokens_out:
            await self.purse.pay(
                Usage(
                    document=writing.document,
                    model=self.dialect.model,
                    tokens_in=spent.tokens_in,
                    tokens_out=spent.tokens_out,
                )
            )


@dataclass(slots=True)
class _Writing:
    """One chapter on its way."""

    commission: Commission
    document: str
    keys: Mapping[int, str]
    spent: Spent = field(default_factory=Spent)
    calls: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CALLS_A_CHAPTER))
