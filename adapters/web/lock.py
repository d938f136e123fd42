"""What opens a page that others reach: a key, which `serve` makes and shows once. Whoever has shown
it has a pass, which their browser shows from then on. Neither is kept here; a pass does not tell
its key, and the hash tells neither."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from contextlib import suppress

from bot.ports import Keys, LibraryAway
from pipeline.errors import ConfigurationError

DOOR = "page"
SHORTEST_KEY = 16
KNOWN_S = 5.0  # then it is looked up again: another host, or another life, may have changed it
NOT_OURS = "--new-key cannot change the key that WEB_KEY names: change WEB_KEY."
Clock = Callable[[], float]


class PageLock:
    def __init__(self, keys: Keys, key_hash: str = "", *, clock: Clock = time.monotonic) -> None:
        """`key_hash`: of a key that settings name, and nothing else changes."""
        self._keys = keys
        self._named = key_hash
        self._known = key_hash
        self._clock = clock
        self._known_until = float("-inf")

    async def opens(self, shown: str) -> bool:
        """Whether this is the pass of the key. It takes as long for one that is nearly right."""
        key_hash = self._named or await self._stored_hash()
        return hmac.compare_digest(_hash_of(shown), key_hash)

    async def _stored_hash(self) -> str:
        if self._clock() >= self._known_until:
            with suppress(LibraryAway):  # what was known holds until it is back
                self._known = await self._keys.key_hash(DOOR)
            self._known_until = self._clock() + KNOWN_S
        return self._known


async def open_lock(keys: Keys, named: str, *, is_new_key: bool) -> tuple[PageLock, str]:
    """The lock; and its key, if it was made just now and must be shown. `named`: the key that
    settings name. Raises `ConfigurationError`."""
    if named:
        check_key(named)
        if is_new_key:
            raise ConfigurationError(problem=NOT_OURS)
        return PageLock(keys, _hash_of(pass_of(named))), ""
    key = secrets.token_urlsafe(24)
    key_hash = _hash_of(pass_of(key))
    if is_new_key:
        await keys.change_key(DOOR, key_hash)
    elif not await keys.keep_first_key(DOOR, key_hash):
        key = ""
    return PageLock(keys), key


def check_key(named: str) -> None:
    """Raises `ConfigurationError` for a key that is guessed too soon."""
    if len(named) < SHORTEST_KEY:
        raise ConfigurationError(problem=f"WEB_KEY needs at least {SHORTEST_KEY} characters.")


def pass_of(key: str) -> str:
    return hmac.new(key.encode(), b"listendock page", hashlib.sha256).hexdigest()


def _hash_of(shown: str) -> str:
    return hashlib.sha256(shown.encode()).hexdigest()
