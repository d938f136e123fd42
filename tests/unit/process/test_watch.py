"""How long a process has had, as the kernel tells it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.process.watch import Watch
from tests.waiting import until_blocking

CROWD = """
import threading, time
def burst():
    while True:
        began = time.thread_time()
        while time.thread_time() - began < 0.02:
            pass
        time.sleep(0.01)
for _ in range(12):
    threading.Thread(target=burst, daemon=True).start()
print(flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="it needs Linux")
def test_threads_that_stand_in_each_others_way_win_no_time() -> None:
    """A crowd waits in line for itself, all the time and many times over."""
    with subprocess.Popen([sys.executable, "-c", CROWD], stdout=subprocess.PIPE) as crowd:
        assert crowd.stdout is not None
        crowd.stdout.readline()
        watch = Watch(crowd.pid)
        had: list[float] = []

        def has_worked() -> bool:
            watch.look()
            had.append(watch.had_s)
            return watch.worked_s > 0.5

        try:
            until_blocking(has_worked)
        finally:
            crowd.kill()
    assert min(had) >= 0.0
