"""What a terminal says of errors, and files that are whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.offline import failure
from bot.terminal import NotWritten, name_write_errors, write_whole
from pipeline.errors import DiskFull, ScannedPdf


def test_a_command_does_not_promise_to_go_on() -> None:
    told = failure("bees.pdf", DiskFull())["error"]
    assert told["kind"] == "disk_full"
    assert "run this again" in told["message"]
    assert "goes on" not in told["message"]
    assert failure("bees.pdf", ScannedPdf())["error"]["message"] == str(ScannedPdf())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_a_full_disk_is_known_as_such() -> None:
    with pytest.raises(DiskFull), name_write_errors():
        Path("/dev/full").write_text("a word", encoding="utf-8")


def test_what_cannot_be_written_is_named_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(NotWritten) as caught, name_write_errors():
        tmp_path.write_text("a word", encoding="utf-8")
    assert str(caught.value) == f"{tmp_path} cannot be written: Is a directory."


def test_an_error_of_no_file_stays_what_it_is() -> None:
    with pytest.raises(ConnectionError), name_write_errors():
        raise ConnectionResetError


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "document.json"
    write_whole(file, "before")
    with pytest.raises(UnicodeEncodeError):
        write_whole(file, "after " * 1000 + "\ud800")
    assert file.read_text(encoding="utf-8") == "before"
    assert [found.name for found in tmp_path.iterdir()] == ["document.json"]
