"""Folders for a moment: held by their process, and swept when nobody holds them."""

from __future__ import annotations

from pathlib import Path

from bot.own_folders import OwnFolder, sweep


def test_what_nobody_holds_is_swept_and_nothing_else(tmp_path: Path) -> None:
    for left in ("web-left", "tmp-left"):
        (tmp_path / left).mkdir()
        (tmp_path / left / "document.pdf").touch()
    (tmp_path / "web-file").touch()
    mine, gone = (OwnFolder.made(tmp_path, "web-") for _ in range(2))
    gone.remove()
    sweep(tmp_path, "web-")
    assert {path.name for path in tmp_path.iterdir()} == {mine.path.name, "tmp-left", "web-file"}
    mine.remove()
    assert not mine.path.exists()
