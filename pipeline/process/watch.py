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
    """Of one process and its threads, from now on. Where there is no `/proc` it sees nothing: then
    neither number grows."""

    pid: int
    worked_s: float = 0.0
    still_s: float = 0.0
    _begun_s: float = field(init=False)
    _looked_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._begun_s = self._spent_s() or 0.0
        self._looked_at = time.monotonic()

    def look(self) -> None:
        spent_s, now = self._spent_s(), time.monotonic()
        if spent_s is not None:
            worked_s = spent_s - self._begun_s
            is_still = worked_s == self.worked_s and not self._is_busy()
            self.still_s = self.still_s + now - self._looked_at if is_still else 0.0
            self.worked_s = worked_s
        self._looked_at = now

    def _spent_s(self) -> float | None:
        """Of a processor, with what it started and waited for."""
        found = _fields(Path(f"/proc/{self.pid}/stat"))
        return sum(map(int, found[11:15])) / os.sysconf("SC_CLK_TCK") if found else None

    def _is_busy(self) -> bool:
        files = Path(f"/proc/{self.pid}/task").glob("*/stat")
        return any(found and found[0] in BUSY for found in map(_fields, files))


def _fields(stat: Path) -> list[str]:
    """After the name, which may hold anything; empty where the process is gone."""
    try:
        return stat.read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return []
