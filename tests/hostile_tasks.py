"""What hostile code in a child tries: each attack does one thing that no job needs.

An attack returns if it succeeded and raises `OSError` (or what Python makes of one) if it was
refused. `try_all` is a task; the same without a child shows that each would succeed there.
"""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import platform
import resource
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Attack = Callable[[Json], object]
PTRACE_SEIZE, CLONE_NEWUSER, IPC_PRIVATE, MAP_GROWSDOWN = 0x4206, 0x10000000, 0, 0x100
PRIVATE = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
NUMBERS = {  # of calls for which there is no function everywhere: x86-64, arm64
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "unshare": (272, 97),
    "memfd_create": (319, 279), "shmget": (29, 194), "io_uring_setup": (425, 425),
    "pidfd_open": (434, 434), "mount": (165, 40), "clone3": (435, 435),
}  # fmt: skip


def call(name: str, *arguments: int) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = NUMBERS[name][platform.machine() == "aarch64"]
    result = int(libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments)))
    if result < 0:
        raise OSError(ctypes.get_errno(), name)
    return result


def of_program(facts: Json, name: str) -> bytes:
    with Path(f"/proc/{facts['program']}/{name}").open("rb", buffering=0) as file:
        return file.read(1)


def write_over(facts: Json) -> None:
    with Path(facts["secret"]).open("r+b") as file:
        file.write(b"x")


def cut_what_was_given(facts: Json) -> None:
    os.close(os.open(facts["given"], os.O_RDONLY | os.O_TRUNC))


def change_what_was_given(facts: Json) -> None:
    with Path(facts["given"]).open("r+b") as file:
        file.write(b"x")


def write_elsewhere(facts: Json) -> None:
    (Path(facts["folder"]) / "made").write_text("x", encoding="ascii")


def link_out(facts: Json) -> None:
    os.link(facts["given"], Path(facts["out"]).with_name("linked"))


def point_out(facts: Json) -> None:
    Path(facts["out"]).with_name("pointer").symlink_to(facts["secret"])


def connect(facts: Json) -> None:
    socket.create_connection(("127.0.0.1", facts["port"]), timeout=5).close()


def connect_by_path(facts: Json) -> None:
    with socket.socket(socket.AF_UNIX) as plug:
        plug.connect(facts["socket"])


def connect_by_name(facts: Json) -> None:
    with socket.socket(socket.AF_UNIX) as plug:
        plug.connect("\0" + facts["name"])


def fork(facts: Json) -> None:
    if (pid := os.fork()) == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def run_a_shell(facts: Json) -> None:
    subprocess.run(["/bin/sh", "-c", "exit 0"], check=True)


def become_a_shell(facts: Json) -> None:
    os.execv("/bin/sh", ["sh", "-c", ":"])


def signal_the_program(facts: Json) -> None:
    os.kill(facts["program"], 0)


def signal_by_a_file(facts: Json) -> None:
    """Its own pipe, told to send its signals to the program."""
    read, write = os.pipe()
    try:
        fcntl.fcntl(read, fcntl.F_SETOWN, facts["program"])
    finally:
        os.close(read)
        os.close(write)


def trace(facts: Json) -> None:
    call("ptrace", PTRACE_SEIZE, facts["program"], 0, 0)


def share_memory(facts: Json) -> None:
    mmap.mmap(-1, 4096).close()


def share_memory_by_name(facts: Json) -> None:
    file = Path("/dev/shm") / f"listendock-{os.getpid()}"
    file.write_bytes(b"x")
    file.unlink()


def take_processor_time(facts: Json) -> None:
    """More than it may have in all."""
    resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def slow_the_program_down(facts: Json) -> None:
    os.setpriority(os.PRIO_PROCESS, facts["program"], 19)


def limit_the_program(facts: Json) -> None:
    most = resource.prlimit(facts["program"], resource.RLIMIT_CORE)
    resource.prlimit(facts["program"], resource.RLIMIT_CORE, most)


def list_connections(facts: Json) -> None:
    Path("/proc/self/net/tcp").read_bytes()


def list_connections_by_a_thread(facts: Json) -> None:
    Path(f"/proc/self/task/{threading.get_native_id()}/net/tcp").read_bytes()


