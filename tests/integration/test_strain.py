"""Whoever holds connections without asking for anything, or asks endlessly slowly, holds nobody up.
All over real sockets."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from adapters.serving import Bounds, household_of, is_shared, serving
from adapters.web import chat
from bot.domain import Conversation
from tests.integration.page_stage import HERE, opened_stage
from tests.waiting import leap, until, wait_for

HALF = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
WHOLE = b"GET /held HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@dataclass(slots=True)
class Server:
    """Answers `/held` when it is let, takes bodies at `/body`, refuses them unread at `/closed`."""

    port: int = 0
    held: int = 0
    taken: list[int] = field(default_factory=list)
    broken_off: int = 0
    release: asyncio.Event = field(default_factory=asyncio.Event)
    wires: list[Wire] = field(default_factory=list)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        answer: Response = PlainTextResponse("here")
        if scope["path"] == "/held":
            self.held += 1
            await self.release.wait()
        elif scope["path"] == "/body":
            try:
                async for chunk in request.stream():
                    self.taken.append(len(chunk))
            except ClientDisconnect:
                self.broken_off += 1
                return
        await answer(scope, receive, send)

    async def opened(self, source: str = "127.0.0.1") -> Wire:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(source, 0)
        )
        self.wires.append(Wire(reader=reader, writer=writer))
        return self.wires[-1]

    async def close(self) -> None:
        """Our ends of all connections."""
        for wire in self.wires:
            wire.writer.close()
        closing = (wire.writer.wait_closed() for wire in self.wires)
        await asyncio.gather(*closing, return_exceptions=True)


@dataclass(slots=True)
class Wire:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def sends(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def ends_in_time(self) -> bytes:
        """As `ends`, while hours pass."""
        ending = asyncio.ensure_future(self.ends())
        await until(lambda: _an_hour_later(ending.done), "the end of a connection")
        return await ending

    async def ends(self) -> bytes:
        """What still comes until the other side ends it."""
        try:
            return await wait_for(self.reader.read(), "the end of a connection")
        except ConnectionResetError:
            return b""


def _an_hour_later(found: Callable[[], bool]) -> bool:
    if not found():
        leap(3600.0)
    return found()


@asynccontextmanager
async def served(bounds: Bounds) -> AsyncIterator[Server]:
    server = Server()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.port = listening.getsockname()[1]
        async with serving(server.app, listening, bounds):
            try:
                yield server
            finally:
                server.release.set()
                await server.close()


def half_open(port: int, count: int, stack: ExitStack) -> list[socket.socket]:
    wires = []
    for _ in range(count):
        wire = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        wire.sendall(HALF)
        wires.append(wire)
    return wires


async def test_a_flood_of_half_open_connections_neither_stops_the_page_nor_fills_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[bytes] = []

    async def webhook(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append(await Request(scope, receive).body())
        await Response(status_code=200)(scope, receive, send)

    about: dict[str, Any] = {"routes": {"/hook": webhook}}
    with ExitStack() as stack, capture_logs() as told:
        async with opened_stage(tmp_path, **about) as stage:
            port = int(stage.page.url.rpartition(":")[2])
            async with stage.tab() as tab:
                await tab.next("state")
                flood = asyncio.to_thread(half_open, port, 1200, stack)
                flooding = asyncio.create_task(flood)
                for number in range(20):
                    async with httpx.AsyncClient(timeout=None, verify=False) as caller:
                        await caller.post(f"{stage.page.url}/hook", content=f"{number}".encode())
                await wait_for(flooding, "a flood")
                await stage.says("/help")
                assert (await tab.next("message"))["id"]
                assert (await stage.sends()).status_code == 204
                async with httpx.AsyncClient(timeout=None, verify=False) as another:
                    assert (await another.get(stage.page.url)).status_code == 200
        assert len(heard) == 20
        assert len([line for line in told if line["log_level"] != "debug"]) < 20
    assert len(caplog.records) < 20


async def test_a_head_that_does_not_come_to_an_end_is_not_waited_for() -> None:
    async with served(Bounds()) as server:
        silent, half = await server.opened(), await server.opened()
        await half.sends(HALF)
        for wire in (silent, half):
            assert await wire.ends_in_time() == b""


async def test_a_head_that_drips_is_not_waited_for_either() -> None:
    async with served(Bounds(head_s=100.0)) as server:
        wire = await server.opened()
        ending = asyncio.ensure_future(wire.ends())
        for _ in range(200):
            if ending.done():
                break
            wire.writer.write(HALF[:1])
            leap(1.0)
            await asyncio.sleep(0.001)
        assert await ending == b""


async def test_a_request_that_was_made_may_take_its_time_and_the_next_has_its_own() -> None:
    async with served(Bounds()) as server:
        wire = await server.opened()
        await wire.sends(WHOLE)
        await until(lambda: server.held)
        leap(3600.0)
        await asyncio.sleep(0.01)
        server.release.set()
        answer = await wait_for(wire.reader.readuntil(b"here"), "an answer")
        assert answer.startswith(b"HTTP/1.1 200")
        assert await wire.ends_in_time() == b""  # nothing more is asked for


def a_body(path: str, size: int) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode()


async def test_a_body_must_go_on_coming() -> None:
    async with served(Bounds(pace_bytes=100)) as server:
        wire = await server.opened()
        await wire.sends(a_body("/body", 5000) + b"x" * 90)
        assert await wire.ends_in_time() == b""
        await until(lambda: server.broken_off)


async def test_a_body_that_goes_on_coming_may_take_hours() -> None:
    bounds = Bounds(pace_s=100.0, pace_bytes=100)
    async with served(bounds) as server:
        wire = await server.opened()
        await wire.sends(a_body("/body", 5000))
        for number in range(1, 11):
            await wire.sends(b"x" * 500)
            await until(lambda number=number: sum(server.taken) == 500 * number)
            leap(bounds.pace_s + 1)
            await asyncio.sleep(0.01)
        await wait_for(wire.reader.readuntil(b"here"), "an answer")


async def test_a_body_that_was_refused_may_not_go_on_for_ever() -> None:
    async with served(Bounds()) as server:
        wire = await server.opened()
        await wire.sends(a_body("/closed", 10**9) + b"x" * 50_000)
        assert (await wire.ends_in_time()).endswith(b"here")


async def test_who_is_silent_makes_room_and_who_has_asked_does_not() -> None:
    bounds = Bounds(connections=3)
    async with served(bounds) as server:
        busy = [await server.opened() for _ in range(2)]
        for wire in busy:
            await wire.sends(WHOLE)
        await until(lambda: server.held == 2)
        older = await server.opened()
        await older.sends(HALF)
        newer = await server.opened()
        await newer.sends(WHOLE)
        assert await older.ends() == b""
        await until(lambda: server.held == 3)
        with capture_logs() as told:
            refused = await server.opened()
            assert await refused.ends() == b""
        assert [line["event"] for line in told] == ["no room for a connection"]
        server.release.set()
        for wire in (*busy, newer):
            await wait_for(wire.reader.readuntil(b"here"), "an answer")


async def test_one_address_has_a_share_and_a_proxy_is_many() -> None:
    alone = Bounds(of_an_address=2, is_shared=lambda address: False)
    async with served(alone) as server:
        first, second = await server.opened(), await server.opened()
        await first.sends(WHOLE)
        await until(lambda: server.held)
        third = await server.opened()  # the silent one of the same address makes room
        assert await second.ends() == b""
        await third.sends(WHOLE)
        await until(lambda: server.held == 2)
        assert await (await server.opened()).ends() == b""
        neighbour = await server.opened("127.0.0.2")
        await neighbour.sends(WHOLE)
        await until(lambda: server.held == 3)
    async with served(Bounds(of_an_address=2)) as server:
        for _ in range(5):
            await (await server.opened()).sends(WHOLE)
        await until(lambda: server.held == 5)


@pytest.mark.parametrize(
    ("address", "household", "is_many"),
    [
        ("93.184.216.34", "93.184.216.34", False),
        ("2606:2800:220:1:1:2:3:4", "2606:2800:220:1::/64", False),
        ("172.18.0.2", "172.18.0.2", True),
        ("fe80::1%eth0", "fe80::/64", True),
        ("127.0.0.1", "127.0.0.1", True),
        ("", "", True),
    ],
)
def test_addresses_stand_for_households(address: str, household: str, is_many: bool) -> None:
    assert household_of(address) == household
    assert is_shared(address) is is_many


async def test_tabs_are_bounded_for_each_listener_and_in_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "TABS_EACH", 2)
    monkeypatch.setattr(chat, "TABS_IN_ALL", 3)
    other = Conversation(platform="web", channel="other")
    async with opened_stage(tmp_path) as stage:
        async with stage.tab() as one, stage.tab() as two:
            await one.next("state")
            await two.next("state")
            assert (await stage.client.get("/api/events")).status_code == 429
            with pytest.raises(chat.TooManyTabs), stage.page.opened_tab(HERE):
                raise AssertionError("it opened")
            with stage.page.opened_tab(other):
                assert not stage.page.has_room(other)
            await stage.says("/help")
            assert (await one.next("message"))["id"]
        await until(lambda: stage.page.has_room(HERE))


async def test_an_upload_that_stalls_is_given_up_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    async with opened_stage(tmp_path) as stage:
        server = Server(port=int(stage.page.url.rpartition(":")[2]))
        wire = await server.opened()
        try:
            own = b"Host: localhost\r\nSec-Fetch-Site: same-origin\r\n"
            await wire.sends(b"POST /api/documents HTTP/1.1\r\n" + own)
            await wire.sends(b"Content-Length: 9999\r\n\r\n%PDF-1.7")
            await until(lambda: list(stage.folder.iterdir()))
            assert await wire.ends_in_time() == b""
        finally:
            await server.close()
        await until(lambda: not list(stage.folder.iterdir()))
        assert stage.jobs.reads == []
