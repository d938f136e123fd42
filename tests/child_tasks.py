"""What misbehaving children do: tasks for the sandbox's tests."""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigurationError, EncryptedPdf, SpeechFailed, TooManyPages

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
        "niceness": os.getpriority(os.PRIO_PROCESS, 0),
        "most_cpu_s": resource.getrlimit(resource.RLIMIT_CPU)[1],
        "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
    }


def print_much(request: Json, progress: Progress) -> Json:
    os.write(1, b"noise from a library " * 1000)
    return {"well": True}


def toil(request: Json, progress: Progress) -> Json:
    began_s = time.process_time()
    while time.process_time() - began_s < request["cpu_s"]:
        pass
    return {}


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
    progress(os.getpid(), 0)
    while True:
        time.sleep(1)


def start_a_grandchild(request: Json, progress: Progress) -> Json:
    return {"pid": subprocess.Popen(["sleep", "600"]).pid}


def leave_the_pipe_to_another(request: Json, progress: Progress) -> Json:
    heir = subprocess.Popen(
        ["sleep", "600"], pass_fds=[fd for fd in range(3, 12) if _is_written(fd)]
    )
    progress(heir.pid, 0)
    os._exit(0)


def shout(request: Json, progress: Progress) -> Json:
    """An answer that is too long, and no end of it."""
    progress(os.getpid(), 0)
    (pipe,) = (fd for fd in range(3, 12) if _is_written(fd))
    os.write(pipe, b"\xff" * 4)
    while True:
        os.write(pipe, bytes(1024 * 1024))


def _is_written(fd: int) -> bool:
    try:
        return fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY
    except OSError:
        return False


def burn_on(request: Json, progress: Progress) -> Json:
    """As long as it lives, without its own limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while True:
        pass


def copy(request: Json, progress: Progress) -> Json:
    """What it was given to where it was wanted; a half of it before it fails, if it shall."""
    given, out = Path(request["path"]), Path(request["out"])
    out.write_bytes(given.read_bytes())
    if request.get("is_failing"):
        raise EncryptedPdf
    return {"name": given.name}


def read(request: Json, progress: Progress) -> Json:
    return {"text": Path(request["file"]).read_text(encoding="ascii")}


def keep_a_file(request: Json, progress: Progress) -> Json:
    """Open, or mapped, after its name is gone."""
    path = Path(os.environ["TMPDIR"], "kept")
    path.write_bytes(b"x" * 4096)
    file = path.open("rb")
    _KEPT.append(mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) if request["is_mapped"] else file)
    return {"pid": os.getpid()}


_KEPT: list[object] = []


def hoard(request: Json, progress: Progress) -> Json:
    for number in range(request["files"]):
        Path(os.environ["TMPDIR"], str(number)).write_bytes(bytes(request["size"]))
    progress(os.getpid(), 0)
    while True:
        time.sleep(1)


def name_an_error(request: Json, progress: Progress) -> Json:
    raise {"configuration": ConfigurationError, "speech": SpeechFailed}[request["kind"]](
        problem="Call 555"
    )


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
    "keep_a_file": keep_a_file,
    "hoard": hoard,
    "name_an_error": name_an_error,
    "count": count,
    "toil": toil,
    "tell": tell,
    "print_much": print_much,
    "refuse": refuse,
    "count_pages": count_pages,
    "fill_the_disk": fill_the_disk,
    "crash": crash,
    "fail": fail,
    "hang": hang,
    "start_a_grandchild": start_a_grandchild,
    "leave_the_pipe_to_another": leave_the_pipe_to_another,
    "shout": shout,
    "burn_on": burn_on,
    "copy": copy,
    "read": read,
    "eat_memory": eat_memory,
    "burn": burn,
    "answer_nonsense": answer_nonsense,
    "report_nonsense": report_nonsense,
}
