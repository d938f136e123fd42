"""When the database cannot be reached: that is nobody's failure, and told once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
import structlog

from bot.ports import LibraryAway

log = structlog.get_logger()
TELL_AGAIN_S = 60.0
# PostgreSQL's classes: no connection, out of resources, shutting down or starting up.
AWAY_STATES = ("08", "53", "57P")
AWAY_CODES = (
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL),
    *(sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN),
)
LOWEST_BYTE = 0xFF  # of SQLite's extended codes: the code itself


class Outage:
    """Turns what a driver throws while its database is away into `LibraryAway`; the log is told
    when that begins, when it ends, and once a minute between: everybody asks, and often."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._told_at = float("-inf")

    @property
    def is_on(self) -> bool:
        return self._since is not None

    @contextmanager
    def watched(self) -> Iterator[None]:
        try:
            yield
        except (sa.exc.DBAPIError, sa.exc.TimeoutError) as err:
            if not is_outage(err):
                raise
            self._note(err)
            raise LibraryAway from err
        else:
            self._note_end()

    def _note(self, err: Exception) -> None:
        now = time.monotonic()
        if self._since is None:
            self._since = now
        if now - self._told_at > TELL_AGAIN_S:
            self._told_at = now
            reason = type(getattr(err, "orig", None) or err).__name__
            log.error("database away", reason=reason, seconds=round(now - self._since))

    def _note_end(self) -> None:
        if self._since is not None:
            log.warning("database back", seconds=round(time.monotonic() - self._since))
            self._since, self._told_at = None, float("-inf")


def is_outage(err: sa.exc.SQLAlchemyError) -> bool:
    """Whether the same again may work when the database is back, or has room again."""
    if not isinstance(err, sa.exc.DBAPIError):
        return isinstance(err, sa.exc.TimeoutError)  # each connection waits for the database
    if err.connection_invalidated:
        return True
    return isinstance(err, sa.exc.OperationalError) and _says_so(err.orig)


def _says_so(driver: Any) -> bool:
    code = getattr(driver, "sqlite_errorcode", None)
    if code is not None:
        return (code & LOWEST_BYTE) in AWAY_CODES
    if not hasattr(driver, "sqlstate"):
        return False
    state = driver.sqlstate  # none: there was not even a connection
    return state is None or state.startswith(AWAY_STATES)
