"""The sentences that carry figures."""

from __future__ import annotations

import pytest

from bot.words import ENGLISH, composed
from pipeline.domain import Skipped


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (67.4, "1:07"), (268, "4:28"), (3723, "1:02:03")]
)
def test_length(seconds: float, text: str) -> None:
    assert composed.length(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0 min"), (5, "1 min"), (1558, "26 min")])
def test_minutes_are_never_none_for_something_that_sounds(seconds: float, text: str) -> None:
    assert composed.minutes(ENGLISH, seconds) == text


@pytest.mark.parametrize(
    ("eta_s", "text"),
    [
        (None, "9 of 17 ready"),
        (12.3, "9 of 17 ready · about 10 s left"),
        (0.2, "9 of 17 ready · about 5 s left"),
        (125, "9 of 17 ready · about 2 min left"),
    ],
)
def test_working(eta_s: float | None, text: str) -> None:
    assert composed.working(ENGLISH, 9, 17, eta_s) == text


def test_what_was_left_out_is_told_once_and_counted() -> None:
    assert composed.skipped(ENGLISH, Skipped()) == ""
    counts = Skipped(references=9, tables=1, running_heads=2)
    assert composed.skipped(ENGLISH, counts) == "Left out: 9 references, 1 table, 2 running heads."


def test_heard_tells_minutes_and_started() -> None:
    assert composed.heard(ENGLISH, 7, 17, 660, 1560, 2) == "7 of 17 heard (11 of 26 min), 2 started"
    assert composed.heard(ENGLISH, 0, 1, 0, 60, 0) == "0 of 1 heard (0 of 1 min)"


def test_pages_that_are_not_read_are_told_with_a_way_out() -> None:
    told = composed.skipped(ENGLISH, Skipped(references=9, scanned_pages=3))
    assert told.startswith("3 scanned pages without readable text: not read.")
    assert "pip install 'listendock[ocr]'" in told
    assert told.endswith("Left out: 9 references.")
    illegible = composed.skipped(ENGLISH, Skipped(illegible_pages=1))
    assert illegible == "Left out: 1 page that could not be recognised."


def test_pages_where_much_may_be_missing_are_told() -> None:
    assert composed.missing(ENGLISH, ()) == ""
    assert composed.missing(ENGLISH, (7,)) == "Some text on page 7 may be missing."
    assert composed.missing(ENGLISH, (7, 9)) == "Some text on pages 7 and 9 may be missing."
    many = composed.missing(ENGLISH, range(1, 30))
    assert many == "Some text on pages 1, 2, 3, 4, 5, 6, 7, 8, … may be missing."
