"""One producer for a whole session, whose children are warm for all who need none of their own.

A test that asks for `warm_producer` runs in the session's loop, where the producer lives.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from pipeline.producer import Producer, recognition_is_installed
from tests import tone


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def warm_producer() -> AsyncIterator[Producer]:
    """It whistles, and recognises where that is installed."""
    voice = tone.card()
    async with Producer(
        voices=[voice],
        default_voice=voice.id,
        workers=1,
        can_recognise=recognition_is_installed(),
    ) as opened:
        yield opened


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    in_its_loop = pytest.mark.asyncio(loop_scope="session")
    for item in items:
        if "warm_producer" in getattr(item, "fixturenames", ()):
            item.add_marker(in_its_loop, append=False)
