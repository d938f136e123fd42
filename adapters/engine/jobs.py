"""The workflows *document* and *chapter* around `bot.work`, and the ways to ask for them."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence, Set
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, Protocol

from dbos import DBOS, AsyncSQLAlchemyDatasource, EnqueueOptions
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.engine import private
from adapters.engine.bells import EVERY, Bells
from bot.domain import Unfinished
from bot.ports import Library
from bot.work.improving import PAUSES_S, Improvement, Improving
from bot.work.steps import ReadOutcome, SpeakOutcome, Work
from bot.work.tellings import Tellings
from pipeline.domain import Mode, Narration, from_json, to_json

DOCUMENTS, CHAPTERS, IMPROVEMENTS = "documents", "chapters", "improvements"
# A translation takes minutes: nobody's brief waits behind some.
TELLINGS = {mode: f"tellings-{mode}" for mode in (Mode.BRIEF, Mode.TRANSLATION)}
HURRY = "hurry"
ENDING_S, LOOK_S = 5.0, 0.05
OPEN = ["ENQUEUED", "PENDING", "DELAYED"]
LAST_PRIORITY = 2**31 - 1
RECOVERIES = 20
FORGOTTEN_AT_ONCE = 100  # documents: SQLite refuses conditions of a thousand parts


class EngineLibrary(Library, Protocol):
    """A library whose transactions can be shared, and that knows who is at work and what it
    cost."""

    @property
    def engine(self) -> AsyncEngine: ...

    @property
    def is_shared(self) -> bool: ...

    def turn(self) -> AbstractAsyncContextManager[None]: ...

    async def beat(self, executor: str) -> None: ...

    async def living_executors(self, within_s: float) -> set[str]: ...

    async def forget_executor(self, executor: str) -> None: ...

    async def forget_costs(self, before: str) -> None: ...


class DurableJobs:
    """`bot.ports.Jobs`. Needs a launched DBOS: use `open_engine`."""

    def __init__(
        self,
        *,
        library: EngineLibrary,
        work: Work,
        improving: Improving,
        tellings: Tellings,
        datasource: AsyncSQLAlchemyDatasource,
        on_change: Callable[[], None],
        bells: Bells,
        announce: Callable[[str], Awaitable[None]],
    ) -> None:
        """`announce`: tells the other hosts that a queue has something new."""
        self._library = library
        self._work = work
        self._improving = improving
        self._tellings = tellings
        self._datasource = datasource
        self.tell_change = on_change
        self._bells = bells
        self._tell_others = announce
        self._register("document", self._on_document, DOCUMENTS)
        self._register("chapter", self._on_chapter, CHAPTERS)
        self._register("improvement", self._on_improvement, IMPROVEMENTS)
        self._register("telling", self._on_telling, *TELLINGS.values())

    @property
    def can_improve(self) -> bool:
        return self._improving.is_possible

    @property
    def can_tell(self) -> bool:
        return self._tellings.is_possible

    def _register(self, name: str, run: Callable[..., Awaitable[None]], *queues: str) -> None:
        """A workflow that gives up after some crashes of the program instead of a hundred. DBOS
        marks functions, so methods are wrapped. When one ends, its queue has room."""

        def ring(_: object) -> None:
            for queue in queues:
                self._bells.ring(queue)

        @DBOS.workflow(name=name, max_recovery_attempts=RECOVERIES)
        async def workflow(*arguments: Any) -> None:
            if task := asyncio.current_task():
                task.add_done_callback(ring)
            await run(*arguments)

    # --- bot.ports.Jobs -------------------------------------------------------------------------

    async def read(self, document: str, listener: str) -> None:
        await self._enqueue_reading(listener, document)

    async def read_again(self, document: str, listener: str) -> None:
        await self._enqueue_reading(listener, document, True)

    async def _enqueue_reading(self, listener: str, document: str, *is_again: bool) -> None:
        """`is_again` only where it is: the version before this one takes a document alone."""
        place = await self._next_place(DOCUMENTS, listener)
        await self._enqueue(DOCUMENTS, document_job(document), listener, place, document, *is_again)
        await self._announce(DOCUMENTS)

    async def speak(
        self, document: str, chapters: Sequence[int], listener: str, narration: Narration
    ) -> None:
        """What a model is to tell first goes by way of that: no voice waits for it."""
        told = [number for number in chapters if self._tellings.is_wanted(number, narration)]
        as_written = [number for number in chapters if number not in told]
        if told:
            queue = TELLINGS[narration.mode]
            await self._enqueue_all(queue, telling_job, document, told, listener, narration)
        if as_written:
            await self._enqueue_all(
                CHAPTERS, chapter_job, document, as_written, listener, narration
            )

    async def _enqueue_all(
        self,
        queue: str,
        job_of: Callable[[str, int, Narration], str],
        document: str,
        chapters: Sequence[int],
        listener: str,
        narration: Narration,
    ) -> None:
        first = await self._next_place(queue, listener)
        for place, number in enumerate(chapters, start=first):
            job = job_of(document, number, narration)
            await self._enqueue(queue, job, listener, place, document, number, _text(narration))
        await self._announce(queue)

    async def sum_up(self, document: str, language: str) -> None:
        """In a queue of its own: nobody waits for it."""
        if self._improving.is_possible:
            job = improvement_job(document, language)
            await self._enqueue(IMPROVEMENTS, job, "", 1, document, language)
            await self._announce(IMPROVEMENTS)

    async def hurry(self, document: str, chapter: int, narration: Narration) -> None:
        if self._tellings.is_wanted(chapter, narration):
            for workflow in await _to_front(telling_job(document, chapter, narration)):
                await DBOS.send_async(workflow, True, HURRY)  # for what comes after it
        await _to_front(chapter_job(document, chapter, narration))

    async def cancel(self, document: str, narration: Narration | None = None) -> None:
        key = narration.key if narration else ""
        jobs = [f"{kind}:{document}:{key}" for kind in ("telling", "chapter")]
        if narration is None:
            jobs += [document_job(document), f"improvement:{document}:"]
        workflows = await _open_workflows(jobs)
        if workflows:
            await DBOS.cancel_workflows_async(workflows)

    async def _enqueue(
        self, queue: str, job: str, listener: str, place: int, *arguments: Any
    ) -> None:
        """Without a version: the program that was started last does it, whichever asked for it."""
        options: EnqueueOptions = {
            "workflow_name": job.partition(":")[0],
            "workflow_id": f"{job}{uuid.uuid4().hex}",
            "queue_name": queue,
            "deduplication_id": job,
            "duplication_policy": "return-existing",
            "priority": min(place, LAST_PRIORITY),
            "authenticated_user": listener,
        }
        await DBOS.enqueue_workflow_with_options_async(options, *arguments)

    async def announce_all(self) -> None:
        """Whatever was done, every queue may have something new."""
        await self._announce(EVERY)

    async def _announce(self, queue: str) -> None:
        self._bells.ring(queue)
        await self._tell_others(queue)

    async def forget(self, documents: Sequence[str], listener: str = "") -> None:
        for start in range(0, len(documents), FORGOTTEN_AT_ONCE):
            some = documents[start : start + FORGOTTEN_AT_ONCE]
            await self._forget([job for document in some for job in _jobs_of(document)])
        if listener:
            await asyncio.to_thread(private.forget_listener, listener)
        await asyncio.to_thread(private.empty_log)

    async def _forget(self, jobs: list[str]) -> None:
        """What was cancelled ends at its next step, and would write once more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(ENDING_S):
                while private.are_active(jobs) and not await _open_workflows(jobs):  # noqa: ASYNC110 - DBOS tells nobody
                    await asyncio.sleep(LOOK_S)
        found = await asyncio.to_thread(private.closed_workflows, jobs)
        if found:
            await DBOS.delete_workflows_async(found)
        if not await _open_workflows(jobs):
            async with self._library.turn():
                await private.forget_checkpoints(self._datasource, jobs)

    async def _next_place(self, queue: str, listener: str) -> int:
        """Behind what waits for this listener already, wherever others are: so that a book does
        not stand before somebody else's first chapter."""
        waiting = await asyncio.to_thread(private.backlog, queue, listener)
        return private.FIRST_PRIORITY + waiting

    async def take_up(self, work: Sequence[Unfinished], under_way: Set[str]) -> None:
        """Ask for all of it but the jobs that are `under_way`; a job that began since is joined."""
        for one in work:
            if one.chapters:
                await self._take_up_chapters(one, under_way)
            elif document_job(one.document) not in under_way:
                await self.read(one.document, one.listener)

    async def _take_up_chapters(self, one: Unfinished, under_way: Set[str]) -> None:
        jobs = {number: chapter_job(one.document, number, one.narration) for number in one.chapters}
        missing = [number for number, job in jobs.items() if job not in under_way]
        if missing:
            await self.speak(one.document, missing, one.listener, one.narration)
        for chapter in one.chapters if one.is_awaited else ():
            await self.hurry(one.document, chapter, one.narration)

    # --- the workflow document ------------------------------------------------------------------

    async def _on_document(self, document: str, is_again: bool = False) -> None:
        if is_again:
            outcome = await _step("read", self._read_again, document)
            await self._in_transaction("renew_reading", self._renew_reading, outcome)
            self.tell_change()
            return
        outcome = await _step("read", self._read, document)
        wanted = await self._in_transaction("keep_reading", self._keep_reading, outcome)
        self.tell_change()
        for text in wanted:
            one = from_json(Unfinished, text)
            await self.speak(document, one.chapters, one.listener, one.narration)
        languages = await _step("languages", self._languages, document)
        for language in from_json(list[str], languages):  # behind all else
            await self.sum_up(document, language)

    async def _read(self, document: str) -> str:
        return _text(await self._work.read(document))

    async def _read_again(self, document: str) -> str:
        return _text(await self._work.read(document, is_again=True))

    async def _renew_reading(self, library: Library, outcome: str) -> None:
        await self._work.renew_reading(library, from_json(ReadOutcome, outcome))

    async def _languages(self, document: str) -> str:
        return _text(list(await self._improving.languages_of(document)))

    async def _keep_reading(self, library: Library, outcome: str) -> list[str]:
        wanted = await self._work.keep_reading(library, from_json(ReadOutcome, outcome))
        return [_text(one) for one in wanted]

    # --- the workflow improvement ---------------------------------------------------------------

    async def _on_improvement(self, document: str, language: str = "") -> None:
        """Without a language: one that waited while the program was exchanged for this one."""
        for pause_s in (*PAUSES_S, None):
            outcome = await _step("improve", self._improve, document, language)
            await self._in_transaction("keep_improvement", self._keep_improvement, outcome)
            self.tell_change()
            if pause_s is None or not from_json(Improvement, outcome).digest.is_partial:
                return
            await DBOS.sleep_async(pause_s)

    async def _improve(self, document: str, language: str) -> str:
        return _text(await self._improving.improve(document, language))

    async def _keep_improvement(self, library: Library, outcome: str) -> None:
        await self._improving.keep_improvement(library, from_json(Improvement, outcome))

    # --- the workflow telling -------------------------------------------------------------------

    async def _on_telling(self, document: str, number: int, narration: str) -> None:
        """Then the chapter is spoken, from whatever came of it."""
        await _step("tell", self._tell, document, number, narration)
        listener = DBOS.authenticated_user or ""
        place = await self._next_place(CHAPTERS, listener)
        job = chapter_job(document, number, from_json(Narration, narration))
        await self._enqueue(CHAPTERS, job, listener, place, document, number, narration)
        await self._announce(CHAPTERS)
        if await DBOS.recv_async(HURRY, timeout_seconds=0):
            await _to_front(job)

    async def _tell(self, document: str, number: int, narration: str) -> str:
        await self._tellings.write(document, number, from_json(Narration, narration))
        return ""

    # --- the workflow chapter -------------------------------------------------------------------

    async def _on_chapter(self, document: str, number: int, narration: str) -> None:
        outcome = await _step("speak", self._speak, document, number, narration)
        await self._in_transaction("keep_track", self._keep_track, outcome)
        self.tell_change()

    async def _speak(self, document: str, number: int, narration: str) -> str:
        return _text(await self._work.speak(document, number, from_json(Narration, narration)))

    async def _keep_track(self, library: Library, outcome: str) -> None:
        await self._work.keep_track(library, from_json(SpeakOutcome, outcome))

    async def _in_transaction(self, name: str, keep: Any, outcome: str) -> Any:
        """Run `keep` with a library bound to the transaction that also takes the checkpoint.

        READ COMMITTED: `keep` waits for others who are at the same document, and must then see
        what they did."""

        async def keep_bound(given: str) -> Any:
            connection = await self._datasource.sql_session().connection()
            return await keep(self._library.within(connection), given)

        async with self._library.turn():
            return await self._datasource.run_tx_step_async(
                {"name": name, "isolation_level": self._isolation_level}, keep_bound, outcome
            )

    @property
    def _isolation_level(self) -> Any:
        is_postgres = self._library.engine.dialect.name == "postgresql"
        return "READ COMMITTED" if is_postgres else "SERIALIZABLE"


