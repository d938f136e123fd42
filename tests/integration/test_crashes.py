"""The program ends without a word at every boundary there is, and the next life makes it good."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lives import applications, check, count_applications, given, set_up
from tests.program import BOUNDARIES, CRASHED, Life, started
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
