"""Where an answer goes on Slack, and how that fits into a `Conversation`.

In a channel many people read, so a place there also knows the member who is answered: sentences
that concern only that member are shown to nobody else, and nothing of their shelf is opened for
all. In a direct message there is no such difference, and `member` is empty.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import Conversation

PLATFORM = "slack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`thread`: the ts of its first message, empty outside of threads."""

    channel: str
    thread: str = ""
    member: str = ""
    team: str = ""  # only where one program serves several workspaces

    @property
    def conversation(self) -> Conversation:
        channel = f"{self.team}/{self.channel}" if self.team else self.channel
        thread = f"{self.thread}@{self.member}" if self.member else self.thread
        return Conversation(platform=PLATFORM, channel=channel, thread=thread)

    @classmethod
    def of(cls, conversation: Conversation) -> Place:
        team, _, channel = conversation.channel.rpartition("/")
        thread, _, member = conversation.thread.partition("@")
        return cls(channel=channel, thread=thread, member=member, team=team)
