"""A socket, and uvicorn on it, inside a program that has a loop and signals of its own."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from pipeline.errors import ConfigurationError

GOODBYE_S = 2  # for what is being sent when the program stops


class _Server(uvicorn.Server):
    """Says when it accepts connections, and leaves the signals to the program."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: ASGIApp, listening: socket.socket) -> AsyncIterator[None]:
    """The app, accepting connections on that socket while the block runs."""
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GOODBYE_S,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve([listening]))
    started = asyncio.create_task(server.is_listening.wait())
    await asyncio.wait({running, started}, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield
    finally:
        started.cancel()
        server.should_exit = True
        await running


def bound_socket(host: str, port: int) -> socket.socket:
    """Blocks while it looks the host up. Raises `ConfigurationError` with the way out."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server((str(address[0]), port), family=family, backlog=512)
    except OSError as err:
        raise ConfigurationError(problem=_problem(err, host, port)) from err


def _problem(err: OSError, host: str, port: int) -> str:
    if err.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program, perhaps by another ListenDock. "
            "Choose another one: --port 8081, or --port 0 for any that is free."
        )
    if err.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} is not allowed to this user. Choose one from 1024 on: --port 8080."
    return (
        f"The page cannot listen on {host}: that is no address of this machine. "
        "Leave --host out for this machine only, or use --host 0.0.0.0 for all its addresses."
    )


def is_loopback(listening: socket.socket) -> bool:
    """Whether only this very machine can reach it."""
    return ipaddress.ip_address(listening.getsockname()[0].partition("%")[0]).is_loopback


def url_of(host: str, listening: socket.socket) -> str:
    """An address to open on this machine, with the port that it really got."""
    port = listening.getsockname()[1]
    name = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
