"""The page, open: Starlette on uvicorn, a page without any framework, server-sent events for what
changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from urllib.parse import quote

import structlog

from adapters.serving import serving
from adapters.web.chat import WebChat
from adapters.web.guard import Guard, doors_of
from adapters.web.guesses import Guesses
from adapters.web.lobby import Lobby
from adapters.web.lock import open_lock
from adapters.web.server import bound_socket, is_loopback, url_of
from adapters.web.site import Site
from adapters.web.uploads import PREFIX
from adapters.web.visitors import AtThisMachine, WithKey
from bot.own_folders import sweep
from bot.ports import FileStore, Inbox, Keys, Routes
from pipeline.errors import ConfigurationError

log = structlog.get_logger()
KEY_MARK = "#key="  # what stands behind it never leaves the browser; `static/key.js` shows it
THIS_MACHINE = ("127.0.0.0/8", "::1")
NO_KEY = "--new-key: this page needs no key, for only this machine reaches it."


@asynccontextmanager
async def open_web(
    *,
    inbox: Inbox,
    files: FileStore,
    keys: Keys,
    host: str,
    port: int,
    folder: Path,
    max_pdf_mb: int,
    public_url: str = "",
    proxies: Sequence[str] = (),
    web_key: str = "",
    is_new_key: bool = False,
    routes: Routes | None = None,
    announce: Callable[[str], None] = lambda address: None,
    tell: Callable[[str], None] = lambda line: None,
) -> AsyncIterator[WebChat]:
    """The page, accepting connections. `folder`: where files lie while they come in.

    `public_url`: the address that others reach it by, when a proxy or a name stands before it.
    With one, or on an address that others reach, who asks could be anybody: then the page opens
    to a key alone. That is `web_key`; without one it is made and told at the first start, or
    `is_new_key`. Whoever names a `web_key` wants it asked for, wherever the page listens.
    `proxies`: which of those who connect may say whom they speak for; without any it is this
    machine, and nobody where there is no `public_url`.
    `routes`: what other services call, by path; may be filled while the page stands.
    `announce` is told the page's address when it can be opened, `tell` what stands on the terminal.
    Raises `ConfigurationError` if the address or such a key cannot be had.
    """
    await asyncio.to_thread(sweep, folder, PREFIX)
    socket = await asyncio.to_thread(bound_socket, host, port)
    with closing(socket):
        is_local = is_loopback(socket)
        chat = WebChat(url_of(host, socket))
        lock = None
        if public_url or web_key or not is_local:
            lock, made = await open_lock(keys, web_key, is_new_key=is_new_key)
            _tell_key(made, public_url or chat.url, tell)
        elif is_new_key:
            raise ConfigurationError(problem=NO_KEY)
        visitors = WithKey(lock, inbox) if lock else AtThisMachine()
        site = Site(
            chat=chat,
            inbox=inbox,
            files=files,
            folder=folder,
            visitors=visitors,
            max_pdf_mb=max_pdf_mb,
        )
        guard = Guard(
            site.app,
            visitors=visitors,
            lobby=Lobby(lock, Guesses()),
            doors=doors_of(host, is_loopback=is_local, public_url=public_url),
            routes={} if routes is None else routes,
        )
        believed = proxies or (THIS_MACHINE if public_url else ())
        async with serving(guard, socket, proxies=believed):
            announce(chat.url)
            try:
                yield chat
            finally:
                chat.close()


def _tell_key(made: str, url: str, tell: Callable[[str], None]) -> None:
    log.info("the page opens to its key alone", is_made_now=bool(made))
    if made:
        link = f"{url.rstrip('/')}/{KEY_MARK}{quote(made)}"
        tell(f"the page is yours by this link, which is shown this once: {link}")
