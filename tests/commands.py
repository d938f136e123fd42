"""`listendock` as a person or a script calls it: a process of its own, forked from one that has
done the imports, which take longer than most commands."""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from subprocess import CompletedProcess
from typing import TextIO

from tests import lending
from tests.waiting import ended, until

ROOT = Path(__file__).parents[1]
PRELOADED = [
    *("tests.commands", "tests.program", "bot.__main__", "bot.app.serving", "bot.doctor"),
    *("bot.offline", "adapters.summarizers.opening", "alembic.command", "hibari", "aiosqlite"),
    *("dbos._datasource_sqlite", "dbos._sys_db_sqlite"),
]


def forked(run: object, *arguments: object) -> BaseProcess:
    """A process that runs it, its imports done already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=run, args=arguments)  # type: ignore[arg-type]
    process.start()
    return process


def listendock(*arguments: str | Path, **environment: str) -> CompletedProcess[str]:
    """As `subprocess.run` would return it, stdout and stderr captured."""
    return asyncio.run(run_listendock(*arguments, **environment))


async def run_listendock(
    *arguments: str | Path, package: str = "bot", **environment: str
) -> CompletedProcess[str]:
    """With one child of each kind, which starts sooner than two. `package`: the one that is run."""
    words = [*map(str, arguments)]
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        code = await ended(
            forked(
                run_command, words, os.environ | {"WORKERS": "1"} | environment, out, err, package
            )
        )
        return CompletedProcess(words, code or 0, _text(out), _text(err))


async def stopped_listendock(words: list[str], used: Path, **environment: str) -> int | None:
    """Stopped by SIGTERM as soon as something lies in the folder `used`; the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        process = forked(
            run_command, words, os.environ | environment, Path(folder, "out"), Path(folder, "err")
        )
        await until(lambda: used.is_dir() and any(used.iterdir()))
        process.terminate()
        return await ended(process)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def run_command(
    words: list[str],
    environment: Mapping[str, str],
    out: Path | Connection,
    err: Path,
    package: str = "bot",
) -> None:
    """In this very process, which ends with it. What stands in the files stays. `package`: whose
    `main` it is."""
    _turn(sys.stdout, out)
    _turn(sys.stderr, err)
    os.environ.clear()
    os.environ.update(environment)
    lending.borrow(os.environ)
    os.chdir(ROOT)
    sys.argv = ["listendock", *words]
    sys.exit(importlib.import_module(f"{package}.__main__").main(words))


def _turn(stream: TextIO, there: Path | Connection) -> None:
    """What is written to a stream from now on goes there."""
    if isinstance(there, Connection):
        os.dup2(there.fileno(), stream.fileno())
        return
    with there.open("ab") as opened:
        os.dup2(opened.fileno(), stream.fileno())
