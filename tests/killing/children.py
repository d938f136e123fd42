"""Reading and speaking children of programs that tests started."""

from __future__ import annotations

import json
from collections.abc import Collection

import psutil


def children_of(programs: Collection[int]) -> list[int]:
    """Those that are there, whether their program is or not; nobody else's."""
    found = []
    for process in psutil.process_iter(["cmdline", "pid"]):
        command = process.info["cmdline"] or []
        if "pipeline.process.child" in command and _program_in(command[-1]) in programs:
            found.append(process.info["pid"])
    return found


def _program_in(orders: str) -> int | None:
    """Of a child's command line; another one has other words at its end."""
    try:
        told = json.loads(orders)
    except ValueError:
        return None
    return told.get("parent") if isinstance(told, dict) else None
