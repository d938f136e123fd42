"""Telegram's limits, kept from our side: who runs into them is throttled for longer."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from bot.ports import Throttled


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`burst` messages at once, then one in each `interval_s`."""

    burst: int
    interval_s: float


ALL = Rate(burst=5, interval_s=0.04)  # 30 in any second
PRIVATE = Rate(burst=4, interval_s=1.0)
GROUP = Rate(burst=8, interval_s=5.0)  # 20 in any minute
PATIENCE_S = 10.0
REMEMBERED = 10_000
_EVERYBODY = 0  # no chat has this id


class Pacing:
    """When the next message to a chat may go out."""

    def __init__(self) -> None:
        self._free_at: dict[int, float] = {}

    async def turn(self, chat: int) -> None:
        """Take the next turn and wait for it. Raises `Throttled` instead of a long wait."""
        now = time.monotonic()
        turns = {_EVERYBODY: ALL, chat: GROUP if chat < 0 else PRIVATE}
        due = {key: self._due(key, rate, now) for key, rate in turns.items()}
        wait_s = max(due.values()) - now
        if wait_s > PATIENCE_S:
            raise Throttled(wait_s)
        for key, rate in turns.items():
            self._free_at[key] = due[key] + rate.interval_s
        self._forget_the_idle(now)
        if wait_s > 0:
            await asyncio.sleep(wait_s)

    def hold(self, chat: int, wait_s: float) -> None:
        """Telegram throttles this chat: nobody else need run into it."""
        until = time.monotonic() + wait_s
        self._free_at[chat] = max(self._free_at.get(chat, 0.0), until)

    def _due(self, key: int, rate: Rate, now: float) -> float:
        """The moment of the next turn; a chat that was quiet has a burst to spend."""
        spendable = (rate.burst - 1) * rate.interval_s
        return max(self._free_at.get(key, 0.0), now - spendable)

    def _forget_the_idle(self, now: float) -> None:
        if len(self._free_at) > REMEMBERED:
            longest = GROUP.burst * GROUP.interval_s
            busy = {key: at for key, at in self._free_at.items() if at > now - longest}
            self._free_at = busy
