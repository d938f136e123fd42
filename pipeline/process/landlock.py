"""Landlock, called by its numbers: which files a process and all that it starts may still open.

Linux 5.13 and newer; the same numbers on every machine. A rule holds for a file, or for a folder
with all in it; what no rule names is refused, whoever the user is. What it does not govern (`stat`,
`chmod` …) the filter of calls does (`pipeline.process.seccomp`), but for `stat`, which tells of a
file that it is there.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Mapping
from pathlib import Path
from stat import S_ISDIR

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION, PATH_BENEATH = 1, 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_FILE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 5
MAKE_REG, TRUNCATE, IOCTL_DEV = 1 << 8, 1 << 14, 1 << 15
FIRST_RIGHTS = (1 << 13) - 1
ADDED_RIGHTS = {2: 1 << 13, 3: TRUNCATE, 5: IOCTL_DEV}  # by the version that brought them
OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
READING = READ_FILE | READ_DIR
WRITING = READING | WRITE_FILE | TRUNCATE | MAKE_REG | REMOVE_FILE
TCP, SCOPED = 0b11, 0b11  # bind and connect; abstract sockets and signals
SINCE_TCP, SINCE_SCOPES, SINCE_TRUNCATE = 4, 6, 3


def version() -> int:
    """Of the kernel's Landlock; 0 where there is none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, _syscall(CREATE_RULESET, None, 0, ASK_VERSION))


def restrict(rights: Mapping[Path, int]) -> None:
    """From now on this thread, and all that it starts, may do so much beneath these paths and
    nothing elsewhere. Paths that are not there are passed over. Raises `OSError`."""
    known = version()
    handled = FIRST_RIGHTS
    for since, right in ADDED_RIGHTS.items():
        handled |= right if known >= since else 0
    ruleset = _ruleset(known, handled)
    try:
        for path, right in rights.items():
            _allow(ruleset, path, right & handled)
        _checked(_syscall(RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(ruleset)


def _ruleset(known: int, handled: int) -> int:
    attributes = struct.pack("=Q", handled)
    if known >= SINCE_TCP:
        attributes += struct.pack("=Q", TCP)
    if known >= SINCE_SCOPES:
        attributes += struct.pack("=Q", SCOPED)
    return _checked(_syscall(CREATE_RULESET, attributes, len(attributes), 0))


def _allow(ruleset: int, path: Path, right: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not S_ISDIR(os.fstat(place).st_mode):
            right &= OF_A_FILE
        rule = struct.pack("=Qi", right, place)
        _checked(_syscall(ADD_RULE, ruleset, PATH_BENEATH, rule, 0))
    finally:
        os.close(place)


def _syscall(number: int, *arguments: int | bytes | None) -> int:
    """What it gives; below 0 for an error, which `ctypes.get_errno` names."""
    libc = ctypes.CDLL(None, use_errno=True)
    typed = [ctypes.c_long(a) if isinstance(a, int) else ctypes.c_char_p(a) for a in arguments]
    libc.syscall.restype = ctypes.c_long
    return int(libc.syscall(ctypes.c_long(number), *typed))


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
