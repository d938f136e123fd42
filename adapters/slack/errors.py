"""Slack's errors in our words. Their texts go no further: they may hold addresses."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.ports import ChatError, ChatUnavailable, MessageGone, Throttled, Unreachable

T = TypeVar("T")
DEFAULT_WAIT_S = 1.0
CLOSED = frozenset(
    "channel_not_found not_in_channel is_archived account_inactive token_revoked token_expired "
    "invalid_auth not_authed user_not_found user_not_visible user_disabled user_not_in_channel "
    "cannot_dm_bot messages_tab_disabled restricted_action restricted_action_thread_only_channel "
    "restricted_action_read_only_channel team_access_not_granted access_denied org_login_required "
    "no_permission thread_locked".split()
)
GONE = frozenset(
    "message_not_found thread_not_found cant_update_message edit_window_closed".split()
)
TROUBLE = frozenset(
    "internal_error fatal_error request_timeout service_unavailable team_added_to_org".split()
)


class SlackRefused(ChatError):
    """Slack said no for a reason that only the caller can judge."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Closed(Unreachable):
    """Unreachable, with Slack's word for it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


async def in_our_errors(call: Awaitable[T]) -> T:
    """The call's answer, or a `ChatError`."""
    try:
        return await call
    except SlackApiError as err:
        raise _chat_error(err) from None
    except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as err:
        raise ChatUnavailable(type(err).__name__) from None


def reason_of(err: SlackApiError) -> str:
    """Slack's own word, such as `channel_not_found`; empty if it did not say one."""
    data = getattr(err.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def _chat_error(err: SlackApiError) -> ChatError:
    reason = reason_of(err)
    status = getattr(err.response, "status_code", None) or getattr(err.response, "status", 0)
    if status == 429 or reason in ("ratelimited", "rate_limited"):
        return Throttled(_wait_s(err))
    if reason in CLOSED:
        return Closed(reason)
    if reason in GONE:
        return MessageGone(reason)
    if reason in TROUBLE or not reason:  # an answer that is no JSON comes from a broken proxy
        return ChatUnavailable(reason or f"HTTP {status}")
    return SlackRefused(reason)


def _wait_s(err: SlackApiError) -> float:
    headers = getattr(err.response, "headers", {})
    try:
        return max(float(headers["Retry-After"]), 0.0)
    except (KeyError, ValueError):
        return DEFAULT_WAIT_S
