"""The folder that everything needs which stays."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from bot.home import make_home, temporary_folder, work_folder
from pipeline.errors import ConfigurationError


def test_a_home_is_made_with_all_above_it_and_may_be_there(tmp_path: Path) -> None:
    home = tmp_path / "a" / "b"
    make_home(home)
    make_home(home)
    assert home.is_dir()


@pytest.mark.parametrize("below", ["", "home", "deep/home"])
def test_a_file_in_the_way_is_told(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()
    home = tmp_path / "file" / below
    with pytest.raises(ConfigurationError) as caught:
        make_home(home)
    assert str(caught.value).startswith(f"LISTENDOCK_HOME={home}: a file is in the way.")


def test_a_place_where_nothing_can_be_made_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"LISTENDOCK_HOME=/proc/home: it cannot be made"):
        make_home(Path("/proc/home"))


@pytest.mark.skipif(os.access("/proc", os.W_OK), reason="/proc can be written to here")
def test_a_home_without_permission_to_write_is_told() -> None:
    with pytest.raises(ConfigurationError, match="cannot be written to"):
        make_home(Path("/proc"))


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_home_is_for_its_own_user_and_one_of_an_older_version_becomes_so(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "files" / "documents").mkdir(parents=True)
    (home / "app.db").touch()
    (home / "notes").mkdir()  # not ours
    for path, mode in ((home, 0o755), (home / "files", 0o755), (home / "app.db", 0o644)):
        path.chmod(mode)
    (home / "notes").chmod(0o755)
    make_home(home)
    assert [mode_of(path) for path in (home, home / "files", home / "app.db")] == [
        0o700,
        0o700,
        0o600,
    ]
    assert mode_of(home / "notes") == 0o755


def test_a_new_home_is_closed_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o000)
    try:
        make_home(tmp_path / "home")
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "home") == 0o700


def test_what_is_temporary_lies_in_the_home_and_goes_with_its_process(tmp_path: Path) -> None:
    before = tempfile.gettempdir()
    with temporary_folder(tmp_path) as folder:
        assert folder.parent == tmp_path / "tmp"
        with tempfile.TemporaryDirectory() as made:
            assert Path(made).parent == folder
        assert os.environ["TMPDIR"] == str(folder)
        (folder / "left").touch()
    assert list((tmp_path / "tmp").iterdir()) == []
    assert tempfile.gettempdir() == before


def test_a_command_uses_the_home_that_is_there_and_makes_none(tmp_path: Path) -> None:
    with work_folder(tmp_path) as folder:
        assert folder.parent == tmp_path / "tmp"
    with work_folder(tmp_path / "none") as folder:
        assert os.environ["TMPDIR"] == str(folder)
        assert not folder.is_relative_to(tmp_path / "none")
        (folder / "left").touch()
    assert not folder.exists()
    assert not (tmp_path / "none").exists()


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_uses_is_not(
    tmp_path: Path,
) -> None:
    (tmp_path / "tmp" / "listendock-dead").mkdir(parents=True)
    (tmp_path / "tmp" / "listendock-dead" / "reading.json").write_text("a stranger's text")
    with temporary_folder(tmp_path) as mine, temporary_folder(tmp_path) as others:
        assert {path.name for path in (tmp_path / "tmp").iterdir()} == {mine.name, others.name}
