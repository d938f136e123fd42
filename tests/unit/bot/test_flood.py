"""A log that somebody tries to fill stays readable."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot.flood import KINDS_KEPT, MOST_LINES, WHILE_S, Flood
from bot.logs import configure_logs

Json = dict[str, Any]


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        stream = io.StringIO()
        configure_logs(level="info", style="json", stream=stream)
        yield stream
    finally:
        root.handlers, root.level = before


def lines(stream: io.StringIO) -> list[Json]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_that_comes_a_thousand_times_is_written_a_few_times(stream: io.StringIO) -> None:
    log = structlog.get_logger("bot.example")
    for number in range(1000):
        log.warning("no room for a connection", connections=number)
        logging.getLogger("asyncio.x").error("socket.accept() failed\nsocket: %d", number)
    log.warning("something else")
    told = lines(stream)
    assert len(told) == 2 * MOST_LINES + 1
    assert told[-1]["event"] == "something else"
    assert "more like this" in told[-3]["left_out"]
    assert "more like this" in told[-2]["event"]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def a_record(event: str, level: int = logging.WARNING) -> logging.LogRecord:
    return logging.LogRecord("bot.example", level, "", 1, {"event": event}, None, None)


def test_after_a_while_lines_pass_again_and_say_how_many_were_left_out() -> None:
    clock = Clock()
    flood = Flood(clock)
    passed = [flood.filter(a_record("x")) for _ in range(MOST_LINES + 7)]
    assert sum(passed) == MOST_LINES
    clock.now += WHILE_S
    record: Any = a_record("x")
    assert flood.filter(record)
    assert record.msg["left_out"] == "7 like this"
    again: Any = a_record("x")
    assert flood.filter(again)
    assert "left_out" not in again.msg


def test_other_kinds_and_what_was_asked_for_pass() -> None:
    flood = Flood(Clock())
    assert all(flood.filter(a_record(f"kind {n}")) for n in range(3 * KINDS_KEPT))
    assert all(flood.filter(a_record("x", logging.DEBUG)) for _ in range(3 * MOST_LINES))
