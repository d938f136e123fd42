"""What a child of this machine could still do, tried by one: what the doctor tells is seen."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

from pipeline.process import landlock, seccomp
from pipeline.process.frames import Json
from pipeline.process.sandbox import Limits, Sandbox

TRYING = Limits(memory_mb=300, cpu_s=10)
TRYING_S = 30.0


async def loopholes(secret: Path) -> list[str]:
    """What a locked child got all the same, in words; none where it is as it should be. `secret`:
    a file of this program. Raises what `Sandbox.run` does."""
    request = {"secret": str(secret), "program": os.getpid()}
    async with Sandbox(module="pipeline.process.trial", size=1, limits=TRYING) as sandbox:
        told = await sandbox.run("try", request, timeout_s=TRYING_S)
    return [str(what) for what in told["loopholes"]]


def kernel_words() -> str:
    """What is there to lock children up with."""
    known = landlock.version()
    files = f"Landlock {known}" if known else "no Landlock (Linux 5.13 has it)"
    calls = "seccomp" if seccomp.is_known() else "no seccomp for this machine"
    return f"{files}, {calls}"


def _try_task(request: Json, progress: Callable[[int, int], None]) -> Json:
    tried: dict[str, Callable[[], object]] = {
        "reads files of this program": lambda: Path(request["secret"]).read_bytes(),
        "writes elsewhere": lambda: os.close(os.open(request["secret"], os.O_WRONLY)),
        "opens sockets": lambda: socket.socket().close(),
        "starts programs": _fork,
        "sends signals": lambda: os.kill(request["program"], 0),
    }
    return {"loopholes": [what for what, attempt in tried.items() if _succeeds(attempt)]}


def _fork() -> None:
    if (pid := os.fork()) == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, AttributeError):  # the second where the system has no such call
        return False
    return True


TASKS = {"try": _try_task}
