"""A chat with an inlet, for the inlet's tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot import inlet as inlets
from bot.inlet import Arrival, Inlet, Raw, open_inlet
from bot.journal import Journal
from tests.waiting import until

PATIENCE_S = 60.0
SECRET = "what somebody said"


@dataclass(slots=True)
class Parrot:
    """A chat that notes what it hears, and ends with an update when it is told to, or at once."""

    begun: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    claims: dict[str, bool] = field(default_factory=dict)

    @staticmethod
    def read(raw: Raw) -> Raw | None:
        if "chat" not in raw:
            raise KeyError(raw["text"])
        return raw if raw["text"] else None

    async def handle(self, arrival: Arrival[Raw]) -> None:
        async with arrival.turn(arrival.update.get("kind"), arrival.update["chat"]):
            self.begun.append(arrival.key)
            if name := arrival.update.get("about"):
                again = bool(arrival.update.get("again"))
                self.claims[arrival.key] = arrival.claim(name, again=again)
            if arrival.key in self.held:
                await self.held[arrival.key].wait()
            if arrival.update.get("is_bad"):
                raise ValueError(arrival.key)
            self.done.append(arrival.key)

    def hold(self, *keys: str) -> None:
        """They do not end until they are released."""
        self.held |= {key: asyncio.Event() for key in keys}

    def release(self, *keys: str) -> None:
        for key in keys:
            self.held.pop(key).set()

    async def has_begun(self, *keys: str) -> None:
        await self._noted(self.begun, keys)

    async def has_done(self, *keys: str) -> None:
        await self._noted(self.done, keys)

    async def _noted(self, notes: list[str], keys: Sequence[str]) -> None:
        await until(lambda: set(keys) <= set(notes), f"{keys}")


def said(chat: str, text: str = SECRET, **more: object) -> dict[str, Any]:
    return {"chat": chat, "text": text, **more}


def left_in(folder: Path) -> list[str]:
    """What the next life would begin with."""
    return [key for key, _ in Journal(folder).left()]


async def settled(folder: Path) -> None:
    """All that came is struck."""
    await until(lambda: not any((folder / "todo").iterdir()), "the journal's end")


@asynccontextmanager
async def living(folder: Path, parrot: Parrot) -> AsyncIterator[Inlet[Raw]]:
    async with open_inlet(folder, read=Parrot.read, handle=parrot.handle) as inlet:
        yield inlet


@asynccontextmanager
async def dying(
    folder: Path, parrot: Parrot, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Inlet[Raw]]:
    """A life that ends in the midst of what it does."""
    async with living(folder, parrot) as inlet:
        yield inlet
        monkeypatch.setattr(inlets, "STOPPING_S", 0.01)
    monkeypatch.undo()
