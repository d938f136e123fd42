"""A running program does not look through what it began with."""

from __future__ import annotations

import gc
import weakref

from bot.app.heap import settled_heap


class Knot:
    """Nothing but the collector frees it."""

    def __init__(self) -> None:
        self.itself = self


def test_what_was_there_before_is_not_looked_through() -> None:
    knots = [Knot() for _ in range(1000)]
    with settled_heap():
        looked_at = {id(one) for one in gc.get_objects()}
        assert not any(id(knot) in looked_at for knot in knots)
        assert gc.get_freeze_count() > len(knots)
    assert gc.get_freeze_count() == 0


def test_what_comes_later_is_freed() -> None:
    with settled_heap():
        gone = weakref.ref(Knot())
        gc.collect()
        assert gone() is None
