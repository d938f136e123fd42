"""The arrows between the rooms hold: wrong imports are planted, and the check finds each."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests import planting

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "adapters", "pipeline")
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS: dict[str, dict[str, Any]] = {
    contract["name"]: contract for contract in SETTINGS["tool"]["importlinter"]["contracts"]
}
DOWNWARDS = "arrows point downwards"
COMPOSITION = "only the composition imports adapters"
PORTS = "adapters know the ports, values and words, nothing else of the bot"
WORK = "of the adapters only the engine knows the work"
APART = "no adapter imports another"
READING = "how a document is read is the pipeline's own"
VENDORS = "what vendors make stays in the adapters"
PDFS = "one room opens PDFs"
ONE_WAY = "the composition is one way through"
CIRCLES = "no imports go round in a circle"
WIDE = "300"  # columns: names of contracts are not wrapped


@dataclass(frozen=True, slots=True)
class Plant:
    """An import that must not be: a line that is put in front of a file."""

    file: str
    line: str
    contract: str  # that forbids it

    @property
    def name(self) -> str:
        return f"{self.file}: {self.line}"


def in_room(room: str, line: str, contract: str) -> Plant:
    """The line in a module of the room, not in its docstring's file where there is another."""
    path = Path(room.replace(".", "/"))
    if (ROOT / path).is_dir():
        modules = sorted(file.name for file in (ROOT / path).glob("*.py"))
        path /= next((name for name in modules if name != "__init__.py"), modules[0])
    else:
        path = path.with_suffix(".py")
    return Plant(str(path), line, contract)


# Named one by one, so that whoever turns the order around is told.
NAMED = (
    in_room("bot.domain", "from bot.words import ENGLISH", DOWNWARDS),
    in_room("bot.domain", "import bot.views", DOWNWARDS),
    in_room("bot.ports", "from bot.presenters import cards", DOWNWARDS),
    in_room("bot.presenters", "from bot.work import publishing", DOWNWARDS),
    in_room("bot.presenters", "from bot.handlers.replies import Tap", DOWNWARDS),
    in_room("bot.work", "from bot.handlers.replies import Tap", DOWNWARDS),
    in_room("bot.handlers", "from bot.conversation import Conversations", DOWNWARDS),
    in_room("bot.conversation", "import bot.app", DOWNWARDS),
    in_room("adapters.telegram", "from bot.conversation import Conversations", DOWNWARDS),
    in_room("adapters.web", "import bot.handlers.documents", DOWNWARDS),
    in_room("pipeline.text", "from pipeline.chapters import sections", DOWNWARDS),
    in_room("pipeline.pdf", "from pipeline.text import paragraphs", DOWNWARDS),
    in_room("pipeline.structure", "import pipeline.takeaways.claims", DOWNWARDS),
    in_room("pipeline.chapters", "from pipeline.takeaways import extracts", DOWNWARDS),
    in_room("pipeline.language", "from pipeline.pdf import pages", DOWNWARDS),
    in_room("pipeline.process", "from pipeline import producer", DOWNWARDS),
    in_room("pipeline.takeaways", "from pipeline.spoken import script", DOWNWARDS),
    in_room("pipeline.spoken", "import pipeline.audio", DOWNWARDS),
    in_room("pipeline.audio", "from pipeline import read", DOWNWARDS),
    in_room("pipeline.domain", "import bot.domain", DOWNWARDS),
    in_room("pipeline.producer", "from bot.ports import Library", DOWNWARDS),
    in_room("pipeline.audio", "from adapters.files import open_store", DOWNWARDS),
    in_room("pipeline.errors", "from bot.words import messages", DOWNWARDS),
    # These two passed unseen before there was one list of layers.
    Plant("bot/work/publishing.py", "from adapters.files import open_store", COMPOSITION),
    Plant("bot/presenters/cards.py", "import adapters.telegram", COMPOSITION),
    in_room("bot.handlers", "from adapters.links import open_links", COMPOSITION),
    in_room("bot.conversation", "import adapters.memory", COMPOSITION),
    in_room("bot.settings", "from adapters.slack import SlackAccess", COMPOSITION),
    in_room("bot.words", "import adapters.web", COMPOSITION),
    in_room("bot.offline", "import adapters.voices", COMPOSITION),
    in_room("bot.doctor", "from adapters.telegram import telegram_name", COMPOSITION),
    in_room("adapters.telegram", "from bot.presenters import cards", PORTS),
    in_room("adapters.slack", "import bot.presenters.notes", PORTS),
    in_room("adapters.web", "from bot.settings import Settings", PORTS),
    in_room("adapters.engine", "from bot.spending import Spending", PORTS),
    in_room("adapters.links", "import bot.logs", PORTS),
    in_room("adapters.database", "from bot.quota import Quota", PORTS),
    in_room("adapters.memory", "import bot.operators", PORTS),
    in_room("adapters.telegram", "from bot.work.steps import Work", WORK),
    in_room("adapters.database", "import bot.work.publishing", WORK),
    in_room("bot.work", "from pipeline.text import paragraphs", READING),
    in_room("adapters.telegram", "from pipeline.pdf import pages", READING),
    in_room("bot.app", "from pipeline import read", READING),
    in_room("adapters.web", "import bot.home", PORTS),
    Plant("bot/app/chats.py", "from bot.app import program", ONE_WAY),
    Plant("bot/views.py", "import telegram", VENDORS),
    in_room("pipeline.domain", "import sqlalchemy", VENDORS),
    Plant("pipeline/pdf/pages.py", "from aiohttp import web", VENDORS),
    in_room("bot.work", "import pymupdf", PDFS),
    in_room("pipeline.text", "import pymupdf", PDFS),
    in_room("adapters.web", "import pymupdf", PDFS),
    Plant("bot/app/stores.py", "from bot.app.servers import open_servers", ONE_WAY),
    Plant("adapters/slack/places.py", "from adapters.slack import chat", CIRCLES),
    Plant("pipeline/text/citations.py", "from pipeline.text import paragraphs", CIRCLES),
    Plant("bot/handlers/replies.py", "from bot.handlers import shelf", CIRCLES),
)


