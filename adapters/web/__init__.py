"""The local page: the chat of somebody who has no chat."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from adapters.web.access import OWNER, WebSettings
from adapters.web.lock import check_key
from bot.ports import ChatExtension, ChatPlatform, Provisions

__all__ = ["WEB"]


async def _check(settings: WebSettings) -> str:
    if key := settings.web_key.get_secret_value():
        check_key(key)
    if not settings.public_url:
        return (
            "opens to its key alone, for WEB_KEY is set"
            if key
            else "for whoever sits at this machine"
        )
    return "opens to its key alone, for PUBLIC_URL is set"


def _open(settings: WebSettings, given: Provisions) -> AbstractAsyncContextManager[ChatPlatform]:
    from adapters.web.opening import open_web

    return open_web(
        inbox=given.inbox,
        files=given.files,
        keys=given.keys,
        host=given.host,
        port=given.port,
        folder=given.folder,
        max_pdf_mb=given.max_pdf_mb,
        public_url=settings.public_url,
        proxies=settings.web_proxies.split(),
        web_key=settings.web_key.get_secret_value(),
        is_new_key=given.is_new_key,
        routes=given.routes,
        announce=given.announce,
        tell=given.tell,
    )


WEB = ChatExtension(
    name="web",
    label="the page",
    schema=WebSettings,
    check=_check,
    open=_open,
    is_remote=False,
    owner=OWNER,
    person="owner",
    loggers=("uvicorn", "python_multipart"),
)
