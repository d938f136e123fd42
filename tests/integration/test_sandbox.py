"""Children that are killable, niced, limited, and not trusted."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import (
    ChildDied,
    DiskFull,
    EncryptedPdf,
    ListenDockError,
    OperatorError,
    ReadingTookTooLong,
    ReadingTookTooMuchMemory,
    SpeechFailed,
    TooManyPages,
)
from pipeline.process import living, workplace
from pipeline.process.sandbox import LIFE, Given, Limits, Means, Sandbox, Wanted
from tests.waiting import until, wait_for

LIMITS = Limits(memory_mb=600, cpu_s=0)
TOIL_S = 0.5
SPINNING = """
import os
parent = os.getppid()
print(flush=True)
while os.getppid() == parent:
    pass
"""


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
    async with a_sandbox(means=Means(environment={"ENGINE_HOME", "NOT_SET"})) as sandbox:
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


async def test_a_child_names_errors_of_its_work_alone_and_puts_no_word_into_them(
    sandbox: Sandbox,
) -> None:
    with pytest.raises(ListenDockError, match="on our side") as caught:
        await run(sandbox, "name_an_error", kind="configuration")
    assert not isinstance(caught.value, OperatorError)
    with pytest.raises(SpeechFailed) as failed:
        await run(sandbox, "name_an_error", kind="speech")
    assert failed.value.facts == {}


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="it needs Linux")
@pytest.mark.parametrize("is_mapped", [False, True])
async def test_a_child_that_keeps_a_file_nobody_sees_is_replaced(
    sandbox: Sandbox, is_mapped: bool
) -> None:
    before = await run(sandbox, "keep_a_file", is_mapped=is_mapped)
    assert (await run(sandbox, "echo"))["pid"] != before["pid"]


@pytest.mark.parametrize(("files", "size"), [(1, 2_000_000), (50, 0)])
async def test_a_child_that_fills_the_disk_is_ended(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, files: int, size: int
) -> None:
    monkeypatch.setattr(living, "LOOK_S", 0.01)
    monkeypatch.setattr(workplace, "MOST_BYTES", 1_000_000)
    monkeypatch.setattr(workplace, "MOST_FILES", 40)
    with pytest.raises(ReadingTookTooMuchMemory):
        await run(sandbox, "hoard", files=files, size=size)
    assert await run(sandbox, "echo")


async def test_a_full_disk_is_the_operators_to_mend(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await run(sandbox, "echo")
    with pytest.raises(ChildDied, match="it says"):
        await run(sandbox, "fill_the_disk")
    monkeypatch.setattr(workplace, "MOST_BYTES", 10**15)
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


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="it needs Linux")
async def test_time_in_which_others_hold_the_processor_does_not_count(sandbox: Sandbox) -> None:
    child = (await run(sandbox, "echo"))["pid"]
    cpu = {min(os.sched_getaffinity(0))}
    os.sched_setaffinity(child, cpu)
    with spinning(cpu), spinning(cpu):
        began = time.monotonic()
        await run(sandbox, "toil", timeout_s=TOIL_S, cpu_s=0.6 * TOIL_S)
        passed_s = time.monotonic() - began
    assert passed_s > TOIL_S


@contextmanager
def spinning(cpu: set[int]) -> Iterator[None]:
    """A process that holds a processor as far as it is let. In a session of its own, as the child
    is: where the system shares between sessions first, it would have a part of ours only."""
    command = [sys.executable, "-c", SPINNING]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        os.sched_setaffinity(other.pid, cpu)
        try:
            yield
        finally:
            other.kill()


SLEEP = Means(runs=[Path(shutil.which("sleep") or "/bin/sleep").resolve()])


async def test_what_a_child_started_dies_with_it() -> None:
    async with a_sandbox(means=SLEEP, blames_input=True) as sandbox:
        grandchild = (await run(sandbox, "start_a_grandchild"))["pid"]
        assert is_alive(grandchild)
        with pytest.raises(ReadingTookTooLong):
            await run(sandbox, "hang", timeout_s=0.2)
        await is_gone(grandchild)


class Told:
    """What a child tells of itself while it works."""

    def __init__(self) -> None:
        self._pid = asyncio.get_running_loop().create_future()

    def __call__(self, pid: int, _total: int) -> None:
        self._pid.set_result(pid)

    async def pid(self) -> int:
        return int(await wait_for(self._pid, "a word of the child"))


async def test_a_child_that_is_gone_and_left_its_pipe_to_another_holds_nobody_up() -> None:
    told = Told()
    async with a_sandbox(Limits(memory_mb=600, cpu_s=0, still_s=0.4), means=SLEEP) as sandbox:
        with pytest.raises(ChildDied):
            await sandbox.run("leave_the_pipe_to_another", {}, timeout_s=3600, on_progress=told)
        await is_gone(await told.pid())
        assert (await run(sandbox, "echo", word="on"))["word"] == "on"


async def test_a_child_that_talks_without_end_is_replaced() -> None:
    """asyncio waits for the end of its pipe for ever (cpython gh-119710)."""
    told = Told()
    async with a_sandbox() as sandbox:
        with pytest.raises(ChildDied, match="nonsense"):
            await sandbox.run("shout", {}, timeout_s=3600, on_progress=told)
        await is_gone(await told.pid())
        assert (await run(sandbox, "echo", word="on"))["word"] == "on"


async def test_a_child_that_only_waits_is_ended_long_before_its_time() -> None:
    async with a_sandbox(Limits(memory_mb=600, cpu_s=0, still_s=0.4)) as sandbox:
        with pytest.raises(ChildDied, match="too slow"):
            await run(sandbox, "hang")


async def test_who_ignores_the_limit_of_its_work_is_ended_by_the_program() -> None:
    async with a_sandbox(Limits(memory_mb=600, cpu_s=1, still_s=0.4)) as sandbox:
        with pytest.raises(ChildDied, match="too slow"):
            await run(sandbox, "burn_on")


async def test_a_childs_whole_life_has_a_limit_which_the_kernel_keeps() -> None:
    async with a_sandbox(Limits(memory_mb=600, cpu_s=7)) as sandbox:
        assert (await run(sandbox, "tell"))["most_cpu_s"] == LIFE * 7


async def test_a_child_that_has_used_up_its_life_is_replaced_before_it_fails_somebody() -> None:
    async with a_sandbox(Limits(memory_mb=600, cpu_s=7)) as sandbox:
        before = await run(sandbox, "echo")
        (child,) = sandbox._idle
        child.worked_s = (LIFE - 1) * 7.0
        assert (await run(sandbox, "echo"))["pid"] == before["pid"]
        assert (await run(sandbox, "echo"))["pid"] != before["pid"]


# --- its own folder -----------------------------------------------------------------------------


async def test_a_job_has_its_files_under_their_names_and_leaves_its_own(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    given, out = tmp_path / "The bees.txt", tmp_path / "out.txt"
    given.write_text("honey", encoding="ascii")
    answer = await run(sandbox, "copy", path=Given(given), out=Wanted(out))
    assert (answer["name"], out.read_text(encoding="ascii")) == ("The bees.txt", "honey")
    assert {path.name for path in tmp_path.iterdir()} == {"The bees.txt", "out.txt"}
    (child,) = sandbox._idle
    assert not [*child.place.inlay.iterdir(), *child.place.outlay.iterdir()]


@pytest.mark.parametrize("in_part", [True, False])
async def test_of_a_job_that_fails_only_what_is_wanted_in_part_comes_back(
    sandbox: Sandbox, tmp_path: Path, in_part: bool
) -> None:
    given, out = tmp_path / "in.txt", tmp_path / "out.txt"
    given.write_text("honey", encoding="ascii")
    with pytest.raises(EncryptedPdf):
        await run(
            sandbox, "copy", path=Given(given), out=Wanted(out, in_part=in_part), is_failing=True
        )
    assert out.exists() is in_part


async def test_a_file_that_is_gone_is_told_as_that(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await run(sandbox, "read", file=Given(tmp_path / "gone"))
    assert (await run(sandbox, "echo", word="on"))["word"] == "on"


# --- cancelled ----------------------------------------------------------------------------------


async def test_a_job_that_is_cancelled_ends_its_child(sandbox: Sandbox) -> None:
    told = Told()
    job = asyncio.create_task(sandbox.run("hang", {}, timeout_s=3600, on_progress=told))
    child = await told.pid()
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert not is_alive(child)
    assert (await run(sandbox, "echo", word="on"))["word"] == "on"


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


async def test_of_idle_children_those_stay_that_are_to_be_kept() -> None:
    async with a_sandbox(size=2, idle_s=0.2, kept=1, warm_up="echo") as sandbox:
        sandbox.start_warming(2)
        await until(lambda: len(sandbox._idle) == 2)
        await until(lambda: len(sandbox._living) == 1)
        [kept] = sandbox._idle
        assert (await run(sandbox, "echo"))["pid"] == kept.process.pid


async def test_a_kept_child_that_ends_is_replaced() -> None:
    async with a_sandbox(kept=1, warm_up="echo") as sandbox:
        sandbox.start_warming(1)
        await until(lambda: sandbox._idle)
        [kept] = sandbox._idle
        with pytest.raises(ChildDied):
            await run(sandbox, "crash")
        await until(lambda: sandbox._idle and sandbox._idle != [kept])


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
import asyncio
from pipeline.process.sandbox import LIFE, Given, Limits, Means, Sandbox, Wanted
async def main():
    async with Sandbox(
        module="tests.child_tasks", size=1, limits=Limits(memory_mb=600, cpu_s=0)
    ) as sandbox:
        await sandbox.run(
            "hang", {}, timeout_s=600, on_progress=lambda pid, _: print(pid, flush=True)
        )
asyncio.run(main())
"""


async def test_children_end_when_the_program_is_killed() -> None:
    root = Path(__file__).parents[2]
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, cwd=root, stdout=asyncio.subprocess.PIPE
    )
    assert program.stdout is not None
    pid = int(await wait_for(program.stdout.readline(), "the child's number"))
    assert is_alive(pid)
    program.send_signal(signal.SIGKILL)
    await program.wait()
    await is_gone(pid)
