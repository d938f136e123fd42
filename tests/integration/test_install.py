"""`make run` as a newcomer calls it: what it says and how far it is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from importlib.metadata import distributions
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
INSTALL = ROOT / ".ci" / "install.py"
LARGEST_MB = 520  # of a default installation: who makes it larger says why


def _loaded() -> ModuleType:
    """The script as a module: it lies in no package."""
    spec = spec_from_file_location("install", INSTALL)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


install = _loaded()


def make(*arguments: str) -> str:
    """What it would do in an environment where nothing is installed."""
    if shutil.which("make") is None:
        pytest.skip("no make here")
    ours = {name: os.environ[name] for name in os.environ if not name.startswith(("MAKE", "PORT"))}
    done = subprocess.run(
        ["make", "-n", *arguments], cwd=ROOT, env=ours, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_make_run_says_what_it_installs_and_how_large_it_is(tmp_path: Path) -> None:
    told = make("run", f"VENV={tmp_path}/new")
    assert re.search(r"echo .*\d+ MB to download, \d+ MB on disk, .* minutes", told)
    assert "make run OCR=1" in told
    assert "install.py requirements.txt" in told
    assert "requirements-ocr.txt" not in told
    assert told.rstrip().endswith("-m bot serve --open")


def test_make_run_takes_a_port(tmp_path: Path) -> None:
    assert "serve --open --port 9000" in make("run", "PORT=9000", f"VENV={tmp_path}/new")


@pytest.mark.parametrize(("wish", "is_granted"), [("1", True), ("0", False), ("", False)])
def test_make_run_installs_text_recognition_if_asked(
    tmp_path: Path, wish: str, is_granted: bool
) -> None:
    told = make("run", f"OCR={wish}", f"VENV={tmp_path}/new")
    assert ("install.py requirements-ocr.txt" in told) is is_granted


@pytest.mark.parametrize(("wish", "is_granted"), [("1", True), ("no", False)])
def test_make_run_installs_ffmpeg_if_asked(tmp_path: Path, wish: str, is_granted: bool) -> None:
    told = make("run", f"M4B={wish}", f"VENV={tmp_path}/new")
    assert ("install.py requirements-m4b.txt" in told) is is_granted
    assert "make run M4B=1" in told


def test_the_default_installation_is_no_larger_than_it_says() -> None:
    """What else is pinned comes with extras."""
    told = re.search(r"(\d+) MB on disk", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert told is not None
    assert size_of("requirements.txt") <= 1.1 * int(told[1])  # systems differ a little
    assert int(told[1]) <= LARGEST_MB
    assert size_of("requirements-m4b.txt") > size_of("requirements.txt") + 50


def size_of(requirements: str) -> float:
    """Megabytes on disk of the packages that it pins, as far as they are installed here."""
    blocks = (
        Path(file.locate()).stat().st_blocks
        for name in names_in(requirements)
        for found in distributions(name=name)
        for file in found.files or ()
        if Path(file.locate()).exists()
    )
    return sum(blocks) * 512 / 1e6


def names_in(requirements: str) -> set[str]:
    text = (ROOT / requirements).read_text(encoding="utf-8")
    return {pin.partition("==")[0] for pin in pins_in(text)}


def pins_in(text: str) -> set[str]:
    return set(re.findall(r"^[a-z0-9][\w.-]*==\S+", text, re.M))


def test_ffmpeg_comes_with_the_pins_that_the_tests_have() -> None:
    plain, joining, tested = (
        pins_in((ROOT / name).read_text(encoding="utf-8"))
        for name in ("requirements.txt", "requirements-m4b.txt", "requirements-dev.txt")
    )
    assert plain < joining < tested
    assert {pin.partition("==")[0] for pin in joining - plain} == {"imageio-ffmpeg"}


def test_make_test_says_what_it_does(tmp_path: Path) -> None:
    told = make("test", f"VENV={tmp_path}/new")
    assert "Installing what the tests need" in told
    assert "Running all tests" in told


def test_recognition_comes_with_the_pins_that_the_tests_have() -> None:
    plain, recognising, tested = (
        pins_in((ROOT / name).read_text(encoding="utf-8"))
        for name in ("requirements.txt", "requirements-ocr.txt", "requirements-dev.txt")
    )
    assert plain < recognising < tested
    assert any(pin.startswith("rapidocr==") for pin in recognising)


def a_wheel(folder: Path, name: str) -> str:
    """A package with one empty module; its pin."""
    wheel, info = folder / f"{name}-1.0-py3-none-any.whl", f"{name}-1.0.dist-info"
    with ZipFile(wheel, "w") as file:
        file.writestr(f"{name}.py", "")
        file.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        file.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any"
        )
        file.writestr(f"{info}/RECORD", "")
    return f"{name}==1.0 \\\n    --hash=sha256:{sha256(wheel.read_bytes()).hexdigest()}\n"


def installed(requirements: Path, into: Path) -> subprocess.CompletedProcess[str]:
    settings = {
        "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(requirements.parent), "PIP_TARGET": str(into),
        "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, INSTALL, requirements],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def test_pip_installs_and_its_progress_is_told(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    pins = a_wheel(tmp_path, "some_bees") + a_wheel(tmp_path, "some_flowers")
    requirements.write_text(pins, encoding="utf-8")
    done = installed(requirements, tmp_path / "there")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "  1 of 2 packages: some_bees\n  unpacking them\n"
    assert (tmp_path / "there" / "some_flowers.py").exists()


def test_what_pip_says_of_a_failure_is_shown(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(a_wheel(tmp_path, "some_bees"), encoding="utf-8")
    with ZipFile(tmp_path / "some_bees-1.0-py3-none-any.whl", "a") as file:
        file.writestr("added.py", "not what was pinned")
    done = installed(requirements, tmp_path / "there")
    assert done.returncode != 0
    assert "DO NOT MATCH" in done.stderr
    assert "pip could not install all of it" in done.stderr


def test_at_a_terminal_each_package_is_told_over_the_one_before() -> None:
    lines = [
        "Collecting Aiohttp==3.14 (from -r requirements.txt (line 4))\n",
        "  Downloading aiohttp-3.14-py3-none-any.whl (1.9 MB)\n",
        "Processing ./wheels/py3langid-0.3-py3-none-any.whl (from -r requirements.txt)\n",
        "Requirement already satisfied: dbos[aiosqlite]==3.4 in ./.venv (3.4)\n",
        "Installing collected packages: aiohttp, py3langid\n",
    ]
    written: list[str] = []
    install.tell_in_place(install.progress(lines, total=3), written.append)
    assert [text.strip() for text in written] == [
        "1 of 3 packages: Aiohttp",
        "2 of 3 packages: py3langid",
        "3 of 3 packages: dbos",
        "unpacking them",
        "",
    ]
    assert all(text.startswith("\r") for text in written[:-1])
    assert len({len(text) for text in written[:-1]}) == 1  # nothing of a longer one stays
