"""What wakes the threads that take from queues, so that an idle program asks no database.

DBOS's threads look into their queues at intervals. Ours wait until a bell rings: because a job was
enqueued, here or by another host, or because one ended and there is room for the next. They look
once more a moment later, should the first look have met a lock, and in any case now and then.
"""

from __future__ import annotations

import threading
from collections import Counter

SWEEP_S = 15.0  # a safety net: nothing depends on it
ECHO_S = 0.5
EVERY = ""  # in place of a queue's name


class Bells:
    """One for each queue. A thread that waits is told by its name which are its own: it ends in
    the name of the queue, or it hears none."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._rings: Counter[str] = Counter()
        self._heard = threading.local()

    def ring(self, queue: str = EVERY) -> None:
        """From any thread. Without a queue: all."""
        with self._condition:
            self._rings[queue] += 1
            self._condition.notify_all()

    def hang(self, stop: threading.Event) -> None:
        """From now on who waits for `stop` waits for the bells too, and seldom in vain."""
        set_stop = stop.set

        def set_and_wake() -> None:
            with self._condition:
                set_stop()
                self._condition.notify_all()

        def wait(timeout: float | None = None) -> bool:
            return self._wait(stop, max(timeout or 0.0, SWEEP_S))

        stop.set = set_and_wake  # type: ignore[method-assign]
        stop.wait = wait  # type: ignore[method-assign]

    def _wait(self, stop: threading.Event, most_s: float) -> bool:
        heard = getattr(self._heard, "rings", 0)
        if getattr(self._heard, "looks_again", False):
            most_s = ECHO_S
        with self._condition:
            has_rung = self._condition.wait_for(
                lambda: stop.is_set() or self._rung() != heard, most_s
            )
            self._heard.rings = self._rung()
        self._heard.looks_again = has_rung
        return stop.is_set()

    def _rung(self) -> int:
        """How often it rang for the thread that asks."""
        name = threading.current_thread().name
        return sum(count for queue, count in self._rings.items() if name.endswith(queue))
