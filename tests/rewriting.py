"""Asserts of test files, rewritten once before workers begin, which each would do else: half of the
time that they take to find their tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.assertion import rewrite


def rewrite_for_workers(config: pytest.Config) -> None:
    """Nothing where Python is told to write no bytecode."""
    state = config.stash.get(rewrite.assertstate_key, None)
    if state is None or sys.dont_write_bytecode:
        return
    for path in _test_files(config):
        folder = rewrite.get_cache_dir(path)
        pyc = folder / f"{path.stem}{rewrite.PYC_TAIL}"
        if rewrite._read_pyc(path, pyc) is None:
            folder.mkdir(parents=True, exist_ok=True)
            source_hash, code = rewrite._rewrite_test(path, config)
            rewrite._write_pyc(state, code, source_hash, pyc)


def _test_files(config: pytest.Config) -> Iterator[Path]:
    for given in config.args:
        path = Path(config.invocation_params.dir, given.partition("::")[0])
        yield from sorted(path.rglob("test_*.py")) if path.is_dir() else [path]
