"""Turns: as fast as Telegram lets, and never faster."""

from __future__ import annotations

import asyncio
import random

import pytest

from adapters.telegram import pacing
from adapters.telegram.pacing import CHATS_SPAN_S, PATIENCE_S, Pacing
from bot.ports import Throttled
from tests.loopback import telegram_rules
from tests.loopback.telegram_html import Refusal
from tests.loopback.telegram_rules import FloodLimits


class Clock:
    """Time passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(pacing.time, "monotonic", clock.monotonic)
    monkeypatch.setattr(telegram_rules.time, "monotonic", clock.monotonic)
    monkeypatch.setattr(pacing.asyncio, "sleep", clock.sleep)
    return clock


@pytest.mark.parametrize("chats", [[7], [-7], [7, 8, -9], list(range(1, 60))])
async def test_who_waits_for_turns_is_never_refused(clock: Clock, chats: list[int]) -> None:
    turns, limits = Pacing(), FloodLimits()
    chance = random.Random(1)
    for _ in range(300):
        chat = chance.choice(chats)
        clock.now += chance.choice((0.0, 0.0, 0.02, 1.0))
        await turns.turn(chat)
        limits.check(chat)


async def test_a_few_messages_go_out_at_once(clock: Clock) -> None:
    turns, start = Pacing(), clock.now
    for _ in range(4):
        await turns.turn(7)
    assert clock.now == start
    await turns.turn(7)
    assert clock.now == start + 1


async def test_many_chats_do_not_wait_for_one(clock: Clock) -> None:
    turns = Pacing()
    turns.hold(7, 5.0)
    start = clock.now
    await turns.turn(8)
    assert clock.now == start


async def test_a_held_chat_waits_as_long_as_telegram_said(clock: Clock) -> None:
    turns, start = Pacing(), clock.now
    turns.hold(7, 5.0)
    await turns.turn(7)
    assert clock.now == start + 5


async def test_nobody_waits_long_without_saying_so(clock: Clock) -> None:
    turns = Pacing()
    turns.hold(7, PATIENCE_S + 1)
    with pytest.raises(Throttled) as caught:
        await turns.turn(7)
    assert caught.value.retry_after_s == PATIENCE_S + 1


async def test_three_chats_refused_at_once_hold_all(clock: Clock) -> None:
    turns, start = Pacing(), clock.now
    for chat in (7, 8):
        turns.hold(chat, 5.0)
    await turns.turn(10)
    assert clock.now == start  # two may be a coincidence
    turns.hold(9, 5.0)
    await turns.turn(11)
    assert clock.now == start + 5


async def test_refusals_that_lie_apart_hold_nobody_else(clock: Clock) -> None:
    turns = Pacing()
    for chat in (7, 8, 9, 10):
        turns.hold(chat, 60.0)
        clock.now += CHATS_SPAN_S
    start = clock.now
    await turns.turn(11)
    assert clock.now == start


async def test_after_all_were_held_they_come_one_by_one(clock: Clock) -> None:
    turns, limits = Pacing(), FloodLimits()
    limits.ban(0, 5)
    for chat in (7, 8, 9):
        with pytest.raises(Refusal):
            limits.check(chat)
        turns.hold(chat, 5.0)
    for chat in range(10, 100):
        await turns.turn(chat)
        limits.check(chat)


async def test_a_long_line_is_served_in_its_order_and_nobody_is_sent_away(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments: list[float] = []

    async def sleep(seconds: float) -> None:
        moments.append(clock.now + seconds)  # all came at the same moment

    monkeypatch.setattr(pacing.asyncio, "sleep", sleep)
    turns = Pacing()
    for chat in range(1, 1001):
        await turns.turn(chat)
    assert moments == sorted(moments)
    assert moments[-1] - clock.now > 3 * PATIENCE_S
    busiest = max(sum(at <= m < at + 1 for m in moments) for at in moments)
    assert busiest <= 30


async def test_chats_that_are_quiet_are_forgotten(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "REMEMBERED", 10)
    turns = Pacing()
    for chat in range(1, 100):
        await turns.turn(chat)
        await asyncio.sleep(60)
    assert len(turns._free_at) <= 12
