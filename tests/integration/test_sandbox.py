"""Children that are killable, niced, limited, and not trusted."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import (
    ChildDied,
    DiskFull,
    EncryptedPdf,
    ReadingTookTooLong,
    ReadingTookTooMuchMemory,
    TooManyPages,
)
from pipeline.process.sandbox import Limits, Sandbox
from tests.waiting import until

LIMITS = Limits(memory_mb=600, cpu_s=0)


def a_sandbox(limits: Limits = LIMITS, *, size: int = 1, **options: Any) -> Sandbox:
    return Sandbox(module="tests.child_tasks", size=size, limits=limits, **options)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with a_sandbox(blames_input=True) as opened:
        yield opened


async def run(sandbox: Sandbox, task: str, timeout_s: float = 3600.0, **request: Any) -> Any:
    return await sandbox.run(task, request, timeout_s=timeout_s)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def is_gone(pid: int) -> None:
    await until(lambda: not is_alive(pid), f"the end of {pid}")


async def test_a_child_stays_warm_for_the_next_job(sandbox: Sandbox) -> None:
    first = await run(sandbox, "echo", word="bee")
    second = await run(sandbox, "echo", word="hive")
    assert (first["word"], second["word"]) == ("bee", "hive")
    assert first["pid"] == second["pid"] != os.getpid()


async def test_a_child_gets_what_its_tasks_are_said_to_need_and_nothing_beside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ENGINE_HOME", "/voices")
    monkeypatch.setenv("OTHER_HOME", "/elsewhere")
    async with a_sandbox(environment={"ENGINE_HOME", "NOT_SET"}) as sandbox:
        environment = (await run(sandbox, "tell"))["environment"]
    assert environment["ENGINE_HOME"] == "/voices"
    assert environment.keys() & {"OTHER_HOME", "NOT_SET"} == set()


async def test_a_child_gets_no_secret_and_is_nice(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:secret@host/db")
    told = await run(sandbox, "tell")
    assert "secret" not in str(told["environment"])
    assert "ORT_DISABLE_TELEMETRY=1" in told["born_with"]
    assert told["niceness"] >= 10
    assert told["core"] == 0


async def test_progress_arrives_while_the_job_runs(sandbox: Sandbox) -> None:
    seen: list[tuple[int, int]] = []
    await sandbox.run(
        "count", {}, timeout_s=3600, on_progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(1, 3), (2, 3), (3, 3)]


async def test_what_a_library_prints_does_not_mix_into_the_answer(sandbox: Sandbox) -> None:
    assert await run(sandbox, "print_much") == {"well": True}


async def test_a_named_error_comes_back_as_itself_with_its_facts(sandbox: Sandbox) -> None:
    with pytest.raises(EncryptedPdf):
        await run(sandbox, "refuse")
    with pytest.raises(TooManyPages, match=r"9000 pages.* 2000"):
        await run(sandbox, "count_pages")


async def test_a_full_disk_is_the_operators_to_mend(sandbox: Sandbox) -> None:
    before = await run(sandbox, "echo")
    with pytest.raises(DiskFull):
        await run(sandbox, "fill_the_disk")
    assert (await run(sandbox, "echo"))["pid"] == before["pid"]


@pytest.mark.parametrize("task", ["crash", "fail"])
async def test_a_child_that_dies_is_replaced(sandbox: Sandbox, task: str) -> None:
    before = await run(sandbox, "echo")
    with pytest.raises(ChildDied) as caught:
        await run(sandbox, task)
    assert "secret" not in str(caught.value)
    after = await run(sandbox, "echo")
    assert after["pid"] != before["pid"]


async def test_a_child_that_hangs_is_killed(sandbox: Sandbox) -> None:
    child = (await run(sandbox, "echo"))["pid"]
    with pytest.raises(ReadingTookTooLong):
        await run(sandbox, "hang", timeout_s=0.2)
    assert not is_alive(child)


async def test_what_a_child_started_dies_with_it(sandbox: Sandbox) -> None:
    grandchild = (await run(sandbox, "start_a_grandchild"))["pid"]
    assert is_alive(grandchild)
    with pytest.raises(ReadingTookTooLong):
        await run(sandbox, "hang", timeout_s=0.2)
    await is_gone(grandchild)


async def test_a_job_that_is_cancelled_ends_its_child(sandbox: Sandbox, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    job = asyncio.create_task(run(sandbox, "hang", pid_file=str(pid_file)))
    child = await pid_in(pid_file)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert not is_alive(child)
    assert (await run(sandbox, "echo", word="on"))["word"] == "on"


async def pid_in(file: Path) -> int:
    """As soon as a child has written it there."""
    return int(await until(lambda: file.exists() and file.read_text(encoding="ascii")))


async def test_memory_is_limited(sandbox: Sandbox) -> None:
    with pytest.raises(ReadingTookTooMuchMemory):
        await run(sandbox, "eat_memory")


async def test_processor_time_is_limited_for_each_job() -> None:
    async with a_sandbox(Limits(memory_mb=600, cpu_s=1), blames_input=True) as sandbox:
        with pytest.raises(ReadingTookTooLong):
            await run(sandbox, "burn")


async def test_over_its_limits_only_an_input_that_is_to_blame_is_blamed() -> None:
    async with a_sandbox() as sandbox:
        with pytest.raises(ChildDied):
            await run(sandbox, "hang", timeout_s=0.2)
        with pytest.raises(ChildDied):
            await run(sandbox, "eat_memory")


@pytest.mark.parametrize("nonsense", [None, [], "text", 7])
async def test_an_answer_that_is_none_is_an_error(sandbox: Sandbox, nonsense: object) -> None:
    with pytest.raises(ChildDied):
        await run(sandbox, "answer_nonsense", nonsense=nonsense)


async def test_progress_that_is_none_is_an_error(sandbox: Sandbox) -> None:
    with pytest.raises(ChildDied):
        await run(sandbox, "report_nonsense")


async def test_jobs_wait_for_room_and_run_side_by_side() -> None:
    async with a_sandbox(size=2) as sandbox:
        answers = await asyncio.gather(*(run(sandbox, "echo", n=n) for n in range(8)))
    assert [answer["n"] for answer in answers] == list(range(8))
    assert len({answer["pid"] for answer in answers}) == 2


async def test_a_child_is_renewed_after_its_jobs() -> None:
    async with a_sandbox(Limits(memory_mb=600, cpu_s=0, jobs=2)) as sandbox:
        pids = [(await run(sandbox, "echo"))["pid"] for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


async def test_idle_children_end() -> None:
    async with a_sandbox(idle_s=0.2) as sandbox:
        pid = (await run(sandbox, "echo"))["pid"]
        await is_gone(pid)


async def test_closing_the_sandbox_leaves_nobody() -> None:
    async with a_sandbox(size=2) as sandbox:
        answers = await asyncio.gather(*(run(sandbox, "echo", n=n) for n in range(2)))
    assert not any(is_alive(answer["pid"]) for answer in answers)


async def test_a_child_that_comes_back_late_ends_too() -> None:
    async with a_sandbox() as sandbox:
        pid = (await run(sandbox, "echo"))["pid"]
        child = sandbox._idle.pop()
    assert not is_alive(pid)
    await sandbox._give_back(child, is_whole=True)
    assert sandbox._idle == []


@pytest.mark.parametrize("after_s", [0.0, 0.02, 0.1, 0.2, 0.3])
async def test_cancelled_at_any_moment_and_more_than_once_it_leaves_nobody(after_s: float) -> None:
    async with a_sandbox(size=2) as sandbox:
        tasks = [asyncio.create_task(run(sandbox, "echo", n=n)) for n in range(2)]
        await asyncio.sleep(after_s)
        for _ in range(2):
            for task in tasks:
                task.cancel()
            await asyncio.sleep(0)
        living = [child.process for child in sandbox._living]
    await asyncio.gather(*tasks, return_exceptions=True)
    assert sandbox._living == set()
    assert not any(is_alive(process.pid) for process in living)


PROGRAM = """
import asyncio, sys
from pipeline.process.sandbox import Limits, Sandbox
async def main():
    async with Sandbox(
        module="tests.child_tasks", size=1, limits=Limits(memory_mb=600, cpu_s=0)
    ) as sandbox:
        await sandbox.run("hang", {"pid_file": sys.argv[1]}, timeout_s=600)
asyncio.run(main())
"""


async def test_children_end_when_the_program_is_killed(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    root = Path(__file__).parents[2]
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, str(pid_file), cwd=root
    )
    pid = await pid_in(pid_file)
    assert is_alive(pid)
    program.send_signal(signal.SIGKILL)
    await program.wait()
    await is_gone(pid)
