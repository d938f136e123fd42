"""A loopback Telegram, and the program's Telegram side beside it."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from adapters.telegram import downloads, pauses
from bot import patience
from bot.app.chats import CHATS, loggers_of
from bot.logs import CHATTY, configure_logs
from bot.work import publishing
from tests.integration.telegram.stage import Stage, opened_stage
from tests.loopback.telegram import TOKEN, LoopbackTelegram, opened_telegram

LOGGERS = (*CHATTY, *loggers_of(CHATS))  # of libraries


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


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """All that is logged at the lowest level."""
    stream = io.StringIO()
    root, levels = logging.getLogger(), {name: logging.getLogger(name).level for name in LOGGERS}
    before = root.handlers[:], root.level
    configure_logs(
        level="debug", style="json", secrets=[TOKEN], chatty=loggers_of(CHATS), stream=stream
    )
    yield stream
    root.handlers[:], root.level = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()
