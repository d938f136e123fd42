"""What was acknowledged is not lost, and not done twice."""

from __future__ import annotations

import os
import time
from pathlib import Path

from bot.journal import REMEMBERED_S, Journal


def test_what_was_not_struck_is_left_for_the_next_life_in_its_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for key in ("b", "a", "c"):
        assert journal.write(key, {"key": key})
    journal.strike("a")
    assert list(Journal(tmp_path).left()) == [("b", {"key": "b"}), ("c", {"key": "c"})]


def test_what_is_known_is_not_written_again_not_even_in_the_next_life(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert journal.write("open", {})
    assert journal.write("done", {})
    journal.strike("done", "what came with it")
    for life in (journal, Journal(tmp_path)):
        assert not life.write("open", {})
        assert not life.write("done", {})
        assert not life.write("what came with it", {})
        assert life.is_handled("what came with it")
        assert not life.is_handled("open")


def test_after_some_hours_it_is_forgotten(tmp_path: Path) -> None:
    Journal(tmp_path).strike("old")
    before = time.time() - REMEMBERED_S - 1
    for path in (tmp_path / "done").iterdir():
        os.utime(path, (before, before))
    assert Journal(tmp_path).write("old", {})


def test_a_broken_entry_is_put_aside(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write("good", {"n": 1})
    (tmp_path / "todo" / "0-broken.json").write_text("{", encoding="utf-8")
    (tmp_path / "todo" / "1-half.part").write_text("{", encoding="utf-8")
    assert [key for key, _ in Journal(tmp_path).left()] == ["good"]
    assert [key for key, _ in Journal(tmp_path).left()] == ["good"]
