"""How many minutes a day are made for one listener."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain import Progress
from bot.ports import Bookkeeping


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """`daily_s` 0: as many as they like. `exempt`: listeners without a limit.

    A chapter is begun while anything is left of the day: one longer than the whole limit could
    never be heard otherwise."""

    daily_s: float = 0.0
    exempt: frozenset[str] = frozenset()

    async def charge(
        self, books: Bookkeeping, listener: str, progress: Progress, chapters: Sequence[int]
    ) -> list[int]:
        """Those of `chapters`, in their order, that may be made today; they are charged."""
        if not self._binds(listener):
            return list(chapters)
        day, granted = _today(), []
        used = before = await books.spend(listener, day, 0.0)
        for number in chapters:
            if used >= self.daily_s:
                break
            granted.append(number)
            chapter = progress.find(number)
            used += progress.seconds_of(chapter) if chapter is not None else 0.0
        await books.spend(listener, day, used - before)
        return granted

    async def full_day_s(self, books: Bookkeeping, listener: str) -> float:
        """The whole limit, once it is used up; 0: there is something left, or no limit."""
        if not self._binds(listener):
            return 0.0
        used = await books.spend(listener, _today(), 0.0)
        return self.daily_s if used >= self.daily_s else 0.0

    def _binds(self, listener: str) -> bool:
        return bool(self.daily_s) and listener not in self.exempt


UNLIMITED = Quota()


def _today() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d")
