"""Who is at the page. On this machine everybody is one listener; over a network each browser is its
own, known by a cookie that no script can read and no foreign page can send."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from bot.domain import Conversation, Listener, Sender

COOKIE = "listener"
A_YEAR_S = 365 * 24 * 3600
_TOKEN = re.compile(r"^[\w-]{32}$", re.ASCII)
_LANGUAGE = re.compile(r"^[a-z]{2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitors:
    are_one: bool

    def sender(self, request: Request) -> Sender | None:
        """None for a browser that has no cookie yet."""
        if self.are_one:
            return _sender("local", request)
        token = request.cookies.get(COOKIE, "")
        return _sender(_account(token), request) if _TOKEN.match(token) else None

    def welcomed(self, request: Request) -> tuple[Sender, str]:
        """The sender, and the token of a new cookie if it has to be given one."""
        known = self.sender(request)
        if known is not None:
            return known, ""
        token = secrets.token_urlsafe(24)
        return _sender(_account(token), request), token


def _account(token: str) -> str:
    """The database knows the visitor, but cannot be used to become them."""
    return hashlib.sha256(token.encode()).hexdigest()[:24]


def language_asked(headers: Headers) -> str:
    """The first that the browser names."""
    asked = _LANGUAGE.match(headers.get("accept-language", "").strip().lower())
    return asked[0] if asked else "en"


def _sender(account: str, request: Request) -> Sender:
    language = language_asked(request.headers)
    listener = Listener(platform="web", account=account, language=language)
    return Sender(listener=listener, conversation=Conversation(platform="web", channel=account))


def give_cookie(response: Response, token: str, *, is_https: bool) -> None:
    response.set_cookie(
        COOKIE, token, max_age=A_YEAR_S, httponly=True, samesite="strict", secure=is_https
    )
