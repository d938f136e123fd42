"""Slack's events over HTTP: one address, served apart from the page so that nothing else of this
program is open to the internet."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import structlog
from slack_bolt.adapter.starlette.async_handler import (
    AsyncSlackRequestHandler,
    to_async_bolt_request,
    to_starlette_response,
)
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from adapters.serving import serving
from adapters.slack.access import SlackAccess
from pipeline.errors import ConfigurationError

log = structlog.get_logger()
PATH = "/slack/events"
INSTALL_PATHS = ("/slack/install", "/slack/oauth_redirect")
# A body is read before its signature can be checked, so not more of it than needed, nor longer.
BODY_LIMIT, BODY_S = 2 * 1024 * 1024, 10.0


async def _body_of(request: Request) -> bytes | None:
    """None: it is larger than anything that Slack sends."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)


def events_app(app: AsyncApp, *, has_events: bool) -> Starlette:
    """ASGI. Signatures and their age are checked by bolt, so there are no events without a signing
    secret."""

    async def on_post(request: Request) -> Response:
        try:
            async with asyncio.timeout(BODY_S):
                body = await _body_of(request)
        except (TimeoutError, ClientDisconnect):
            return PlainTextResponse("too slow", status_code=408)
        if body is None:
            return PlainTextResponse("too large", status_code=413)
        try:
            bolt_request = to_async_bolt_request(request, body)
        except ValueError:  # no UTF-8, no JSON
            return PlainTextResponse("not understood", status_code=400)
        return to_starlette_response(await app.async_dispatch(bolt_request))

    routes = [Route(PATH, on_post, methods=["POST"])] if has_events else []
    if app.oauth_flow is not None:
        install = AsyncSlackRequestHandler(app).handle
        routes += [Route(path, install, methods=["GET"]) for path in INSTALL_PATHS]
    return Starlette(routes=routes)


@asynccontextmanager
async def open_events(app: AsyncApp, access: SlackAccess) -> AsyncIterator[None]:
    """Serve while the block runs. Raises `ConfigurationError` if the port is taken."""
    try:
        listening = socket.create_server((access.host, access.port))
    except OSError as err:
        where = f"port {access.port} on {access.host}"
        problem = f"Slack's events need {where}: {err.strerror}. See SLACK_PORT."
        raise ConfigurationError(problem=problem) from None
    served = events_app(app, has_events=bool(access.signing_secret))
    log.info("slack events", path=PATH, host=access.host, port=listening.getsockname()[1])
    with closing(listening):
        async with serving(served, listening):
            yield
