"""How Slack's places are `Conversation`s.

In a channel many people read, so a conversation there is `seen_by` the member who is answered:
sentences that concern only that member are shown to nobody else, and nothing of their shelf is
opened for all. In a direct message there is no such difference. `thread` is the ts of its first
message; a `workspace` is named only where one program serves several.
"""

from __future__ import annotations

from bot.domain import Conversation

PLATFORM = "slack"


def place(team: str, channel: str, *, thread: str = "", member: str = "") -> Conversation:
    return Conversation(
        platform=PLATFORM, workspace=team, channel=channel, thread=thread, seen_by=member
    )


def unpacked(channel: str, thread: str) -> Conversation:
    """What programs until version 0005 of the tables wrote: `T05/C05` and `1700000000.1@U04`."""
    team, _, channel = channel.rpartition("/")
    thread, _, member = thread.partition("@")
    return place(team, channel, thread=thread, member=member)