def listed(contract: str, key: str) -> list[list[str]]:
    """A list of the contract's, each entry split into the rooms that stand side by side."""
    return [entry.replace(":", "|").split("|") for entry in CONTRACTS[contract][key]]


LAYERS = [[room.strip() for room in layer] for layer in listed(DOWNWARDS, "layers")]
ADAPTERS = [room for [room] in listed(APART, "modules")]


def upward_plants() -> list[Plant]:
    """From every room into one of the layer right above it."""
    return [
        in_room(lower, f"import {upper[0]}", DOWNWARDS)
        for upper, layer in pairwise(LAYERS)
        for lower in layer[:1]
    ]


def sideways_plants() -> list[Plant]:
    """Into the other one, where two rooms stand in one layer and may not know each other."""
    layers = [entry.split("|") for entry in CONTRACTS[DOWNWARDS]["layers"] if ":" not in entry]
    return [
        in_room(one.strip(), f"import {other.strip()}", DOWNWARDS)
        for layer in layers
        for one, other in pairwise([*layer, layer[0]])
        if one != other
    ]


def adapters_plants() -> list[Plant]:
    """From every adapter into another."""
    around = pairwise([*ADAPTERS, ADAPTERS[0]])
    return [in_room(one, f"import {other}", APART) for one, other in around]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is checked."""
    folder = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "*.po", "*.html", "*.js", "*.css")
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def broken_in(tree: Path, plants: Sequence[Plant]) -> list[list[str]]:
    """The contracts that each plant breaks."""
    answer = subprocess.run(
        [sys.executable, planting.__file__],
        cwd=tree,
        env={**os.environ, "COLUMNS": WIDE},
        input=json.dumps([(plant.file, plant.line) for plant in plants]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return list(json.loads(answer.stdout))


def test_the_tree_as_it_is_breaks_nothing(tree: Path) -> None:
    harmless = Plant("bot/domain.py", "import pipeline.domain", "")
    assert broken_in(tree, [harmless]) == [[]]


@pytest.mark.parametrize(
    "plants",
    [
        pytest.param(NAMED[:20], id="named"),
        pytest.param(NAMED[20:], id="named, too"),
        pytest.param(upward_plants(), id="into the layer above"),
        pytest.param(sideways_plants(), id="beside each other"),
        pytest.param(adapters_plants(), id="from adapter to adapter"),
    ],
)
def test_a_wrong_import_is_found(tree: Path, plants: Sequence[Plant]) -> None:
    found = zip(plants, broken_in(tree, plants), strict=True)
    assert [plant.name for plant, broken in found if plant.contract not in broken] == []


def test_no_contract_goes_without_a_plant() -> None:
    assert {plant.contract for plant in (*NAMED, *adapters_plants())} == set(CONTRACTS)


def rooms_of(package: str) -> set[str]:
    """Its modules and packages, as they are imported."""
    found = {file.parent for file in (ROOT / package).glob("*/__init__.py")}
    found |= {file.with_suffix("") for file in (ROOT / package).glob("*.py")}
    return {f"{package}.{path.name}" for path in found if path.name != "__init__"}


def test_every_room_has_its_layer() -> None:
    ordered = {room for layer in LAYERS for room in layer}
    assert ordered == rooms_of("bot") | rooms_of("pipeline") | {"adapters"}


def test_every_adapter_is_kept_apart_from_the_others() -> None:
    # OpenAI's protocol, which voices and summarisers speak; HTTP, which chats are called by
    shared = {"adapters.compatible", "adapters.serving"}
    assert rooms_of("adapters") - shared == set(ADAPTERS)


ROOMS = sorted(folder.parent for folder in (ROOT / "pipeline").glob("*/__init__.py"))
MAY_IMPORT = "May import: "
NEEDS_NO_LEAVE = {"domain", "errors", "ports", "times"}


def leave_of(room: Path) -> set[str]:
    """What the room's docstring says that it may import."""
    said = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert "In: " in said
    assert "Out: " in said
    leave = said.partition(MAY_IMPORT)[2].partition(".")[0]
    return set(re.findall(r"`(\w+)`", leave))


