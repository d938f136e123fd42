"""The library on SQLAlchemy Core: SQLite by default, PostgreSQL for many hosts."""

from adapters.database.connection import revision_of
from adapters.database.health import JOBS_WAY_OUT, WAY_OUT, check_sqlite
from adapters.database.library import DatabaseLibrary, open_library

__all__ = [
    "JOBS_WAY_OUT",
    "WAY_OUT",
    "DatabaseLibrary",
    "check_sqlite",
    "open_library",
    "revision_of",
]
