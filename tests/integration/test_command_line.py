"""`listendock` as a person or a script calls it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mutagen.mp3 import MP3

from tests import drawing, hearing

ROOT = Path(__file__).parents[2]


def listendock(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def lines_of(*files: Path, **environment: str) -> tuple[int, list[dict[str, Any]]]:
    done = listendock("chapters", "--json", *files, **environment)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_chapters_as_json_follow_the_contract(paper: Path, home: Path) -> None:
    code, (answer,) = lines_of(paper)
    assert code == 0
    assert answer["file"] == str(paper)
    assert re.fullmatch("[0-9a-f]{64}", answer["document"])
    assert answer["title"] == "How Bees Find Their Way Home"
    assert (answer["language"], answer["pages"]) == ("en", 3)
    assert set(answer) == {
        "file", "document", "title", "authors", "language", "pages", "summary", "seconds",
        "chapters", "skipped",
    }  # fmt: skip
    first = answer["chapters"][0]
    assert set(first) == {
        "number", "title", "label", "level", "page", "takeaway", "takeaway_source", "text",
        "script", "seconds",
    }  # fmt: skip
    assert [chapter["number"] for chapter in answer["chapters"]] == [1, 2, 3, 4, 5, 6]
    assert answer["seconds"] == pytest.approx(sum(c["seconds"] for c in answer["chapters"]), abs=1)
    assert set(answer["skipped"]) == {
        "references", "citations", "tables", "figures", "formulas", "footnotes", "running_heads",
        "code", "scanned_pages", "illegible_pages", "other",
    }  # fmt: skip


def test_every_bad_file_gets_its_kind_and_a_sentence_and_the_good_ones_are_done(
    paper: Path, home: Path, tmp_path: Path
) -> None:
    text = tmp_path / "text.pdf"
    text.write_text("I am a text that calls itself a PDF.", encoding="utf-8")
    (nothing := tmp_path / "nothing.pdf").touch()
    files = {
        tmp_path / "missing.pdf": "not_found",
        text: "not_a_pdf",
        nothing: "not_a_pdf",
        drawing.a_locked(tmp_path / "locked.pdf"): "encrypted",
        drawing.a_truncated(tmp_path / "truncated.pdf"): "damaged",
        drawing.an_empty(tmp_path / "empty.pdf"): "empty",
        drawing.a_scan(tmp_path / "scan.pdf"): "scanned",
        drawing.a_gibberish(tmp_path / "gibberish.pdf"): "gibberish",
    }
    code, answers = lines_of(*files, paper, RECOGNISE="false")
    assert code == 1
    assert [answer["file"] for answer in answers] == [*map(str, files), str(paper)]
    kinds = [answer["error"]["kind"] for answer in answers[:-1]]
    assert kinds == list(files.values())
    for answer in answers[:-1]:
        assert answer["error"]["message"].endswith(".")
        assert "Traceback" not in answer["error"]["message"]
    assert len(answers[-1]["chapters"]) == 6


def test_limits_are_said_with_both_numbers(paper: Path, home: Path) -> None:
    code, (answer,) = lines_of(paper, MAX_PAGES="2")
    assert code == 1
    assert answer["error"]["kind"] == "too_large"
    assert "3 pages" in answer["error"]["message"]
    assert "limit here is 2" in answer["error"]["message"]


def test_narrate_writes_what_it_announces(paper: Path, home: Path, tmp_path: Path) -> None:
    done = listendock("narrate", paper, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    folder = Path(done.stdout.strip())
    assert folder == tmp_path / "out" / "how-bees-find-their-way-home"
    described = json.loads((folder / "document.json").read_text(encoding="utf-8"))
    assert (folder / "cover.jpg").read_bytes().startswith(b"\xff\xd8")
    for chapter in described["chapters"]:
        audio = MP3(folder / chapter["audio"])
        heard = hearing.decoded(folder / chapter["audio"])
        assert len(heard) / hearing.RATE == pytest.approx(chapter["seconds"], abs=0.001)
        assert np.abs(heard.astype(float)).mean() > 100  # it speaks
        assert audio["TRCK"].text == [f"{chapter['number']}/6"]
    assert described["chapters"][0]["audio"] == "01-abstract.mp3"


def test_narrate_goes_on_behind_a_bad_file(paper: Path, home: Path, tmp_path: Path) -> None:
    bad = drawing.a_locked(tmp_path / "locked.pdf")
    done = listendock("narrate", bad, paper, "--out", tmp_path / "out", "--mode", "brief")
    assert done.returncode == 1
    assert "locked with a password" in done.stderr
    assert (tmp_path / "out" / "how-bees-find-their-way-home" / "document.json").exists()


@pytest.mark.parametrize(
    "arguments", [(), ("dance",), ("chapters",), ("narrate", "a.pdf", "--speed", "9")]
)
def test_wrong_usage_exits_with_2(arguments: tuple[str, ...], home: Path) -> None:
    assert listendock(*arguments).returncode == 2


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"WORKERS": "many"}, "WORKERS"),
        ({"VOICE": "robot:marvin"}, "robot:marvin"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
    ],
)
def test_a_wrong_setting_exits_with_3_and_names_it(
    paper: Path, home: Path, environment: dict[str, str], word: str
) -> None:
    done = listendock("chapters", paper, **environment)
    assert done.returncode == 3
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_secret_is_never_repeated(home: Path) -> None:
    done = listendock("doctor", DATABASE_URL="mysql://user:hunter2pass@host/db")
    assert done.returncode == 3
    assert "hunter2pass" not in done.stdout + done.stderr


def test_a_worker_needs_postgres(home: Path) -> None:
    done = listendock("worker")
    assert done.returncode == 3
    assert "DATABASE_URL=postgresql" in done.stderr


def test_the_doctor_finds_a_new_installation_well(home: Path) -> None:
    done = listendock("doctor")
    assert done.returncode == 0, done.stdout
    for name in ("home folder", "disk", "database", "file store", "voice"):
        assert f"ok   {name}: " in done.stdout
    assert "note telegram: no TELEGRAM_BOT_TOKEN" in done.stdout


def test_version(home: Path) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", listendock("--version").stdout)
