"""Hashes of keys, in memory."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class MemoryKeys:
    hashes: dict[str, str] = field(default_factory=dict)

    async def key_hash(self, door: str) -> str:
        return self.hashes.get(door, "")

    async def keep_first_key(self, door: str, key_hash: str) -> bool:
        return self.hashes.setdefault(door, key_hash) is key_hash

    async def change_key(self, door: str, key_hash: str) -> None:
        self.hashes[door] = key_hash
