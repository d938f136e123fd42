"""The local page: Starlette and uvicorn on loopback. With no token, it is the chat."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn

from adapters.web.chat import WebChat
from adapters.web.door import Door
from adapters.web.routes import Page
from bot.ports import FileStore, Inbox
from pipeline.errors import ConfigurationError

BACKLOG = 128
STOPPING_S = 2


class _Server(uvicorn.Server):
    """The program handles signals itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def open_web(
    *, inbox: Inbox, files: FileStore, host: str, port: int, folder: Path, max_pdf_mb: int
) -> AsyncIterator[WebChat]:
    """The page, answering. `port` 0 takes a free one; `folder`: where files lie while they come.

    Raises `ConfigurationError` if the address cannot be had.
    """
    listening = _listening(host, port)
    port = listening.getsockname()[1]
    is_local = _is_loopback(host)
    chat = WebChat(url=f"http://{_in_url(host)}:{port}")
    page = Page(inbox=inbox, files=files, chat=chat, folder=folder, is_local=is_local)
    server = _Server(
        uvicorn.Config(
            Door(page.app, hosts=_names_of(host, port) if is_local else None),
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=STOPPING_S,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started and not serving.done():  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.01)
        yield chat
    finally:
        chat.close()
        server.should_exit = True
        await asyncio.gather(serving, return_exceptions=True)
        listening.close()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as err:
        raise ConfigurationError(
            problem=f"The page cannot listen on {host} port {port} ({err.strerror}). "
            "Choose another with --port, or --port 0 for any free one."
        ) from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _names_of(host: str, port: int) -> frozenset[str]:
    """What a browser on this machine may call us."""
    names = {host, "localhost", "127.0.0.1", "::1"}
    return frozenset(f"{_in_url(name)}:{port}" for name in names)


__all__ = ["WebChat", "open_web"]
