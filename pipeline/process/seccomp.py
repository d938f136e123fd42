"""seccomp: which of the kernel's calls a process and all that it starts may still make.

The filter lists what is allowed, so that what the kernel learns tomorrow is refused too: with
ENOSYS, to which C libraries know an older way; what is older with EPERM. x86-64 and arm64.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from dataclasses import dataclass

from pipeline.process.syscalls import HARMLESS, WEIGHED

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, PR_GET_SECCOMP, MODE_FILTER = 38, 22, 21, 2
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
REFUSE, UNKNOWN = ERRNO | errno.EPERM, ERRNO | errno.ENOSYS
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # places in what the filter is shown
LOAD, IS, IS_AT_LEAST, HAS_ANY, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
X32 = 0x40000000  # x86-64's third table of numbers, which nobody here calls
NEWER = 424  # from here on numbers are the same everywhere, and libraries do without

MAP_SHARED, MAP_ANONYMOUS, MAP_GROWSDOWN = 0x01, 0x20, 0x100
CLONE_THREAD, CLONE_NEW = 0x00010000, 0x7E020000  # and all kinds of namespaces
TERMINAL = (0x5401, 0x802C542A, 0x5413)  # is it one, and how wide: libraries ask of each file
FILE = (0x541B, 0x5421, 0x5450, 0x5451)  # how much there is to read; its flags
FLAGS = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)  # not: who gets signals of a file
NAMES = (15, 16, 0x53564D41, 23)  # of threads and of memory; which capabilities there were


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """`can_exec`: may become another program; `can_fork`: may start one beside itself. Landlock
    says which."""

    can_exec: bool = False
    can_fork: bool = False


def is_known() -> bool:
    """Whether the kernel takes filters, and we know this machine's numbers."""
    if not sys.platform.startswith("linux") or platform.machine() not in ARCHITECTURES:
        return False
    return bool(ctypes.CDLL(None).prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0)


def install(wanted: Allowance) -> None:
    """From now on, for this thread and all that it starts. Raises `OSError`."""
    code = program(wanted, platform.machine(), os.getpid())
    block = ctypes.create_string_buffer(code, len(code))
    head = struct.pack("@HP", len(code) // 8, ctypes.addressof(block))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, head, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp refused")


def program(wanted: Allowance, machine: str, pid: int) -> bytes:
    """The filter as the kernel runs it: one instruction after the other, the number loaded."""
    column, architecture = ARCHITECTURES[machine]
    lines = [
        _line(LOAD, ARCHITECTURE),
        *(_line(IS, architecture, 1, 0), _line(RETURN, KILL), _line(LOAD, NUMBER)),
        *(_line(IS_AT_LEAST, X32, 0, 1), _line(RETURN, KILL)),
    ]
    for numbers in HARMLESS.values():
        lines += _on(numbers[column], [_line(RETURN, ALLOW)])
    for name, answer in _weighed(wanted, pid).items():
        lines += _on(WEIGHED[name][column], answer)
    lines += [_line(IS_AT_LEAST, NEWER, 0, 1), _line(RETURN, UNKNOWN), _line(RETURN, REFUSE)]
    return b"".join(lines)


def _weighed(wanted: Allowance, pid: int) -> dict[str, list[bytes]]:
    """What becomes of calls that are harmless with some arguments only."""
    answers = {
        "mmap": [  # no limit counts such memory
            *_refused(3, MAP_GROWSDOWN),
            *_refused(3, MAP_SHARED | MAP_ANONYMOUS),
            _line(RETURN, ALLOW),
        ],
        "ioctl": _only(1, *TERMINAL, *FILE),
        "fcntl": _only(1, *FLAGS),
        "prctl": _only(0, *NAMES),
        "prlimit64": _only(0, 0),  # its own
        "kill": _only(0, pid),
        "tgkill": _only(0, pid),
        "clone": [
            _line(LOAD, FIRST_ARGUMENT),
            *(_line(HAS_ANY, CLONE_THREAD, 0, 1), _line(RETURN, ALLOW), _line(RETURN, REFUSE)),
        ],
        "clone3": [_line(RETURN, UNKNOWN)],  # its arguments lie where no filter can look
    }
    if wanted.can_fork:
        answers["clone"] = [
            _line(LOAD, FIRST_ARGUMENT),
            *(_line(HAS_ANY, CLONE_NEW, 0, 1), _line(RETURN, REFUSE), _line(RETURN, ALLOW)),
        ]
        answers["vfork"] = [_line(RETURN, ALLOW)]
    if wanted.can_exec:
        answers["execve"] = [_line(RETURN, ALLOW)]
    return answers


def _on(number: int | None, answer: list[bytes]) -> list[bytes]:
    """An answer ends the filter, so that the number is still loaded where it is another."""
    return [] if number is None else [_line(IS, number, 0, len(answer)), *answer]


def _only(argument: int, *values: int) -> list[bytes]:
    """Its lower half, which is all of an `int`."""
    found = [_line(LOAD, FIRST_ARGUMENT + 8 * argument)]
    for value in values:
        found += [_line(IS, value, 0, 1), _line(RETURN, ALLOW)]
    return [*found, _line(RETURN, REFUSE)]


def _refused(argument: int, bits: int) -> list[bytes]:
    """Where it has all of them."""
    return [
        *(_line(LOAD, FIRST_ARGUMENT + 8 * argument), _line(AND, bits)),
        *(_line(IS, bits, 0, 1), _line(RETURN, REFUSE)),
    ]


def _line(code: int, value: int, if_so: int = 0, else_: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, else_, value)
