"""Children for a whole session, warm for all who need none of their own.

A test that asks for `warm_producer` or `warm_children` runs in the session's loop, where they live.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Self

import pytest
import pytest_asyncio

from adapters.voices import available_voices
from pipeline.producer import Producer, recognition_is_installed
from tests import tone

LIVE_LONG = {"warm_producer", "warm_children"}
QUICK_VOICE = "espeak:default"  # where nobody listens closely: a hundredth of the time


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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lender() -> AsyncIterator[Producer]:
    """It has every voice that is installed."""
    async with Producer(voices=available_voices(), default_voice=QUICK_VOICE, workers=1) as opened:
        yield opened


@pytest.fixture
def warm_children(lender: Producer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs that are opened here read and speak with children that are there already."""

    def producer(**wanted: Any) -> Producer:
        return Borrower(lender, **wanted)

    monkeypatch.setattr("bot.app.workshop.Producer", producer)


class Borrower(Producer):
    """Works with another's children."""

    def __init__(self, lender: Producer, **wanted: Any) -> None:
        super().__init__(**wanted)
        self._readers, self._recognisers = lender._readers, lender._recognisers
        self._speakers, self._players = lender._speakers, lender._players

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """They are not ours to end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    in_its_loop = pytest.mark.asyncio(loop_scope="session")
    for item in items:
        if LIVE_LONG & set(getattr(item, "fixturenames", ())):
            item.add_marker(in_its_loop, append=False)
