"""The workspaces that this program serves: who we are there, and the clients that call Slack."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import in_our_errors
from adapters.slack.log import QUIET


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """`client` repeats nothing by itself: whoever calls knows what may be done twice."""

    client: AsyncWebClient
    team: str = ""
    url: str = ""  # "https://acme.slack.com/": where its permalinks begin
    bot_user: str = ""
    bot: str = ""
    name: str = ""
    scopes: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Makes clients for a Web API base; all of them share one session."""

    api_url: str
    session: aiohttp.ClientSession

    def client(self, token: str | None) -> AsyncWebClient:
        return AsyncWebClient(
            token=token,
            base_url=self.api_url,
            session=self.session,
            retry_handlers=[],
            logger=QUIET,
        )

    async def workspace(self, token: str) -> Workspace:
        """Who the token belongs to. Raises `ChatError`s."""
        client = self.client(token)
        answer = await in_our_errors(client.auth_test())
        scopes = str(answer.headers.get("x-oauth-scopes", ""))
        return Workspace(
            client=client,
            team=str(answer.get("team_id", "")),
            url=str(answer.get("url", "")),
            bot_user=str(answer.get("user_id", "")),
            bot=str(answer.get("bot_id", "")),
            name=str(answer.get("team", "")),
            scopes=frozenset(scope.strip() for scope in scopes.split(",") if scope.strip()),
        )


WorkspaceOf = Callable[[str], Awaitable[Workspace]]  # by team id; empty: the only one
