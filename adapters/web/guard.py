"""What stands before the page. A server on this machine can be reached by every web page that its
user has open, so: only known hosts (DNS rebinding), only our own page may ask for more than the
page itself, and nothing but our own files may run in it."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.lobby import Lobby
from adapters.web.visitors import Visitors
from bot.ports import LibraryAway

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
SAFE = ("GET", "HEAD")
OPEN_TO_ALL = "/"  # a link to the page may stand anywhere


PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """`host`: with its port, unless that is the scheme's own."""

    scheme: str = ""
    host: str = ""


NOWHERE = Origin()


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Which names the page answers to."""

    names: frozenset[str]
    is_local: bool  # then only loopback addresses count, else every address: none can be rebound
    public: Origin = NOWHERE  # that a proxy is reached by

    def knows(self, host: str) -> bool:
        """A `Host` header. A name that we do not know may be a foreign one that points here."""
        if host and host == self.public.host:
            return True
        name = _name(host)
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return name in self.names
        return address.is_loopback or not self.is_local

    def is_own(self, origin: str, *, scheme: str, host: str) -> bool:
        """Whether an `Origin` header names the page itself: as it was asked for, or as others
        reach it, whatever stands between."""
        named = origin_of(origin)
        if named == NOWHERE:
            return False
        if self.public.host in (named.host, host):
            return named == self.public
        return named == Origin(scheme=scheme, host=host)


def origin_of(address: str) -> Origin:
    """As browsers write it: without the port that goes without saying."""
    try:
        parts = urlsplit(address.lower())
        port = parts.port
    except ValueError:
        return NOWHERE
    if not parts.hostname:
        return NOWHERE
    is_usual = port is None or PORTS.get(parts.scheme) == port
    host = parts.netloc.rpartition("@")[2]
    return Origin(scheme=parts.scheme, host=host.rpartition(":")[0] if port and is_usual else host)


def doors_of(host: str, *, is_loopback: bool, public_url: str = "") -> Doors:
    own = {host.lower(), "localhost"}
    if not is_loopback:
        machine = socket.gethostname().lower()
        own |= {machine, f"{machine}.local"}
    return Doors(
        names=frozenset(own),
        is_local=is_loopback,
        public=origin_of(public_url),
    )


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


class Guard:
    """An ASGI app in front of another, which finds its `visitor` in the scope. Whoever is nobody
    gets the lobby instead, at every path. `routes` are let through: each knows its caller itself.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        visitors: Visitors,
        lobby: Lobby,
        doors: Doors,
        routes: Mapping[str, ASGIApp],
    ) -> None:
        self._app = app
        self._visitors = visitors
        self._lobby = lobby
        self._doors = doors
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        app = await self._behind(scope)
        await app(scope, receive, send_guarded)

    async def _behind(self, scope: Scope) -> ASGIApp:
        """What answers this request."""
        route = self._routes.get(scope["path"])
        if route is not None:
            return route
        is_for_lobby, asked = self._lobby.takes(scope["path"]), HTTPConnection(scope)
        try:
            visitor = None if is_for_lobby else await self._visitors.recognise(asked)
        except LibraryAway:
            return Response(status_code=503, headers={"retry-after": "5"})
        if visitor is None and not is_for_lobby:
            return self._lobby
        refusal = self._refusal(scope)
        if refusal is not None:
            return PlainTextResponse(refusal, 403)
        scope["visitor"] = visitor
        return self._lobby if is_for_lobby else self._app

    def _refusal(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        if not self._doors.knows(host):
            return "This address is not known here: the page opens on its own machine only.\n"
        if not self._is_from_here(scope, headers, host):
            return "Only the page itself may ask for this.\n"
        return None

    def _is_from_here(self, scope: Scope, headers: Headers, host: str) -> bool:
        site, origin = headers.get("sec-fetch-site", ""), headers.get("origin", "")
        if scope["method"] in SAFE:
            return scope["path"] == OPEN_TO_ALL or site in ("", "none", "same-origin")
        is_same_site = site in ("", "same-origin")
        is_same_origin = not origin or self._doors.is_own(origin, scheme=scope["scheme"], host=host)
        return is_same_site and is_same_origin and bool(site or origin)
