"""Workspaces: the one that a bot token belongs to, or all that installed the app by OAuth."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.slack.access import SCOPES, SlackAccess
from adapters.slack.errors import Closed
from adapters.slack.log import QUIET
from adapters.slack.workspaces import Caller, Workspace
from bot.ports import ChatError

log = structlog.get_logger()
RETRY_S, LONGEST_RETRY_S = 2.0, 60.0
KNOWN_S = 600.0  # how long a workspace's token is used before the database is asked again
STATE_S = 600  # how long somebody may take to install


class OneWorkspace:
    """Known once Slack has answered; until then, whoever asks for it waits."""

    flow: AsyncOAuthFlow | None = None

    def __init__(self, caller: Caller, token: str) -> None:
        self._caller = caller
        self._token = token
        self._workspace: asyncio.Future[Workspace] = asyncio.get_running_loop().create_future()

    async def of(self, team: str) -> Workspace:
        return await asyncio.shield(self._workspace)

    async def forget(self, team: str) -> None:
        """Its token is the operator's to change."""
        log.warning("the app was removed from its workspace")

    async def connect(self) -> None:
        pause_s = RETRY_S
        while not self._workspace.done():
            try:
                workspace = await self._caller.workspace(self._token)
            except Closed as err:
                log.error("slack token refused: set SLACK_BOT_TOKEN", reason=err.reason)
                pause_s = LONGEST_RETRY_S
            except ChatError as err:
                log.warning("slack unreachable", reason=type(err).__name__, retry_s=pause_s)
            else:
                log.info("slack connected", workspace=workspace.name)
                self._workspace.set_result(workspace)
                return
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_RETRY_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWorkspace:
    workspace: Workspace
    until: float


class InstalledWorkspaces:
    """All that installed the app; bolt's stores keep their tokens in the database."""

    def __init__(
        self, caller: Caller, store: AsyncSQLAlchemyInstallationStore, flow: AsyncOAuthFlow
    ) -> None:
        self.flow: AsyncOAuthFlow | None = flow
        self._caller = caller
        self._store = store
        self._known: dict[str, KnownWorkspace] = {}

    async def of(self, team: str) -> Workspace:
        """Raises `Unreachable` for a workspace that has not installed the app (any more)."""
        known = self._known.get(team)
        if known is not None and time.monotonic() < known.until:
            return known.workspace
        bot = await self._store.async_find_bot(enterprise_id=None, team_id=team)
        if bot is None:
            raise Closed("not_installed")
        workspace = await self._caller.workspace(bot.bot_token)
        self._known[team] = KnownWorkspace(workspace=workspace, until=time.monotonic() + KNOWN_S)
        return workspace

    async def forget(self, team: str) -> None:
        """The app was removed there: its token is worth nothing any more."""
        self._known.pop(team, None)
        await self._store.async_delete_all(enterprise_id=None, team_id=team)
        log.info("workspace left")

    async def connect(self) -> None:
        """Each workspace is asked who we are there when it is first needed."""


Workspaces = OneWorkspace | InstalledWorkspaces


@asynccontextmanager
async def open_workspaces(access: SlackAccess, caller: Caller) -> AsyncIterator[Workspaces]:
    if not access.has_many:
        yield OneWorkspace(caller, access.bot_token)
        return
    engine = create_async_engine(access.database_url)
    store = AsyncSQLAlchemyInstallationStore(access.client_id, engine, logger=QUIET)
    states = AsyncSQLAlchemyOAuthStateStore(expiration_seconds=STATE_S, engine=engine, logger=QUIET)
    settings = AsyncOAuthSettings(
        client_id=access.client_id,
        client_secret=access.client_secret,
        scopes=sorted(SCOPES),
        installation_store=store,
        state_store=states,
        state_expiration_seconds=STATE_S,
        logger=QUIET,
    )
    flow = AsyncOAuthFlow(client=caller.client(None), settings=settings, logger=QUIET)
    try:
        await store.create_tables()  # type: ignore[no-untyped-call]
        await states.create_tables()  # type: ignore[no-untyped-call]
        yield InstalledWorkspaces(caller, store, flow)
    finally:
        await engine.dispose()
