"""Another's program, run once for some files: locked up like a child, and as bare.

Blocking; called in a thread, or in a child, which is locked up itself.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from pipeline.process import lock
from pipeline.process.living import environment
from pipeline.process.watch import Watch

LOOK_S = 1.0
MOST_SAID = 1024 * 1024  # bytes of what it says that anybody reads
BELOW_NORMAL = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)  # only Windows has it
NEEDED = ("SYSTEMROOT",)  # by programs on Windows


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramLimits:
    """What one run may use."""

    cpu_s: int
    memory_mb: int
    file_mb: int
    still_s: float = 60.0
    niceness: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """`code` below 0: by that signal."""

    code: int
    said: bytes
    complained: bytes


def run_program(
    command: Sequence[str],
    limits: ProgramLimits,
    *,
    reads: Collection[Path] = (),
    writes: Collection[Path] = (),
) -> Ended:
    """Run it to its end, which comes if it only waits. It can open these files and no others; those
    that it writes are made before. Raises `OSError` where it cannot be started."""
    for file in writes:
        file.touch()
    is_ours = os.name != "posix" or lock.is_on()
    errand = _errand(command, limits, reads, writes)
    launcher = [sys.executable, "-P", "-S", "-m", "pipeline.process.launch", errand]
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        process = subprocess.Popen(
            command if is_ours else launcher,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=complained,
            env=_bare() if is_ours else environment(),
            start_new_session=not is_ours,
            creationflags=BELOW_NORMAL,
        )
        try:
            code = _ended(process, limits.still_s)
        finally:
            _kill(process, is_alone=not is_ours)
        return Ended(code=code, said=_beginning(said), complained=_beginning(complained))


def _errand(
    command: Sequence[str], limits: ProgramLimits, reads: Collection[Path], writes: Collection[Path]
) -> str:
    """What `pipeline.process.launch` is told, as JSON."""
    errand = {
        "command": list(command),
        "reads": [str(file.resolve()) for file in reads],
        "writes": [str(file.resolve()) for file in writes],
        "parent": os.getpid(),
        "environment": _bare(),
        "limits": {
            "niceness": limits.niceness,
            "cpu_s": limits.cpu_s,
            "memory_mb": limits.memory_mb,
            "file_mb": limits.file_mb,
        },
    }
    return json.dumps(errand)


def _ended(process: subprocess.Popen[bytes], still_s: float) -> int:
    watch = Watch(process.pid)
    while watch.still_s <= still_s:
        with suppress(subprocess.TimeoutExpired):
            return process.wait(timeout=LOOK_S)
        watch.look()
    return -getattr(signal, "SIGKILL", 9)


def _kill(process: subprocess.Popen[bytes], *, is_alone: bool) -> None:
    if process.poll() is not None:
        return
    with suppress(OSError):
        if is_alone:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _bare() -> dict[str, str]:
    return {name: os.environ[name] for name in NEEDED if name in os.environ}


def _beginning(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(MOST_SAID)


@lru_cache(maxsize=1)
def ffmpeg() -> str:
    """Where it is: as `imageio_ffmpeg` looks, which would start it to see whether it starts."""
    wanted = os.environ.get("IMAGEIO_FFMPEG_EXE") or next(_in_the_wheel(), None)
    found = shutil.which(wanted or "ffmpeg")
    if found is None:
        raise FileNotFoundError("ffmpeg")
    return found


def _in_the_wheel() -> Iterator[str]:
    spec = find_spec("imageio_ffmpeg")
    for folder in (spec and spec.submodule_search_locations) or ():
        yield from map(str, sorted(Path(folder, "binaries").glob("ffmpeg-*")))
