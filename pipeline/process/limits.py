"""What a process may use, set by itself before it does anything; the kernel holds it to that."""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
from pathlib import Path

PR_SET_PDEATHSIG, SIGKILL = 1, 9
MEGABYTE = 1024 * 1024
OPEN_FILES = 256
MAPPED_MB = 2048  # beside its memory: code, models, what grows by itself like a stack
MOST_THREADS = 256  # a reading child has five


def die_with(parent: int) -> None:
    """End with the program, also when it is killed and even while this one is busy."""
    with contextlib.suppress(OSError, AttributeError):  # only Linux knows it
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def set_limits(*, niceness: int, memory_mb: int, cpu_s: int, file_mb: int) -> None:
    """For good. Zero means no limit; one that is tighter already stays."""
    with contextlib.suppress(OSError):
        os.nice(niceness)
    try:
        import resource
    except ImportError:  # Windows has none
        return
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_FSIZE: file_mb * MEGABYTE,
    }
    if memory_mb:
        wanted[resource.RLIMIT_DATA] = memory_mb * MEGABYTE
        wanted[resource.RLIMIT_AS] = (memory_mb + MAPPED_MB) * MEGABYTE  # stacks count here alone
    if cpu_s:
        wanted[resource.RLIMIT_CPU] = cpu_s
    for kind, value in wanted.items():
        _, most = resource.getrlimit(kind)
        least = value if most == resource.RLIM_INFINITY else min(value, most)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (least, least))
    _limit_threads()


def _limit_threads() -> None:
    """The kernel counts those of a user, not of a process, so ours are counted first. Where we do
    not see all of them (in a container) and not one more could be started, there is no limit."""
    import resource

    before, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    most = _threads_of_this_user() + MOST_THREADS
    if not most or (hard != resource.RLIM_INFINITY and hard <= most):
        return
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NPROC, (most, hard))
        try:
            trial = threading.Thread(target=int)
            trial.start()
            trial.join()
        except RuntimeError:
            resource.setrlimit(resource.RLIMIT_NPROC, (before, hard))
        else:
            resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


def _threads_of_this_user() -> int:
    count, own = 0, os.geteuid()
    with contextlib.suppress(OSError), os.scandir("/proc") as entries:
        for entry in entries:
            with contextlib.suppress(OSError):  # it ends while one looks
                if entry.name.isdigit() and entry.stat().st_uid == own:
                    count += Path(entry.path, "task").stat().st_nlink - 2
    return count
