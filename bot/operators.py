"""Whoever runs the program is told what only they can mend."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

import structlog

from bot.domain import Conversation
from bot.ports import ChatError, ChatPlatform
from bot.views import NoticeView

log = structlog.get_logger()
AGAIN_AFTER_S = 24 * 3600.0


class Operators:
    """Tells the log, and those of `admins` (`telegram:123`) whose platform is open here.

    The same sentence once a day: a budget that is used up is used up for every document."""

    def __init__(
        self, platforms: Mapping[str, ChatPlatform] | None = None, admins: Iterable[str] = ()
    ) -> None:
        self._platforms = platforms if platforms is not None else {}
        self._admins = sorted(admins)
        self._told: dict[str, float] = {}

    async def tell(self, text: str) -> None:
        now = time.monotonic()
        if now - self._told.get(text, float("-inf")) < AGAIN_AFTER_S:
            return
        self._told[text] = now
        log.error("operator must act", text=text)
        for admin in self._admins:
            name, _, account = admin.partition(":")
            platform = self._platforms.get(name)
            if platform is not None:
                await _show(platform, Conversation(platform=name, channel=account), text)


async def _show(platform: ChatPlatform, conversation: Conversation, text: str) -> None:
    try:
        await platform.show(conversation, NoticeView(text=text))
    except ChatError as err:  # it stands in the log as well
        log.warning("operator not told", platform=platform.name, reason=type(err).__name__)
