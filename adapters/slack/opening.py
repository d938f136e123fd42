"""Slack with slack-bolt: Socket Mode where an app token is set, else events over HTTP.

Every request is written down, acknowledged, and only then handled: Slack wants its answer within
three seconds and forgets what was acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.access import SCOPES, SlackAccess
from adapters.slack.chat import SlackChat
from adapters.slack.claims import Claims
from adapters.slack.errors import Closed, SlackRefused, in_our_errors
from adapters.slack.events import open_events
from adapters.slack.installs import Workspaces, open_workspaces
from adapters.slack.intake import Intake
from adapters.slack.log import QUIET
from adapters.slack.payloads import Payload, key_of, may_concern_us, parsed
from adapters.slack.sockets import through_socket
from adapters.slack.workspaces import Caller
from bot.journal import Journal
from bot.patience import patiently
from bot.ports import ChatError, Inbox
from pipeline.errors import ConfigurationError

log = structlog.get_logger()
T = TypeVar("T")
HTTP_TIMEOUT_S = 30.0
STOPPING_S = 3.0


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
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(_session())
        caller = Caller(api_url=access.base_url, session=session)
        workspaces = await stack.enter_async_context(open_workspaces(access, caller))
        chat = SlackChat(workspaces.of, inbox.commands)
        journal = await asyncio.to_thread(Journal, folder / "slack")
        claims = Claims(journal)
        intake = Intake(
            inbox=inbox, chat=chat, workspaces=workspaces, claims=claims, folder=folder,
            has_many_workspaces=access.has_many,
        )  # fmt: skip
        door = Door(journal, claims, intake)
        stack.push_async_callback(door.close)
        app = _app(access, workspaces, caller, door)
        if access.has_many or not access.app_token:
            await stack.enter_async_context(open_events(app, access))
        receiving = asyncio.create_task(_receive(access, app, workspaces))
        door.catch_up()
        try:
            yield chat
        finally:
            receiving.cancel()
            await asyncio.gather(receiving, return_exceptions=True)


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
    """Takes requests in: written down, acknowledged, then handled."""

    def __init__(self, journal: Journal, claims: Claims, intake: Intake) -> None:
        self._journal = journal
        self._claims = claims
        self._intake = intake
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._handling: set[asyncio.Task[None]] = set()
        self._is_closed = False

    async def take_in(self, req: AsyncBoltRequest) -> BoltResponse:
        """Bolt's last middleware. The answer acknowledges; without one, Slack delivers again."""
        if self._is_closed:
            return BoltResponse(status=503)
        body = {name: value for name, value in req.body.items() if name != "token"}
        payload = _understood(body)
        if payload is None or not may_concern_us(payload):
            return BoltResponse(status=200, body="")
        key = key_of(body)
        try:
            is_new = await self._written(self._journal.write, key, body)
        except OSError as err:
            log.error("request not written down", reason=type(err).__name__)
            return BoltResponse(status=503)
        if is_new:
            self._start(key, payload)
        return BoltResponse(status=200, body="")

    def catch_up(self) -> None:
        """Handle what an earlier life acknowledged and did not finish."""
        for key, body in self._journal.left():
            self._start(key, _understood(body))

    def _start(self, key: str, payload: Payload | None) -> None:
        task = asyncio.create_task(self._handle(key, payload))
        self._handling.add(task)
        task.add_done_callback(self._handling.discard)

    async def _handle(self, key: str, payload: Payload | None) -> None:
        try:
            if payload is not None:
                await patiently(lambda: self._intake.on_request(key, payload))
        except ChatError as err:
            log.warning("request not answered", reason=type(err).__name__)
        except Exception:  # struck all the same: else it would come back at each start
            log.exception("request not handled")
        claims = self._claims.owned_by(key)
        await self._written(self._journal.strike, key, *claims)
        self._claims.release(claims)

    async def _written(self, write: Callable[..., T], *what: Any) -> T:
        """In a thread of its own: an acknowledgement never waits for somebody else's work."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, write, *what)

    async def close(self) -> None:
        """What is being handled has a moment to end; the next life does the rest."""
        self._is_closed = True
        if self._handling:
            await asyncio.wait(self._handling, timeout=STOPPING_S)
        for task in self._handling:
            task.cancel()
        await asyncio.gather(*self._handling, return_exceptions=True)
        self._writer.shutdown()


def _understood(body: dict[str, Any]) -> Payload | None:
    """None also for what is not as Slack's reference has it: delivered again it would be no
    better."""
    try:
        return parsed(body)
    except (AttributeError, KeyError, TypeError, ValueError) as err:
        log.error("request not understood", kind=str(body.get("type")), reason=type(err).__name__)
        return None


def _app(access: SlackAccess, workspaces: Workspaces, caller: Caller, door: Door) -> AsyncApp:
    """Bolt checks signatures, speaks both ways of delivery and lets workspaces install the app;
    what came goes to the door."""
    app = AsyncApp(
        name="listendock",
        logger=QUIET,
        client=caller.client(None),
        signing_secret=access.signing_secret,
        authorize=Unasked(),  # type: ignore[no-untyped-call]
        oauth_flow=workspaces.flow,
        ignoring_self_events_enabled=False,  # the intake knows better
    )
    app.use(door.take_in)
    return app


async def _receive(access: SlackAccess, app: AsyncApp, workspaces: Workspaces) -> None:
    """Connect and receive until cancelled. What came before we knew who we are waits for that."""
    await workspaces.connect()
    if access.app_token:
        await through_socket(app, access.app_token)
