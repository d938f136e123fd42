"""The program is killed while documents come on Telegram, Slack and the page: all of them come to
their end, nothing is lost, nothing that was known to be sent is sent twice."""

from __future__ import annotations

import time
from pathlib import Path

from tests.killing.papers import a_told_paper
from tests.killing.program import Served
from tests.killing.series import Setting, a_series
from tests.killing.sounds import record
from tests.killing.table import pairs
from tests.sockets import a_free_port

INSTANTS = 6  # on each chat; `python -m tests.benchmarks.kills` takes more
TOGETHER = 3
QUICK = {"BEAT_S": 0.3, "DEAD_AFTER_S": 1.5}  # else a host passes for alive for 15 seconds


async def test_killed_at_any_instant_it_loses_nothing(
    place: tuple[Path, str], tmp_path: Path
) -> None:
    began = time.monotonic()
    home, (_, url) = tmp_path / "home", place
    database = url.partition("+")[0]
    environment = {"DATABASE_URL": url} if database == "postgresql" else {}
    served = Served(
        home=home,
        port=a_free_port(),
        plan=tmp_path / "plan",
        environment=environment,
        sounds=record(tmp_path / "sounds"),
        settings=QUICK,
    )
    setting = Setting(served=served, database=url, draw=a_told_paper, together=TOGETHER, again=1.0)
    async with a_series(setting, seed=15) as series:
        await series.goes_on(INSTANTS)
    assert series.lost() == []
    for pair in pairs(series, database, began):
        assert pair.instants >= INSTANTS
        assert pair.twice_though_recorded == 0, pair
