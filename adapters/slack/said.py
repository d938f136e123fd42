"""What we have said in a place: after a lost answer, or a program that was killed, Slack knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog

from adapters.slack.errors import in_our_errors
from adapters.slack.workspaces import Workspace
from bot.domain import Conversation
from bot.ports import ChatError, ChatUnavailable, Throttled

log = structlog.get_logger()
LOOKED_AT = 100  # messages


async def newest_of(
    workspace: Workspace,
    place: Conversation,
    is_it: Callable[[Mapping[str, Any]], bool],
    *,
    since: str,
) -> str:
    """Our newest message there after that which is it; nothing if there is none, or we may not
    look. Raises `ChatError`s that pass."""
    try:
        messages = await _messages(workspace, place, since)
    except (Throttled, ChatUnavailable):
        raise
    except ChatError as err:
        log.info("channel not read", reason=type(err).__name__)
        return ""
    found = [message for message in messages if _is_ours(message, workspace)]
    alike = [str(message["ts"]) for message in found if is_it(message)]
    return max(alike, key=float, default="")


async def _messages(
    workspace: Workspace, place: Conversation, since: str
) -> Sequence[Mapping[str, Any]]:
    client = workspace.client
    if place.thread:
        asked = client.conversations_replies(
            channel=place.channel, ts=place.thread, oldest=since, limit=LOOKED_AT
        )
    else:
        asked = client.conversations_history(channel=place.channel, oldest=since, limit=LOOKED_AT)
    return list((await in_our_errors(asked)).get("messages") or ())


def _is_ours(message: Mapping[str, Any], workspace: Workspace) -> bool:
    return message.get("user") == workspace.bot_user


def has_mark(message: Mapping[str, Any], mark: str) -> bool:
    """Whether it was posted with this mark (`rendering.with_mark`)."""
    return any(block.get("block_id") == mark for block in message.get("blocks") or ())
