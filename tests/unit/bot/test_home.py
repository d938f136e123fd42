"""The folder that everything needs which stays."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.home import make_home
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
