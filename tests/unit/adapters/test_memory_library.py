"""What is gone leaves nothing behind in the library in memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import fields

import pytest

from adapters.memory import MemoryLibrary
from tests.samples import ENGLISH, a_document, a_sender

BEES, ADA = "be" * 32, a_sender()
Ending = Callable[[MemoryLibrary], Awaitable[object]]


def held(library: MemoryLibrary) -> dict[str, int]:
    values = {one.name: getattr(library._state, one.name) for one in fields(library._state)}
    return {name: len(value) for name, value in values.items() if isinstance(value, dict)}


async def is_fulfilled(library: MemoryLibrary) -> None:
    for wish in library._state.wished:
        await library.drop_wish(wish)


@pytest.mark.parametrize(
    "ending",
    [
        is_fulfilled,
        lambda library: library.drop_unasked(ADA.listener.id, BEES),
        lambda library: library.forget_wishes(-3600),
    ],
    ids=["fulfilled", "unasked", "old"],
)
async def test_nothing_is_left_of_a_wish(ending: Ending) -> None:
    library = MemoryLibrary()
    await library.receive(BEES, filename="bees.pdf", size=9)
    await library.shelve(ADA.listener, BEES, ENGLISH)
    before = held(library)
    await library.wish(ADA.conversation, ADA.listener, BEES, 1, ENGLISH, is_unasked=True)
    await library.put_off(ADA.conversation, 3600)
    await ending(library)
    assert held(library) == before


@pytest.mark.parametrize(
    "ending",
    [
        lambda library: library.unshelve(ADA.listener.id, BEES),
        lambda library: library.forget_listener(ADA.listener.id),
    ],
    ids=["document", "listener"],
)
async def test_nor_of_the_wishes_for_what_goes(ending: Ending) -> None:
    library = MemoryLibrary()
    empty = held(library)
    await library.receive(BEES, filename="bees.pdf", size=9)
    await library.shelve(ADA.listener, BEES, ENGLISH)
    await library.save_reading(a_document(BEES))
    await library.wish(ADA.conversation, ADA.listener, BEES, 1, ENGLISH)
    await library.put_off(ADA.conversation, 3600)
    await ending(library)
    await library.forget_document(BEES)
    await library.forget_listener(ADA.listener.id)
    assert held(library) == empty
