"""What runs in a child process: one task after the other, read from stdin, until stdin ends.

Started by `pipeline.process.living` as `python -m pipeline.process.child ORDERS`, a JSON of
`Orders`. It locks itself up (`pipeline.process.lock`) before it loads what it works with. A
speaking child never loads PyMuPDF, a reading child never loads a voice.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import DiskFull, ListenDockError, is_disk_full
from pipeline.process import limits, lock
from pipeline.process.frames import OUT_OF_MEMORY, UNLOCKED, Json, framed, next_frame

Task = Callable[[Json, Callable[[int, int], None]], Json]
FILE_SIZE_MB = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """How a child is to be. `life_s`: of a processor, for all of its jobs together; `packages`: of
    ours that it may load; `in_folder`, `out_folder`: its own."""

    module: str
    parent: int
    niceness: int
    memory_mb: int
    cpu_s: int
    life_s: int
    in_folder: str
    out_folder: str
    packages: Sequence[str]
    readable: Sequence[str]
    runs: Sequence[str]
    must_hold: bool

    def text(self) -> str:
        return json.dumps(asdict(self))


def main() -> None:
    orders = Orders(**json.loads(sys.argv[1]))
    limits.die_with(orders.parent)
    limits.set_limits(
        niceness=orders.niceness,
        memory_mb=orders.memory_mb,
        cpu_s=orders.life_s,
        file_mb=FILE_SIZE_MB,
    )
    _lock_up(orders)
    threading.Thread(target=_watch, args=(orders.parent,), daemon=True).start()
    requests, answers = _channels()
    tasks: dict[str, Task] = importlib.import_module(orders.module).TASKS
    while (message := next_frame(requests)) is not None:
        allow_cpu(orders.cpu_s)
        _send(answers, _answer(tasks[message["task"]], message["request"], answers))
        _give_memory_back()


def _lock_up(orders: Orders) -> None:
    """Threads that are there already would stay outside: it is done while there are none."""
    reads = [*lock.code(orders.packages), *map(Path, orders.readable), Path(orders.in_folder)]
    try:
        lock.put_on(
            lock.Lock(
                readable=reads,
                writable=[Path(orders.out_folder)],
                runs=[Path(program) for program in orders.runs],
                must_hold=orders.must_hold,
            )
        )
    except lock.Unlocked:
        os._exit(UNLOCKED)


def _channels() -> tuple[BinaryIO, BinaryIO]:
    """The pipes, with fd 1 turned to stderr: what libraries print must not mix in."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return os.fdopen(os.dup(0), "rb"), answers


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


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def allow_cpu(seconds: int) -> None:
    """From now on, for one job."""
    if not seconds:
        return
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        used = int(usage.ru_utime + usage.ru_stime) + 1
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        most = used + seconds if hard == resource.RLIM_INFINITY else min(used + seconds, hard)
        resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


if __name__ == "__main__":
    main()
