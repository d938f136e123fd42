"""What all OpenAI-compatible servers have in common: a client, patience, errors in our words.

What a server says of an error is read but neither raised nor logged: it may repeat the key or the
text that it was sent.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, TypeVar

import openai
import structlog

log = structlog.get_logger()
T = TypeVar("T")
OPENAI_URL = "https://api.openai.com/v1"
TIMEOUT_S, CONNECT_S = 60.0, 10.0
TRIES = 3
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
NOT_ALLOWED = (401, 402, 403, 404)  # 404: no such model, or no such address


class ServerRefused(Exception):
    """The server will not work for this key or model: nothing helps but whoever runs this."""


class ServerUnreachable(Exception):
    """The server failed, again and again. Later it may work."""


class AnswerTooLarge(ServerUnreachable):
    """More than such an answer can be, or packed, so that nobody knows how much it is. The same
    again would be no smaller."""

    def __init__(self) -> None:
        super().__init__("the answer is too large")


class NotLikeThis(Exception):
    """The server did not like the request. `complaint` is for deciding, not for showing."""

    def __init__(self, complaint: str) -> None:
        self.complaint = complaint
        super().__init__("the request was not accepted")


@asynccontextmanager
async def open_client(
    base_url: str, key: str, *, most_bytes: int
) -> AsyncIterator[openai.AsyncOpenAI]:
    """A client that goes to this address only: text is not sent on to where a server points. No
    answer, an error neither, brings more than `most_bytes` into memory."""

    async def check_size(response: Any) -> None:
        _bound(response, most_bytes)

    http = openai.DefaultAsyncHttpxClient(
        follow_redirects=False,
        verify=_trusted(),
        headers={"Accept-Encoding": "identity"},
        event_hooks={"response": [check_size]},
    )
    client = openai.AsyncOpenAI(
        api_key=key or "none",  # servers of one's own need no key, the client needs something
        base_url=base_url or OPENAI_URL,
        max_retries=0,  # ours are: the client's would also repeat what an empty account refused
        timeout=openai.Timeout(TIMEOUT_S, connect=CONNECT_S),
        http_client=http,
    )
    async with client:
        yield client


@cache
def _trusted() -> Any:
    """Whose certificates are believed, as the client's library has it: read once, not for each
    client anew."""
    kinds = openai.DefaultAsyncHttpxClient.__mro__
    library = next(kind.__module__ for kind in kinds if kind.__name__ == "AsyncClient")
    return importlib.import_module(library.partition(".")[0]).create_ssl_context()


def _bound(response: Any, most_bytes: int) -> None:
    """Raises `AnswerTooLarge`, at once or while it is read."""
    promised = response.headers.get("content-length", "")
    is_packed = response.headers.get("content-encoding", "identity") != "identity"
    if is_packed or (promised.isdecimal() and int(promised) > most_bytes):
        raise AnswerTooLarge
    response.stream = _bounded(response.stream, most_bytes)


def _bounded(stream: Any, most_bytes: int) -> Any:
    """Its library, which openai has changed before, wants a stream of a class of its own."""
    kind = next(base for base in type(stream).__mro__ if base.__name__ == "AsyncByteStream")

    class Bounded(kind):  # type: ignore[misc, valid-type]
        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for chunk in stream:
                size += len(chunk)
                if size > most_bytes:
                    raise AnswerTooLarge
                yield chunk

        async def aclose(self) -> None:
            await stream.aclose()

    return Bounded()


async def patiently(call: Callable[[], Awaitable[T]], *, first_pause_s: float = FIRST_PAUSE_S) -> T:
    """The call's answer, tried again where that may help, as late as the server asks for.

    Raises `ServerRefused`, `ServerUnreachable`, `NotLikeThis`.
    """
    pause_s = first_pause_s
    for attempt in range(1, TRIES + 1):
        try:
            return await call()
        except openai.APIError as err:
            fault = _fault(err)
            if type(fault) is not ServerUnreachable or attempt == TRIES:
                raise fault from None
            pause_s = max(pause_s, _asked_for_s(err))
            if pause_s > LONGEST_PAUSE_S:
                raise fault from None
            log.info("server asked again soon", reason=str(fault), pause_s=round(pause_s, 1))
        await asyncio.sleep(pause_s)
        pause_s *= 2
    raise AssertionError("the last try either answers or raises")


def _fault(err: openai.APIError) -> ServerRefused | ServerUnreachable | NotLikeThis:
    if isinstance(err.__cause__, AnswerTooLarge):  # as some versions of openai pass it on
        return err.__cause__
    status = getattr(err, "status_code", None)
    if err.code == "insufficient_quota":
        return ServerRefused("insufficient quota")
    if status in NOT_ALLOWED:
        return ServerRefused(f"status {status}")
    if status in (400, 413, 422):
        return NotLikeThis(f"{status} {err.code} {err.param} {err.message} {err.body}".lower())
    return ServerUnreachable(f"status {status}" if status else type(err).__name__)


def _asked_for_s(err: openai.APIError) -> float:
    """What `Retry-After` says, in seconds; 0 if it says nothing that is a number."""
    response = getattr(err, "response", None)
    if response is None:
        return 0.0
    for name, unit_s in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(response.headers[name]) * unit_s)
        except (KeyError, ValueError):
            continue
    return 0.0
