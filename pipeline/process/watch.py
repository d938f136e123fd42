"""What a process does, as the kernel tells of it: how long it has worked, whether it stands still.

A child keeps its own limits as long as it is honest; this is for one that is not, or is blocked.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

BUSY = "RD"  # it works or wants to, or waits for a disk


@dataclass(slots=True)
class Watch:
    """Of one process, its threads and what it started, from now on. `had_s`: by the clock, less
    what one thread at most stood in line for a processor: they wait side by side. Where there is no
    `/proc` it sees nothing: then only the clock goes on."""

    pid: int
    worked_s: float = 0.0
    still_s: float = 0.0
    had_s: float = 0.0
    _begun_s: float = field(init=False)
    _waited: dict[str, float] = field(init=False)
    _looked_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._begun_s = self._spent_s() or 0.0
        self._waited = self._in_line()
        self._looked_at = time.monotonic()

    def look(self) -> None:
        spent_s, waited, now = self._spent_s(), self._in_line(), time.monotonic()
        passed_s = now - self._looked_at
        if spent_s is not None:
            worked_s = spent_s - self._begun_s
            is_still = worked_s == self.worked_s and not self._is_busy()
            self.still_s = self.still_s + passed_s if is_still else 0.0
            self.worked_s = worked_s
        longest_s = max((s - self._waited.get(t, 0.0) for t, s in waited.items()), default=0.0)
        # a wait is told when it is over: it may take back what was counted while it lasted
        self.had_s = max(0.0, self.had_s + passed_s - longest_s)
        self._looked_at, self._waited = now, waited

    def _spent_s(self) -> float | None:
        """Of a processor; of what it started and waited for too."""
        found = [fields for pid in self._family() if (fields := _fields(f"/proc/{pid}/stat"))]
        ticks = sum(int(number) for fields in found for number in fields[11:15])
        return ticks / os.sysconf("SC_CLK_TCK") if found else None

    def _in_line(self) -> dict[str, float]:
        """What each of its threads stood in line, in seconds."""
        told = {
            thread: _text(f"/proc/{pid}/task/{thread}/schedstat").split()
            for pid in self._family()
            for thread in _entries(f"/proc/{pid}/task")
        }
        return {thread: int(fields[1]) / 1e9 for thread, fields in told.items() if fields}

    def _is_busy(self) -> bool:
        states = (
            fields[0]
            for pid in self._family()
            for thread in _entries(f"/proc/{pid}/task")
            if (fields := _fields(f"/proc/{pid}/task/{thread}/stat"))
        )
        return any(state in BUSY for state in states)

    def _family(self) -> list[str]:
        """It and those that it started itself: more a child cannot have."""
        tasks = f"/proc/{self.pid}/task"
        born = (_text(f"{tasks}/{thread}/children").split() for thread in _entries(tasks))
        return [str(self.pid), *(pid for pids in born for pid in pids)]


def _fields(stat: str) -> list[str]:
    """After the name, which may hold anything; empty where the process is gone."""
    return _text(stat).rpartition(")")[2].split()


def _text(file: str) -> str:
    try:
        return Path(file).read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def _entries(folder: str) -> list[str]:
    try:
        return [path.name for path in Path(folder).iterdir()]
    except OSError:
        return []
