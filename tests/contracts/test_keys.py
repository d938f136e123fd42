"""What every store of keys promises: the one in memory, and the library's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from adapters.database import open_library
from adapters.memory import MemoryKeys
from bot.ports import Keys

ONE, TWO = "1" * 64, "2" * 64


@pytest.fixture
async def hosts(library_url: str) -> AsyncIterator[tuple[Keys, Keys]]:
    """The same keys, as two hosts have them."""
    if not library_url:
        keys = MemoryKeys()
        yield keys, keys
        return
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(open_library(library_url))
        yield first, await stack.enter_async_context(open_library(library_url))


async def test_the_first_key_stays_on_every_host(hosts: tuple[Keys, Keys]) -> None:
    one, other = hosts
    assert await other.key_hash("page") == ""
    assert await one.keep_first_key("page", ONE)
    assert not await other.keep_first_key("page", TWO)
    assert await other.key_hash("page") == ONE
    assert await other.keep_first_key("cellar", TWO)
    assert await one.key_hash("page") == ONE


async def test_a_key_that_was_changed_is_changed_everywhere(hosts: tuple[Keys, Keys]) -> None:
    one, other = hosts
    for key_hash in (ONE, TWO):
        await other.change_key("page", key_hash)
        assert await one.key_hash("page") == key_hash
