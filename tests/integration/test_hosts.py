"""Several programs on one PostgreSQL: they share the work, and do that of one that died."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.lives import applications, check, count_applications, given, set_up
from tests.program import Life, begun_by, spoken_by, started
from tests.waiting import ended, until

QUICK = {"BEAT_S": 0.3, "DEAD_AFTER_S": 4.0}
PATIENT = {"BEAT_S": 0.3, "DEAD_AFTER_S": 3600.0}


async def test_two_programs_share_the_work_and_do_nothing_twice(
    engine_postgres_url: str, tmp_path: Path
) -> None:
    url, what = engine_postgres_url, given(documents=4, chapters=4, wishes=2)
    await count_applications(url)
    await set_up(tmp_path, url, what)
    first = Life(home=tmp_path, url=url, speakers=1, together=2, settings=PATIENT)
    lives = [started(first), started(replace(first, is_publishing=False))]
    assert [await ended(life) for life in lives] == [0, 0]
    record = await check(tmp_path, url, what)
    assert not record.repeated
    assert await applications(url) == dict.fromkeys(what.tracks, 1)
    workers = spoken_by(tmp_path)
    assert len(workers) == len(what.tracks)
    assert len(set(workers)) == 2


async def test_what_a_host_was_at_when_it_died_is_done_by_another_and_not_twice(
    engine_postgres_url: str, tmp_path: Path
) -> None:
    url, what = engine_postgres_url, given(documents=2, chapters=5, wishes=1)
    await count_applications(url)
    await set_up(tmp_path, url, what)
    life = Life(home=tmp_path, url=url, settings=QUICK)
    dying = started(replace(life, is_publishing=False, stuck_after=2, settings=PATIENT))
    await until(lambda: len(begun_by(tmp_path)) == 2 + life.speakers, lives=dying.is_alive)
    living = started(life)
    await until(lambda: living.pid in spoken_by(tmp_path), lives=living.is_alive)
    dying.kill()
    dying.join()
    assert await ended(living) == 0
    await check(tmp_path, url, what)
    assert await applications(url) == dict.fromkeys(what.tracks, 1)
    assert begun_by(tmp_path).count(dying.pid) == 2 + life.speakers
    assert spoken_by(tmp_path).count(dying.pid) == 2


async def test_a_host_that_ends_in_good_order_hands_its_work_over_at_once(
    engine_postgres_url: str, tmp_path: Path
) -> None:
    """Not only when it counts as dead."""
    url, what = engine_postgres_url, given(documents=1, chapters=2, wishes=1)
    await set_up(tmp_path, url, what)
    life = Life(home=tmp_path, url=url, speakers=2, settings=PATIENT)
    leaving = started(replace(life, is_publishing=False, finishing_s=0.1, stuck_after=0))
    await until(lambda: len(begun_by(tmp_path)) == 2, lives=leaving.is_alive)
    staying = started(life)
    leaving.terminate()
    assert (await ended(leaving), await ended(staying)) == (0, 0)
    await check(tmp_path, url, what)
