"""A Bot API server on loopback. It refuses what Telegram refuses, breaks when asked, and keeps
records of every call."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.loopback.telegram_api import BotApi
from tests.loopback.telegram_chats import StoredFile
from tests.loopback.telegram_html import Refusal
from tests.waiting import until

TOKEN = "123456789:AAloopback-token_that-nobody-may-see"


class Fault(StrEnum):
    DROP_BEFORE = "the connection breaks before anything happened"
    DROP_AFTER = "it happened, but the connection breaks before the answer"
    SERVER_ERROR = "502, with a page of HTML"
    NONSENSE = "200, and something that is no JSON"
    HELD = "the answer does not come until it is let go"
    CUT_SHORT = "of a file, half comes"


@dataclass(slots=True)
class Call:
    """`refusal`: the error text, if it was refused. `uploaded`: bytes of its files."""

    method: str
    params: dict[str, str]
    at: float
    uploaded: int = 0
    refusal: str = ""
    code: int = 200


class Dropped(Response):
    """Headers of an answer that never comes: the server then closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"9999")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


@dataclass(slots=True)
class _Planned:
    method: str
    fault: Fault
    times: int


@dataclass(slots=True)
class LoopbackTelegram(BotApi):
    url: str = ""
    token: str = TOKEN  # the one that is accepted
    calls: list[Call] = field(default_factory=list)
    _faults: list[_Planned] = field(default_factory=list)
    _may_go: asyncio.Event = field(default_factory=asyncio.Event)

    # --- what tests ask for -----------------------------------------------------------------------

    def breaks(self, method: str, fault: Fault, *, times: int = 1) -> None:
        """The next calls of a method (`file`: downloads) go wrong."""
        self._faults.append(_Planned(method, fault, times))

    def let_go(self) -> None:
        """Of what is held, now and later."""
        self._may_go.set()

    def calls_of(self, *methods: str) -> list[Call]:
        return [call for call in self.calls if call.method in methods]

    @property
    def refused(self) -> list[Call]:
        return [call for call in self.calls if call.refusal]

    @property
    def counts(self) -> Counter[str]:
        return Counter(call.method for call in self.calls)

    @property
    def uploads(self) -> list[StoredFile]:
        """Files that the bot sent as bytes."""
        return [file for file in self.files.values() if file.is_uploaded]

    # --- the server -------------------------------------------------------------------------------

    async def on_call(self, request: Request) -> Response:
        method = request.path_params["method"]
        params, files = await _parsed(request)
        call = Call(method, params, time.monotonic(), sum(len(data) for _, data in files.values()))
        self.calls.append(call)
        try:
            if request.path_params["token"] != self.token:
                raise Refusal(401, "Unauthorized")
            return await self._answered(call, files)
        except Refusal as err:
            call.refusal, call.code = err.text, err.code
            body: dict[str, Any] = {"ok": False, "error_code": err.code, "description": err.text}
            if err.parameters:
                body["parameters"] = err.parameters
            return JSONResponse(body, err.code)
        finally:
            self.tell()

    async def _answered(self, call: Call, files: dict[str, tuple[str, bytes]]) -> Response:
        fault = await self._fault(call.method)
        if fault is Fault.DROP_BEFORE or self.is_down:
            call.code = 0
            return Dropped()
        if fault is Fault.SERVER_ERROR:
            call.code = 502
            return Response("<html>Bad Gateway</html>", 502)
        if fault is Fault.NONSENSE:
            return Response("<html>Log in to this network</html>", 200)
        result = await self.call(call.method, call.params, files)
        if fault is Fault.DROP_AFTER:
            call.code = 0
            return Dropped()
        return JSONResponse({"ok": True, "result": result})

    async def _fault(self, method: str) -> Fault | None:
        planned = next((p for p in self._faults if p.method == method), None)
        if planned is None:
            return None
        planned.times -= 1
        if planned.times <= 0:
            self._faults.remove(planned)
        if planned.fault is Fault.HELD:
            await self._may_go.wait()
        return planned.fault

    async def on_download(self, request: Request) -> Response:
        path = request.path_params["path"]
        self.calls.append(Call("file", {"path": path}, time.monotonic()))
        fault = await self._fault("file")
        if fault is Fault.DROP_BEFORE or self.is_down:
            return Dropped()
        if fault is Fault.SERVER_ERROR:
            return Response("<html>Bad Gateway</html>", 502)
        file = next((f for f in self.files.values() if f.path == path), None)
        if file is None or request.path_params["token"] != self.token:
            return JSONResponse({"ok": False, "error_code": 404, "description": "Not Found"}, 404)
        half = file.data[: len(file.data) // 2]
        return Response(half if fault is Fault.CUT_SHORT else file.data)


async def _parsed(request: Request) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    params: dict[str, str] = dict(request.query_params)
    files: dict[str, tuple[str, bytes]] = {}
    async with request.form() as form:
        for name, value in form.items():
            if isinstance(value, UploadFile):
                files[name] = (value.filename or "", await value.read())
            else:
                params[name] = value
    return params, files


@asynccontextmanager
async def opened_telegram() -> AsyncIterator[LoopbackTelegram]:
    """The server, on a free port."""
    telegram = LoopbackTelegram()
    app = Starlette(
        routes=[
            Route("/file/bot{token}/{path:path}", telegram.on_download),
            Route("/bot{token}/{method}", telegram.on_call, methods=["GET", "POST"]),
        ]
    )
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="critical", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    server.capture_signals = nullcontext  # type: ignore[method-assign] - pytest keeps its own
    serving = asyncio.create_task(server.serve())
    posting = asyncio.create_task(telegram.deliver_by_webhook())
    await until(lambda: server.started, "a server")
    port = server.servers[0].sockets[0].getsockname()[1]
    telegram.url = f"http://127.0.0.1:{port}"
    try:
        yield telegram
    finally:
        telegram.is_down = True
        telegram.let_go()
        telegram.tell()
        posting.cancel()
        await asyncio.gather(posting, return_exceptions=True)
        server.should_exit = True
        await serving
