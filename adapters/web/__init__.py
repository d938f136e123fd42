"""The local page: the chat of somebody who has no chat. Starlette on uvicorn, a page without any
framework, server-sent events for what changes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import rmtree
from urllib.parse import urlsplit

from starlette.types import ASGIApp

from adapters.web.chat import WebChat
from adapters.web.guard import Guard, doors_of
from adapters.web.server import bound_socket, is_loopback, serving, url_of
from adapters.web.site import Site
from adapters.web.uploads import PREFIX
from adapters.web.visitors import Visitors
from bot.ports import FileStore, Inbox

LEFTOVER_S = 24 * 3600.0

Routes = MutableMapping[str, ASGIApp]

__all__ = ("Routes", "WebChat", "open_web")


@asynccontextmanager
async def open_web(
    *,
    inbox: Inbox,
    files: FileStore,
    host: str,
    port: int,
    folder: Path,
    max_pdf_mb: int,
    public_url: str = "",
    routes: Routes | None = None,
) -> AsyncIterator[WebChat]:
    """The page, accepting connections. `folder`: where files lie while they come in.

    `public_url`: the address that others reach it by, when a proxy or a name stands before it.
    `routes`: what other services call, by path; may be filled while the page stands.
    Raises `ConfigurationError` if the address cannot be had.
    """
    await asyncio.to_thread(_swept, folder)
    socket = await asyncio.to_thread(bound_socket, host, port)
    chat = WebChat(url_of(host, socket))
    site = Site(
        chat=chat,
        inbox=inbox,
        files=files,
        folder=folder,
        visitors=Visitors(are_one=is_loopback(socket)),
        max_pdf_mb=max_pdf_mb,
    )
    doors = doors_of(host, is_loopback=is_loopback(socket), public=urlsplit(public_url).netloc)
    async with serving(Guard(site.app, doors, {} if routes is None else routes), socket):
        try:
            yield chat
        finally:
            chat.close()


def _swept(folder: Path) -> None:
    """Uploads that a killed program left behind."""
    for left in folder.glob(f"{PREFIX}*"):
        if time.time() - left.stat().st_mtime > LEFTOVER_S:
            rmtree(left, ignore_errors=True)
