"""Which request acts on what was shared: one share makes up to three events, in any order."""

from __future__ import annotations

import time

from adapters.slack.payloads import Payload, Said, SlackFile
from bot.inlet import Arrival

LATE_S = 600.0  # a `message` that comes this long after its `file_shared` is another share


class Claims:
    """The inlet knows which request holds a claim; here is what it is a claim to."""

    def __init__(self) -> None:
        self._early: dict[str, float] = {}  # files that were taken before their message came

    def is_first(self, arrival: Arrival[Payload], said: Said) -> bool:
        """Whether this request is the one to act on a message."""
        return arrival.claim(f"message:{said.team}:{said.channel}:{said.ts}")

    def take(self, arrival: Arrival[Payload], said: Said, file: SlackFile) -> bool:
        """Whether this request is the one to act on a file of a message."""
        claim = f"file:{said.team}:{said.channel}:{file.id}"
        if not said.ts:  # known by its file only
            if not arrival.claim(claim):
                return False
            self._early[claim] = time.monotonic()
            return True
        taken_at = self._early.pop(claim, None)
        if taken_at is not None and time.monotonic() - taken_at < LATE_S:
            return False
        return arrival.claim(claim, again=True)
