"""A log that cannot be filled: of one kind of line only so many in a while."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

MOST_LINES, WHILE_S = 30, 10.0
KINDS_KEPT = 1000
LONGEST_KIND = 80
Kind = tuple[str, int, str]


@dataclass(slots=True)
class _Count:
    begun_at: float
    lines: int = 0


class Flood(logging.Filter):
    """The last line that passes says that others like it do not; the next that does says how many
    were left out. What was asked for with `debug` passes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._counts: dict[Kind, _Count] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno <= logging.DEBUG:
            return True
        now, kind = self._clock(), _kind_of(record)
        count = self._counts.get(kind)
        if count is None or now - count.begun_at >= WHILE_S:
            if count is not None and count.lines > MOST_LINES:
                _add(record, f"{count.lines - MOST_LINES} like this")
            count = self._begin(kind, now)
        count.lines += 1
        if count.lines == MOST_LINES:
            _add(record, f"more like this, for {WHILE_S:.0f} s")
        return count.lines <= MOST_LINES

    def _begin(self, kind: Kind, now: float) -> _Count:
        if len(self._counts) >= KINDS_KEPT:
            recent = {k: c for k, c in self._counts.items() if now - c.begun_at < WHILE_S}
            self._counts = recent if len(recent) < KINDS_KEPT else {}
        count = self._counts[kind] = _Count(begun_at=now)
        return count


def _kind_of(record: logging.LogRecord) -> Kind:
    """By where it comes from and how it begins: what it is about stands behind that."""
    event = record.msg.get("event", "") if isinstance(record.msg, dict) else record.msg
    return record.name, record.levelno, str(event).partition("\n")[0][:LONGEST_KIND]


def _add(record: logging.LogRecord, left_out: str) -> None:
    if isinstance(record.msg, dict):
        record.msg = {**record.msg, "left_out": left_out}
    else:
        record.msg, record.args = f"{record.getMessage()} [left out: {left_out}]", None
