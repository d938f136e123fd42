"""A library is copied while it serves, and comes back whole or not at all."""

from __future__ import annotations

import asyncio
import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.database import open_library
from adapters.files import FolderFiles
from bot.__main__ import main
from bot.app.backup import MANIFEST, back_up, restore
from bot.app.chats import settings_of
from bot.ports import pdf_key
from bot.settings import Settings, read_settings
from pipeline.errors import ConfigurationError
from tests.libraries import migrated_url
from tests.samples import ENGLISH, a_document, a_sender

BEES = "be" * 32
ADA = a_sender("ada")


@pytest.fixture(autouse=True)
def _own_umask() -> Iterator[None]:
    """Commands close what they make to others, for as long as their process lives."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture
def settings(home: Path) -> Settings:
    home.mkdir()
    return read_settings(settings_of())


async def filled(home: Path, copy: Path, settings: Settings) -> None:
    """A library with one document, backed up while it is open and written to."""
    pdf = home / "x"
    pdf.write_bytes(b"%PDF bees")
    async with open_library(migrated_url(home)) as library:
        await FolderFiles(home / "files").put(pdf_key(BEES), pdf)
        await library.receive(BEES, filename="bees.pdf", size=9)
        await library.shelve(ADA.listener, BEES, ENGLISH)
        await library.save_reading(a_document(BEES))
        assert back_up(settings, copy) == 2
        await library.rename(ADA.listener.id, BEES, "after it")


async def test_what_was_backed_up_while_it_served_comes_back(
    home: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, other = tmp_path / "copy", tmp_path / "other"
    await filled(home, copy, settings)
    monkeypatch.setenv("LISTENDOCK_HOME", str(other))
    assert restore(read_settings(settings_of()), copy) == 2
    async with open_library(f"sqlite+aiosqlite:///{other / 'app.db'}") as library:
        (progress,) = await library.shelf(ADA.listener.id)
    assert (progress.title, len(progress.chapters)) == ("On Bees", 3)
    assert (other / "files" / pdf_key(BEES)).read_bytes() == b"%PDF bees"


async def test_what_came_after_the_backup_is_set_aside_and_told(
    home: Path, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    await filled(home, copy, settings)
    later = home / "files" / pdf_key("ab" * 32)
    later.parent.mkdir()
    later.write_bytes(b"%PDF later")
    (home / "app.db").unlink()
    assert await asyncio.to_thread(main, ["restore", str(copy)]) == 0
    aside = home / "after-the-backup"
    assert [file.read_bytes() for file in aside.rglob("*.pdf")] == [b"%PDF later"]
    assert not later.exists()
    assert str(aside) in capsys.readouterr().out
    assert (home / "files" / pdf_key(BEES)).read_bytes() == b"%PDF bees"


async def test_no_room_for_a_copy_is_told(
    home: Path,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await filled(home, tmp_path / "copy", settings)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    assert await asyncio.to_thread(main, ["backup", str(tmp_path / "another")]) == 3
    assert "No space left" in capsys.readouterr().err


async def test_a_copy_that_is_damaged_broken_off_or_in_the_way_is_refused(
    home: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy"
    await filled(home, copy, settings)
    with pytest.raises(ConfigurationError, match="There is a library"):
        restore(settings, copy)
    with pytest.raises(ConfigurationError, match="is not empty"):
        back_up(settings, copy)
    monkeypatch.setenv("LISTENDOCK_HOME", str(tmp_path / "other"))
    elsewhere = read_settings(settings_of())
    (copy / "files" / pdf_key(BEES)).write_bytes(b"%PDF wasp")
    with pytest.raises(ConfigurationError, match="is damaged: files/"):
        restore(elsewhere, copy)
    for nothing in ({}, [], None):
        (copy / MANIFEST).write_text(json.dumps(nothing))
        with pytest.raises(ConfigurationError, match="it has no app"):
            restore(elsewhere, copy)
    for other in ("../x", "jobs.db", ".env", "files/documents/../../.env"):
        (copy / MANIFEST).write_text(json.dumps({other: "0", "app.db": "0"}))
        with pytest.raises(ConfigurationError, match="no backup of ours"):
            restore(elsewhere, copy)
    (copy / MANIFEST).unlink()
    with pytest.raises(ConfigurationError, match="broken off"):
        restore(elsewhere, copy)
    assert not (tmp_path / "other" / "app.db").exists()


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "is empty, and there are documents"), (b"x" * 9000, "no database")]
)
def test_a_library_that_is_lost_is_not_kept_as_a_good_copy(
    home: Path, settings: Settings, tmp_path: Path, content: bytes, said: str
) -> None:
    (home / "app.db").write_bytes(content)
    pdf = home / "files" / pdf_key(BEES)
    pdf.parent.mkdir(parents=True)
    pdf.write_bytes(b"%PDF bees")
    with pytest.raises(ConfigurationError, match=said):
        back_up(settings, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_file_in_the_way_of_a_copy_is_told(
    home: Path, settings: Settings, tmp_path: Path
) -> None:
    (home / "app.db").touch()
    (tmp_path / "copy").touch()
    with pytest.raises(ConfigurationError, match="cannot be made: File exists"):
        back_up(settings, tmp_path / "copy")


def test_a_library_elsewhere_is_told_its_own_way(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://x@/y")
    with pytest.raises(ConfigurationError, match="pg_dump"):
        back_up(read_settings(settings_of()), tmp_path / "copy")
