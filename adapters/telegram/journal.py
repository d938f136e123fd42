"""Updates on disk until they are handled.

Telegram forgets an update as soon as the next poll confirms it. A program killed between the two
would lose a forwarded document, so each update is written down before it is confirmed, and what
lies there at the next start is handled first.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import structlog
from telegram import Bot, Update

log = structlog.get_logger()
REMEMBERED = 2000


class UpdateJournal:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, update: Update) -> None:
        path = self._path(update.update_id)
        half = path.with_suffix(".part")
        half.write_text(update.to_json(), encoding="utf-8")
        half.replace(path)

    def strike(self, update: Update) -> None:
        self._path(update.update_id).unlink(missing_ok=True)

    def left(self, bot: Bot) -> Iterator[Update]:
        """What an earlier life did not finish, in order."""
        for path in sorted(self._folder.glob("update-*.json")):
            try:
                update = Update.de_json(json.loads(path.read_text(encoding="utf-8")), bot)
            except (ValueError, KeyError, TypeError):
                log.warning("journal entry unreadable", entry=path.name)
                path.unlink(missing_ok=True)
                continue
            yield update

    def _path(self, update_id: int) -> Path:
        return self._folder / f"update-{update_id:012d}.json"


class JournaledQueue(asyncio.Queue[object]):
    """The queue that PTB's updater fills: it confirms an update only after `put` returned.

    The same update delivered twice is put once."""

    def __init__(self, journal: UpdateJournal) -> None:
        super().__init__()
        self._journal = journal
        self._seen: set[int] = set()
        self._order: deque[int] = deque()

    async def put(self, item: object) -> None:
        if isinstance(item, Update):
            if item.update_id in self._seen:
                return
            await asyncio.to_thread(self._journal.write, item)
            self.remember(item.update_id)
        await super().put(item)

    def remember(self, update_id: int) -> None:
        self._seen.add(update_id)
        self._order.append(update_id)
        if len(self._order) > REMEMBERED:
            self._seen.discard(self._order.popleft())
