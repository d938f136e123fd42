"""What an engine does beside its work: beat, take over from the dead, forget what is long done."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import structlog
from dbos import DBOS

from adapters.engine import private
from adapters.engine.jobs import (
    OPEN,
    DurableJobs,
    EngineLibrary,
    chapter_job,
    document_job,
    job_of,
)
from bot.domain import Unfinished
from bot.ports import LibraryAway
from bot.words import messages
from pipeline.errors import ListenDockError

log = structlog.get_logger()
VERSION = "3"  # raise it when a workflow's steps change: what was under way then starts over
BEAT_S, DEAD_AFTER_S = 3.0, 15.0
TIDY_S = 600.0
KEPT = timedelta(hours=1)  # nobody asks for it any more; it names who asked
DAYS_KEPT = timedelta(days=32)  # of minutes that were made: the limit is a day's
MONTHS_KEPT = 13  # of costs, this one with them: a year back to the same month
QUESTIONS_KEPT = timedelta(days=7)  # who is asked for a password may have to look for it
WISHES_KEPT = timedelta(days=90)  # their chat is not served any more, or comes back by then
BATCH = 500
GIVEN_UP = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"


class Caretaker:
    def __init__(self, *, library: EngineLibrary, jobs: DurableJobs, executor: str) -> None:
        self._library = library
        self._jobs = jobs
        self._executor = executor
        self._is_alone = not library.is_shared  # the lock on the home says so
        self._tidied_at = float("-inf")
        self._heard_at = float("-inf")  # when others could last be seen to beat
        self._left_behind: set[str] = set()
        self._pruned_on: date | None = None

    async def run(self) -> None:
        """Until cancelled. It beats whatever else takes long: who does not beat is dead."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._again_and_again(self._mind))
            if not self._is_alone:
                group.create_task(self._again_and_again(self._beat))

    async def _again_and_again(self, do: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await do()
            except LibraryAway:  # nobody could beat; what broke off is looked for when it is back
                self._heard_at = time.monotonic()
                self._tidied_at = float("-inf")
            except Exception as err:  # noqa: BLE001 - who is minded no more passes for dead
                log.warning("engine not minded", reason=type(err).__name__)
            await asyncio.sleep(BEAT_S)

    async def _beat(self) -> None:
        await self._library.beat(self._executor)

    async def _mind(self) -> None:
        if not self._is_alone:  # a file is never away
            await self._give_back_what_was_left()
        is_time = time.monotonic() - self._tidied_at > TIDY_S
        if is_time or not self._is_alone:
            await self._take_over()
        if is_time:
            self._tidied_at = time.monotonic()
            await self._take_up()
            await _forget_finished()
            await self._forget_old()

    async def _forget_old(self) -> None:
        """At start, and once a day: what names listeners and serves nobody any more."""
        today = datetime.now(UTC).date()
        if today == self._pruned_on:
            return
        await self._library.forget_days((today - DAYS_KEPT).isoformat())
        await self._library.forget_costs(_month_before(today, MONTHS_KEPT - 1))
        await self._library.forget_questions(QUESTIONS_KEPT.total_seconds())
        if count := await self._library.forget_wishes(WISHES_KEPT.total_seconds()):
            log.warning("wishes forgotten that could not be sent", count=count)
        self._pruned_on = today

    async def _give_back_what_was_left(self) -> None:
        """What is found twice: once it may just be on its way to us."""
        found = await asyncio.to_thread(private.left_behind, self._executor)
        for workflow in found & self._left_behind:
            log.warning("begun anew after an outage", workflow=workflow.partition(":")[0])
            await asyncio.to_thread(private.give_back, workflow, self._executor)
            await self._jobs.announce_all()
        self._left_behind = found - self._left_behind

    async def _take_over(self) -> None:
        """Recover executors that are dead: where we are alone all others, else those that did not
        beat for a while."""
        others = await asyncio.to_thread(private.other_executors, self._executor)
        if others and not self._is_alone:
            if time.monotonic() - self._heard_at < DEAD_AFTER_S:
                return  # after an outage everybody may beat first
            living = await self._library.living_executors(DEAD_AFTER_S)
            others = [other for other in others if other not in living]
        if not others:
            return
        await _break_off_other_versions(others)
        count = await asyncio.to_thread(private.recover, others)
        await self._jobs.announce_all()
        log.info("took over", executors=len(others), workflows=count)
        for other in others:
            await self._library.forget_executor(other)
        await self._take_up()

    async def _take_up(self) -> None:
        """All that listeners wait for has a job. That is so anyway, unless the program was killed
        between the one and the other, or a job was given up. What is given up only after this look
        at the jobs was open in it, and does not begin anew."""
        found = await DBOS.list_workflows_async(
            status=[*OPEN, GIVEN_UP], load_input=False, load_output=False
        )
        given_up = [status.workflow_id for status in found if status.status == GIVEN_UP]
        if given_up:
            await self._tell_given_up({job_of(workflow) for workflow in given_up})
            self._jobs.tell_change()
            await DBOS.delete_workflows_async(given_up)
        under_way = {job_of(one.workflow_id) for one in found} - set(map(job_of, given_up))
        await self._jobs.take_up(await self._library.unfinished(), under_way)

    async def _tell_given_up(self, jobs: set[str]) -> None:
        """What brought the program down again and again is told to its listeners."""
        for one in await self._library.unfinished():
            await self._give_up(one, jobs)

    async def _give_up(self, one: Unfinished, jobs: set[str]) -> None:
        if not one.chapters and document_job(one.document) in jobs:
            log.error("document given up", document=one.document[:12])
            facts: dict[str, str | int] = {"reference": one.document[:6]}
            await self._library.save_failure(
                one.document,
                kind=ListenDockError.kind,
                sentence=messages.INTERNAL.format(**facts),
                facts=facts,
            )
        for chapter in one.chapters:
            if chapter_job(one.document, chapter, one.narration) in jobs:
                log.error("chapter given up", document=one.document[:12], chapter=chapter)
                await self._library.save_track_failure(one.document, chapter, one.narration)


def _month_before(day: date, months: int) -> str:
    """`2026-11` and 12: `2025-11`."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return f"{year}-{month + 1:02}"


async def _break_off_other_versions(executors: Sequence[str]) -> None:
    """What an older program was at cannot go on in this one, whose steps are others; its steps may
    all be done again, so it starts over."""
    pending = await DBOS.list_workflows_async(
        status="PENDING", executor_id=list(executors), load_input=False, load_output=False
    )
    old = [status.workflow_id for status in pending if status.app_version != VERSION]
    if old:
        log.info("starting over", workflows=len(old))
        await DBOS.cancel_workflows_async(old)


async def _forget_finished() -> None:
    """So that the jobs database stays small."""
    before = (datetime.now(UTC) - KEPT).isoformat()
    while True:
        found = await DBOS.list_workflows_async(
            completed_before=before, limit=BATCH, load_input=False, load_output=False
        )
        if not found:
            return
        await DBOS.delete_workflows_async([status.workflow_id for status in found])
