"""The page, open: Starlette on uvicorn, a page without any framework, server-sent events for what
changes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import rmtree
from urllib.parse import urlsplit

import structlog

from adapters.web.chat import WebChat
from adapters.web.closed import closed
from adapters.web.guard import Guard, doors_of
from adapters.web.server import bound_socket, is_loopback, serving, url_of
from adapters.web.site import Site
from adapters.web.uploads import PREFIX
from adapters.web.visitors import Visitors
from bot.ports import FileStore, Inbox, Routes

log = structlog.get_logger()
LEFTOVER_S = 24 * 3600.0


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
    announce: Callable[[str], None] = lambda address: None,
) -> AsyncIterator[WebChat]:
    """The page, accepting connections. `folder`: where files lie while they come in.

    `public_url`: the address that others reach it by, when a proxy or a name stands before it.
    With one, or on an address that others reach, nobody is let in: who asks could be anybody.
    `routes`: what other services call, by path; may be filled while the page stands.
    `announce` is told the page's address when it can be opened.
    Raises `ConfigurationError` if the address cannot be had.
    """
    await asyncio.to_thread(_swept, folder)
    socket = await asyncio.to_thread(bound_socket, host, port)
    is_local = is_loopback(socket)
    is_private = is_local and not public_url
    public = urlsplit(public_url).netloc
    doors = doors_of(host, is_loopback=is_local, is_open=is_private, public=public)
    chat = WebChat(url_of(host, socket))
    site = Site(
        chat=chat,
        inbox=inbox,
        files=files,
        folder=folder,
        visitors=Visitors(are_one=is_private),
        max_pdf_mb=max_pdf_mb,
    )
    if not doors.is_open:
        why = "PUBLIC_URL is set" if public_url else "others reach the address of --host"
        log.warning("the page is closed to visitors", because=why)
    guard = Guard(site.app, closed, doors, {} if routes is None else routes)
    async with serving(guard, socket):
        announce(chat.url)
        try:
            yield chat
        finally:
            chat.close()


def _swept(folder: Path) -> None:
    """Uploads that a killed program left behind."""
    for left in folder.glob(f"{PREFIX}*"):
        if time.time() - left.stat().st_mtime > LEFTOVER_S:
            rmtree(left, ignore_errors=True)
