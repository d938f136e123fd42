"""A long chapter's times take milliseconds: whoever parses or searches them leaves the loop."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.database import DatabaseLibrary, bookmarks, open_library, tracks
from bot.domain import Bookmark
from pipeline.domain import from_json
from pipeline.times import Times
from tests.libraries import migrated_url
from tests.samples import ENGLISH, a_document, a_sender, a_timed_track

BEES, ADA = "be" * 32, a_sender()


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[DatabaseLibrary]:
    async with open_library(migrated_url(tmp_path)) as library:
        await library.receive(BEES, filename="bees.pdf", size=9)
        await library.shelve(ADA.listener, BEES, ENGLISH)
        await library.save_reading(a_document(BEES))
        await library.save_track(a_timed_track(BEES, 2))
        yield library


@pytest.fixture
def parsed_in(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """In which thread times were parsed, whenever they were."""
    found: list[threading.Thread] = []

    def noted(kind: type, data: str) -> Any:
        if kind is Times:
            found.append(threading.current_thread())
        return from_json(kind, data)

    for module in (bookmarks, tracks):
        monkeypatch.setattr(module, "from_json", noted)
    bookmarks._range_in.cache_clear()
    return found


async def test_tracks_are_parsed_beside_the_loop(
    library: DatabaseLibrary, parsed_in: list[threading.Thread]
) -> None:
    await library.wish(ADA.conversation, ADA.listener, BEES, 2, ENGLISH)
    assert await library.track(BEES, 2, ENGLISH) is not None
    assert len(await library.ready_tracks(BEES)) == 1
    assert len(await library.due_wishes(["memory"])) == 1
    assert len(parsed_in) == 3
    assert threading.current_thread() not in parsed_in


async def test_the_second_of_a_bookmark_is_found_beside_the_loop_and_once(
    library: DatabaseLibrary, parsed_in: list[threading.Thread]
) -> None:
    mark = Bookmark(chapter=2, passage=1, sign=0)
    await library.save_bookmark(ADA.listener.id, BEES, mark)
    for _ in range(2):
        (progress,) = await library.shelf(ADA.listener.id)
        assert progress.bookmark_s == 220.0
    assert len(parsed_in) == 1
    assert threading.current_thread() not in parsed_in
