"""Several programs on one PostgreSQL: they share the work, and do that of one that died."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from adapters.database import open_library
from tests.lives import applications, check, count_applications, given, set_up
from tests.program import Life, started

QUICK = {"BEAT_S": 0.3, "DEAD_AFTER_S": 4.0}
PATIENT = {"BEAT_S": 0.3, "DEAD_AFTER_S": 3600.0}


async def spoken(url: str) -> int:
    async with open_library(url) as library:
        return sum(progress.ready for progress in await library.shelf("memory:ada"))


async def test_two_programs_share_the_work_and_do_nothing_twice(
    engine_postgres_url: str, tmp_path: Path
) -> None:
    url, what = engine_postgres_url, given(documents=4, chapters=4, wishes=2)
    await count_applications(url)
    await set_up(tmp_path, url, what)
    first = Life(home=tmp_path, url=url, speak_s=0.2, speakers=1, settings=PATIENT)
    lives = [started(first), started(replace(first, is_publishing=False))]
    for life in lives:
        await asyncio.to_thread(life.join, 60)
    assert [life.exitcode for life in lives] == [0, 0]
    record = await check(tmp_path, url, what)
    assert not record.repeated
    assert await applications(url) == dict.fromkeys(what.tracks, 1)
    workers = [line.split()[0] for line in (tmp_path / "spoken").read_text().splitlines()]
    assert len(workers) == len(what.tracks)
    assert len(set(workers)) == 2


async def test_what_a_host_was_at_when_it_died_is_done_by_another_and_not_twice(
    engine_postgres_url: str, tmp_path: Path
) -> None:
    url, what = engine_postgres_url, given(documents=2, chapters=5, wishes=1)
    await count_applications(url)
    await set_up(tmp_path, url, what)
    life = Life(home=tmp_path, url=url, speak_s=0.3, settings=QUICK)
    dying = started(replace(life, is_publishing=False))
    while await spoken(url) < 2:
        await asyncio.sleep(0.05)
    living = started(life)
    while await spoken(url) < 4:
        await asyncio.sleep(0.05)
    dying.kill()
    dying.join()
    await asyncio.to_thread(living.join, 60)
    assert living.exitcode == 0
    await check(tmp_path, url, what)
    assert await applications(url) == dict.fromkeys(what.tracks, 1)


async def test_a_host_that_ends_in_good_order_hands_its_work_over_at_once(
    engine_postgres_url: str, tmp_path: Path
) -> None:
    """Not only when it counts as dead."""
    url, what = engine_postgres_url, given(documents=1, chapters=2, wishes=1)
    await set_up(tmp_path, url, what)
    life = Life(home=tmp_path, url=url, speak_s=600.0, speakers=2, settings=PATIENT)
    leaving = started(replace(life, is_publishing=False, finishing_s=0.1))
    while len(await begun(tmp_path)) < 2:
        await asyncio.sleep(0.05)
    staying = started(replace(life, speak_s=0.1))
    leaving.terminate()
    await asyncio.to_thread(leaving.join, 60)
    await asyncio.to_thread(staying.join, 60)
    assert (leaving.exitcode, staying.exitcode) == (0, 0)
    await check(tmp_path, url, what)


async def begun(home: Path) -> list[str]:
    path = home / "begun"
    return path.read_text().splitlines() if path.exists() else []
