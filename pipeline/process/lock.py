"""The lock that a child puts on before it sees a stranger's bytes; nothing takes it off again.

Landlock for files, seccomp for everything else that the kernel can be asked for; either alone where
the other is missing. It fails closed: what the kernel has and then refuses ends the child.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import site
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.process import landlock, seatbelt, seccomp

ROOT = Path(__file__).resolve().parents[2]
# What libraries look at: shared code, fonts, time zones, what the machine is like.
SYSTEM = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"),
    *("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/zoneinfo", "/etc/localtime"),
    *("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu", "/sys/kernel/mm"),
    *("/dev/zero", "/dev/urandom", "/dev/random"),
)
# What it may know of itself; the rest of `/proc/self` tells of the host and its connections.
OF_ITSELF = ("environ", "fd", "maps", "stat", "statm", "status")
PR_SET_DUMPABLE = 4
HEADER_BYTES = 8192  # of a program, in which its loader is named
CAPABILITY_VERSION = 0x20080522
OF_FILES = 0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: whose files they are; Landlock says which


class Unlocked(Exception):
    """The kernel lacks what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What a process may still touch. `runs`: programs that it may start; `becomes`: that it may
    only turn into one of them. `must_hold`: without Landlock and seccomp it is not to work."""

    readable: Sequence[Path] = ()
    writable: Sequence[Path] = ()
    runs: Sequence[Path] = ()
    becomes: bool = False
    must_hold: bool = False


_is_on = False


def is_on() -> bool:
    """Whether this process has put one on."""
    return _is_on


def put_on(lock: Lock) -> None:
    """Raises `Unlocked` where the lock must hold and cannot, `OSError` where the kernel refuses."""
    global _is_on
    _is_on = True
    if sys.platform == "darwin":
        seatbelt.restrict(lock.readable, lock.writable, can_start=bool(lock.runs))
        return
    has_landlock, has_seccomp = landlock.version() > 0, seccomp.is_known()
    if lock.must_hold and not (has_landlock and has_seccomp):
        raise Unlocked
    if not has_landlock and not has_seccomp:
        return
    _take_no_privileges()
    if has_landlock:
        landlock.restrict(_rights(lock))
    if has_seccomp:
        can_start = bool(lock.runs)
        seccomp.install(
            seccomp.Allowance(can_exec=can_start, can_fork=can_start and not lock.becomes)
        )


def links_are_safe() -> bool:
    """Whether a link to a file can be given that the child shall not change: the first versions of
    Landlock let it be cut to nothing."""
    return landlock.version() >= landlock.SINCE_TRUNCATE


def hide_memory() -> None:
    """Of this process: from now on nobody of the same user can look into its memory or its
    environment, and it leaves no core."""
    with suppress(OSError, AttributeError):  # only Linux knows it
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def code(packages: Iterable[str]) -> list[Path]:
    """Where Python, its libraries and these packages of ours lie. Never the folder that ours lie
    in, unless that is one for libraries: an `.env` may lie beside them."""
    places: set[str] = {
        sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")
    }
    for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix):
        places |= {f"{prefix}/lib", f"{prefix}/lib64"}
    places |= set(sys.path) - {"", str(ROOT)}
    with suppress(AttributeError):  # where Python was started without its site
        places |= {*site.getsitepackages(), site.getusersitepackages()}
    return [*map(Path, sorted(places)), *(folder for name in packages for folder in _of(name))]


def _of(package: str) -> list[Path]:
    """The import also tells Python where it lies: it cannot look into the folder above later."""
    try:
        module = importlib.import_module(package)
    except (ImportError, ValueError):  # whoever needs it will say so
        return []
    return [Path(place) for place in getattr(module, "__path__", ())]


def _rights(lock: Lock) -> dict[Path, int]:
    own = (Path(f"/proc/{os.getpid()}", name) for name in OF_ITSELF)
    places = (*map(Path, SYSTEM), *own, *lock.readable)
    rights = dict.fromkeys(places, landlock.READING)
    for path in lock.writable:
        rights[path] = landlock.WRITING
    rights[Path(os.devnull)] = landlock.READ_FILE | landlock.WRITE_FILE
    for path in lock.runs:
        for part in (path, *_loader_of(path)):
            rights[part] = rights.get(part, landlock.READING) | landlock.EXECUTE
    return rights


def _loader_of(program: Path) -> list[Path]:
    """What the kernel starts in the place of a program that is not whole in itself, and what in
    the place of that: as its ELF header or its first line names it."""
    with program.open("rb") as file:
        head = file.read(HEADER_BYTES)
    if head[:2] == b"#!":
        loader = Path(os.fsdecode(head[2:].split(maxsplit=1)[0]))
        return [loader, *_loader_of(loader)]
    start = head.find(b"/lib")
    if head[:4] != b"\x7fELF" or start < 0:
        return []
    return [Path(os.fsdecode(head[start : head.index(b"\0", start)]))]


def _take_no_privileges() -> None:
    """Nothing that it starts gains any; what it has as root, but for reading files, is dropped:
    limits would not hold against them."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(seccomp.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "privileges cannot be given up")
    head = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; lower halves first
    if libc.capget(head, sets) == 0:
        kept = (sets[0] & OF_FILES, sets[1] & OF_FILES, 0, 0, 0, 0)
        libc.capset(head, (ctypes.c_uint32 * 6)(*kept))
