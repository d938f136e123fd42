"""Slack with slack-bolt: through a socket that we open, or with events over HTTP."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from adapters.slack.access import SlackSettings, access_from, manifest
from bot.ports import ChatExtension, ChatPlatform, Printout, Provisions

__all__ = ["SLACK"]


def _missing(settings: SlackSettings) -> str:
    if not settings.is_configured:
        return "SLACK_BOT_TOKEN"
    access_from(settings)  # raises
    return ""


async def _check(settings: SlackSettings) -> str:
    from adapters.slack.opening import slack_name

    return f"at home in {await slack_name(access_from(settings))}, no scope is missing"


def _open(settings: SlackSettings, given: Provisions) -> AbstractAsyncContextManager[ChatPlatform]:
    from adapters.slack.opening import open_slack

    access = access_from(settings, host=given.host, database_url=given.database_url)
    return open_slack(access, inbox=given.inbox, folder=given.folder)


SLACK = ChatExtension(
    name="slack",
    label="Slack",
    schema=SlackSettings,
    missing=_missing,
    check=_check,
    open=_open,
    person="U04",
    place="C05",
    loggers=("slack_bolt", "slack_sdk"),
    printouts=(
        Printout(name="slack-manifest", help="print the manifest of the Slack app", text=manifest),
    ),
)
