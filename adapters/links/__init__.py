"""Files from the web by their address. Whoever names one may mean our own network by it.

So the gate stands where a connection is made: every socket that is about to be opened must lead
to a public address, whatever name, spelling, redirect or second answer of a name server brought
it there. Nothing is checked earlier that could change until then.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import structlog
from aiohttp.abc import AbstractResolver
from yarl import URL

from adapters.links.gate import Address, Gate, Private, is_public
from adapters.links.said import file_name, pdf_named_in
from adapters.links.slots import Slots
from bot.addresses import direct
from bot.ports import Links
from bot.words.messages import (
    LinkError,
    LinkNotAllowed,
    LinkNotAPdf,
    LinkNotFound,
    LinkTooLarge,
    LinkUnreachable,
)
from pipeline.errors import DiskFull

log = structlog.get_logger()

EACH, AT_ONCE = 2, 32  # of one listener, in all
MOVES = 5  # redirects, and one page that names its PDF
DEADLINE_S, IDLE_S, CONNECT_S = 120.0, 20.0, 10.0
CHUNK = 64 * 1024
HEAD_BYTES, PAGE_BYTES = 1024, 256 * 1024
MEGABYTE = 1024 * 1024

# Accept-Encoding: what is packed saves a PDF little, and unpacks to more than it said.
HEADERS = {
    "User-Agent": "ListenDock",
    "Accept": "application/pdf, application/epub+zip, text/html;q=0.8, */*;q=0.5",
    "Accept-Encoding": "identity",
}
# Ports that speak something else than HTTP, which a request could be taken for.
CLOSED_PORTS = (
    21,
    22,
    23,
    25,
    53,
    110,
    143,
    445,
    465,
    587,
    993,
    995,
    2375,
    3306,
    5432,
    6379,
    11211,
)


@dataclass(frozen=True, slots=True)
class _Moved:
    """It lies elsewhere."""

    url: URL


class WebLinks:
    """`Links` over a session of `open_links`, a few at once for each listener; others wait for
    their turn."""

    def __init__(self, session: aiohttp.ClientSession, *, deadline_s: float) -> None:
        self._session = session
        self._deadline_s = deadline_s
        self._slots = Slots(each=EACH, in_all=AT_ONCE)

    async def fetch(self, address: str, into: Path, *, limit: int, listener: str) -> str:
        try:
            with _in_our_words():
                async with self._slots.of(listener), asyncio.timeout(self._deadline_s):
                    return await self._follow(address, into, limit)
        except LinkError as err:
            cause = type(err.__cause__ or err).__name__
            log.info("link not fetched", kind=err.kind, reason=cause)
            raise

    async def _follow(self, address: str, into: Path, limit: int) -> str:
        url = _checked(address)
        has_page = False
        for _ in range(MOVES + 1):
            async with self._session.get(url, allow_redirects=False) as answer:
                step = await _take(answer, into, limit, may_be_page=not has_page)
            if isinstance(step, str):
                return step
            has_page = has_page or answer.status == 200
            url = step.url
        raise LinkUnreachable


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Raises what a listener, or whoever runs this, can act on."""
    try:
        yield
    except aiohttp.ClientConnectorError as err:
        is_private = isinstance(err.os_error, Private)
        raise (LinkNotAllowed() if is_private else LinkUnreachable()) from err
    except (aiohttp.InvalidURL, UnicodeError) as err:  # a number or a name that is none
        raise LinkNotAllowed from err
    except (aiohttp.ClientError, TimeoutError, ConnectionError) as err:
        raise LinkUnreachable from err
    except OSError as err:
        if err.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from err
        raise


def _checked(address: str) -> URL:
    """Where to go for it. Raises `LinkNotAllowed` for what is not an open address of the web."""
    try:
        url = URL(direct(address))
        is_allowed = url.scheme in ("http", "https") and bool(url.host)
        has_user = url.user is not None or url.password is not None
        if is_allowed and not has_user and url.port not in CLOSED_PORTS:
            return url
    except ValueError:
        pass
    raise LinkNotAllowed


def target_of(url: URL, location: str) -> URL:
    """Where an answer from `url` sends us: never from https to http. Raises `LinkNotAllowed`."""
    try:
        target = url.join(URL(location))
        if (url.scheme, target.scheme) == ("https", "http"):
            target = target.with_scheme("https")
        return _checked(str(target))
    except ValueError:
        raise LinkNotAllowed from None


async def _take(
    answer: aiohttp.ClientResponse, into: Path, limit: int, *, may_be_page: bool
) -> str | _Moved:
    """The name of the file that was written, or where to go on."""
    if answer.status in (301, 302, 303, 307, 308) and "Location" in answer.headers:
        return _Moved(target_of(answer.url, answer.headers["Location"]))
    _check_answer(answer, limit)
    head = await _at_least(answer, HEAD_BYTES)
    if (ending := _ending_of(head)) is not None:
        await _save(answer, head, into, limit)
        return file_name(answer.headers.get("Content-Disposition", ""), answer.url, ending)
    if may_be_page and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        page = await _at_least(answer, PAGE_BYTES, head)
        if location := pdf_named_in(page[:PAGE_BYTES].decode("utf-8", "replace")):
            return _Moved(target_of(answer.url, location))
    raise LinkNotAPdf


def _check_answer(answer: aiohttp.ClientResponse, limit: int) -> None:
    """Raises what its first lines tell."""
    if 400 <= answer.status < 500 and answer.status not in (408, 425, 429):
        raise LinkNotFound
    if answer.status != 200:
        raise LinkUnreachable
    if (answer.content_length or 0) > limit:
        raise LinkTooLarge(limit=limit // MEGABYTE)


async def _at_least(answer: aiohttp.ClientResponse, size: int, begun: bytes = b"") -> bytes:
    """The first bytes, that many and what came along with them; fewer where it ends."""
    data = bytearray(begun)
    while len(data) < size and (chunk := await answer.content.read(CHUNK)):
        data += chunk
    return bytes(data)


async def _save(answer: aiohttp.ClientResponse, head: bytes, into: Path, limit: int) -> None:
    """All of it, or no file."""
    size, chunk = 0, head
    try:
        with await asyncio.to_thread(into.open, "wb") as file:
            while chunk:
                size += len(chunk)
                if size > limit:
                    raise LinkTooLarge(limit=limit // MEGABYTE)
                await asyncio.to_thread(file.write, chunk)
                chunk = await answer.content.read(CHUNK)
    except BaseException:
        into.unlink(missing_ok=True)
        raise


def _ending_of(head: bytes) -> str | None:
    """By what it begins with, as it is opened later: `.pdf`, `.epub`; None: neither."""
    if head.startswith(b"PK") and b"mimetypeapplication/epub+zip" in head[:128]:
        return ".epub"
    return ".pdf" if b"%PDF-" in head[:HEAD_BYTES] else None


@asynccontextmanager
async def open_links(
    *,
    allow: Callable[[Address], bool] = is_public,
    resolver: AbstractResolver | None = None,
    deadline_s: float = DEADLINE_S,
    idle_s: float = IDLE_S,
) -> AsyncIterator[Links]:
    """Fetches from addresses that are allowed, and from no others. Nothing is kept between two
    requests: no cookie, no connection, no answer of a name server."""
    connector = aiohttp.TCPConnector(
        limit=AT_ONCE,
        force_close=True,
        use_dns_cache=False,
        resolver=resolver or aiohttp.ThreadedResolver(),
        socket_factory=Gate(allow=allow),
    )
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers=HEADERS,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=idle_s),
        trust_env=False,
    ) as session:
        yield WebLinks(session, deadline_s=deadline_s)
