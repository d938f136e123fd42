"""What misbehaving children do: tasks for the sandbox's tests."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.errors import EncryptedPdf, TooManyPages

Json = dict[str, Any]
Progress = Callable[[int, int], None]


def echo(request: Json, progress: Progress) -> Json:
    return {"pid": os.getpid(), **request}


def count(request: Json, progress: Progress) -> Json:
    for done in range(1, 4):
        progress(done, 3)
    return {}


def tell(request: Json, progress: Progress) -> Json:
    return {
        "environment": dict(os.environ),
        "born_with": Path("/proc/self/environ").read_text(encoding="utf-8").split("\0"),
        "niceness": os.nice(0),
        "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
    }


def print_much(request: Json, progress: Progress) -> Json:
    os.write(1, b"noise from a library " * 1000)
    return {"well": True}


def refuse(request: Json, progress: Progress) -> Json:
    raise EncryptedPdf


def count_pages(request: Json, progress: Progress) -> Json:
    raise TooManyPages(pages=9000, limit=2000)


def fill_the_disk(request: Json, progress: Progress) -> Json:
    raise OSError(errno.ENOSPC, "no space left", "/a/path")


def crash(request: Json, progress: Progress) -> Json:
    os.abort()


def fail(request: Json, progress: Progress) -> Json:
    raise RuntimeError("secret text of the document")


def hang(request: Json, progress: Progress) -> Json:
    if "pid_file" in request:
        Path(request["pid_file"]).write_text(str(os.getpid()), encoding="ascii")
    while True:
        time.sleep(1)


def start_a_grandchild(request: Json, progress: Progress) -> Json:
    return {"pid": subprocess.Popen(["sleep", "600"]).pid}


def eat_memory(request: Json, progress: Progress) -> Json:
    return {"size": len(bytearray(4 * 1024**3))}


def burn(request: Json, progress: Progress) -> Json:
    while True:
        pass


def answer_nonsense(request: Json, progress: Progress) -> Json:
    return request["nonsense"]  # type: ignore[no-any-return]


def report_nonsense(request: Json, progress: Progress) -> Json:
    progress("much", None)  # type: ignore[arg-type]
    return {}


TASKS: dict[str, Callable[[Json, Progress], Json]] = {
    "echo": echo,
    "count": count,
    "tell": tell,
    "print_much": print_much,
    "refuse": refuse,
    "count_pages": count_pages,
    "fill_the_disk": fill_the_disk,
    "crash": crash,
    "fail": fail,
    "hang": hang,
    "start_a_grandchild": start_a_grandchild,
    "eat_memory": eat_memory,
    "burn": burn,
    "answer_nonsense": answer_nonsense,
    "report_nonsense": report_nonsense,
}
