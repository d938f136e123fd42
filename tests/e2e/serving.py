"""The real program in a process of its own, on a home of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TextIO

from tests import lending, warm
from tests.commands import forked, run_command
from tests.waiting import until_blocking

ROOT = Path(__file__).parents[2]
QUICK_VOICE = {"VOICE": warm.QUICK_VOICE}


@dataclass(slots=True)
class Serving:
    url: str
    process: subprocess.Popen[str] | BaseProcess
    _out: TextIO

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def says(self) -> str:
        """The next line on stdout."""
        return self._out.readline().strip()

    def stop(self) -> int:
        """SIGTERM, as a service manager does it; the exit code."""
        self.process.terminate()
        until_blocking(lambda: _code(self.process) is not None, "the program's end")
        return _code(self.process) or 0


def _code(process: subprocess.Popen[str] | BaseProcess) -> int | None:
    return process.exitcode if isinstance(process, BaseProcess) else process.poll()


@contextmanager
def serving(
    home: Path,
    *,
    port: int = 0,
    log: Path | None = None,
    package: str = "bot",
    lender: str = "",
    **environment: str,
) -> Iterator[Serving]:
    """`log`: a file that takes what it says on stderr, behind what stands there. `package`: the one
    that is run. `lender`: whose children it borrows, from `tests.warm`; such a program also finds
    its imports done. Without, all is as it is for who calls it in a terminal."""
    words = ["serve", "--port", str(port)]
    settings = os.environ | {"LISTENDOCK_HOME": str(home), "WORKERS": "1"} | environment
    log = log or Path(os.devnull)
    start = _forked if lender else _started
    process, out = start(package, words, settings | {lending.ADDRESS: lender}, log)
    try:
        line = out.readline()
        found = re.search(r"listening on (http://\S+)", line)
        assert found, line
        yield Serving(found.group(1), process, out)
    finally:
        if _code(process) is None:
            process.kill()
        process.wait() if isinstance(process, subprocess.Popen) else process.join()
        out.close()


def _started(
    package: str, words: list[str], environment: dict[str, str], log: Path
) -> tuple[subprocess.Popen[str], TextIO]:
    with log.open("a") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", package, *words],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert process.stdout is not None
    return process, process.stdout


def _forked(
    package: str, words: list[str], environment: dict[str, str], log: Path
) -> tuple[BaseProcess, TextIO]:
    hears, says = Pipe(duplex=False)
    process = forked(run_command, words, environment, says, log, package)
    says.close()
    with hears:
        return process, os.fdopen(os.dup(hears.fileno()), encoding="utf-8")
