"""LISTENDOCK_HOME, the folder that everything needs which stays; and what is there for a moment."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog

from bot.own_folders import OwnFolder, sweep
from pipeline.errors import ConfigurationError

log = structlog.get_logger()
ONLY_MINE = 0o077  # what a umask takes from everybody else
MADE_HERE = (  # by us, in the home; what else lies there is not ours to close
    *("app.db", "app.db-wal", "app.db-shm", "jobs.db", "jobs.db-wal", "jobs.db-shm", "lock"),
    *("files", "incoming", "speech", "tmp"),
)


def keep_private() -> None:
    """Whatever this program makes from now on is for its own user alone."""
    os.umask(ONLY_MINE)


def make_home(home: Path) -> None:
    """Make the folder if it is not there, and close it to all others. Raises `ConfigurationError`
    where it cannot be made or written to."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise _unusable(home, "a file is in the way") from None
    except OSError as err:
        raise _unusable(home, f"it cannot be made: {err.strerror}") from err
    if not os.access(home, os.W_OK | os.X_OK):
        raise _unusable(home, "it cannot be written to")
    _close(home)


def _close(home: Path) -> None:
    """One that an older version made was open to all. What lies deeper is behind these."""
    for path in (home, *(home / name for name in MADE_HERE)):
        with suppress(FileNotFoundError):
            mode = path.stat().st_mode
            if not mode & ONLY_MINE:
                continue
            try:
                path.chmod(mode & ~ONLY_MINE & 0o7777)
            except OSError as err:  # somebody else's folder, lent to us
                log.warning("not closed to others", name=path.name, errno=err.errno)


def _unusable(home: Path, reason: str) -> ConfigurationError:
    return ConfigurationError(
        problem=f"LISTENDOCK_HOME={home}: {reason}. Set it to a folder that this program may "
        "write to."
    )


@contextmanager
def temporary_folder(home: Path) -> Iterator[Path]:
    """Below the home, this process's own: where `tempfile` makes what it makes while the block
    runs, in our children too. What killed processes left is swept first.

    Not in the system's /tmp: that may be in memory, is cleaned by others in the middle of a long
    chapter, and keeps a stranger's text after a crash."""
    tmp = home / "tmp"
    tmp.mkdir(mode=0o700, exist_ok=True)
    sweep(tmp, "")
    own = OwnFolder.made(tmp, "listendock-")
    try:
        with _used_for_all(own.path):
            yield own.path
    finally:
        own.remove()


@contextmanager
def work_folder(home: Path) -> Iterator[Path]:
    """The same for a command that needs no home and makes none: below it where there is one, else
    in the system's own place for such things, and gone with the command."""
    if os.access(home, os.R_OK | os.W_OK | os.X_OK):
        with temporary_folder(home) as folder:
            yield folder
        return
    made = tempfile.TemporaryDirectory(prefix="listendock-", ignore_cleanup_errors=True)
    with made as name, _used_for_all(Path(name)):
        yield Path(name)


@contextmanager
def _used_for_all(folder: Path) -> Iterator[None]:
    before = tempfile.tempdir, os.environ.get("TMPDIR")
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before[0]
        os.environ.pop("TMPDIR")
        if before[1] is not None:
            os.environ["TMPDIR"] = before[1]
