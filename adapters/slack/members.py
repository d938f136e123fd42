"""In which language members use Slack."""

from __future__ import annotations

import time
from dataclasses import dataclass

import structlog

from adapters.slack.errors import Closed, SlackRefused, in_our_errors
from adapters.slack.workspaces import WorkspaceOf
from bot.ports import ChatError
from bot.words import SOURCE

log = structlog.get_logger()
KNOWN_S = 24 * 3600.0
MAX_KNOWN = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMember:
    language: str
    until: float


class Members:
    """`team` is empty where there is only one workspace."""

    def __init__(self, workspace_of: WorkspaceOf) -> None:
        self._workspace_of = workspace_of
        self._known: dict[tuple[str, str], KnownMember] = {}

    async def language_of(self, team: str, user: str) -> str:
        """ISO 639-1; English where Slack does not tell: an app that was installed before it asked
        for `users:read` may not know."""
        known = self._known.get((team, user))
        if known is not None and time.monotonic() < known.until:
            return known.language
        try:
            language = await self._ask(team, user)
        except (SlackRefused, Closed) as err:  # no right to ask, or nobody of this workspace
            log.info("language not told", reason=err.reason)
            language = SOURCE
        except ChatError as err:
            log.info("language not known yet", reason=type(err).__name__)
            return SOURCE
        self._known.pop((team, user), None)
        self._known[team, user] = KnownMember(language=language, until=time.monotonic() + KNOWN_S)
        if len(self._known) > MAX_KNOWN:
            del self._known[next(iter(self._known))]
        return language

    async def _ask(self, team: str, user: str) -> str:
        workspace = await self._workspace_of(team)
        answer = await in_our_errors(workspace.client.users_info(user=user, include_locale=True))
        locale = str((answer.get("user") or {}).get("locale") or "")
        return locale[:2].lower() or SOURCE
