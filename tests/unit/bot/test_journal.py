"""What was acknowledged is not lost, and not done twice."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from bot.journal import REMEMBERED_S, Journal, _digest


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


def test_a_broken_entry_is_put_aside_counted_and_may_be_written_anew(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write("good", {"n": 1})
    journal.write("torn", {"n": 2})
    torn = max((tmp_path / "todo").iterdir())
    torn.write_text("{", encoding="utf-8")
    (tmp_path / "todo" / "1-half.part").write_text("{", encoding="utf-8")
    journal = Journal(tmp_path)
    assert [key for key, _ in journal.left()] == ["good"]
    assert journal.unreadable == 1
    assert journal.write("torn", {"n": 2})
    assert [key for key, _ in Journal(tmp_path).left()] == ["good", "torn"]


def test_an_entry_that_the_disk_does_not_give_now_is_kept(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write("1", {})
    (entry,) = (tmp_path / "todo").iterdir()
    entry.rename(tmp_path / "away")
    entry.symlink_to(entry)  # to be read it would have to be followed for ever
    assert list(journal.left()) == []
    (tmp_path / "away").replace(entry)
    assert list(Journal(tmp_path).left()) == [("1", {})]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_disk_that_is_full_keeps_no_half_and_the_same_may_be_written_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path)
    half = tmp_path / "todo" / f"{7:020d}-{_digest('1')}.part"
    half.symlink_to("/dev/full")
    monkeypatch.setattr(time, "time_ns", lambda: 7)
    with pytest.raises(OSError, match="No space left"):
        journal.write("1", {})
    assert list((tmp_path / "todo").iterdir()) == []
    assert journal.write("1", {})


def test_halves_of_an_earlier_life_are_swept_away(tmp_path: Path) -> None:
    Journal(tmp_path)
    (tmp_path / "todo" / "1-half.part").write_text("{", encoding="utf-8")
    Journal(tmp_path)
    assert list((tmp_path / "todo").iterdir()) == []


def test_what_was_being_struck_when_the_program_was_killed_is_not_left(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write("1", {})
    journal.write("2", {})
    (tmp_path / "done" / _digest("1")).touch()  # and then it would have been taken off the list
    assert [key for key, _ in Journal(tmp_path).left()] == ["2"]
    assert len(list((tmp_path / "todo").iterdir())) == 1
