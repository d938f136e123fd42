"""Ports for servers that tests start."""

from __future__ import annotations

import socket


def a_free_port() -> int:
    """One that nobody listened on a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
