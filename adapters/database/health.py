"""Whether what lies there is our library, whole, before anything is written to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from pipeline.errors import ConfigurationError

WAY_OUT = (
    "Put a copy of it there (`listendock restore DIR` brings back what `listendock backup DIR` "
    "wrote), or move the whole folder away to begin with an empty one."
)
JOBS_WAY_OUT = "Delete it: what is unfinished is taken up from the library."  # in no backup
HEADER = b"SQLite format 3\x00"


def check_sqlite(path: Path, *, is_store_full: bool, way_out: str = WAY_OUT) -> None:
    """Raises `ConfigurationError` for a file that is no database or is damaged, and for one that is
    missing or empty although there are documents beside it (`is_store_full`): the program would
    serve an empty library, and everybody's shelf would seem lost."""
    size = path.stat().st_size if path.exists() else 0
    if not size:
        if is_store_full:
            state = "is empty" if path.exists() else "is missing"
            raise _refusal(path, f"{state}, and there are documents beside it", way_out)
        return
    if not path.is_file():
        raise _refusal(path, "is no file", way_out)
    with path.open("rb") as file:
        if file.read(len(HEADER)) != HEADER:
            raise _refusal(path, "is no database", way_out)
    try:
        finding = _finding(path)
    except sqlite3.DatabaseError as err:
        raise _refusal(path, f"is damaged ({err})", way_out) from None
    if finding != "ok":
        raise _refusal(path, "is damaged", way_out)


def _finding(path: Path) -> str:
    """Quick: of pages and their order, not of every index. One finding is enough."""
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])


def _refusal(path: Path, what: str, way_out: str) -> ConfigurationError:
    return ConfigurationError(problem=f"The database {path} {what}. {way_out}")
