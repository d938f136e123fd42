"""What came in and is not handled yet, on disk.

A chat that pushes its events wants each acknowledged at once, long before it is handled. A program
killed in between would lose what it acknowledged, so every request is written down first, and what
lies there at the next start is handled first. What was handled is remembered for a day: the
same event may be delivered again.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger()
REMEMBERED_S = 25 * 3600.0  # longer than any platform repeats an event
TIDY_EVERY = 500


class Journal:
    """Of JSON objects, each under a key of the platform's. A process killed at any point leaves an
    entry whole or not there. `write` and `strike` belong to one thread."""

    def __init__(self, folder: Path) -> None:
        self._todo, self._done = folder / "todo", folder / "done"
        for place in (self._todo, self._done):
            place.mkdir(parents=True, exist_ok=True)
        self._open = {_digest_in(path): path for path in self._todo.glob("*.json")}
        self._handled = {path.name for path in self._done.iterdir()}
        self._struck = 0
        self._tidy()

    def write(self, key: str, body: Mapping[str, Any]) -> bool:
        """False, and nothing written, if the key is known already."""
        digest = _digest(key)
        if digest in self._open or digest in self._handled:
            return False
        path = self._todo / f"{time.time_ns():020d}-{digest}.json"
        half = path.with_suffix(".part")
        half.write_text(json.dumps({"key": key, "body": body}), encoding="utf-8")
        half.replace(path)
        self._open[digest] = path
        return True

    def strike(self, key: str, *others: str) -> None:
        """It is handled, and with it everything that came under the `others`."""
        for digest in map(_digest, (key, *others)):
            (self._done / digest).touch()
            self._handled.add(digest)
            path = self._open.pop(digest, None)
            if path is not None:
                path.unlink(missing_ok=True)
        self._struck += 1
        if self._struck % TIDY_EVERY == 0:
            self._tidy()

    def is_handled(self, key: str) -> bool:
        return _digest(key) in self._handled

    def left(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """What an earlier life did not finish, in the order of its coming."""
        for path in sorted(self._open.values()):
            try:
                entry = json.loads(path.read_text(encoding="utf-8"))
                key, body = str(entry["key"]), dict(entry["body"])
            except (OSError, ValueError, KeyError, TypeError):
                log.warning("journal entry unreadable", entry=path.name)
                path.unlink(missing_ok=True)
                continue
            yield key, body

    def _tidy(self) -> None:
        oldest = time.time() - REMEMBERED_S
        for path in self._done.iterdir():
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)
                self._handled.discard(path.name)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _digest_in(path: Path) -> str:
    return path.stem.partition("-")[2]
