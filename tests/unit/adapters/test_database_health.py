"""A program that starts looks at its database before it writes to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from adapters.database import check_sqlite
from bot.app.chats import settings_of
from bot.app.stores import open_stores
from bot.settings import read_settings
from pipeline.errors import ConfigurationError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE listeners (id TEXT PRIMARY KEY, body TEXT)")
        rows = ((str(number), "x" * 200) for number in range(500))
        connection.executemany("INSERT INTO listeners VALUES (?, ?)", rows)
        connection.commit()
    return path


def refusal(path: Path, *, is_store_full: bool = False) -> str:
    with pytest.raises(ConfigurationError) as caught:
        check_sqlite(path, is_store_full=is_store_full)
    return str(caught.value)


def test_a_whole_one_passes_and_none_beside_an_empty_store(path: Path) -> None:
    check_sqlite(path, is_store_full=True)
    check_sqlite(path.with_name("new.db"), is_store_full=False)


def test_one_that_is_missing_or_empty_beside_documents_is_refused_with_the_way_out(
    path: Path,
) -> None:
    path.write_bytes(b"")
    assert "is empty, and there are documents beside it" in refusal(path, is_store_full=True)
    path.unlink()
    text = refusal(path, is_store_full=True)
    assert "is missing" in text
    assert "listendock restore" in text
    assert not path.exists()  # it was only looked at


@pytest.mark.parametrize("at", [0, 8192])
def test_one_that_is_damaged_is_refused_and_left_as_it_is(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at : at + 4096] = b"\xab" * 4096
    path.write_bytes(data)
    assert str(path) in refusal(path)
    assert path.read_bytes() == data


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "app.db").mkdir()
    assert "is no file" in refusal(tmp_path / "app.db")


async def test_for_damaged_jobs_the_library_need_not_be_given_up(
    home: Path,
) -> None:
    """No backup has them, and what is in them can be taken up from the library."""
    home.mkdir()
    (home / "jobs.db").write_bytes(b"x" * 5000)
    with pytest.raises(ConfigurationError, match="Delete it: what is unfinished is taken up"):
        async with open_stores(read_settings(settings_of())):
            raise AssertionError("it opened")
