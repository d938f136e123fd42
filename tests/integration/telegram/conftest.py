"""A loopback Telegram, and the program's Telegram side beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.telegram import downloads, pauses
from bot import patience
from bot.work import publishing
from tests.integration.telegram.stage import Stage, opened_stage
from tests.loopback.telegram import LoopbackTelegram, opened_telegram


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses after outages last seconds in life; the order of things is the same without."""
    for module, name in (
        (downloads, "FIRST_PAUSE_S"),
        (pauses, "FIRST_PAUSE_S"),
        (patience, "FIRST_PAUSE_S"),
        (publishing, "FIRST_RETRY_S"),
    ):
        monkeypatch.setattr(module, name, 0.02)


@pytest.fixture
async def telegram() -> AsyncIterator[LoopbackTelegram]:
    async with opened_telegram() as found:
        yield found


@pytest.fixture
async def stage(telegram: LoopbackTelegram, tmp_path: Path) -> AsyncIterator[Stage]:
    """With the bot stopped: `async with stage.living()`."""
    async with opened_stage(telegram, tmp_path) as found:
        yield found


@pytest.fixture
async def home(stage: Stage) -> AsyncIterator[Stage]:
    """With the bot running."""
    async with stage.living():
        yield stage
