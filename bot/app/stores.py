"""What lasts: the library in its database, and the files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.database import DatabaseLibrary, open_library
from adapters.files import open_files
from bot.home import make_home
from bot.ports import FileStore
from bot.settings import Settings


@asynccontextmanager
async def open_stores(settings: Settings) -> AsyncIterator[tuple[DatabaseLibrary, FileStore]]:
    make_home(settings.listendock_home)
    async with open_library(settings.app_database_url) as library:
        yield library, open_files(settings.file_store_url)
