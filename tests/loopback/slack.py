"""A Slack on loopback: Web API, Socket Mode, events over HTTP, files. It refuses what Slack
refuses, breaks when asked, and records what a member would see."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import itertools
import json
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.loopback.slack_rules import (
    SCOPES,
    Refusal,
    check_arguments,
    check_home,
    check_message,
)
from tests.loopback.slack_windows import Windows
from tests.waiting import until, wait_for

BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-loopback-1", "xapp-loopback-1", "loopback-secret-1"
BOT, BOT_ID, TEAM = "U0BOT", "B0BOT", "T0TEAM"
ALL_SCOPES = frozenset(SCOPES.values()) | {
    "app_mentions:read", "commands", "groups:history", "im:history",
}  # fmt: skip


@dataclass(slots=True)
class Message:
    """As a member sees it. `only_for`: an ephemeral message's reader."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    thread: str = ""
    only_for: str = ""
    edits: int = 0

    @property
    def buttons(self) -> list[dict[str, Any]]:
        elements = [e for block in self.blocks for e in block.get("elements", ())]
        accessories = [block["accessory"] for block in self.blocks if "accessory" in block]
        return [e for e in [*accessories, *elements] if e.get("type") == "button"]

    def button(self, label: str) -> dict[str, Any] | None:
        """The first whose label begins so."""
        return next((b for b in self.buttons if b["text"]["text"].startswith(label)), None)

    @property
    def words(self) -> str:
        """All that can be read in it."""
        texts = [block["text"]["text"] for block in self.blocks if "text" in block]
        texts += [
            element["text"]
            for block in self.blocks
            if block["type"] == "context"
            for element in block["elements"]
        ]
        return "\n".join(texts) or self.text


@dataclass(slots=True)
class File:
    id: str
    name: str
    title: str
    user: str
    data: bytes = b""
    mimetype: str = "application/pdf"
    is_complete: bool = True
    is_deleted: bool = False
    is_external: bool = False
    shares: dict[str, list[str]] = field(default_factory=dict)
    scans_left: int = 0


@dataclass(slots=True)
class Fault:
    """What goes wrong at the next call of a method (or `POST upload`, `GET file`)."""

    method: str
    kind: str  # "drop before", "drop after", "500", "429", "held", or an error word of Slack's
    retry_after_s: int = 1


@dataclass(slots=True)
class Channel:
    id: str
    members: set[str]

    @property
    def is_direct(self) -> bool:
        return self.id.startswith("D")


Waiting = tuple[web.WebSocketResponse, asyncio.Future[dict[str, Any]]]


