"""Folders that are there for a moment: their process's own, and swept when that was killed.

The system lets go of a process's locks when it ends, however it ends: what nobody holds is left
over. Nobody sweeps what somebody is just making, for both hold the folder above it."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class OwnFolder:
    """Held from `made` to `remove`. Both block."""

    path: Path
    _lock: int

    @classmethod
    def made(cls, above: Path, prefix: str) -> Self:
        with _locked(above):
            path = Path(tempfile.mkdtemp(prefix=prefix, dir=above))
            return cls(path, _lock(path))

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def sweep(above: Path, prefix: str) -> None:
    """Remove what killed processes left; what a living one holds stays."""
    with _locked(above):
        for folder in above.glob(f"{prefix}*"):
            with suppress(OSError), _locked(folder, is_waiting=False):
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(folder: Path, *, is_waiting: bool = True) -> Iterator[None]:
    number = _lock(folder, is_waiting=is_waiting)
    try:
        yield
    finally:
        os.close(number)


def _lock(folder: Path, *, is_waiting: bool = True) -> int:
    """Until it is closed. Raises `BlockingIOError` where somebody else has it, and nobody wants to
    wait."""
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX if is_waiting else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(number)
        raise
    return number
