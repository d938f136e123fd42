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
CHATS_OF_ALL, CHATS_SPAN_S = 3, 2.0  # so many chats refused at once: it is not about one of them
_EVERYBODY = 0  # no chat has this id


class Pacing:
    """When the next message to a chat may go out: first come, first served."""

    def __init__(self) -> None:
        self._free_at: dict[int, float] = {}
        self._held_until = 0.0  # all chats
        self._refused: dict[int, float] = {}  # when chats were throttled last

    async def turn(self, chat: int) -> None:
        """Take the next turn and wait for it. Raises `Throttled` instead of a long wait for this
        chat or for Telegram; behind others one waits in line, because who came back later would
        find newer ones there."""
        now = time.monotonic()
        turns = {_EVERYBODY: ALL, chat: GROUP if chat < 0 else PRIVATE}
        due = {key: self._due(key, rate, now) for key, rate in turns.items()}
        closed_s = max(due[chat], self._held_until) - now
        if closed_s > PATIENCE_S:
            raise Throttled(closed_s)
        for key, rate in turns.items():
            self._free_at[key] = due[key] + rate.interval_s
        self._forget_the_idle(now)
        wait_s = max(due.values()) - now
        if wait_s > 0:
            await asyncio.sleep(wait_s)

    def hold(self, chat: int, wait_s: float) -> None:
        """Telegram throttles this chat: nobody else need run into it. It does not say whether it
        throttles all of them, but then others are refused at the same time."""
        now = time.monotonic()
        self._refused[chat] = now
        self._refused = {c: at for c, at in self._refused.items() if at > now - CHATS_SPAN_S}
        held = [chat]
        if len(self._refused) >= CHATS_OF_ALL:
            self._held_until = max(self._held_until, now + wait_s)
            held.append(_EVERYBODY)
        for key in held:
            self._free_at[key] = max(self._free_at.get(key, 0.0), now + wait_s)

    def _due(self, key: int, rate: Rate, now: float) -> float:
        """The moment of the next turn; a chat that was quiet has a burst to spend."""
        spendable = (rate.burst - 1) * rate.interval_s
        return max(self._free_at.get(key, 0.0), now - spendable)

    def _forget_the_idle(self, now: float) -> None:
        if len(self._free_at) > REMEMBERED:
            longest = GROUP.burst * GROUP.interval_s
            busy = {key: at for key, at in self._free_at.items() if at > now - longest}
            self._free_at = busy