def _jobs_of(document: str) -> list[str]:
    """What the names of all jobs of a document begin with."""
    return [f"{kind}:{document}:" for kind in ("document", "improvement", "telling", "chapter")]


def document_job(document: str) -> str:
    """A job's name: one workflow at most is open under it."""
    return f"document:{document}:"


def improvement_job(document: str, language: str) -> str:
    """`language`: empty for the document's own."""
    return f"improvement:{document}:{language}:"


def telling_job(document: str, chapter: int, narration: Narration) -> str:
    return f"telling:{document}:{narration.key}:{chapter}:"


def chapter_job(document: str, chapter: int, narration: Narration) -> str:
    return f"chapter:{document}:{narration.key}:{chapter}:"


def job_of(workflow: str) -> str:
    """The name of the job that a workflow is for, by its id."""
    return workflow.rpartition(":")[0] + ":"


async def _to_front(job: str) -> list[str]:
    """Of a job that waits; the workflows that it has, running ones too."""
    workflows = await _open_workflows([job])
    for workflow in workflows:
        await asyncio.to_thread(private.move_to_front, workflow)
    return workflows


async def _open_workflows(jobs: list[str]) -> list[str]:
    return await asyncio.to_thread(private.open_workflows, jobs)


async def _step(name: str, run: Callable[..., Awaitable[str]], *arguments: Any) -> str:
    """A step that is cancelled with its workflow."""

    async def step() -> str:
        return await run(*arguments)

    return await DBOS.run_step_async({"name": name, "preemptible": True}, step)


def _text(value: object) -> str:
    return to_json(value).decode()
