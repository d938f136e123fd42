"""What whoever may not come in gets: what this is and how to go on, and nothing else."""

from __future__ import annotations

import html

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from adapters.web.visitors import language_asked
from bot.words import Words, messages, words_in


async def closed(scope: Scope, receive: Receive, send: Send) -> None:
    """An ASGI app: the same for every address, and no byte of what is sent here is read."""
    words = words_in(language_asked(Headers(scope=scope)))
    headers = {"vary": "accept-language", "cache-control": "no-store"}
    response: Response
    if scope["path"] == "/":
        response = HTMLResponse(_page(words), 403, headers)
    else:
        response = PlainTextResponse(f"{words(messages.PAGE_CLOSED)}\n", 403, headers)
    await response(scope, receive, send)


def _page(words: Words) -> str:
    paragraphs = "\n".join(
        f"<p>{html.escape(words(sentence))}</p>"
        for sentence in (
            messages.PAGE_WHAT,
            messages.PAGE_CLOSED,
            messages.PAGE_USE_THE_BOT,
            messages.PAGE_OF_WHOEVER_RUNS_IT,
        )
    )
    return f"""<!doctype html>
<html lang="{words.language}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>ListenDock</title>
</head>
<body>
<h1>ListenDock</h1>
{paragraphs}
</body>
</html>
"""
