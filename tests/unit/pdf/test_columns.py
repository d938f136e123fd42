"""Boxes on a page in the order in which they are read."""

from __future__ import annotations

import random

from pipeline.pdf.columns import Box, columns_of


def _read(places: list[tuple[str, float, float, float]]) -> str:
    """Names of boxes (x0, x1, y0; 10 high) in reading order, whatever order they come in."""
    shuffled = list(enumerate(places))
    random.Random(7).shuffle(shuffled)
    boxes = [Box(index=n, x0=x0, x1=x1, y0=y, y1=y + 10) for n, (_, x0, x1, y) in shuffled]
    return "".join(
        places[box.index][0] for column in columns_of(boxes) for line in column for box in line
    )


def _column(names: str, x0: float, x1: float, top: float) -> list[tuple[str, float, float, float]]:
    return [(name, x0, x1, top + 12 * n) for n, name in enumerate(names)]


def test_one_column_is_read_from_the_top() -> None:
    assert _read(_column("abcdef", 70, 520, 100)) == "abcdef"


def test_two_columns_are_read_one_after_the_other() -> None:
    assert _read(_column("abcd", 70, 280, 100) + _column("efgh", 310, 520, 104)) == "abcdefgh"


def test_what_crosses_the_gutter_parts_the_columns_above_from_those_below() -> None:
    above = _column("bcde", 70, 280, 100) + _column("fghi", 310, 520, 100)
    below = _column("klmn", 70, 280, 300) + _column("opqr", 310, 520, 300)
    wide = [("a", 90.0, 500.0, 60.0), ("j", 90.0, 500.0, 200.0)]
    assert _read(above + below + wide) == "abcdefghijklmnopqr"


def test_three_columns_are_read_in_turn() -> None:
    columns = [_column(names, x, x + 140, 100) for names, x in (("abc", 40), ("def", 200))]
    assert _read(columns[0] + columns[1] + _column("ghi", 360, 500, 100)) == "abcdefghi"


def test_numbers_before_their_lines_are_no_column() -> None:
    numbers = [(name, 70.0, 80.0, y) for name, _, _, y in _column("aceg", 0, 0, 100)]
    assert _read(numbers + _column("bdfh", 190, 520, 100)) == "abcdefgh"
