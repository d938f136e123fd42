"""The program ends without a word at every boundary there is, and the next life makes it good."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.database import open_library
from adapters.files import FolderFiles
from tests.lives import (
    LISTENERS,
    applications,
    check,
    count_applications,
    given,
    read_by_an_earlier_version,
    set_up,
    wish_each,
)
from tests.program import BOUNDARIES, CRASHED, OF_RENEWAL, Life, started
from tests.samples import REFERENCES
from tests.waiting import ended

MOMENTS = [
    pytest.param(f"{moment} {boundary}", unharmed, id=f"{moment}-{boundary}-{unharmed}")
    for boundary in BOUNDARIES
    for moment in ("before", "after")
    for unharmed in (0, 1)
    if (boundary, unharmed) not in {("read", 1), ("keep reading", 1)}  # one document is read once
]


@pytest.mark.parametrize(("where", "unharmed"), MOMENTS)
async def test_a_crash_at_any_boundary_loses_nothing_and_applies_nothing_twice(
    sqlite_home: Path, where: str, unharmed: int
) -> None:
    url = f"sqlite+aiosqlite:///{sqlite_home / 'app.db'}"
    what = given(documents=1, chapters=2, wishes=2)
    await count_applications(url)
    await set_up(sqlite_home, url, what)
    codes = []
    for crash in ((where, unharmed), None):
        process = started(Life(home=sqlite_home, url=url, speak_s=0.0, speakers=1, crash_at=crash))
        codes.append(await ended(process))
    assert codes == [CRASHED, 0]
    record = await check(sqlite_home, url, what)
    assert await applications(url) == dict.fromkeys(what.tracks, 1)
    assert sum(record.repeated.values()) <= 2  # two conversations are served side by side


EXTRAS = [
    pytest.param(f"{moment} {boundary}", id=f"{moment}-{boundary}")
    for boundary in ("enqueue", "speak", "put", "keep track", "send", "granted")
    for moment in ("before", "after")
]


@pytest.mark.parametrize("where", EXTRAS)
async def test_what_is_left_out_and_wished_is_neither_lost_nor_made_twice(
    sqlite_home: Path, where: str
) -> None:
    url = f"sqlite+aiosqlite:///{sqlite_home / 'app.db'}"
    what = given(documents=1, chapters=1, wishes=0, extras=(REFERENCES,))
    await count_applications(url)
    await set_up(sqlite_home, url, what)
    life = Life(home=sqlite_home, url=url, speak_s=0.0, speakers=1, leaves_out=True)
    assert await ended(started(life)) == 0
    await wish_each(url, what, what.extras)
    assert await ended(started(replace(life, crash_at=(where, 0)))) == CRASHED
    assert await ended(started(life)) == 0
    record = await check(sqlite_home, url, what)
    assert await applications(url) == dict.fromkeys(what.tracks, 1)
    assert sum(record.repeated.values()) <= 2


READING_AGAIN = [
    pytest.param(f"{moment} {boundary}", id=f"{moment}-{boundary}")
    for boundary in ("read", "read step", *OF_RENEWAL, "transaction")
    for moment in ("before", "after")
]


@pytest.mark.parametrize("where", READING_AGAIN)
async def test_what_is_read_again_is_renewed_once_and_nothing_is_spoken_again(
    sqlite_home: Path, where: str
) -> None:
    url = f"sqlite+aiosqlite:///{sqlite_home / 'app.db'}"
    what = given(documents=1, chapters=2, wishes=1)
    await count_applications(url)
    await set_up(sqlite_home, url, what)
    life = Life(home=sqlite_home, url=url, speak_s=0.0, speakers=1)
    assert await ended(started(life)) == 0
    async with open_library(url) as library:
        files = FolderFiles(sqlite_home / "files")
        await read_by_an_earlier_version(library, files, what.documents[0])
    opened = (what.documents[0], LISTENERS[0].listener.id)
    again = replace(life, opened=opened, leaves_out=True)
    assert await ended(started(replace(again, crash_at=(where, 0)))) == CRASHED
    assert await ended(started(again)) == 0
    await check(sqlite_home, url, what)
    assert await applications(url) == dict.fromkeys(what.tracks, 1)
    async with open_library(url) as library:
        assert await library.chapter(what.documents[0], REFERENCES) is not None
