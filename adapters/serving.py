"""HTTP for whoever comes: uvicorn on a socket, inside a program that has a loop and signals of its
own, and with bounds on what a connection may hold without asking for anything.

Connections are few (a process may open only so many files), so they go round: when there is no
room, the one that has been silent longest makes it. What has asked for something is never sent away
for another. Whoever sends must go on sending."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import resource
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import h11
import structlog
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

log = structlog.get_logger()
DATED_S = 1.0
GOODBYE_S = 2  # for what is being sent when the program stops
ACCEPTED_AT_ONCE = 32  # else more come in than can be sent away before the next look
WAITING_OUTSIDE = 2048  # a burst waits its turn in the system, which drops what does not fit
MOST_CONNECTIONS, SHARE_OF_FILES = 512, 0.5


def household_of(address: str) -> str:
    """An address that stands for all that one caller has: of IPv6 a whole network. Empty where it
    is none."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if known.version == 4:
        return str(known)
    return str(ipaddress.ip_network((int(known) >> 64 << 64, 64)))


def is_shared(address: str) -> bool:
    """Whether many people may come from it: private networks are where proxies stand."""
    try:
        return not ipaddress.ip_address(address.partition("%")[0]).is_global
    except ValueError:
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    head_s: float = 10.0  # until it has said what it wants, from its coming or the last answer on
    pace_s: float = 30.0  # in each such time
    pace_bytes: int = 32 * 1024  # so much of a body must come, or all that is left of it
    answered_s: float = 10.0  # for the rest of a body that was answered already
    connections: int = MOST_CONNECTIONS
    of_an_address: int = 64
    is_shared: Callable[[str], bool] = is_shared  # then only `connections` counts


class Crowd:
    """All connections of a server."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._all: set[Connection] = set()
        self._silent: dict[Connection, None] = {}  # longest first
        self._of_address: Counter[str] = Counter()

    def enter(self, coming: Connection) -> None:
        """There is room for it, or it is sent away."""
        bounds, address = self.bounds, coming.address
        is_alone = not bounds.is_shared(address)
        if is_alone and self._of_address[address] >= bounds.of_an_address:
            self._make_room(address)
        if len(self._all) >= bounds.connections:
            self._make_room(None)
        self._all.add(coming)
        self._of_address[address] += 1
        if len(self._all) > bounds.connections or (
            is_alone and self._of_address[address] > bounds.of_an_address
        ):
            log.warning("no room for a connection", connections=len(self._all) - 1)
            self.send_away(coming)

    def _make_room(self, address: str | None) -> None:
        """By the one that has been silent longest, of that address or of all."""
        for silent in self._silent:
            if address is None or silent.address == address:
                self.send_away(silent)
                return

    def send_away(self, leaving: Connection) -> None:
        self.leave(leaving)
        leaving.transport.abort()

    def leave(self, leaving: Connection) -> None:
        self._silent.pop(leaving, None)
        if leaving in self._all:
            self._all.discard(leaving)
            self._of_address[leaving.address] -= 1
            if not self._of_address[leaving.address]:
                del self._of_address[leaving.address]

    def hear(self, connection: Connection, *, is_silent: bool) -> None:
        if not is_silent:
            self._silent.pop(connection, None)
        elif connection in self._all:
            self._silent.setdefault(connection)


class Connection(H11Protocol):
    """One that is watched: what is awaited of it must come in time."""

    def __init__(self, crowd: Crowd, **about: Any) -> None:
        super().__init__(**about)
        self.address = ""
        self._crowd = crowd
        self._awaited = ""
        self._timer: asyncio.TimerHandle | None = None
        self._received = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.address = household_of(self.client[0]) if self.client else ""
        self._crowd.enter(self)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()
        self._received += len(data)  # of a body that begins with it, too

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._crowd.leave(self)
        self._set_timer("")
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Look at what is awaited; a time that runs goes on while that is the same."""
        awaited = self._what_is_awaited()
        if awaited == self._awaited or self.transport.is_closing():
            return
        self._awaited = awaited
        self._received = 0
        self._crowd.hear(self, is_silent=awaited == "head")
        self._set_timer(awaited)

    def _what_is_awaited(self) -> str:
        """Of the other side: a `head`, a `body`, the `rest` of one; nothing while it waits for
        us."""
        if self.conn.their_state is h11.IDLE:
            return "head"
        if self.conn.their_state is not h11.SEND_BODY:
            return ""
        return "body" if self.conn.our_state is h11.SEND_RESPONSE else "rest"

    def _set_timer(self, awaited: str) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        bounds = self._crowd.bounds
        times = {"head": bounds.head_s, "body": bounds.pace_s, "rest": bounds.answered_s}
        if awaited in times:
            self._timer = self.loop.call_later(times[awaited], self._on_time)

    def _on_time(self) -> None:
        if self._awaited == "body" and self._has_kept_pace():
            self._received = 0
            self._set_timer("body")
        else:
            log.debug("connection too slow", awaited=self._awaited)
            self._crowd.send_away(self)

    def _has_kept_pace(self) -> bool:
        """Or else it is us who have not taken yet what came."""
        return self._received >= self._crowd.bounds.pace_bytes or self.flow.read_paused


class _Server(uvicorn.Server):
    """Says when it accepts connections, and leaves the signals to the program."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_listening = asyncio.Event()
        self._is_over = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or ():
            listening.listen(WAITING_OUTSIDE)
        self.is_listening.set()

    async def main_loop(self) -> None:
        """Once a second, for the date that answers carry, instead of ten times; ends at once."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(DATED_S):
                    await self._is_over.wait()

    def end(self) -> None:
        self.should_exit = True
        self._is_over.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(
    app: ASGIApp,
    listening: socket.socket,
    bounds: Bounds | None = None,
    *,
    proxies: Sequence[str] = (),
) -> AsyncIterator[None]:
    """The app, accepting connections on that socket while the block runs. `proxies`: addresses or
    networks that may say whom they speak for; anybody else could say so, too, and is not believed.
    """
    bounds = bounds or Bounds(connections=_most_connections())
    protocol: Any = partial(Connection, Crowd(bounds))
    config = uvicorn.Config(
        app,
        http=protocol,
        interface="asgi3",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=ACCEPTED_AT_ONCE,
        forwarded_allow_ips=list(proxies),
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
        server.end()
        await running


def _most_connections() -> int:
    """Files, children and servers that we call need room as well."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return min(MOST_CONNECTIONS, int(allowed * SHARE_OF_FILES))
