"""What nobody in particular gets: what this is and how to go on. And the one thing that anybody may
do: show the key."""

from __future__ import annotations

import html

import structlog
from pydantic import BaseModel, Field, ValidationError
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
)
from starlette.types import Receive, Scope, Send

from adapters.web.guesses import Guesses
from adapters.web.lock import PageLock, pass_of
from adapters.web.page import STATIC
from adapters.web.visitors import give_pass, language_asked
from bot.words import Words, messages, words_in

log = structlog.get_logger()
KEY, SCRIPT = "/key", "/static/key.js"
LARGEST_KEY = 4 * 1024
HEADERS = {"vary": "accept-language", "cache-control": "no-store"}


class Shown(BaseModel):
    key: str = Field(min_length=1, max_length=1000)


class Lobby:
    """An ASGI app. Without a lock there is no key that could be shown, and no byte of what is sent
    here is read."""

    def __init__(self, lock: PageLock | None, guesses: Guesses) -> None:
        self._lock = lock
        self._guesses = guesses

    def takes(self, path: str) -> bool:
        """Whether it is here, whoever asks, that something is sent to this path."""
        return path == KEY and self._lock is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        words = words_in(language_asked(Headers(scope=scope)))
        answer = await self._answer(request, words)
        await answer(scope, receive, send)

    async def _answer(self, request: Request, words: Words) -> Response:
        path = request.url.path
        if self._lock is not None and request.method == "POST" and path == KEY:
            return await self._on_key(request, self._lock, words)
        if self._lock is not None and path == SCRIPT:
            return FileResponse(STATIC / "key.js", headers={"cache-control": "no-cache"})
        if path == "/":
            return HTMLResponse(_page(words, has_lock=self._lock is not None), 403, HEADERS)
        return PlainTextResponse(f"{words(messages.PAGE_CLOSED)}\n", 403, HEADERS)

    async def _on_key(self, request: Request, lock: PageLock, words: Words) -> Response:
        address = request.client.host if request.client else ""
        if not self._guesses.take(address):
            log.warning("too many wrong keys")
            return _said(words(messages.PAGE_TOO_MANY_KEYS), 429)
        shown = pass_of(await _key_in(request))
        if not await lock.opens(shown):
            return _said(words(messages.PAGE_WRONG_KEY), 403)
        self._guesses.give_back(address)
        answer = Response(status_code=204, headers=HEADERS)
        give_pass(answer, shown, is_https=_is_https(request))
        return answer


async def _key_in(request: Request) -> str:
    """Empty where there is none, or none that could be right."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_KEY:
                return ""
        return Shown.model_validate_json(bytes(body)).key
    except (ValidationError, ClientDisconnect):
        return ""


def _is_https(request: Request) -> bool:
    """As the browser sees it, behind whatever proxy."""
    return request.url.scheme == "https" or request.headers.get("origin", "").startswith("https://")


def _said(text: str, status: int) -> Response:
    return JSONResponse({"text": text}, status, HEADERS)


def _page(words: Words, *, has_lock: bool) -> str:
    way_in = messages.PAGE_OF_WHOEVER_RUNS_IT if has_lock else messages.PAGE_BEHIND_A_PROXY
    paragraphs = "\n".join(
        f"<p>{html.escape(words(sentence))}</p>"
        for sentence in (
            messages.PAGE_WHAT,
            messages.PAGE_CLOSED,
            messages.PAGE_USE_THE_BOT,
            way_in,
        )
    )
    script = f'<script type="module" src="{SCRIPT}"></script>\n' if has_lock else ""
    return f"""<!doctype html>
<html lang="{words.language}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>ListenDock</title>
{script}</head>
<body>
<h1>ListenDock</h1>
{paragraphs}
{_form(words) if has_lock else ""}</body>
</html>
"""


def _form(words: Words) -> str:
    """The script sends it; without one nothing is sent."""
    return f"""<form id="key">
<label>{html.escape(words(messages.PAGE_KEY))}
<input type="password" name="key" required autocomplete="current-password"></label>
<button>{html.escape(words(messages.PAGE_OPEN))}</button>
<p id="answer" role="status"></p>
</form>
"""
