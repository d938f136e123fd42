"""Threads that wait for work are woken by bells, and by nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from adapters.engine import bells
from adapters.engine.bells import Bells
from tests.waiting import until_blocking


@dataclass(slots=True)
class Taker:
    """A thread that takes from a queue as DBOS's do: it waits, it looks."""

    bells: Bells
    queue: str
    stop: threading.Event = field(default_factory=threading.Event)
    looks: int = 0
    gate: threading.Event = field(default_factory=threading.Event)  # a look takes until it is set

    def run(self) -> None:
        while not self.stop.wait(timeout=0.01):
            self.looks += 1
            self.gate.wait()

    def has_looked(self, times: int) -> None:
        until_blocking(lambda: self.looks >= times, f"{times} looks into {self.queue}")


@contextmanager
def taking(taker: Taker) -> Iterator[Taker]:
    taker.bells.hang(taker.stop)
    thread = threading.Thread(target=taker.run, name=f"queue-worker-{taker.queue}")
    thread.start()
    try:
        yield taker
    finally:
        taker.gate.set()
        taker.stop.set()
        thread.join()


@pytest.fixture(autouse=True)
def _nothing_but_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bells, "SWEEP_S", 3600.0)
    monkeypatch.setattr(bells, "ECHO_S", 3600.0)


def test_a_ring_of_another_queue_is_not_heard() -> None:
    rung = Bells()
    with taking(Taker(rung, "chapters")) as chapters, taking(Taker(rung, "documents")) as documents:
        for taker in (chapters, documents):
            taker.gate.set()
        rung.ring("documents")
        rung.ring()
        chapters.has_looked(1)
        documents.has_looked(1)
        before = chapters.looks
        for times in range(documents.looks + 1, documents.looks + 4):
            rung.ring("documents")
            documents.has_looked(times)
        assert chapters.looks == before


def test_a_ring_while_one_looks_is_not_lost() -> None:
    rung = Bells()
    with taking(Taker(rung, "chapters")) as taker:
        rung.ring("chapters")
        taker.has_looked(1)
        rung.ring("chapters")  # what it is for came after the look at the table began
        taker.gate.set()
        taker.has_looked(2)


def test_after_a_ring_one_looks_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody may have held the lock."""
    monkeypatch.setattr(bells, "ECHO_S", 0.01)
    rung = Bells()
    with taking(Taker(rung, "chapters")) as taker:
        taker.gate.set()
        rung.ring("chapters")
        taker.has_looked(2)
        rung.ring("chapters")
        taker.has_looked(4)
        assert taker.looks == 4


def test_without_a_ring_one_looks_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bells, "SWEEP_S", 0.01)
    with taking(Taker(Bells(), "chapters")) as taker:
        taker.gate.set()
        taker.has_looked(2)


def test_who_waits_is_woken_for_the_end() -> None:
    with taking(Taker(Bells(), "chapters")) as taker:
        pass
    assert taker.looks == 0