def reach(room: str) -> set[str]:
    """And what those may that it names."""
    folder = ROOT / "pipeline" / room
    named = leave_of(folder) if folder.is_dir() else set()
    return named | {further for one in named for further in reach(one)}


def rooms_in(text: str) -> set[str]:
    """What of the pipeline a module imports, wherever in it and however it writes that."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import(names=names):
                found |= {name.name for name in names}
            case ast.ImportFrom(module="pipeline", names=names):
                found |= {f"pipeline.{name.name}" for name in names}
            case ast.ImportFrom(module=str(module)):
                found.add(module)
    return {name.split(".")[1] for name in found if name.startswith("pipeline.")}


@pytest.mark.parametrize(
    "line",
    [
        "import pipeline.pdf.pages",
        "from pipeline import pdf",
        "def f():\n    from pipeline.pdf import x",
    ],
)
def test_a_room_is_seen_however_it_is_imported(line: str) -> None:
    assert rooms_in(f"import re\n{line}") == {"pdf"}


@pytest.mark.parametrize("package", PACKAGES)
def test_above_the_rooms_nothing_of_ours_is_imported(package: str) -> None:
    """They are in no layer: the linter sees what they hold, and not them."""
    tree = ast.parse((ROOT / package / "__init__.py").read_text("utf-8"))
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    lines = [ast.unparse(node) for node in named]
    assert not [line for line in lines if re.search(rf"\b(?:{'|'.join(PACKAGES)})\b", line)]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_says_what_it_may_import_and_imports_no_other(room: Path) -> None:
    imported = {name for file in room.glob("*.py") for name in rooms_in(file.read_text("utf-8"))}
    assert leave_of(room)
    assert imported - {room.name} - NEEDS_NO_LEAVE <= reach(room.name)
