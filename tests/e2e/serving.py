"""The real program in a process of its own, on a home of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import warm
from tests.waiting import until_blocking

ROOT = Path(__file__).parents[2]
QUICK_VOICE = {"VOICE": warm.QUICK_VOICE}


@dataclass(slots=True)
class Serving:
    url: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def says(self) -> str:
        """The next line on stdout."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def stop(self) -> int:
        """SIGTERM, as a service manager does it; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        until_blocking(lambda: self.process.poll() is not None, "the program's end")
        return self.process.returncode


@contextmanager
def serving(
    home: Path, *, port: int = 0, log: Path | None = None, program: str = "bot", **environment: str
) -> Iterator[Serving]:
    """`log`: a file that takes what it says on stderr, behind what stands there. `program`: the
    package that is run."""
    errors = log.open("a") if log else subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, "-m", program, "serve", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"LISTENDOCK_HOME": str(home), "WORKERS": "1"} | environment,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"listening on (http://\S+)", line)
        assert found, line
        yield Serving(found.group(1), process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
        if not isinstance(errors, int):
            errors.close()
