"""macOS: what `sandbox_init` gives in the place of Landlock and seccomp.

The call is old and marked as deprecated, and browsers still lock their children up with it. Nobody
has run this on the machine that it was written on: `listendock doctor` tries what holds.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path

BEGINNING = """(version 1)
(allow default)
(deny network*)
(deny signal (target others))
(deny process-exec*)
(deny file-write*)
(allow file-write-data (literal "/dev/null"))
(deny file-read-data (subpath "/Users") (subpath "/private/var/folders") (subpath "/private/tmp")
  (subpath "/Volumes") (subpath "/private/var/root"))
"""


def restrict(readable: Sequence[Path], writable: Sequence[Path], *, can_start: bool) -> None:
    """Raises `OSError` where the system refuses."""
    system = ctypes.CDLL("libSystem.dylib")
    complaint = ctypes.c_char_p()
    text = profile(readable, writable, can_start=can_start).encode()
    if system.sandbox_init(text, ctypes.c_uint64(0), ctypes.byref(complaint)) != 0:
        raise OSError("sandbox_init refused")


def profile(readable: Sequence[Path], writable: Sequence[Path], *, can_start: bool) -> str:
    """In Apple's language for it; of two rules the later holds."""
    rules = [BEGINNING]
    rules += [f"(allow file-read* (subpath {_quoted(path)}))" for path in (*readable, *writable)]
    rules += [f"(allow file-write* (subpath {_quoted(path)}))" for path in writable]
    rules.append("(allow process-exec*)" if can_start else "(deny process-fork)")
    return "\n".join(rules)


def _quoted(path: Path) -> str:
    real = os.path.realpath(path)
    return '"' + real.replace("\\", "\\\\").replace('"', '\\"') + '"'
