"""The tests' own patience: it lasts while anything is worked on, and ends when nothing is."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from tests import waiting
from tests.waiting import Patience, leap, until, until_blocking, wait_for

STEP_S = waiting.SAMPLE_S + 1  # each is looked at


class Machine:
    """A clock, and the processor time that our threads have had or waited for."""

    now = 100.0
    spent: dict[str, float]

    def __init__(self) -> None:
        self.spent = {"1": 7.0}

    def monotonic(self) -> float:
        return self.now

    def passes(self, seconds: float, *, busy: float = 0.0) -> None:
        self.now += seconds
        self.spent["1"] += busy


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    monkeypatch.setattr(waiting, "time", machine)
    monkeypatch.setattr(waiting, "_spent", lambda: dict(machine.spent))
    return machine


def minutes(machine: Machine, count: float, *, busy_share: float) -> Patience:
    """What becomes of a patience in that time."""
    patience = Patience()
    for _ in range(int(count * 60 / STEP_S)):
        assert not patience.is_over()
        machine.passes(STEP_S, busy=STEP_S * busy_share)
    return patience


def test_it_ends_when_all_has_stood_still_for_a_minute(machine: Machine) -> None:
    assert not minutes(machine, 0.9, busy_share=0.02).is_over()
    assert minutes(machine, 1.1, busy_share=0.02).is_over()  # from when it was first looked


def test_it_lasts_while_somebody_works_or_stands_in_line_for_a_processor(machine: Machine) -> None:
    assert not minutes(machine, 14, busy_share=0.6).is_over()


def test_it_lasts_a_minute_longer_after_each_bit_of_work(machine: Machine) -> None:
    patience = minutes(machine, 0.9, busy_share=0.0)
    machine.passes(STEP_S, busy=STEP_S)
    for _ in range(10):
        assert not patience.is_over()
        machine.passes(STEP_S)
    assert patience.is_over()


def test_a_thread_that_ends_takes_nothing_away(machine: Machine) -> None:
    patience = Patience()
    for number in range(60):
        assert not patience.is_over()
        machine.now += STEP_S
        machine.spent = {str(number): 0.8 * STEP_S}


def test_even_work_does_not_make_it_last_for_ever(machine: Machine) -> None:
    assert minutes(machine, waiting.MOST_S / 60, busy_share=1.0)
    patience = Patience()
    machine.passes(waiting.MOST_S + 1, busy=waiting.MOST_S)
    assert patience.is_over()


def test_where_the_system_does_not_tell_only_the_last_limit_counts(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_spent", dict)
    assert not minutes(machine, 14, busy_share=0.0).is_over()


def test_work_of_a_child_counts() -> None:
    before = sum(waiting._spent().values())
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as child:
        until_blocking(lambda: sum(waiting._spent().values()) > before + 0.3)
        child.kill()


async def test_what_comes_is_found() -> None:
    found: list[int] = []
    asyncio.get_running_loop().call_soon(found.append, 7)
    assert await until(lambda: found) == [7]

    async def asked() -> list[int]:
        return found

    assert await until(asked) == [7]


async def test_nobody_waits_for_what_the_dead_would_bring() -> None:
    with pytest.raises(AssertionError, match="never came: bread"):
        await until(lambda: False, "bread", lives=lambda: False)
    assert await until(lambda: "bread", lives=lambda: False) == "bread"  # it lay there already


async def test_what_is_waited_for_is_cancelled_where_patience_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waiting, "MOST_S", -1.0)
    coming = asyncio.get_running_loop().create_future()
    with pytest.raises(AssertionError, match="never came: bread"):
        await wait_for(coming, "bread")
    assert coming.cancelled()


async def test_what_fails_while_it_is_waited_for_says_so_itself() -> None:
    async def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await wait_for(fail())


async def test_what_was_to_last_is_over_after_a_leap() -> None:
    waiting_for_nothing = asyncio.create_task(asyncio.wait_for(asyncio.Event().wait(), 3600))
    await asyncio.sleep(0)
    leap(3601)
    with pytest.raises(TimeoutError):
        await waiting_for_nothing
