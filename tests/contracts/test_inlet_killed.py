"""What the inlet promises to every chat, whenever the program is killed."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.parrot import left_in
from tests.waiting import until, wait_for


@dataclass(slots=True)
class Life:
    """One of `tests.inlet_life`, and what it has told."""

    process: asyncio.subprocess.Process
    told: list[str] = field(default_factory=list)

    async def tells(self, *lines: str) -> None:
        while not set(lines) <= set(self.told):
            assert await self.goes_on(), f"{lines} is not in {self.told}"

    async def goes_on(self) -> bool:
        """Another line; False at the end."""
        assert self.process.stdout is not None
        line = await wait_for(self.process.stdout.readline(), "a line of the program")
        if line.endswith(b"\n"):
            self.told.append(line.decode().strip())
        return line.endswith(b"\n")

    def hears(self, key: str, chat: str, *, waits: bool = False) -> None:
        assert self.process.stdin is not None
        line = f'{{"key": "{key}", "chat": "{chat}", "waits": {str(waits).lower()}}}\n'
        self.process.stdin.write(line.encode())

    async def is_killed(self) -> None:
        self.process.kill()
        await self.ends()

    async def ends(self) -> None:
        """It hears no more; whatever it still tells is told."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        while await self.goes_on():
            pass
        await self.process.wait()


@asynccontextmanager
async def born(folder: Path, *, lines: int = 0) -> AsyncIterator[Life]:
    """`lines`: when it has told so many, it is killed in that very moment."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.inlet_life", str(folder), str(lines)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    life = Life(process)
    try:
        yield life
    finally:
        if process.returncode is None:
            await life.is_killed()


async def test_what_a_killed_program_had_taken_is_handled_by_the_next(tmp_path: Path) -> None:
    async with born(tmp_path) as life:
        life.hears("1", "a")
        life.hears("2", "a", waits=True)
        life.hears("3", "a")
        life.hears("4", "b")
        await life.tells("taken 4", "done 1", "begun 2", "done 4")
        await until(lambda: len(list((tmp_path / "done").iterdir())) >= 2)
        await life.is_killed()
    assert left_in(tmp_path) == ["2", "3"]
    async with born(tmp_path) as life:
        await life.tells("begun 2")
        await life.is_killed()
    assert not {"begun 1", "begun 3", "begun 4"} & set(life.told)


async def test_killed_again_and_again_it_loses_nothing_and_keeps_the_order(tmp_path: Path) -> None:
    chance = random.Random(14)
    owed = [(f"{chat}{number}", chat) for number in range(8) for chat in "ab"]
    history: list[str] = []
    kills = 0
    while owed:
        async with born(tmp_path, lines=chance.randint(4, 12)) as life:
            for key, chat in owed:
                life.hears(key, chat)
            await life.ends()
        kills += life.process.returncode == -signal.SIGKILL
        history += life.told
        owed = [(key, chat) for key, chat in owed if f"taken {key}" not in history]
    async with born(tmp_path) as life:
        await life.ends()
    history += life.told
    assert life.process.returncode == 0
    assert kills > 1
    for chat in "ab":
        done = [line for line in history if line.startswith(f"done {chat}")]
        assert list(dict.fromkeys(done)) == [f"done {chat}{number}" for number in range(8)]
        assert len(done) <= 8 + kills  # twice only if the kill came before it was struck
    assert left_in(tmp_path) == []
