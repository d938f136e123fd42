"""Locks itself up and becomes another's program: `python -m pipeline.process.launch ERRAND`.

Loads as little as can be: it is started for each picture and each file that is joined.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from pipeline.process import limits, lock

UNSTARTED = 126  # exit code of what could not be locked up, or not be started


def main() -> None:
    errand = json.loads(sys.argv[1])
    limits.die_with(errand["parent"])
    limits.set_limits(**errand["limits"])
    program, *arguments = errand["command"]
    try:
        lock.put_on(
            lock.Lock(
                readable=[Path(path) for path in errand["reads"]],
                writable=[Path(path) for path in errand["writes"]],
                runs=[Path(program).resolve()],
                becomes=True,
            )
        )
        os.execve(program, [program, *arguments], errand["environment"])  # noqa: S606 - no shell is wanted
    except OSError:
        os._exit(UNSTARTED)


if __name__ == "__main__":
    main()
