"""What runs in a child process: one task after the other, read from stdin, until stdin ends.

Started by `pipeline.process.sandbox` as
`python -m pipeline.process.child MODULE MEMORY_MB CPU_S NICENESS PARENT`. A speaking child never
loads PyMuPDF, a reading child never loads a voice.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import struct
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, BinaryIO

from pipeline.errors import DiskFull, ListenDockError, is_disk_full
from pipeline.process.sandbox import OUT_OF_MEMORY, framed

Json = dict[str, Any]
Task = Callable[[Json, Callable[[int, int], None]], Json]
PR_SET_PDEATHSIG, SIGKILL = 1, 9
FILE_SIZE_MB = 2048


def main() -> None:
    memory_mb, cpu_s, niceness, parent = (int(argument) for argument in sys.argv[2:6])
    _die_with(parent)
    _limit(memory_mb, niceness)
    requests, answers = _channels()
    tasks: dict[str, Task] = importlib.import_module(sys.argv[1]).TASKS
    while (message := _next(requests)) is not None:
        allow_cpu(cpu_s)
        _send(answers, _answer(tasks[message["task"]], message["request"], answers))
        _give_memory_back()


def _channels() -> tuple[BinaryIO, BinaryIO]:
    """The pipes, with fd 1 turned to stderr: what libraries print must not mix in."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return os.fdopen(os.dup(0), "rb"), answers


def _next(requests: BinaryIO) -> Json | None:
    head = requests.read(4)
    if len(head) < 4:
        return None
    (size,) = struct.unpack(">I", head)
    message = json.loads(requests.read(size))
    return message if isinstance(message, dict) else None


def _send(answers: BinaryIO, message: Json) -> None:
    answers.write(framed(message))
    answers.flush()


def _answer(task: Task, request: Json, answers: BinaryIO) -> Json:
    def on_progress(done: int, total: int) -> None:
        _send(answers, {"progress": [done, total]})

    try:
        return {"answer": task(request, on_progress)}
    except ListenDockError as err:
        return {"error": {"kind": err.kind, "facts": err.facts}}
    except OSError as err:
        if is_disk_full(err):
            return {"error": {"kind": DiskFull.kind, "facts": {}}}
        raise
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except RuntimeError as err:
        if "alloc" in str(err).lower() or "memory" in str(err).lower():
            os._exit(OUT_OF_MEMORY)
        raise


def _give_memory_back() -> None:
    """What a job has freed; glibc would keep it for the next, and a child grow with each."""
    with contextlib.suppress(OSError, AttributeError):  # other libraries have no such call
        ctypes.CDLL(None).malloc_trim(0)


def _die_with(parent: int) -> None:
    """End with the program, also when it is killed and even while this child is busy."""
    with contextlib.suppress(OSError, AttributeError):  # only Linux knows it
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def _limit(memory_mb: int, niceness: int) -> None:
    with contextlib.suppress(OSError):
        os.nice(niceness)
    try:
        import resource
    except ImportError:  # Windows has none
        return
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: FILE_SIZE_MB * 1024 * 1024,
        resource.RLIMIT_NOFILE: 256,
    }
    if memory_mb:
        wanted[resource.RLIMIT_DATA] = memory_mb * 1024 * 1024
    for kind, value in wanted.items():
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (value, value))


def allow_cpu(seconds: int) -> None:
    """From now on, for one job."""
    if not seconds:
        return
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        used = int(usage.ru_utime + usage.ru_stime) + 1
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, hard))


if __name__ == "__main__":
    main()
