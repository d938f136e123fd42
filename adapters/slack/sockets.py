"""Socket Mode: events through a socket that we open, so no public address is needed."""

from __future__ import annotations

import asyncio
import contextlib
import time

import aiohttp
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack.log import QUIET

PING_S = 4.0  # a socket that was cut silently is noticed after about two of these
CLOSING_S = 2.0


class FreshSockets(SocketModeClient):
    """Slack's library with two of its habits broken: it tries an address again and again that
    opens one socket only, and it closes a socket while it still reads from it, so that each waits
    for the other until a timeout."""

    async def connect(self) -> None:
        self._stop_reading()
        connecting = asyncio.ensure_future(super().connect())  # type: ignore[no-untyped-call]
        try:
            while not connecting.done():
                await asyncio.wait({connecting}, timeout=self.ping_interval / 4)
                self.wss_uri = None
        finally:
            connecting.cancel()

    async def close(self) -> None:
        self.closed = True
        self._stop_reading()
        with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
            async with asyncio.timeout(CLOSING_S):
                await super().close()  # type: ignore[no-untyped-call]

    def _stop_reading(self) -> None:
        reader = self.message_receiver
        if reader is not None and reader is not asyncio.current_task():
            reader.cancel()


async def through_socket(app: AsyncApp, app_token: str) -> None:
    """Until cancelled. Slack's library reconnects when the socket is cut or Slack asks for it."""
    client = FreshSockets(app_token, logger=QUIET, web_client=app.client, ping_interval=PING_S)

    async def on_envelope(_: AsyncBaseSocketModeClient, envelope: SocketModeRequest) -> None:
        answer = await run_async_bolt_app(app, envelope)
        await send_async_response(client, envelope, answer, time.time())

    client.socket_mode_request_listeners.append(on_envelope)
    try:
        await client.connect()
        await asyncio.Event().wait()
    finally:
        await client.close()
