"""How far chapters and cards on their way have come, so that what is sent again goes on from there.

Slack lets one ask whether an upload was completed, and what stands in a channel. So the two steps
that nobody may take twice are on disk before and after: a life that is killed between them is
followed by one that asks.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import structlog

from adapters.slack.places import PLATFORM
from bot.domain import Conversation
from bot.ports import Upload
from pipeline.domain import from_json, to_json

log = structlog.get_logger()
KIND = "permalink"
MOST = 1000  # under way at once, or remembered
SKEW_S = 60.0  # by which our clock and Slack's may differ
KEPT_S = 3600.0  # on disk, before the newest: what is repeated is repeated at the next start
SWEPT_EVERY_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What goes where: a chapter, or without one a document's card. `name`: of this very sending;
    empty: it is not known again."""

    conversation: Conversation
    document: str
    name: str
    chapter: int = 0
    size: int = 0

    @property
    def mark(self) -> str:
        """By which what was sent is known again: on disk, and in the place."""
        return hashlib.sha256(to_json(self)).hexdigest()[:32]


@dataclass(slots=True)
class Shipment:
    """How far one chapter on its way to one place has come. `message`: the one with its buttons.
    `permalink` without a `file`: an earlier upload is shared by its link.
    `is_doubtful`: it may have come further; only Slack knows."""

    file: str = ""
    upload_url: str = ""
    has_bytes: bool = False
    is_asked: bool = False  # to be completed; the answer may have been lost
    is_complete: bool = False
    permalink: str = ""
    is_shared: bool = False
    message: str = ""
    is_doubtful: bool = False
    since: float = field(default_factory=lambda: time.time() - SKEW_S)  # nothing of it is older

    @property
    def is_link(self) -> bool:
        return bool(self.permalink) and not self.file

    @property
    def upload(self) -> Upload | None:
        if not self.permalink:
            return None
        return Upload(platform=PLATFORM, kind=KIND, remote_id=self.permalink)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What stands on disk of one."""

    file: str
    permalink: str = ""
    message: str = ""
    since: float


class Shipments:
    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._under_way: dict[Delivery, Shipment] = {}
        self._last: dict[Delivery, float] = {}  # when the same was sent there, without its name
        self._clock = clock
        self._swept_at = clock()
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)

    async def of(self, delivery: Delivery) -> Shipment:
        """The one that is under way; else the one of an earlier life; else a new one."""
        shipment = self._under_way.get(delivery)
        if shipment is None:
            kept = await asyncio.to_thread(self._read, delivery)
            shipment = _of_former_life(kept) if kept is not None else self._new(delivery)
            self._under_way[delivery] = shipment
        _keep_newest(self._under_way)
        return shipment

    def _new(self, delivery: Delivery) -> Shipment:
        """What was sent before it is older, if only by a moment."""
        shipment = Shipment()
        before = self._last.get(replace(delivery, name=""), 0.0)
        shipment.since = max(shipment.since, before)
        return shipment

    def forget(self, delivery: Delivery) -> None:
        """It is over, or given up; on disk it stays for a while."""
        shipment = self._under_way.pop(delivery, None)
        if shipment is not None and shipment.message:
            self._last[replace(delivery, name="")] = float(shipment.message)
            _keep_newest(self._last)

    async def keep(self, delivery: Delivery, shipment: Shipment) -> None:
        """On disk, before or after a step that must not be taken twice. Where that fails, it may
        be: better than a chapter that does not come."""
        kept = Kept(
            file=shipment.file,
            permalink=shipment.permalink,
            message=shipment.message,
            since=shipment.since,
        )
        await asyncio.to_thread(self._write, delivery, kept)
        await self._sweep_sometimes()

    async def _sweep_sometimes(self) -> None:
        """Not before an hour has passed: until then what an earlier life left is asked for."""
        if self._clock() - self._swept_at < SWEPT_EVERY_S:
            return
        self._swept_at = self._clock()
        under_way = {delivery.mark for delivery in self._under_way}
        await asyncio.to_thread(_sweep, self._folder, under_way)

    def _path(self, delivery: Delivery) -> Path | None:
        if not delivery.name:
            return None
        return self._folder / f"{delivery.mark}.json"

    def _read(self, delivery: Delivery) -> Kept | None:
        path = self._path(delivery)
        try:
            return from_json(Kept, path.read_bytes()) if path is not None else None
        except (OSError, ValueError):
            return None

    def _write(self, delivery: Delivery, kept: Kept) -> None:
        path = self._path(delivery)
        if path is None:
            return
        half = path.with_suffix(".part")
        try:
            half.write_bytes(to_json(kept))
            half.replace(path)
        except OSError as err:
            log.warning("shipment not kept", errno=err.errno)
            half.unlink(missing_ok=True)


def _keep_newest(held: dict[Delivery, Any]) -> None:
    while len(held) > MOST:
        held.pop(next(iter(held)))


def _of_former_life(kept: Kept) -> Shipment:
    return Shipment(
        file=kept.file,
        has_bytes=bool(kept.file),
        is_asked=bool(kept.file),
        permalink=kept.permalink,
        message=kept.message,
        is_doubtful=True,
        since=kept.since,
    )


def _sweep(folder: Path, under_way: Set[str] = frozenset()) -> None:
    """By the newest, not by the clock: however long nothing ran, what was sent last is known."""
    times = {path: changed for path in folder.iterdir() if (changed := _changed_at(path))}
    oldest = max(times.values(), default=0.0) - KEPT_S
    for path, changed in times.items():
        if changed < oldest and path.stem not in under_way:
            path.unlink(missing_ok=True)


def _changed_at(path: Path) -> float:
    """0.0: it is gone by now."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
