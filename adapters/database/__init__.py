"""The library on SQLAlchemy Core: SQLite by default, PostgreSQL for many hosts."""

from adapters.database.health import check_sqlite
from adapters.database.library import DatabaseLibrary, open_library

__all__ = ["DatabaseLibrary", "check_sqlite", "open_library"]