class LoopbackSlack:
    def __init__(self) -> None:
        self.url = ""
        self.events_url = ""  # where events go over HTTP; empty: Socket Mode
        self.scopes = set(ALL_SCOPES)
        self.teams = {BOT_TOKEN: TEAM}  # where a bot token is good
        self.tokens: list[str] = []  # of each of the calls to the Web API
        self.channels: dict[str, Channel] = {}
        self.messages: list[Message] = []
        self.files: dict[str, File] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.locales: dict[str, str] = {}  # of members; the others' is en-US
        self.windows = Windows(self.new_id)
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refusals: list[str] = []
        self.faults: list[Fault] = []
        self.acks: list[float] = []
        self.scans = 2  # how often files.info says "not shared yet"
        self.opened_sockets = 0
        self.refuse_sockets = 0
        self._sockets: list[web.WebSocketResponse] = []
        self._tickets: set[str] = set()
        self._unacknowledged: dict[str, Waiting] = {}
        self._response_urls: dict[str, Message] = {}
        self._ids = itertools.count(1)
        self._said_at = 0  # microseconds since the epoch
        self._delivering: set[asyncio.Task[Any]] = set()
        self._session: aiohttp.ClientSession | None = None

    # --- what tests arrange and look at -----------------------------------------------------------

    def channel(self, name: str, *members: str, has_bot: bool = True) -> str:
        self.channels[name] = Channel(name, {*members, *([BOT] if has_bot else [])})
        return name

    def direct(self, user: str) -> str:
        """The channel of a member's direct messages with the bot."""
        return self.channel(f"D0{user[1:]}", user)

    def new_ts(self) -> str:
        """The time, as Slack names messages."""
        self._said_at = max(self._said_at + 1, time.time_ns() // 1000)
        return f"{self._said_at // 10**6}.{self._said_at % 10**6:06d}"

    def new_id(self, kind: str) -> str:
        return f"{kind}0{next(self._ids):06d}"

    def seen_in(self, channel: str, reader: str = "") -> list[Message]:
        return [
            message
            for message in self.messages
            if message.channel == channel and message.only_for in ("", reader)
        ]

    def calls_of(self, method: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == method]

    def message_at(self, channel: str, ts: str) -> Message:
        for message in self.messages:
            if (message.channel, message.ts) == (channel, ts) and not message.only_for:
                return message
        raise Refusal("message_not_found")

    # --- events to the bot ------------------------------------------------------------------------

    def event(self, event: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "token": "verification-token",
            "team_id": TEAM,
            "api_app_id": "A0APP",
            "type": "event_callback",
            "event_id": self.new_id("Ev"),
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
            "event": dict(event),
        }

    def emit(self, event: Mapping[str, Any]) -> None:
        """An event of its own accord: nobody waits for it."""
        task = asyncio.ensure_future(self.deliver(self.event(event), "events_api"))
        self._delivering.add(task)
        task.add_done_callback(self._delivering.discard)

    async def deliver(self, payload: Mapping[str, Any], kind: str) -> dict[str, Any] | None:
        """Until acknowledged, at most four times; what the acknowledgement carried. Slack waits for
        three seconds, which a busy machine may need: `acks` has how long each took."""
        for attempt in range(4):
            began = time.monotonic()
            try:
                if self.events_url:
                    answer = await self._post_event(payload, kind, attempt)
                else:
                    answer = await self._send_event(payload, kind, attempt)
            except (TimeoutError, ConnectionError, aiohttp.ClientError):
                await asyncio.sleep(0.2)
                continue
            self.acks.append(time.monotonic() - began)
            return answer
        return None

    async def _send_event(
        self, payload: Mapping[str, Any], kind: str, attempt: int
    ) -> dict[str, Any]:
        socket = await until(lambda: next(reversed(self._sockets), None), "a socket")
        envelope = self.new_id("env")
        answered = asyncio.get_running_loop().create_future()
        self._unacknowledged[envelope] = (socket, answered)
        await socket.send_json(
            {
                "envelope_id": envelope,
                "type": kind,
                "payload": payload,
                "accepts_response_payload": kind != "events_api",
                "retry_attempt": attempt,
                "retry_reason": "timeout" if attempt else "",
            }
        )
        answer: dict[str, Any] = await wait_for(answered, "an acknowledgement")
        return answer

    async def _post_event(
        self, payload: Mapping[str, Any], kind: str, attempt: int
    ) -> dict[str, Any]:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if kind == "events_api":
            body, headers = json.dumps(payload), {"Content-Type": "application/json"}
        elif kind == "slash_commands":
            body = urlencode(payload)
        else:
            body = urlencode({"payload": json.dumps(payload)})
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}
        answer = await self.post_signed(body, headers)
        if answer.status != 200:
            raise ConnectionError(answer.status)
        return {}

    async def post_signed(
        self, body: str, headers: Mapping[str, str], *, secret: str = SIGNING_SECRET, age_s: int = 0
    ) -> aiohttp.ClientResponse:
        assert self._session is not None
        moment = str(int(time.time()) - age_s)
        digest = hmac.new(secret.encode(), f"v0:{moment}:{body}".encode(), hashlib.sha256)
        signed = {
            "X-Slack-Request-Timestamp": moment,
            "X-Slack-Signature": f"v0={digest.hexdigest()}",
            **headers,
        }
        answer = await self._session.post(
            self.events_url, data=io.BytesIO(body.encode()), headers=signed,
            timeout=aiohttp.ClientTimeout(total=None),
        )  # fmt: skip
        await answer.read()
        return answer

    async def cut_sockets(self) -> None:
        """As a network does: without a word."""
        for socket in self._sockets:
            if socket._req is not None and socket._req.transport is not None:
                socket._req.transport.abort()
        self._sockets.clear()

    async def refresh_sockets(self) -> None:
        """As Slack does every few hours."""
        for socket in list(self._sockets):
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
            self._sockets.remove(socket)

    def response_url(self, message: Message) -> str:
        address = f"{self.url}/respond/{self.new_id('R')}"
        self._response_urls[address] = message
        return address

    # --- the Web API ------------------------------------------------------------------------------

    async def on_call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments_of(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = token or str(arguments.get("token", ""))
        fault = self._fault(method)
        if fault and fault.kind == "drop before":
            return _dropped(request)
        if fault and fault.kind == "500":
            return web.Response(status=500, text="oops")
        if fault and fault.kind == "429":
            headers = {"Retry-After": str(fault.retry_after_s)}
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers=headers
            )
        answer = self._answer(method, token, arguments, fault)
        if fault and fault.kind == "drop after":
            return _dropped(request)
        return web.json_response(answer, headers={"x-oauth-scopes": ",".join(sorted(self.scopes))})

    def _answer(
        self, method: str, token: str, arguments: dict[str, Any], fault: Fault | None
    ) -> dict[str, Any]:
        self.calls.append((method, arguments))
        self.tokens.append(token)
        try:
            if fault and fault.kind != "drop after":
                raise Refusal(fault.kind)
            self._check_token(method, token)
            if SCOPES.get(method, "") not in {*self.scopes, ""}:
                return {"ok": False, "error": "missing_scope", "needed": SCOPES[method]}
            check_arguments(method, arguments)
            handler = getattr(self, "_on_" + re.sub(r"\W", "_", method).lower())
            return {"ok": True, **handler(arguments)}
        except Refusal as refusal:
            if not fault:
                self.refusals.append(f"{method}: {refusal}")
            return {"ok": False, "error": refusal.error}

    def _check_token(self, method: str, token: str) -> None:
        if method == "oauth.v2.access":  # the app's own secret instead
            return
        if token not in ([APP_TOKEN] if method == "apps.connections.open" else self.teams):
            raise Refusal("invalid_auth")

    def _fault(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.method == method:
                self.faults.remove(fault)
                return fault
        return None

    def _on_auth_test(self, _: dict[str, Any]) -> dict[str, Any]:
        return {
            "url": f"{self.url}/", "team": "Loopback", "user": "listendock",
            "team_id": self.teams[self.tokens[-1]],
            "user_id": BOT, "bot_id": BOT_ID,
        }  # fmt: skip

    def _on_oauth_v2_access(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """A code names the workspace that it was given in."""
        team = arguments["code"].removeprefix("code-")
        token = f"xoxb-of-{team}"
        self.teams[token] = team
        return {
            "access_token": token, "token_type": "bot", "bot_user_id": BOT, "app_id": "A0APP",
            "scope": ",".join(sorted(self.scopes)), "team": {"id": team, "name": team},
            "authed_user": {"id": "U0ADMIN"}, "is_enterprise_install": False,
        }  # fmt: skip

    def _on_apps_connections_open(self, _: dict[str, Any]) -> dict[str, Any]:
        ticket = self.new_id("ticket")
        self._tickets.add(ticket)
        return {"url": f"{self.url.replace('http', 'ws')}/socket?ticket={ticket}"}

    def _on_chat_postmessage(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = self._open_channel(arguments["channel"])
        check_message(arguments)
        message = self._said(channel, arguments)
        found = re.search(r"/files/\w+/(F\w+)/", message.text)
        file = self.files.get(found[1]) if found else None
        if file and not file.is_deleted:
            self._share(file, message)
        self.messages.append(message)
        self._echo(message)
        return {"channel": channel.id, "ts": message.ts, "message": {"ts": message.ts}}

    def _said(self, channel: Channel, arguments: dict[str, Any]) -> Message:
        thread = arguments.get("thread_ts") or ""
        if thread:
            self.message_at(channel.id, thread)
        return Message(
            channel=channel.id,
            ts=self.new_ts(),
            user=BOT,
            text=arguments.get("text") or "",
            blocks=arguments.get("blocks") or [],
            thread=thread,
        )

    def _on_chat_update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = self._open_channel(arguments["channel"])
        message = self.message_at(channel.id, arguments["ts"])
        if message.user != BOT:
            raise Refusal("cant_update_message")
        check_message(arguments, text_limit=4000)
        message.text, message.blocks = arguments.get("text") or "", arguments.get("blocks") or []
        message.edits += 1
        return {"channel": channel.id, "ts": message.ts}

    def _on_chat_delete(self, arguments: dict[str, Any]) -> dict[str, Any]:
        message = self.message_at(arguments["channel"], arguments["ts"])
        if message.user != BOT:
            raise Refusal("cant_delete_message")
        self.messages.remove(message)
        return {}

    def _on_chat_postephemeral(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = self._open_channel(arguments["channel"])
        if arguments["user"] not in channel.members:
            raise Refusal("user_not_in_channel")
        check_message(arguments)
        message = self._said(channel, arguments)
        message.only_for = arguments["user"]
        self.messages.append(message)
        return {"message_ts": message.ts}

    def _on_conversations_open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        users = arguments["users"]
        user = users if isinstance(users, str) else users[0]
        found = f"D0{user[1:]}"
        if found not in self.channels:
            self.direct(user)
        return {"channel": {"id": found}}

    def _on_conversations_replies(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = self._open_channel(arguments["channel"])
        thread = [
            message
            for message in self.messages
            if message.channel == channel.id
            and arguments["ts"] in (message.ts, message.thread)
            and message.ts >= arguments.get("oldest", "")
            and not message.only_for
        ]
        if not thread:
            raise Refusal("thread_not_found")
        found = [{**self.as_event(m), "blocks": _with_ids(m.blocks)} for m in thread][
            : int(arguments.get("limit", 100))
        ]
        return {"messages": found}

    def _on_conversations_history(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """What stands in no thread, the newest first."""
        channel = self._open_channel(arguments["channel"])
        found = [
            {**self.as_event(message), "blocks": _with_ids(message.blocks)}
            for message in self.seen_in(channel.id)
            if not message.thread and _is_after(message, arguments.get("oldest", ""))
        ]
        return {"messages": found[::-1][: int(arguments.get("limit", 100))]}

    def _on_files_info(self, arguments: dict[str, Any]) -> dict[str, Any]:
        file = self.files.get(arguments["file"])
        if file is None or not file.is_complete or not self._is_visible(file):
            raise Refusal("file_not_found")
        if file.is_deleted:
            raise Refusal("file_deleted")
        if file.scans_left:
            file.scans_left -= 1
            return {"file": {**self.as_file(file), "shares": {}}}
        return {"file": self.as_file(file)}

    def _on_files_getuploadurlexternal(self, arguments: dict[str, Any]) -> dict[str, Any]:
        name, length = arguments["filename"], int(arguments["length"])
        if length <= 0:
            raise Refusal("invalid_arguments", "length")
        file = File(
            id=self.new_id("F"), name=name, title=name, user=BOT, mimetype="audio/mpeg",
            is_complete=False,
        )  # fmt: skip
        self.files[file.id] = file
        return {"upload_url": f"{self.url}/upload/{file.id}?length={length}", "file_id": file.id}

    def _on_files_completeuploadexternal(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = self._open_channel(arguments["channel_id"])
        (wanted,) = arguments["files"]
        file = self.files.get(wanted["id"])
        if file is None or not file.data:
            raise Refusal("file_not_found")
        if file.is_complete:
            raise Refusal("file_already_completed", file.id)
        file.is_complete, file.title, file.scans_left = True, wanted["title"], self.scans
        message = self._said(channel, arguments)
        message.text = ""
        self._share(file, message)
        self.messages.append(message)
        self._echo(message)
        return {"files": [{"id": file.id, "title": file.title}]}

    def _on_users_info(self, arguments: dict[str, Any]) -> dict[str, Any]:
        user = {"id": arguments["user"], "team_id": TEAM, "name": "somebody"}
        if str(arguments.get("include_locale", "")).lower() in ("true", "1"):
            user["locale"] = self.locales.get(arguments["user"], "en-US")
        return {"user": user}

    def _on_views_open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return self.windows.on_open(arguments)

    def _on_views_push(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return self.windows.on_push(arguments)

    def _on_views_update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return self.windows.on_update(arguments)

    def _on_views_publish(self, arguments: dict[str, Any]) -> dict[str, Any]:
        check_home(arguments["view"])
        self.homes[arguments["user_id"]] = arguments["view"]
        return {"view": {"id": "V1"}}

    def _open_channel(self, name: str) -> Channel:
        channel = self.channels.get(name)
        if channel is None:
            raise Refusal("channel_not_found", name)
        if BOT not in channel.members:
            raise Refusal("not_in_channel", name)
        return channel

    def _share(self, file: File, message: Message) -> None:
        message.files.append(file.id)
        file.shares.setdefault(message.channel, []).append(message.ts)

    def _is_visible(self, file: File) -> bool:
        if file.user == BOT:
            return True
        return any(BOT in self.channels[name].members for name in file.shares)

    def _echo(self, message: Message) -> None:
        """Slack tells a bot what it said itself, too."""
        self.emit({**self.as_event(message), "bot_id": BOT_ID if not message.files else None})
        for file in message.files:
            self.emit(
                {"type": "file_shared", "file_id": file, "user_id": BOT,
                 "channel_id": message.channel, "file": {"id": file}}
            )  # fmt: skip

    # --- what an event or an answer says of things ------------------------------------------------

    def as_event(self, message: Message) -> dict[str, Any]:
        event: dict[str, Any] = {
            "type": "message",
            "channel": message.channel,
            "channel_type": "im" if message.channel.startswith("D") else "channel",
            "user": message.user,
            "text": message.text,
            "ts": message.ts,
        }
        if message.thread:
            event["thread_ts"] = message.thread
        if message.files:
            event |= {"subtype": "file_share", "upload": True}
            event["files"] = [self.as_file(self.files[file]) for file in message.files]
        return event

    def as_file(self, file: File) -> dict[str, Any]:
        private = "https://drive.example.com/x" if file.is_external else f"{self.url}/files-pri"
        return {
            "id": file.id,
            "name": file.name,
            "title": file.title,
            "mimetype": file.mimetype,
            "filetype": file.name.rpartition(".")[2],
            "size": len(file.data),
            "user": file.user,
            "mode": "external" if file.is_external else "hosted",
            "is_external": file.is_external,
            "url_private_download": f"{private}/{file.id}/download/{file.name}",
            "permalink": f"{self.url}/files/{file.user}/{file.id}/{file.name}",
            "shares": {
                "private" if self.channels[name].is_direct else "public": {
                    name: [{"ts": ts} for ts in shared]
                }
                for name, shared in file.shares.items()
            },
        }

    # --- files, sockets, response addresses -------------------------------------------------------

    async def on_upload(self, request: web.Request) -> web.StreamResponse:
        data = await request.read()
        fault = self._fault("POST upload")
        file = self.files[request.match_info["file"]]
        self.calls.append(("POST upload", {"file": file.id, "size": len(data)}))
        if fault and fault.kind == "drop before":
            return _dropped(request)
        if fault and fault.kind in ("500", "429"):
            return web.Response(status=int(fault.kind))
        if len(data) != int(request.query["length"]):
            self.refusals.append("upload of another length")
            return web.Response(status=400)
        file.data = data
        return _dropped(request) if fault else web.Response(text=f"OK - {len(data)}")

    async def on_download(self, request: web.Request) -> web.StreamResponse:
        file = self.files[request.match_info["file"]]
        self.calls.append(("GET file", {"file": file.id}))
        fault = self._fault("GET file")
        if fault and fault.kind in ("500", "429"):
            return web.Response(status=int(fault.kind))
        if fault and fault.kind.startswith("drop"):
            return _dropped(request)
        if fault and fault.kind == "held":
            await asyncio.Event().wait()  # as long as anybody waits for it
        is_ours = request.headers.get("Authorization") == f"Bearer {BOT_TOKEN}"
        if not is_ours or not self._is_visible(file) or "files:read" not in self.scopes:
            raise web.HTTPFound(f"{self.url}/login?redir={request.path}")
        return web.Response(body=file.data, content_type=file.mimetype)

    async def on_login(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text="<!DOCTYPE html><html>Sign in", content_type="text/html")

    async def on_socket(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if self.refuse_sockets:
            self.refuse_sockets -= 1
            self._tickets.discard(ticket)
            return web.Response(status=503)
        if ticket not in self._tickets:
            return web.Response(status=408)
        self._tickets.discard(ticket)  # it opens one socket
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._sockets.append(socket)
        self.opened_sockets += 1
        async for message in socket:
            answer = json.loads(message.data)
            _, waiting = self._unacknowledged.pop(answer.get("envelope_id", ""), (None, None))
            if waiting is not None and not waiting.done():
                waiting.set_result(answer.get("payload") or {})
        if socket in self._sockets:
            self._sockets.remove(socket)
        self._redeliver(socket)
        return socket

    def _redeliver(self, socket: web.WebSocketResponse) -> None:
        """What went into a socket that is no more, and was not acknowledged."""
        for envelope, (taken_by, waiting) in list(self._unacknowledged.items()):
            if taken_by is socket:
                del self._unacknowledged[envelope]
                if not waiting.done():
                    waiting.set_exception(ConnectionError("the socket is gone"))

    async def on_respond(self, request: web.Request) -> web.StreamResponse:
        """The address that came with a tap: replaces what only one member sees."""
        message = self._response_urls.get(f"{self.url}{request.path}")
        body = await request.json()
        self.calls.append(("respond", body))
        if message is None or message not in self.messages:
            return web.Response(status=404, text="expired_url")
        try:
            check_message(body)
        except Refusal as refusal:
            self.refusals.append(f"respond: {refusal}")
            return web.Response(status=400, text=refusal.error)
        message.text, message.blocks = body["text"], body.get("blocks", [])
        message.edits += 1
        return web.Response(text="ok")

    @asynccontextmanager
    async def served(self) -> AsyncIterator[LoopbackSlack]:
        app = web.Application(client_max_size=100 * 1024 * 1024)
        app.router.add_post("/api/{method}", self.on_call)
        app.router.add_get("/api/{method}", self.on_call)
        app.router.add_post("/upload/{file}", self.on_upload)
        app.router.add_get("/files-pri/{file}/download/{name}", self.on_download)
        app.router.add_get("/login", self.on_login)
        app.router.add_get("/socket", self.on_socket)
        app.router.add_post("/respond/{id}", self.on_respond)
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        async with aiohttp.ClientSession() as self._session:
            try:
                yield self
            finally:
                for task in self._delivering:
                    task.cancel()
                await asyncio.gather(*self._delivering, return_exceptions=True)
                await runner.cleanup()


def _is_after(message: Message, ts: str) -> bool:
    return float(message.ts) > float(ts or 0)


def _with_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Slack gives every block an id."""
    return [{"block_id": f"b{number}", **block} for number, block in enumerate(blocks)]


async def _arguments_of(request: web.Request) -> dict[str, Any]:
    arguments: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        arguments |= await request.json()
    elif request.can_read_body:
        arguments |= dict(await request.post())
    for name in ("blocks", "files", "view"):
        if isinstance(arguments.get(name), str):
            arguments[name] = json.loads(arguments[name])
    return {name: value for name, value in arguments.items() if value is not None}


def _dropped(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
