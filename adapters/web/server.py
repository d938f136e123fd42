"""Where the page listens."""

from __future__ import annotations

import errno
import ipaddress
import socket

from pipeline.errors import ConfigurationError


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
