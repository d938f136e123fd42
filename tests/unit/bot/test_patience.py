"""Answers that somebody waits for."""

from __future__ import annotations

import pytest

from bot import patience
from bot.patience import patiently
from bot.ports import ChatError, ChatUnavailable, Throttled, Unreachable


class Chat:
    """Fails as told, then works; and nobody really waits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *errors: ChatError) -> None:
        self.errors = list(errors)
        self.waits: list[float] = []
        monkeypatch.setattr(patience.asyncio, "sleep", self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def show(self) -> str:
        if self.errors:
            raise self.errors.pop(0)
        return "shown"


async def test_a_throttled_answer_waits_as_long_as_it_must(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chat = Chat(monkeypatch, Throttled(7), Throttled(3))
    assert await patiently(chat.show) == "shown"
    assert chat.waits == [7, 3]


async def test_an_outage_is_tried_less_and_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = Chat(monkeypatch, *(ChatUnavailable() for _ in range(9)))
    assert await patiently(chat.show) == "shown"
    assert chat.waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


async def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = Chat(monkeypatch, *(ChatUnavailable() for _ in range(patience.TRIES)))
    with pytest.raises(ChatUnavailable):
        await patiently(chat.show)
    assert sum(chat.waits) < 3600


async def test_a_closed_door_is_no_reason_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = Chat(monkeypatch, Unreachable())
    with pytest.raises(Unreachable):
        await patiently(chat.show)
    assert chat.waits == []
