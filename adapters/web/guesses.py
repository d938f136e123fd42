"""How often somebody may show a wrong key."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from adapters.serving import household_of

AN_ADDRESS, IN_ALL = 10, 100  # in a row; one more comes every so often
REGAINED_S, ALL_REGAINED_S = 60.0, 6.0
ADDRESSES_KEPT = 1000


@dataclass(slots=True)
class _Rest:
    """What is left of a number of tries, which come back one by one."""

    most: int
    regained_s: float
    left: float
    seen_at: float

    def take(self, now: float, count: int = 1) -> bool:
        self.left = min(self.most, self.left + (now - self.seen_at) / self.regained_s)
        self.seen_at = now
        if self.left < count:
            return False
        self.left -= count
        return True


@dataclass(slots=True)
class Guesses:
    """One address cannot use up what others have, until very many of them try together."""

    clock: Callable[[], float] = time.monotonic
    _all: _Rest = field(init=False)
    _by_address: OrderedDict[str, _Rest] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self._all = _Rest(IN_ALL, ALL_REGAINED_S, IN_ALL, self.clock())

    def take(self, address: str) -> bool:
        """Whether another try is left; it is counted. A right one is given back."""
        now = self.clock()
        return self._rest_of(address, now).take(now) and self._all.take(now)

    def give_back(self, address: str) -> None:
        now = self.clock()
        for rest in (self._rest_of(address, now), self._all):
            rest.take(now, -1)

    def _rest_of(self, address: str, now: float) -> _Rest:
        place = household_of(address)
        rest = self._by_address.setdefault(place, _Rest(AN_ADDRESS, REGAINED_S, AN_ADDRESS, now))
        self._by_address.move_to_end(place)
        if len(self._by_address) > ADDRESSES_KEPT:
            self._by_address.popitem(last=False)
        return rest
