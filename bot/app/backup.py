"""`listendock backup DIR` and `restore DIR`: the library whole, its database and its files, each
file checked by its hash. Jobs are not in it: what is unfinished is taken up from the library."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from adapters.database import check_sqlite
from bot.home import make_home
from bot.settings import Settings
from pipeline.errors import ConfigurationError

MANIFEST = "backup.json"  # written last: without it, a backup was broken off
DATABASE, FILES = "app.db", "files"
ASIDE = "after-the-backup"
PAGES_AT_ONCE, PAUSE_S = 2000, 0.01  # between which a program that serves may write


def back_up(settings: Settings, folder: Path) -> int:
    """Copy the library into a new or empty folder, while a program serves or not. The database
    first: what it knows then is in the files still, or was deleted meanwhile. Returns how many
    files there are. Raises `ConfigurationError`."""
    home = _home_of(settings)
    if not (home / DATABASE).exists():
        raise ConfigurationError(problem=f"There is no library in {home}.")
    # One that is empty or damaged would be copied, and the copy kept for a good one.
    check_sqlite(home / DATABASE, is_store_full=any(_files_in(home)))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as err:
        raise ConfigurationError(problem=f"{folder} cannot be made: {err.strerror}.") from None
    if any(folder.iterdir()):
        raise ConfigurationError(problem=f"{folder} is not empty: name a new folder.")
    _copy_database(home / DATABASE, folder / DATABASE)
    copied = {DATABASE: _hash_of(folder / DATABASE)}
    for path in _files_in(home):
        name = path.relative_to(home).as_posix()
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(path, target)
        except FileNotFoundError:  # deleted meanwhile
            continue
        copied[name] = _hash_of(target)
    (folder / MANIFEST).write_text(json.dumps(copied, indent=1), encoding="utf-8")
    return len(copied)


def restore(settings: Settings, folder: Path) -> int:
    """Bring it back into a home that has no library. All is checked before anything is copied.
    Files of documents that came after the backup are of no library then: they are set aside.
    Raises `ConfigurationError`."""
    home = _home_of(settings)
    names = _checked(folder)
    make_home(home)
    with _alone(home):
        if (home / DATABASE).exists() and (home / DATABASE).stat().st_size:
            raise ConfigurationError(
                problem=f"There is a library in {home} already. Move app.db, jobs.db and files "
                "away first, or set LISTENDOCK_HOME to another folder."
            )
        for leftover in ("app.db-wal", "app.db-shm", "jobs.db", "jobs.db-wal", "jobs.db-shm"):
            (home / leftover).unlink(missing_ok=True)  # of another library
        _set_aside(home, set(names))
        for name in sorted(names, key=lambda name: name == DATABASE):  # last: it promises them
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            _copy_whole(folder / name, home / name)
        check_sqlite(home / DATABASE, is_store_full=False)
    return len(names)


def _copy_whole(source: Path, target: Path) -> None:
    """All or nothing, whatever ends us meanwhile: half a file would be taken for a damaged one."""
    part = target.with_name(f"{target.name}.part")
    shutil.copyfile(source, part)
    part.replace(target)


def _set_aside(home: Path, names: set[str]) -> None:
    """What nobody could ever delete again if it stayed."""
    for path in list(_files_in(home)):
        name = path.relative_to(home).as_posix()
        if name not in names:
            target = home / ASIDE / path.relative_to(home / FILES / "documents")
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)


def set_aside_in(settings: Settings) -> Path | None:
    """Where files lie that a restored library does not know."""
    folder = settings.listendock_home / ASIDE
    return folder if folder.exists() else None


def _home_of(settings: Settings) -> Path:
    if settings.database_url.get_secret_value() or settings.audio_url:
        raise ConfigurationError(
            problem="Backups are of a library in LISTENDOCK_HOME. With DATABASE_URL use the tool "
            "of that database (pg_dump, pg_restore), with AUDIO_URL copy that folder or bucket: "
            "the database first, the files after it."
        )
    return settings.listendock_home


def _files_in(home: Path) -> Iterator[Path]:
    """Those of documents; not what is just coming in."""
    return (path for path in sorted((home / FILES / "documents").rglob("*")) if path.is_file())


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's own way: the copy is of one moment, whoever writes meanwhile."""
    with closing(sqlite3.connect(source)) as ours, closing(sqlite3.connect(target)) as copy:
        ours.backup(copy, pages=PAGES_AT_ONCE, sleep=PAUSE_S)
        copy.execute("PRAGMA journal_mode=DELETE")
    check_sqlite(target, is_store_full=False)


def _checked(folder: Path) -> list[str]:
    """The files of a backup, none of which is missing or other than it was."""
    try:
        hashes: dict[str, str] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        problem = f"{folder} holds no backup, or one that was broken off: {MANIFEST} is not there."
        raise ConfigurationError(problem=problem) from None
    if not isinstance(hashes, dict) or DATABASE not in hashes:
        raise ConfigurationError(problem=f"{folder} is no backup of ours: it has no {DATABASE}.")
    for name, digest in hashes.items():
        path = folder / name
        documents = (folder / FILES / "documents").resolve()
        if name != DATABASE and not path.resolve().is_relative_to(documents):
            raise ConfigurationError(problem=f"{folder} is no backup of ours: it names {name}.")
        if not path.is_file() or _hash_of(path) != digest:
            raise ConfigurationError(problem=f"The backup is damaged: {name} is not what it was.")
    return list(hashes)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """While no program works there: it holds the same lock."""
    with (home / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            problem = f"A listendock works in {home}. Stop it first."
            raise ConfigurationError(problem=problem) from None
        yield
