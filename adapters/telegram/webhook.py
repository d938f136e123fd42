"""Telegram's updates as it posts them to us: each once, whatever breaks."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from telegram import Update
from telegram.ext import ExtBot

from adapters.telegram.receiving import KINDS
from adapters.telegram.updates import number_of
from bot.inlet import Inlet, NotTaken

log = structlog.get_logger()
PATH = "/telegram/webhook"
CREDENTIAL = "x-telegram-bot-api-secret-token"
MOST_BYTES = 1024 * 1024  # an update has some thousand


class Webhook:
    """An ASGI app that answers 200 when an update is taken in; until then Telegram repeats it. Who
    does not know the secret is refused before a byte of the body is read."""

    def __init__(self, bot: ExtBot[None], inlet: Inlet[Update], url: str) -> None:
        self._bot = bot
        self._inlet = inlet
        self._url = url
        self._secret = secret_of(bot.token)

    async def open(self) -> None:
        await self._bot.set_webhook(self._url, allowed_updates=KINDS, secret_token=self._secret)

    async def receive(self) -> None:
        """Telegram calls, and we wait."""
        await asyncio.Event().wait()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            status = await self._receive(request)
        except ClientDisconnect:
            return
        await Response(status_code=status)(scope, receive, send)

    async def _receive(self, request: Request) -> int:
        """The HTTP status to answer."""
        given = request.headers.get(CREDENTIAL, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            log.warning("webhook called without its secret")
            return 403
        if request.method != "POST":
            return 405
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                return 413
        return await self._take(_json(bytes(body)))

    async def _take(self, raw: object) -> int:
        number = number_of(raw)
        if number is None or not isinstance(raw, dict):
            log.warning("webhook called with no update")
            return 400
        try:
            await self._inlet.take(str(number), raw)
        except NotTaken:
            return 503  # Telegram tries again
        return 200


def _json(body: bytes) -> object:
    """None if it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def secret_of(token: str) -> str:
    """What Telegram has to show: the same in every life, and of no use to find the token."""
    return hmac.new(token.encode(), b"listendock webhook", hashlib.sha256).hexdigest()
