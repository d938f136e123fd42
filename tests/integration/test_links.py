"""Files from the web: what is fetched, what is refused, and that nothing private is reached."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver

from adapters.links import EACH, open_links
from adapters.links.gate import Address, is_public
from bot.ports import Links
from bot.words.messages import (
    LinkError,
    LinkNotAllowed,
    LinkNotAPdf,
    LinkNotFound,
    LinkTooLarge,
    LinkUnreachable,
)
from tests.waiting import until, wait_for

PDF = b"%PDF-1.7 a paper on bees"
EPUB = b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/epub+zip" + b"a book"
LIMIT = 1024 * 1024
ADA = "telegram:7"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Site:
    """A web server; `pages` answers by path, `asked` is what was asked for."""

    address: str = ""
    pages: dict[str, Handler] = field(default_factory=dict)
    asked: list[web.Request] = field(default_factory=list)

    def says(self, path: str, body: bytes, status: int = 200, **headers: str) -> None:
        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(body=body, status=status, headers=headers)

        self.pages[path] = answer

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        page = self.pages.get(request.path)
        return await page(request) if page else web.Response(status=404)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    found = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", found.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    server = web.TCPSite(runner, "127.0.0.1", 0)
    await server.start()
    found.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield found
    finally:
        await runner.cleanup()


def loopback_too(address: Address) -> bool:
    return address.is_loopback or is_public(address)


def opened(**changes: Any) -> AbstractAsyncContextManager[Links]:
    return open_links(**{"allow": loopback_too, "deadline_s": 3600.0, "idle_s": 3600.0} | changes)


async def fetched(site: Site, path: str, folder: Path, limit: int = LIMIT) -> tuple[str, bytes]:
    file = folder / "fetched"
    async with opened() as links:
        name = await links.fetch(site.address + path, file, limit=limit, listener=ADA)
    return name, file.read_bytes()


async def refused(
    site: Site, path: str, folder: Path, limit: int = LIMIT, **changes: Any
) -> type[LinkError]:
    file = folder / "refused"
    async with opened(**changes) as links:
        with pytest.raises(LinkError) as raised:
            await links.fetch(site.address + path, file, limit=limit, listener=ADA)
    assert not file.exists()
    assert type(raised.value).sentence.count("{") == len(raised.value.facts)
    return type(raised.value)


async def test_a_pdf_and_an_epub_are_known_by_their_bytes(site: Site, tmp_path: Path) -> None:
    site.says("/paper", PDF, **{"Content-Type": "text/html"})
    site.says("/book.pdf", EPUB)
    assert await fetched(site, "/paper", tmp_path) == ("paper.pdf", PDF)
    assert await fetched(site, "/book.pdf", tmp_path) == ("book.epub", EPUB)
    request = site.asked[0]
    assert "Cookie" not in request.headers
    assert "Referer" not in request.headers


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="../../etc/bees.pdf"', "bees.pdf"),
        ("attachment; filename*=UTF-8''B%C3%A4ume.pdf", "Bäume.pdf"),
        ('attachment; filename=""', "x.pdf"),
        (f'attachment; filename="{"long" * 100}.pdf"', ("long" * 100)[:116] + ".pdf"),
    ],
)
async def test_a_file_is_called_what_the_server_says_without_its_folders(
    site: Site, tmp_path: Path, header: str, name: str
) -> None:
    site.says("/x", PDF, **{"Content-Disposition": header})
    assert (await fetched(site, "/x", tmp_path))[0] == name


async def test_a_papers_page_leads_to_its_pdf_but_no_further_than_one_page(
    site: Site, tmp_path: Path
) -> None:
    site.says("/abs", b'<html><meta name="citation_pdf_url" content="/paper.pdf">')
    site.says("/paper.pdf", PDF)
    assert await fetched(site, "/abs", tmp_path) == ("paper.pdf", PDF)
    site.says("/again", b'<html><meta name="citation_pdf_url" content="/abs">')
    assert await refused(site, "/again", tmp_path) is LinkNotAPdf
    site.says("/plain", b"<html>Bees!")
    site.says("/picture.pdf", b"\x89PNG")
    for path in ("/plain", "/picture.pdf"):
        assert await refused(site, path, tmp_path) is LinkNotAPdf


def moves_to(site: Site, path: str, target: str) -> None:
    site.says(path, b"", 302, Location=target)


async def test_redirects_are_followed_a_few_times(site: Site, tmp_path: Path) -> None:
    site.says("/end.pdf", PDF)
    moves_to(site, "/one", "/two")
    moves_to(site, "/two", f"{site.address}/end.pdf")
    moves_to(site, "/loop", "/loop")
    assert await fetched(site, "/one", tmp_path) == ("end.pdf", PDF)
    assert await refused(site, "/loop", tmp_path) is LinkUnreachable


@pytest.mark.parametrize(
    "target",
    ["http://10.0.0.1/", "http://169.254.169.254/latest", "file:///etc/passwd", "ftp://a.example/"],
)
async def test_a_redirect_into_the_house_is_not_followed(
    site: Site, tmp_path: Path, target: str
) -> None:
    moves_to(site, "/away", target)
    assert await refused(site, "/away", tmp_path) is LinkNotAllowed


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, LinkNotFound), (403, LinkNotFound), (404, LinkNotFound), (410, LinkNotFound),
        (429, LinkUnreachable), (500, LinkUnreachable), (503, LinkUnreachable),
    ],
)  # fmt: skip
async def test_a_servers_refusal_is_told(
    site: Site, tmp_path: Path, status: int, error: type[LinkError]
) -> None:
    site.says("/paper.pdf", PDF, status)
    assert await refused(site, "/paper.pdf", tmp_path) is error


async def test_a_file_over_the_limit_is_refused_by_its_word_and_by_count(
    site: Site, tmp_path: Path
) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(PDF)
        for _ in range(1000):
            await response.write(b"x" * 65536)
        return response

    site.pages["/endless.pdf"] = endless
    site.says("/large.pdf", PDF + b"x" * LIMIT)
    for path in ("/endless.pdf", "/large.pdf"):
        assert await refused(site, path, tmp_path) is LinkTooLarge


async def test_a_packed_bomb_does_not_go_off(site: Site, tmp_path: Path) -> None:
    packed = gzip.compress(PDF + b"x" * 20 * LIMIT)
    site.says("/bomb.pdf", packed, **{"Content-Encoding": "gzip"})
    assert await refused(site, "/bomb.pdf", tmp_path) is LinkTooLarge


async def test_one_listeners_slow_servers_hold_up_that_listener_alone(
    site: Site, tmp_path: Path
) -> None:
    is_over, dripping = asyncio.Event(), 0

    async def drips(request: web.Request) -> web.StreamResponse:
        nonlocal dripping
        dripping += 1
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(PDF)
        await is_over.wait()
        return response

    site.pages["/drip.pdf"] = drips
    site.says("/quick.pdf", PDF)
    async with opened() as links:
        slow = [
            asyncio.create_task(
                links.fetch(
                    f"{site.address}/drip.pdf", tmp_path / f"{n}", limit=LIMIT, listener=ADA
                )
            )
            for n in range(8)
        ]
        await until(lambda: dripping == EACH)
        quick = links.fetch(
            f"{site.address}/quick.pdf", tmp_path / "quick", limit=LIMIT, listener="telegram:8"
        )
        assert await wait_for(quick, "somebody else's link") == "quick.pdf"
        assert dripping == EACH
        is_over.set()
        assert await asyncio.gather(*slow) == ["drip.pdf"] * 8  # each has its turn


@pytest.mark.parametrize("patience", ["deadline_s", "idle_s"])
async def test_a_server_that_stalls_is_left(site: Site, tmp_path: Path, patience: str) -> None:
    is_left = asyncio.Event()

    async def stalls(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(PDF)
        await is_left.wait()
        return response

    site.pages["/slow.pdf"] = stalls
    assert await refused(site, "/slow.pdf", tmp_path, **{patience: 0.3}) is LinkUnreachable
    is_left.set()


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f.1/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://localhost/", "http://10.1.2.3/",
        "http://192.168.0.1/", "http://169.254.169.254/", "http://[fe80::1]/", "http://0.0.0.0/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://100.64.0.1/",
        "ftp://a.example/x.pdf", "file:///etc/passwd", "http://me:secret@a.example/x.pdf",
        "http://a.example:22/", "http:///x.pdf", "javascript:alert(1)",
    ],
)  # fmt: skip
async def test_no_spelling_of_a_private_address_is_connected_to(
    address: str, tmp_path: Path
) -> None:
    async with open_links() as links:
        with pytest.raises((LinkNotAllowed, LinkUnreachable)) as raised:
            await links.fetch(address, tmp_path / "x", limit=LIMIT, listener=ADA)
    if "a.example" not in address:
        assert isinstance(raised.value, LinkNotAllowed | LinkUnreachable)
    assert "secret" not in str(raised.value)


class TwoFaced(AbstractResolver):
    """First a public address, then the one that is meant."""

    def __init__(self) -> None:
        self.answers = ["93.184.216.34", "127.0.0.1"]
        self.asked = 0

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[Any]:
        self.asked += 1
        address = self.answers[min(self.asked - 1, 1)]
        return [
            {"hostname": host, "host": address, "port": port, "family": 2, "proto": 6, "flags": 4}
        ]

    async def close(self) -> None: ...


async def test_a_name_that_changes_its_mind_is_judged_by_where_it_leads(
    site: Site, tmp_path: Path
) -> None:
    site.says("/x.pdf", PDF)
    port = site.address.rpartition(":")[2]
    resolver = TwoFaced()
    resolver.asked = 1  # a check before the connection would have heard the public one
    async with open_links(resolver=resolver) as links:
        with pytest.raises(LinkNotAllowed):
            await links.fetch(
                f"http://bees.example:{port}/x.pdf", tmp_path / "x", limit=LIMIT, listener=ADA
            )
    assert site.asked == []


@pytest.mark.parametrize(
    ("address", "public"),
    [("93.184.216.34", True), ("2606:2800:220:1::1", True), ("::ffff:10.0.0.1", False),
     ("224.0.0.1", False), ("ff02::1", False), ("168.63.129.16", False), ("fc00::1", False)],
)  # fmt: skip
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public
