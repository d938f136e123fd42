"""Who may come in: every page that a browser has open can reach a server on this machine.

A foreign name for us (DNS rebinding) and requests that another site's page sends are turned away;
answers carry the headers that keep a browser from doing more than showing them.
"""

from __future__ import annotations

from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Door:
    """`hosts`: the only names that a request may call us by; None: any."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str] | None) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope)
        if refusal:
            await PlainTextResponse(refusal, status_code=403)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> str:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self._hosts is not None and host not in self._hosts:
            return "This page answers to its own address only."
        if scope["method"] in ("GET", "HEAD"):
            return ""
        return "" if _is_own(headers, host) else "Only the page itself may ask for that."


def _is_own(headers: Headers, host: str) -> bool:
    """A browser tells where a request comes from; what is no browser carries nobody's cookies."""
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin: Any = headers.get("origin")
    return origin is None or origin.split("://")[-1] == host
