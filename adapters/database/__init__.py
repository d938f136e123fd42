"""The library on SQLAlchemy Core: SQLite by default, PostgreSQL for many hosts."""

from adapters.database.library import DatabaseLibrary, open_library

__all__ = ["DatabaseLibrary", "open_library"]
