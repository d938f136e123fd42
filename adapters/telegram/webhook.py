"""Telegram's updates as it posts them to us: each once, whatever breaks."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from telegram import Update
from telegram.ext import ExtBot

from adapters.telegram.receiving import KINDS, key_of
from adapters.telegram.updates import Reader, number_of
from bot.journal import Journal

log = structlog.get_logger()
PATH = "/telegram/webhook"
CREDENTIAL = "x-telegram-bot-api-secret-token"
MOST_BYTES = 1024 * 1024  # an update has some thousand


class Webhook:
    """An ASGI app that answers 200 when an update is in the journal; until then Telegram repeats
    it. Who does not know the secret is refused before a byte of the body is read."""

    def __init__(self, bot: ExtBot[None], journal: Journal, reader: Reader, url: str) -> None:
        self._bot = bot
        self._journal = journal
        self._reader = reader
        self._url = url
        self._secret = secret_of(bot.token)
        self._fresh: asyncio.Queue[Update] = asyncio.Queue()

    async def open(self) -> None:
        await self._bot.set_webhook(self._url, allowed_updates=KINDS, secret_token=self._secret)

    async def updates(self) -> AsyncIterator[Update]:
        while True:
            update = await self._fresh.get()
            if not self._journal.is_handled(key_of(update)):  # else it came with what was left
                yield update

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
        return self._keep(bytes(body))

    def _keep(self, body: bytes) -> int:
        """An update that cannot be read is done with as well: repeated, it would hold up others."""
        raw = _json(body)
        number = number_of(raw)
        if number is None or not isinstance(raw, dict):
            log.warning("webhook called with no update")
            return 400
        update = self._reader.read(raw)
        try:
            is_fresh = update is not None and self._journal.write(str(number), raw)
        except OSError as err:
            log.error("update not kept on disk", errno=err.errno)
            return 503  # Telegram tries again
        if update is not None and is_fresh:
            self._fresh.put_nowait(update)
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
