"""What came in and is not handled yet, on disk.

`bot.inlet` writes each update down before it is acknowledged, so that none is lost with a program
that was killed. What was handled is remembered for a day: the same update may come again.
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
    entry whole or not there. `write` and `strike` belong to one thread. `unreadable`: how many
    entries `left` has put aside."""

    def __init__(self, folder: Path) -> None:
        self._todo, self._done = folder / "todo", folder / "done"
        for place in (self._todo, self._done):
            place.mkdir(parents=True, exist_ok=True)
        for half in self._todo.glob("*.part"):
            half.unlink(missing_ok=True)
        self._open = {_digest_in(path): path for path in self._todo.glob("*.json")}
        self._handled = {path.name for path in self._done.iterdir()}
        self._struck = 0
        self.unreadable = 0
        for digest in self._open.keys() & self._handled:  # killed while it was struck
            self._open.pop(digest).unlink(missing_ok=True)
        self._tidy()

    def write(self, key: str, body: Mapping[str, Any]) -> bool:
        """False, and nothing written, if the key is known already. Raises `OSError`."""
        digest = _digest(key)
        if digest in self._open or digest in self._handled:
            return False
        path = self._todo / f"{time.time_ns():020d}-{digest}.json"
        half = path.with_suffix(".part")
        try:
            half.write_text(json.dumps({"key": key, "body": body}), encoding="utf-8")
            half.replace(path)
        except OSError:  # a disk that is full shall not be filled with halves
            half.unlink(missing_ok=True)
            raise
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
        for digest, path in sorted(self._open.items(), key=lambda entry: entry[1]):
            try:
                entry = json.loads(path.read_text(encoding="utf-8"))
                key, body = str(entry["key"]), dict(entry["body"])
            except (ValueError, KeyError, TypeError) as err:
                self._put_aside(digest, err)
            except OSError as err:  # the disk's fault: the next life may be luckier
                log.error("journal not read", entry=path.name, errno=err.errno)
            else:
                yield key, body

    def _put_aside(self, digest: str, err: Exception) -> None:
        """When its platform repeats it, it is written anew."""
        path = self._open.pop(digest)
        self.unreadable += 1
        log.error(
            "journal entry unreadable",
            entry=path.name,
            reason=type(err).__name__,
            unreadable=self.unreadable,
        )
        path.unlink(missing_ok=True)

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
