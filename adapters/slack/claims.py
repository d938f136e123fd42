"""Which request acts on what was shared: one share makes up to three events, in any order."""

from __future__ import annotations

import time
from collections.abc import Sequence

from adapters.slack.payloads import Said, SlackFile
from bot.journal import Journal

LATE_S = 600.0  # a `message` that comes this long after its `file_shared` is another share


class Claims:
    """Open ones are remembered here, handled ones in the journal: a request that is repeated after
    a crash may act, another one of the same share may not."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._owners: dict[str, str] = {}
        self._early: dict[str, float] = {}  # files that were taken before their message came

    def is_first(self, key: str, said: Said) -> bool:
        """Whether this request is the one to act on a message."""
        return self._own(key, f"message:{said.team}:{said.channel}:{said.ts}")

    def take(self, key: str, said: Said, file: SlackFile) -> bool:
        """Whether this request is the one to act on a file of a message."""
        claim = f"file:{said.team}:{said.channel}:{file.id}"
        if not said.ts:  # known by its file only
            if not self._own(key, claim):
                return False
            self._early[claim] = time.monotonic()
            return True
        taken_at = self._early.pop(claim, None)
        if taken_at is not None and time.monotonic() - taken_at < LATE_S:
            return False
        self._owners[claim] = key
        return True

    def owned_by(self, key: str) -> list[str]:
        """To be struck from the journal with the request, and only then to be released."""
        return [claim for claim, owner in self._owners.items() if owner == key]

    def release(self, claims: Sequence[str]) -> None:
        for claim in claims:
            self._owners.pop(claim, None)

    def _own(self, key: str, claim: str) -> bool:
        if self._journal.is_handled(claim):
            return False
        return self._owners.setdefault(claim, key) == key
