"""Slack with slack-bolt: Socket Mode where an app token is set, else events over HTTP.

Every request is written down, acknowledged, and only then handled: Slack wants its answer within
three seconds and forgets what was acknowledged."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.access import SCOPES, SlackAccess
from adapters.slack.chat import SlackChat
from adapters.slack.errors import Closed, SlackRefused, in_our_errors
from adapters.slack.events import open_events
from adapters.slack.installs import Workspaces, open_workspaces
from adapters.slack.intake import FOLDER_PREFIX, Intake
from adapters.slack.log import QUIET
from adapters.slack.payloads import Payload, key_of, read
from adapters.slack.shipments import Shipments
from adapters.slack.sockets import through_socket
from adapters.slack.workspaces import Caller
from bot.inlet import Inlet, NotTaken, open_inlet
from bot.ports import ChatError, Inbox
from pipeline.errors import ConfigurationError

T = TypeVar("T")
HTTP_TIMEOUT_S = 30.0


async def slack_name(access: SlackAccess) -> str:
    """Which workspace the token belongs to. Raises `ConfigurationError` saying what is missing,
    without repeating a token. An app that any workspace may install belongs to none."""
    if access.has_many:
        return "whoever installs it"
    async with _session() as session:
        caller = Caller(api_url=access.base_url, session=session)
        workspace = await _ask("SLACK_BOT_TOKEN", caller.workspace(access.bot_token))
        if access.app_token:
            opening = caller.client(None).apps_connections_open(app_token=access.app_token)
            await _ask("SLACK_APP_TOKEN (with connections:write)", in_our_errors(opening))
    missing = SCOPES - workspace.scopes
    if workspace.scopes and missing:
        raise ConfigurationError(
            problem=f"The app lacks scopes: {', '.join(sorted(missing))}. Update its manifest "
            "(`listendock slack-manifest`) and install it again."
        )
    return workspace.name


async def _ask(token: str, question: Awaitable[T]) -> T:
    try:
        return await question
    except (Closed, SlackRefused):
        raise ConfigurationError(
            problem=f"Slack does not accept {token}. Copy it from your app's settings."
        ) from None
    except ChatError as err:
        raise ConfigurationError(problem=f"Slack cannot be reached ({err}).") from None


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=HTTP_TIMEOUT_S))


@asynccontextmanager
async def open_slack(
    access: SlackAccess, *, inbox: Inbox, folder: Path
) -> AsyncIterator[SlackChat]:
    """The chat, receiving. If Slack cannot be reached now, it is tried until it can.

    `folder`: where files lie while they come in, and the journal of requests.
    """
    await asyncio.to_thread(_sweep, folder)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(_session())
        caller = Caller(api_url=access.base_url, session=session)
        workspaces = await stack.enter_async_context(open_workspaces(access, caller))
        shipments = await asyncio.to_thread(Shipments, folder / "slack" / "shipments")
        chat = SlackChat(workspaces.of, inbox.commands, shipments)
        intake = Intake(
            inbox=inbox, chat=chat, workspaces=workspaces, folder=folder,
            has_many_workspaces=access.has_many,
        )  # fmt: skip
        inlet = await stack.enter_async_context(
            open_inlet(folder / "slack", read=read, handle=intake.on_request)
        )
        app = _app(access, workspaces, caller, inlet)
        if access.has_many or not access.app_token:
            await stack.enter_async_context(open_events(app, access))
        receiving = asyncio.create_task(_receive(access, app, workspaces))
        try:
            yield chat
        finally:
            receiving.cancel()
            await asyncio.gather(receiving, return_exceptions=True)


def _sweep(folder: Path) -> None:
    """Files that an earlier life was downloading: their messages come again."""
    for left in folder.glob(f"{FOLDER_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)


class Unasked(AsyncAuthorize):
    """Bolt would ask Slack or a database before it lets a request in. The door needs no token."""

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **_: Any,
    ) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


class Door:
    """Bolt's last middleware: requests go into the inlet."""

    def __init__(self, inlet: Inlet[Payload]) -> None:
        self._inlet = inlet

    async def take_in(self, req: AsyncBoltRequest) -> BoltResponse:
        """The answer acknowledges; without one, Slack delivers again."""
        body = {name: value for name, value in req.body.items() if name != "token"}
        try:
            await self._inlet.take(key_of(body), body)
        except NotTaken:
            return BoltResponse(status=503)
        return BoltResponse(status=200, body="")


def _app(
    access: SlackAccess, workspaces: Workspaces, caller: Caller, inlet: Inlet[Payload]
) -> AsyncApp:
    """Bolt checks signatures, speaks both ways of delivery and lets workspaces install the app;
    what came goes through the door."""
    app = AsyncApp(
        name="listendock",
        logger=QUIET,
        client=caller.client(None),
        signing_secret=access.signing_secret,
        authorize=Unasked(),  # type: ignore[no-untyped-call]
        oauth_flow=workspaces.flow,
        ignoring_self_events_enabled=False,  # the intake knows better
    )
    app.use(Door(inlet).take_in)
    return app


async def _receive(access: SlackAccess, app: AsyncApp, workspaces: Workspaces) -> None:
    """Connect and receive until cancelled. What came before we knew who we are waits for that."""
    await workspaces.connect()
    if access.app_token:
        await through_socket(app, access.app_token)
