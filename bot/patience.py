"""For answers that somebody waits for: a chat that is throttled or down is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.ports import ChatUnavailable, Throttled

T = TypeVar("T")
TRIES = 30
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """Repeat the call for as long as the chat says "later": half an hour when it is down. Raises
    the last `ChatError`, and any other at once."""
    pause_s = FIRST_PAUSE_S
    for _ in range(TRIES - 1):
        try:
            return await call()
        except Throttled as wait:
            await asyncio.sleep(wait.retry_after_s)
        except ChatUnavailable:
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
    return await call()
