"""Run as a script in a copy of the tree: plants imports, one after the other, and tells which
contracts the check finds broken. Apart from the tests, because a process that has imported the
program would have the check look at that instead of the copy."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path

from importlinter.cli import lint_imports


def broken_contracts() -> list[str]:
    """Names of contracts, by the very function that `lint-imports` calls. Empty: all is well."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        status = lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True)
    lines = told.getvalue().splitlines()
    broken = [line.removesuffix(" BROKEN") for line in lines if line.endswith(" BROKEN")]
    if bool(status) != bool(broken):
        raise RuntimeError(told.getvalue())
    return broken


def broken_by(file: str, line: str) -> list[str]:
    """What the check says of a tree in which `file` begins with `line`."""
    path = Path(file)
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{line}\n{before}", encoding="utf-8")
    try:
        return broken_contracts()
    finally:
        path.write_text(before, encoding="utf-8")


if __name__ == "__main__":
    json.dump([broken_by(*plant) for plant in json.load(sys.stdin)], sys.stdout)