def have_memory_that_grows(facts: Json) -> None:
    """Like a stack: the limit on memory does not count it."""
    mmap.mmap(-1, 4096, flags=PRIVATE | MAP_GROWSDOWN).close()


def have_room_without_end(facts: Json) -> None:
    mmap.mmap(-1, 16 * 1024**3, flags=PRIVATE, prot=0).close()


FILES: dict[str, Attack] = {
    "read the program's environment": lambda facts: of_program(facts, "environ"),
    "read the program's memory": lambda facts: of_program(facts, "mem"),
    "list the program's files": lambda facts: list(Path(f"/proc/{facts['program']}/fd").iterdir()),
    "read a secret": lambda facts: Path(facts["secret"]).read_bytes(),
    "list a folder": lambda facts: list(Path(facts["folder"]).iterdir()),
    "list connections": list_connections,
    "list connections by a thread": list_connections_by_a_thread,
    "list what is mounted": lambda _: Path("/proc/self/mountinfo").read_bytes(),
    "list all processes": lambda facts: list(Path("/proc").iterdir()),
    "read the users of this machine": lambda facts: Path("/etc/passwd").read_bytes(),
    "write over a file": write_over,
    "write elsewhere": write_elsewhere,
    "cut what was given": cut_what_was_given,
    "change what was given": change_what_was_given,
    "share memory by name": share_memory_by_name,
}
CALLS: dict[str, Attack] = {
    "connect": connect,
    "connect by path": connect_by_path,
    "connect by name": connect_by_name,
    "talk without a connection": lambda _: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close(),
    "make a pair of sockets": lambda _: [end.close() for end in socket.socketpair()],
    "fork": fork,
    "run a shell": run_a_shell,
    "become a shell": become_a_shell,
    "signal the program": signal_the_program,
    "signal by a file": signal_by_a_file,
    "hold the program by a number": lambda facts: os.close(call("pidfd_open", facts["program"], 0)),
    "trace the program": trace,
    "leave the group": lambda _: os.setpgid(0, 0),
    "change rights": lambda facts: os.chmod(facts["given"], 0o600),  # noqa: PTH101
    "change times": lambda facts: os.utime(facts["given"]),
    "link out": link_out,
    "point out": point_out,
    "share memory": share_memory,
    "have memory that grows": have_memory_that_grows,
    "have room without end": have_room_without_end,
    "share memory by number": lambda _: call("shmget", IPC_PRIVATE, 4096, 0o600),
    "make a file in memory": lambda _: os.close(os.memfd_create("x")),
    "have a ring": lambda _: call("io_uring_setup", 1, 0),
    "be alone": lambda _: call("unshare", CLONE_NEWUSER),
    "take processor time": take_processor_time,
    "slow the program down": slow_the_program_down,
    "limit the program": limit_the_program,
}
# What cannot come back (it is another program then), what this machine may refuse to everybody,
# and what only is refused where the child has a limit.
NOT_FREE = (
    *("become a shell", "have a ring", "be alone", "read the program's memory"),
    *("hold the program by a number", "trace the program", "leave the group"),
    *("list the program's files", "share memory by number", "take processor time"),
)


def outcomes(attacks: dict[str, Attack], facts: Json) -> dict[str, str]:
    """By attack: "done", or what refused it."""
    found = {}
    for name, attack in attacks.items():
        try:
            attack(facts)
            found[name] = "done"
        except (OSError, subprocess.SubprocessError, ValueError) as err:
            found[name] = type(err).__name__
    return found


def try_all(request: Json, progress: Callable[[int, int], None]) -> Json:
    return {"found": outcomes(FILES | CALLS, request), "honest": _honest_work(request)}


def _honest_work(facts: Json) -> Json:
    """What a job does need."""
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()
    Path(facts["out"]).write_bytes(Path(facts["given"]).read_bytes())
    mmap.mmap(-1, 4096, flags=PRIVATE).close()
    signal.getsignal(signal.SIGTERM)
    return {"threads": threading.active_count(), "random": len(os.urandom(8))}


TASKS: dict[str, Callable[[Json, Callable[[int, int], None]], Json]] = {"try_all": try_all}
