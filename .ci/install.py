"""`python .ci/install.py requirements.txt`: what `make` runs to install pinned packages into the
environment of this Python. Says in one line how far pip is, instead of in hundreds or not at all.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

DEALT_WITH = re.compile(
    r"(?:Collecting|Processing|Requirement already satisfied:) "
    r"(?:\S*/)?([A-Za-z0-9]+(?:[._-][A-Za-z]\w*)*)"
)
UNPACKING = "Installing collected packages"
WIDTH = 72
EVERY = 20  # packages, where lines cannot be written over


def main() -> int:
    """Pip's exit code."""
    requirements = Path(sys.argv[1])
    command = [sys.executable, "-m", "pip", "install", "--progress-bar", "off", "--require-hashes"]
    with subprocess.Popen(
        [*command, "-r", requirements],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as pip:
        assert pip.stdout is not None
        told = progress(pip.stdout, total=pins(requirements.read_text(encoding="utf-8")))
        (tell_in_place if sys.stdout.isatty() else tell_some)(told)
    if pip.returncode:
        sys.stderr.write("pip could not install all of it; what it said stands above.\n")
    return pip.returncode


def pins(requirements: str) -> int:
    """How many packages are named; a few of them are for other systems."""
    return len(re.findall(r"^[A-Za-z0-9][\w.-]*==", requirements, re.M))


def progress(lines: Iterable[str], *, total: int) -> Iterator[str]:
    """One text for each package that pip fetches or has, and one when it unpacks them all."""
    count = 0
    for line in lines:
        if package := DEALT_WITH.match(line):
            count += 1
            yield f"{count} of {total} packages: {package[1]}"
        elif line.startswith(UNPACKING):
            yield "unpacking them"


def tell_in_place(texts: Iterable[str], write: Callable[[str], object] = sys.stdout.write) -> None:
    """Each over the one before."""
    for text in texts:
        write(f"\r  {text[:WIDTH]:{WIDTH}}")
        sys.stdout.flush()
    write("\n")


def tell_some(texts: Iterable[str], write: Callable[[str], object] = sys.stdout.write) -> None:
    """Some of them, one below the other: for logs."""
    for number, text in enumerate(texts):
        if number % EVERY == 0 or text.startswith("unpack"):
            write(f"  {text}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
