"""What lasts: the library in its database, and the files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.database import (
    JOBS_WAY_OUT,
    WAY_OUT,
    DatabaseLibrary,
    check_sqlite,
    open_library,
)
from adapters.files import open_files
from bot.home import make_home
from bot.ports import FileStore
from bot.settings import Settings


def _check(settings: Settings) -> None:
    """Raises `ConfigurationError` rather than to serve what is not the library."""
    home = settings.listendock_home
    for name in () if settings.is_postgres else ("app.db", "jobs.db"):
        is_library = name == "app.db"
        if is_library and settings.database_url.get_secret_value():
            continue  # it lies elsewhere
        check_sqlite(
            home / name,
            is_store_full=is_library and _is_store_full(home),
            way_out=WAY_OUT if is_library else JOBS_WAY_OUT,
        )


def _is_store_full(home: Path) -> bool:
    """Whether documents lie in the folder of the home."""
    documents = home / "files" / "documents"
    return documents.is_dir() and any(documents.iterdir())


@asynccontextmanager
async def open_stores(settings: Settings) -> AsyncIterator[tuple[DatabaseLibrary, FileStore]]:
    make_home(settings.listendock_home)
    await asyncio.to_thread(_check, settings)
    async with open_library(settings.app_database_url) as library:
        yield library, open_files(settings.file_store_url)
