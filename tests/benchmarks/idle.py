"""What a program costs while nobody wants anything: processor time and memory, all processes.

`python -m tests.benchmarks.idle [SECONDS]`: the whole program, served, on an empty home; it has a
moment to warm up, and is then watched for a minute.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.e2e.serving import serving

WARM_S = 40.0


def main() -> None:
    watched_s = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as program:
        time.sleep(WARM_S)
        before = _cpu_s(program.process.pid)
        time.sleep(watched_s)
        share = (_cpu_s(program.process.pid) - before) / watched_s
        megabytes = [p.memory_info().rss >> 20 for p in _family(program.process.pid)]
        sys.stdout.write(f"idle: {share:.2%} of a core\n")
        sys.stdout.write(f"memory: {sum(megabytes)} MB ({megabytes})\n")
        program.stop()


def _family(pid: int) -> list[psutil.Process]:
    program = psutil.Process(pid)
    return [program, *program.children(recursive=True)]


def _cpu_s(pid: int) -> float:
    return sum(p.cpu_times().user + p.cpu_times().system for p in _family(pid))


if __name__ == "__main__":
    main()
