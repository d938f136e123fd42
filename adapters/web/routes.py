"""What the page asks for: itself, its events, uploads, taps, commands, sound."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from adapters.web.chat import WebChat
from adapters.web.ranges import span_of
from adapters.web.rendering import as_json, card_id, verbs
from bot.domain import Conversation, Listener, Sender
from bot.ports import FileStore, Inbox
from bot.views import Action, NoticeView, Verb

log = structlog.get_logger()
STATIC = Path(__file__).parent / "static"
COOKIE = "listener"
COOKIE_S = 400 * 24 * 3600  # the longest that browsers keep one
QUIET_S = 15.0  # a line now and then keeps proxies from closing a silent stream
MAX_BODY = 64 * 1024
NAME_LIMIT = 200


class Page:
    """`is_local`: whoever reaches us sits at this machine, and is one listener."""

    def __init__(
        self, *, inbox: Inbox, files: FileStore, chat: WebChat, folder: Path, is_local: bool
    ) -> None:
        self._inbox = inbox
        self._files = files
        self._chat = chat
        self._folder = folder
        self._is_local = is_local
        self.app = Starlette(
            routes=[
                Route("/", self.index),
                Mount("/static", StaticFiles(directory=STATIC)),
                Route("/api/events", self.events),
                Route("/api/documents", self.upload, methods=["POST"]),
                Route("/api/tap", self.tap, methods=["POST"]),
                Route("/api/say", self.say, methods=["POST"]),
                Route("/audio/{document:str}/{chapter:int}.mp3", self.audio),
            ]
        )

    # --- who asks -------------------------------------------------------------------------------

    def _sender(self, request: Request) -> Sender | None:
        account = "local" if self._is_local else request.cookies.get(COOKIE, "")
        if not account.replace("-", "").replace("_", "").isalnum():
            return None
        language = request.headers.get("accept-language", "en")[:2].lower()
        return Sender(
            listener=Listener(platform="web", account=account, language=language),
            conversation=Conversation(platform="web", channel=account),
        )

    async def index(self, request: Request) -> Response:
        response = FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})
        if not self._is_local and self._sender(request) is None:
            response.set_cookie(
                COOKIE,
                secrets.token_urlsafe(24),
                max_age=COOKIE_S,
                httponly=True,
                samesite="strict",
                secure=request.url.scheme == "https",
            )
        return response

    # --- events ---------------------------------------------------------------------------------

    async def events(self, request: Request) -> Response:
        """Everything on the shelf, then whatever changes."""
        sender = self._sender(request)
        if sender is None:
            return _unknown()
        return StreamingResponse(
            self._stream(sender),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def _stream(self, sender: Sender) -> AsyncIterator[str]:
        with self._chat.tab(sender.conversation.channel) as tab:
            yield _event(await self._shelf(sender))
            async for event in tab.events(QUIET_S):
                yield _event(event) if event is not None else ": still here\n\n"

    async def _shelf(self, sender: Sender) -> dict[str, Any]:
        cards = await self._inbox.on_open(sender)
        shelf = [{"id": card_id(card.document), "view": as_json(card)} for card in cards]
        return {"kind": "shelf", "cards": shelf, "verbs": verbs()}

    # --- uploads --------------------------------------------------------------------------------

    async def upload(self, request: Request) -> Response:
        """The body is the file; its name comes in a header, percent-encoded."""
        sender = self._sender(request)
        if sender is None:
            return _unknown()
        length = request.headers.get("content-length", "")
        refusal = self._refused(int(length) if length.isdecimal() else None)
        if refusal is not None:
            return await self._too_large(sender, refusal)
        name = unquote(request.headers.get("x-filename", ""))[:NAME_LIMIT]
        with TemporaryDirectory(dir=self._folder) as folder:
            path = Path(folder) / "document.pdf"
            try:
                refusal = await self._received(request, path)
            except ClientDisconnect:
                log.info("upload broken off")
                return Response(status_code=400)
            if refusal is not None:
                return await self._too_large(sender, refusal)
            await self._inbox.on_document(sender, path, name.strip() or "document.pdf")
        return Response(status_code=202)

    def _refused(self, size: int | None) -> NoticeView | None:
        return self._inbox.refusal(size=size, platform_limit=None)

    async def _received(self, request: Request, path: Path) -> NoticeView | None:
        """Write the body as it comes; stop as soon as it is too large."""
        size = 0
        with path.open("wb") as file:
            async for chunk in request.stream():
                size += len(chunk)
                refusal = self._refused(size)
                if refusal is not None:
                    return refusal
                await asyncio.to_thread(file.write, chunk)
        return None

    async def _too_large(self, sender: Sender, refusal: NoticeView) -> Response:
        await self._chat.show(sender.conversation, refusal)
        return JSONResponse({"text": refusal.text}, status_code=413)

    # --- taps and commands ----------------------------------------------------------------------

    async def tap(self, request: Request) -> Response:
        sender, body = self._sender(request), await _body(request)
        if sender is None or body is None:
            return _unknown()
        data = str(body.get("data", ""))
        await self._inbox.on_tap(sender, data, str(body.get("message", "")))
        action = Action.decoded(data)
        if action is not None and action.verb is Verb.DELETE:  # its card goes in every tab
            self._chat.push(sender.conversation, await self._shelf(sender))
        return Response(status_code=204)

    async def say(self, request: Request) -> Response:
        """`/progress`, or a plain text."""
        sender, body = self._sender(request), await _body(request)
        if sender is None or body is None:
            return _unknown()
        text = str(body.get("text", "")).strip()
        if text.startswith("/"):
            name, _, argument = text[1:].partition(" ")
            await self._inbox.on_command(sender, name, argument.strip())
        else:
            await self._inbox.on_command(sender, "", text)
        return Response(status_code=204)

    # --- sound ----------------------------------------------------------------------------------

    async def audio(self, request: Request) -> Response:
        sender = self._sender(request)
        document, chapter = request.path_params["document"], request.path_params["chapter"]
        track = await self._inbox.track_of(sender, document, chapter) if sender else None
        if track is None:
            return Response(status_code=404)
        span = span_of(request.headers.get("range"), track.size)
        headers = {
            "Accept-Ranges": "bytes",
            "Cache-Control": "private, no-cache",
            "ETag": f'"{track.narration.key}-{track.size}"',
        }
        if span is None:
            headers["Content-Range"] = f"bytes */{track.size}"
            return Response(status_code=416, headers=headers)
        start, end = span
        headers["Content-Length"] = str(end - start)
        if request.headers.get("range"):
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{track.size}"
        return StreamingResponse(
            self._files.chunks(track.key, start, end),
            status_code=206 if "Content-Range" in headers else 200,
            headers=headers,
            media_type="audio/mpeg",
        )


def _event(event: dict[str, Any]) -> str:
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n"


def _unknown() -> Response:
    return JSONResponse({"text": "Open the page first."}, status_code=400)


async def _body(request: Request) -> dict[str, Any] | None:
    """A small JSON object; None for anything else."""
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY:
            return None
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
