"""Nothing is offered that only tests use."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.surface import modules_in, unused

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "adapters", "pipeline")
# Whoever begins so is called by somebody else than the program.
ALLOWED = (
    "adapters.database.migrations.versions.",  # Alembic reads these files by their names
    "adapters.memory.",  # shipped for tests and for whoever tries a chat; they look into it
    "bot.settings.Settings.model_config",  # pydantic's
)


@pytest.fixture(scope="module")
def found() -> list[str]:
    """In the program."""
    return unused(modules_in(ROOT, *PACKAGES))


def test_the_program_offers_nothing_that_only_tests_use(found: list[str]) -> None:
    assert [name for name in found if not name.startswith(ALLOWED)] == []


def test_nothing_is_allowed_that_needs_no_leave(found: list[str]) -> None:
    assert [leave for leave in ALLOWED if not any(n.startswith(leave) for n in found)] == []


USED = """
from library import Loud, called
from typing import Protocol
import json

LIMIT = 3

class Port(Protocol):
    def give(self, count: int) -> int: ...

class Giver:
    size: int
    _own: int

    def give(self, count: int) -> int:
        return count + self.size

class Listener(Loud):
    def on_event(self, event: object) -> None: ...

class _Hidden:
    def unseen(self) -> None: ...

@called
def registered(request: object) -> None: ...

def kind_of(name: str) -> str:
    return getattr(Giver(), "size") + name

def serve(port: Port) -> None:
    _ = port.give(LIMIT), kind_of("x"), Listener, json
"""


def surface(folder: Path, **files: str) -> list[str]:
    package = folder / "house"
    package.mkdir(exist_ok=True)
    for name, text in {"__init__": "", **files}.items():
        (package / f"{name}.py").write_text(text, encoding="utf-8")
    return unused(modules_in(folder, "house"))


def test_what_is_used_is_not_named(tmp_path: Path) -> None:
    assert surface(tmp_path, rooms=USED, door="from house.rooms import serve\nserve(None)\n") == []


@pytest.mark.parametrize(
    ("planted", "name"),
    [
        ("SPARE = 4\n", "SPARE"),
        ("FIRST, SECOND = 1, 2\nserve(FIRST)\n", "SECOND"),
        ("spare: int = 4\n", "spare"),
        ("def spare() -> None: ...\n", "spare"),
        ("def spare(n: int) -> int:\n    return spare(n - 1)\n", "spare"),
        ("class Spare:\n    def make(self) -> 'Spare':\n        return Spare().make()\n", "Spare"),
        ("class Hall:\n    def spare(self) -> None: ...\nserve(Hall())\n", "Hall.spare"),
        ("class Hall:\n    spare: int\nserve(Hall(spare=3))\n", "Hall.spare"),
        ("class Hall(Giver):\n    spare = 3\nserve(Hall())\n", "Hall.spare"),
        ("def hall(spare: int) -> int:\n    return 1\nhall(2)\n", "hall(spare)"),
    ],
)
def test_what_nobody_uses_is_named(tmp_path: Path, planted: str, name: str) -> None:
    door = "from house.rooms import serve\nserve(None)\n"
    found = surface(tmp_path, rooms=USED + planted, door=door)
    assert f"house.rooms.{name}" in found
    assert all(name.partition(".")[0] in one for one in found)


def test_a_name_that_a_package_hands_on_is_used_where_it_arrives(tmp_path: Path) -> None:
    handing = {"__init__": "from house.rooms import kind\n__all__ = ['kind']\n"}
    rooms = "def kind() -> None: ...\n"
    assert surface(tmp_path, rooms=rooms, **handing) == ["house.rooms.kind"]
    assert surface(tmp_path, rooms=rooms, door="import house\nhouse.kind()\n", **handing) == []


def test_a_function_that_is_handed_on_takes_what_its_caller_gives(tmp_path: Path) -> None:
    rooms = "def answer(sender: str, argument: str) -> str:\n    return sender\n"
    calling = "from house.rooms import answer\nanswer('a', 'b')\n"
    handing = "from house.rooms import answer\nprint({'help': answer})\n"
    assert surface(tmp_path, rooms=rooms, door=calling) == ["house.rooms.answer(argument)"]
    assert surface(tmp_path, rooms=rooms, door=handing) == []


def test_the_same_name_elsewhere_is_no_use_of_it(tmp_path: Path) -> None:
    files = {"one": "def kind() -> None: ...\n", "two": "def kind() -> None: ...\n"}
    door = "from house import two as other\nother.kind()\n"
    assert surface(tmp_path, door=door, **files) == ["house.one.kind"]


def test_what_a_child_finds_by_its_modules_name_is_used(tmp_path: Path) -> None:
    rooms = "TASKS = {}\n"
    assert surface(tmp_path, rooms=rooms, door="print('house.rooms')\n") == []
    assert surface(tmp_path, rooms=rooms, door="print('house')\n") == ["house.rooms.TASKS"]


PARTICIPLE = re.compile(
    r"_*(?:(?!need|feed|seed|embed|unfinished)[a-z]{3,}ed|kept|sent|said|told|spent|found|written|made|"
    r"done|given|taken|left|held|drawn|shown|begun|bound|built|chosen|spoken|heard)(?:_(?:in|at|of|by|to|on))?$"
)


def test_what_awaits_is_called_by_a_verb_or_by_what_it_brings() -> None:
    """Participles are for pure values: "kept" tells of something that is over."""
    wrong = [
        f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"
        for package in PACKAGES
        for file in sorted((ROOT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.AsyncFunctionDef) and PARTICIPLE.match(node.name)
    ]
    assert wrong == []
