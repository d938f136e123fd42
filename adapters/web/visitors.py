"""Who is at the page: whoever runs the program, or somebody who has something here from the days
when each browser was a listener of its own, or nobody. Where only this machine reaches the page,
whoever sits at it is the first. Else a cookie tells, that no script can read; never the socket, for
behind a proxy everybody comes from this machine."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Protocol

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import Response

from adapters.web.access import OWNER
from adapters.web.lock import PageLock
from bot.domain import Conversation, Listener, Sender
from bot.ports import Inbox

PASS, FORMER = "owner", "listener"  # cookies
A_YEAR_S = 365 * 24 * 3600
_FORMER_TOKEN = re.compile(r"[\w-]{32}", re.ASCII)
_LANGUAGE = re.compile(r"^[a-z]{2}", re.ASCII)
# What a proxy adds: then the one who asks is not the one who is connected, and may be anybody.
PASSED_ON = ("forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """`may_bring`: documents, and words; others have what is theirs already."""

    sender: Sender
    may_bring: bool


class Visitors(Protocol):
    async def recognise(self, asked: HTTPConnection) -> Visitor | None:
        """None: nobody."""


class AtThisMachine:
    """Whoever sits here, unless the request was passed on by a proxy."""

    async def recognise(self, asked: HTTPConnection) -> Visitor | None:
        return None if _is_passed_on(asked.headers) else _visitor(OWNER, asked, may_bring=True)


class WithKey:
    def __init__(self, lock: PageLock, inbox: Inbox) -> None:
        self._lock = lock
        self._inbox = inbox

    async def recognise(self, asked: HTTPConnection) -> Visitor | None:
        if await self._lock.opens(asked.cookies.get(PASS, "")):
            return _visitor(OWNER, asked, may_bring=True)
        token = asked.cookies.get(FORMER, "")
        if not _FORMER_TOKEN.fullmatch(token):
            return None
        former = _visitor(_account(token), asked, may_bring=False)
        return former if await self._inbox.is_known(former.sender) else None


def _is_passed_on(headers: Headers) -> bool:
    return any(name in PASSED_ON or name.startswith("x-forwarded") for name in headers)


def _account(token: str) -> str:
    """The database knows the visitor, but cannot be used to become them."""
    return hashlib.sha256(token.encode()).hexdigest()[:24]


def language_asked(headers: Headers) -> str:
    """The first that the browser names."""
    asked = _LANGUAGE.match(headers.get("accept-language", "").strip().lower())
    return asked[0] if asked else "en"


def _visitor(account: str, asked: HTTPConnection, *, may_bring: bool) -> Visitor:
    language = language_asked(asked.headers)
    listener = Listener(platform="web", account=account, language=language)
    sender = Sender(listener=listener, conversation=Conversation(platform="web", channel=account))
    return Visitor(sender=sender, may_bring=may_bring)


def give_pass(response: Response, shown: str, *, is_https: bool) -> None:
    """Lax: a link to the page that stands elsewhere opens it; nothing else of it can be asked for
    from there."""
    response.set_cookie(
        PASS, shown, max_age=A_YEAR_S, httponly=True, samesite="lax", secure=is_https
    )
