"""Children for a whole session, warm for all who need none of their own.

A test that asks for `warm_producer` runs in the session's loop, where it lives.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from pathlib import Path

import pytest
import pytest_asyncio

from pipeline.producer import Producer, recognition_is_installed
from tests import lending, tone
from tests.commands import forked
from tests.waiting import until_blocking

LIVE_LONG = {"warm_producer"}
QUICK_VOICE = lending.QUICK_VOICE


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def warm_producer() -> AsyncIterator[Producer]:
    """It whistles, and recognises where that is installed."""
    voice = tone.card()
    async with Producer(
        voices=[voice],
        default_voice=voice.id,
        workers=2,
        can_recognise=recognition_is_installed(),
    ) as opened:
        yield opened


@contextmanager
def opened_lender() -> Iterator[str]:
    """The address of a process that lends its children, until the block ends or this process."""
    with tempfile.TemporaryDirectory(prefix="lender-") as folder:
        door = Path(folder) / "door"
        ends, holds = Pipe(duplex=False)
        process = forked(lending.lend, str(door), ends)
        try:
            until_blocking(door.exists, "a lender", lives=process.is_alive)
            yield str(door)
        finally:
            holds.close()
            process.join()
            ends.close()


def folder_of(lender: str) -> Path:
    """Where the lent children work."""
    return Path(lender).parent


@pytest.fixture(scope="session")
def lender() -> Iterator[str]:
    """The address of children with every voice that is installed."""
    with opened_lender() as address:
        yield address


@pytest.fixture
def warm_children(lender: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs that are opened here, and those that `tests.commands` starts, read and speak with
    children that are there already."""
    monkeypatch.setattr("bot.app.workshop.Producer", lending.borrowing(lender))
    monkeypatch.setenv(lending.ADDRESS, lender)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    in_its_loop = pytest.mark.asyncio(loop_scope="session")
    for item in items:
        if LIVE_LONG & set(getattr(item, "fixturenames", ())):
            item.add_marker(in_its_loop, append=False)
