"""The program is killed again and again, at random moments, while it works."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.domain import Narration
from tests.drawing import a_paper
from tests.killing.children import children_of
from tests.lives import (
    applications,
    check,
    count_applications,
    given,
    killed_lives,
    set_up,
)
from tests.program import Life
from tests.waiting import until

KILLS = 12
TINY = Narration(voice="hibari:heart")


@pytest.mark.parametrize("seed", [1])
async def test_killed_a_dozen_times_it_loses_nothing_and_does_nothing_twice(
    sqlite_home: Path, seed: int
) -> None:
    url = f"sqlite+aiosqlite:///{sqlite_home / 'app.db'}"
    what = given(documents=3, chapters=6, wishes=2)
    await count_applications(url)
    await set_up(sqlite_home, url, what)
    life = Life(home=sqlite_home, url=url, speak_s=0.15)
    lives = await killed_lives(life, kills=KILLS, random=random.Random(seed), lasting=(0.25, 0.9))
    assert len(lives) > KILLS // 2  # else it was done before it could be killed
    await check(sqlite_home, url, what)
    assert await applications(url) == dict.fromkeys(what.tracks, 1)


async def test_killed_while_it_really_speaks_it_leaves_no_child_behind(
    sqlite_home: Path, tmp_path: Path
) -> None:
    url = f"sqlite+aiosqlite:///{sqlite_home / 'app.db'}"
    what = given(documents=1, chapters=6, wishes=6)
    pdf = a_paper(tmp_path / "paper.pdf", is_short=True)
    await count_applications(url)
    await set_up(sqlite_home, url, what, pdfs=[pdf], voice=TINY)
    life = Life(home=sqlite_home, url=url, has_real_voice=True)
    lives = await killed_lives(life, kills=2, random=random.Random(3), lasting=(1.5, 4.0))
    assert len(lives) > 1  # one was killed
    await check(sqlite_home, url, what)
    assert await applications(url) == dict.fromkeys(what.tracks, 1)
    await until(lambda: not children_of(lives))


@pytest.mark.parametrize(
    ("orders", "is_meant"), [('{"parent": 7}', True), ('{"parent": 8}', False), ("-q", False)]
)
def test_a_child_is_known_by_the_program_that_started_it(orders: str, is_meant: bool) -> None:
    command = [sys.executable, "-c", "input()", "pipeline.process.child", orders]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert (process.pid in children_of([7])) is is_meant
        process.communicate(b"\n")
