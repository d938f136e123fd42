"""`listendock` as a person or a script calls it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
import pytest
from mutagen.mp3 import MP3

from adapters.database.connection import MIGRATIONS
from tests import drawing, hearing
from tests.commands import ROOT, listendock, stopped_listendock
from tests.warm import QUICK_VOICE

borrows = pytest.mark.usefixtures("warm_children")


def lines_of(*files: Path, **environment: str) -> tuple[int, list[dict[str, Any]]]:
    done = listendock("chapters", "--json", *files, **environment)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


@borrows
def test_chapters_as_json_follow_the_contract(paper: Path, home: Path) -> None:
    code, (answer,) = lines_of(paper)
    assert code == 0
    assert answer["file"] == str(paper)
    assert re.fullmatch("[0-9a-f]{64}", answer["document"])
    assert answer["title"] == "How Bees Find Their Way Home"
    assert (answer["language"], answer["pages"]) == ("en", 3)
    assert set(answer) == {
        "file", "document", "title", "authors", "language", "pages", "summary", "seconds",
        "chapters", "skipped", "account", "kind",
    }  # fmt: skip
    assert answer["kind"] == "paper"
    account = answer["account"]
    assert set(account) == {"words", "spoken", "left_out", "unexplained", "findings"}
    assert account["words"] == account["spoken"] + sum(account["left_out"].values())
    assert account["left_out"]["running_heads"] == 3 * 7  # "Journal of Small Animals …", a number
    assert (account["unexplained"], account["findings"]) == (0, [])
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


@borrows
def test_what_a_file_is_can_be_told(home: Path, tmp_path: Path) -> None:
    """A notice of a paper is a sentence of a letter."""
    sheet, notice = drawing.Sheet(), "Received warmly in 2004, she stayed for the winter."
    for text in ("Abstract", drawing.BEES, notice, drawing.DANCE, "Introduction", drawing.HONEY):
        sheet.paragraph(text)
    file = sheet.save(tmp_path / "letter.pdf")
    texts = {}
    for kind in ("paper", "letter"):
        done = listendock("chapters", "--json", "--kind", kind, file)
        answer = json.loads(done.stdout)
        assert answer["kind"] == kind
        texts[kind] = "\n".join(chapter["text"] for chapter in answer["chapters"])
    assert notice in texts["letter"]
    assert notice not in texts["paper"]


@borrows
def test_an_account_tells_each_page_and_draws_it(paper: Path, home: Path, tmp_path: Path) -> None:
    done = listendock("chapters", "--account", "--pages", tmp_path / "pages", paper)
    assert done.returncode == 0
    told = done.stdout.splitlines()
    assert told[0] == "How Bees Find Their Way Home"
    assert told[1].endswith("read, 0 unexplained")
    assert [line for line in told if line.startswith("page 3:")]
    assert any("running heads" in line and "Journal of Small Animals" in line for line in told)
    drawn = sorted((tmp_path / "pages" / "how-bees-find-their-way-home").iterdir())
    assert [file.name for file in drawn] == ["page-001.png", "page-002.png", "page-003.png"]
    picture = pymupdf.Pixmap(drawn[0])
    with pymupdf.open(paper) as pdf:
        words = {w[4]: w for w in pdf[0].get_text("words")}
        zoom = picture.height / pdf[0].rect.height

    def colour_above(word: str) -> tuple[int, ...]:
        x0, y0, *_ = words[word]
        return tuple(picture.pixel(round((x0 + 1) * zoom), round((y0 + 1) * zoom)))

    red, green, blue = colour_above("Honey")  # the first word of the abstract
    assert green > red + 20
    assert green > blue + 20
    red, green, blue = colour_above("Journal")
    assert red == green == blue < 230


@borrows
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


@borrows
def test_limits_are_said_with_both_numbers(paper: Path, home: Path) -> None:
    code, (answer,) = lines_of(paper, MAX_PAGES="2")
    assert code == 1
    assert answer["error"]["kind"] == "too_many_pages"
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
        captions = (folder / chapter["audio"]).with_suffix(".vtt").read_text(encoding="utf-8")
        (lines,) = audio.tags.getall("SYLT")
        assert captions.startswith("WEBVTT ")
        assert captions.count(" --> ") == len(lines.text) > 1
        assert lines.text[0][0] in captions
        assert lines.text[-1][1] / 1000 < chapter["seconds"]
    assert described["chapters"][0]["audio"] == "01-abstract.mp3"


@pytest.mark.parametrize("is_made", [True, False])
def test_narrate_that_is_stopped_leaves_nothing_in_any_temporary_folder(
    paper: Path, tmp_path: Path, is_made: bool
) -> None:
    home, system = tmp_path / "home", tmp_path / "system"
    for folder in (home, system) if is_made else (system,):
        folder.mkdir()
    used = home / "tmp" if is_made else system
    environment = {"LISTENDOCK_HOME": str(home), "TMPDIR": str(system)}
    words = ["narrate", str(paper), "--out", str(tmp_path / "out")]
    assert asyncio.run(stopped_listendock(words, used, **environment)) == 128 + signal.SIGTERM
    assert list(used.iterdir()) == list(system.iterdir()) == []
    assert home.exists() == is_made


@borrows
def test_narrate_goes_on_behind_a_bad_file(paper: Path, home: Path, tmp_path: Path) -> None:
    bad = drawing.a_locked(tmp_path / "locked.pdf")
    done = listendock("narrate", bad, paper, "--out", tmp_path / "out", "--mode", "brief")
    assert done.returncode == 1
    assert "locked with a password" in done.stderr
    assert (tmp_path / "out" / "how-bees-find-their-way-home" / "document.json").exists()


FULL_DISK = """
import resource, sys
from bot import __main__
from bot.app import workshop

class Filling(workshop.Producer):
    def start_warming_voice(self):
        pass  # speaking children begin when the disk is full

    async def read(self, *arguments, **named):
        document = await super().read(*arguments, **named)
        resource.setrlimit(resource.RLIMIT_FSIZE, (580_000, 580_000))
        return document

workshop.Producer = Filling
sys.exit(__main__.main(sys.argv[1:]))
"""


def test_on_a_full_disk_narrate_says_what_to_do_and_keeps_what_is_done(
    paper: Path, home: Path, tmp_path: Path
) -> None:
    """A file that may not grow stands for a disk that has no room: long chapters do not fit."""
    command = [sys.executable, "-c", FULL_DISK, "narrate", paper, "--out", tmp_path / "out"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"WORKERS": "1", "VOICE": QUICK_VOICE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"{paper}: The disk is full. Free some space and run this again" in done.stderr
    assert "goes on" not in done.stderr
    kept = {file.name for file in (tmp_path / "out/how-bees-find-their-way-home").iterdir()}
    assert kept == {
        "cover.jpg", "01-abstract.mp3", "02-introduction.mp3", "04-direction-and-distance.mp3",
        "06-discussion.mp3",
    }  # fmt: skip


def test_narrate_refuses_a_voice_that_is_not_here(paper: Path, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = listendock("narrate", paper, "--out", out, "--voice", "nosuch:v")
    assert done.returncode == 2
    assert done.stderr.startswith("listendock: --voice nosuch:v: there is hibari:heart")
    assert "espeak:default" in done.stderr
    assert not out.exists()


@borrows
def test_narrate_tells_who_steps_in_for_a_voice_that_does_not_speak_the_language(
    home: Path, tmp_path: Path
) -> None:
    sheet = drawing.Sheet()
    sheet.heading("1 Der Garten")
    sheet.paragraph("Am Morgen ging der alte Mann durch den Garten und zählte die Bienen. " * 8)
    german = sheet.save(tmp_path / "garten.pdf")
    done = listendock("narrate", german, "--out", tmp_path / "out", "--voice", "hibari:heart")
    assert done.returncode == 0, done.stderr
    told = f"{german}: hibari:heart does not speak German; espeak:default steps in."
    assert told in done.stderr


@borrows
def test_narrate_says_nothing_of_a_voice_that_speaks(
    paper: Path, home: Path, tmp_path: Path
) -> None:
    done = listendock("narrate", paper, "--out", tmp_path / "out", "--voice", "espeak:default")
    assert done.returncode == 0, done.stderr
    assert "steps in" not in done.stderr


def test_a_folder_that_is_a_file_exits_with_3(paper: Path, home: Path, tmp_path: Path) -> None:
    (tmp_path / "talks").write_text("a file", encoding="utf-8")
    wanted = [
        ("narrate", "--out", tmp_path / "talks"),
        ("narrate", "--out", tmp_path / "talks" / "bees"),
        ("chapters", "--pages", tmp_path / "talks"),
    ]
    for command, option, folder in wanted:
        done = listendock(command, paper, option, folder)
        assert done.returncode == 3
        assert f"{tmp_path / 'talks'} is a file, and a folder is needed" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="it needs a /proc")
def test_a_folder_that_cannot_be_made_exits_with_3(paper: Path, home: Path) -> None:
    done = listendock("narrate", paper, "--out", "/proc/nope/below")
    assert done.returncode == 3
    assert "/proc/nope/below cannot be made" in done.stderr


@borrows
def test_a_file_where_the_documents_folder_should_be_is_told(
    paper: Path, home: Path, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "how-bees-find-their-way-home"
    in_the_way.write_text("a file", encoding="utf-8")
    done = listendock("narrate", paper, "--out", tmp_path)
    assert done.returncode == 1
    assert f"{in_the_way} cannot be written: File exists." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("dance",),
        ("chapters",),
        ("chapters", "a.pdf", "--kind", "poem"),
        ("narrate", "a.pdf", "--speed", "9"),
    ],
)
def test_wrong_usage_exits_with_2(arguments: tuple[str, ...], home: Path) -> None:
    assert listendock(*arguments).returncode == 2


CHILDREN_LOAD = {"onnxruntime", "pymupdf", "normt2s", "lameenc", "pydub", "numpy"}
NOT_BY_DEFAULT = {
    "slack_bolt",
    "slack_sdk",
    "telegram",
    "openai",
    "babel",
    "alembic",
} | CHILDREN_LOAD
UNNEEDED = {
    "bot.__main__": NOT_BY_DEFAULT | {"sqlalchemy", "dbos", "aiohttp", "rich.progress", "mutagen"},
    "bot.app.serving": NOT_BY_DEFAULT,
    "bot.doctor": NOT_BY_DEFAULT,
    "pipeline.process.child": CHILDREN_LOAD,  # before it has locked itself up
}


@pytest.mark.parametrize(
    "module", ["bot.__main__", "bot.app.serving", "pipeline.process.child", "bot.doctor"]
)
def test_no_process_reports_its_use_to_anybody_or_loads_what_it_does_not_need(module: str) -> None:
    """onnxruntime asks when it loads: it must have been told by then."""
    look = f"import {module}, os, sys; print(os.environ['ORT_DISABLE_TELEMETRY'], *sys.modules)"
    unset = {name: value for name, value in os.environ.items() if not name.startswith("ORT_")}
    done = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, check=True, text=True, env=unset
    )
    is_disabled, *modules = done.stdout.split()
    assert is_disabled == "1"
    assert UNNEEDED.get(module, CHILDREN_LOAD) & {*modules} == set()


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


@borrows
@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("doctor",)])
@pytest.mark.parametrize("folder", ["file", "file/home"])
def test_a_home_that_cannot_be_made_exits_with_3_and_is_named(
    home: Path, tmp_path: Path, command: tuple[str, ...], folder: str
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    done = listendock(*command, LISTENDOCK_HOME=str(tmp_path / folder))
    assert done.returncode == 3
    refusal = f"LISTENDOCK_HOME={tmp_path / folder}: a file is in the way."
    assert (done.stdout + done.stderr).count(refusal) == 1  # though five checks need it
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("level", ["INFO", "Warning"])
def test_the_level_of_logs_may_be_written_in_any_case(home: Path, level: str) -> None:
    done = listendock("worker", LOG_LEVEL=level, LOG_FORMAT="JSON")
    assert "LOG_" not in done.stderr
    assert "DATABASE_URL=postgresql" in done.stderr  # it came as far as that


def test_a_near_miss_of_a_setting_is_warned_of_without_its_value(home: Path) -> None:
    done = listendock(
        "worker", TELEGRAM_TOKEN="1234:hunter2pass", SLACK_WEBHOOK_URL="https://hooks.example/x"
    )
    assert "TELEGRAM_TOKEN is no setting; did you mean TELEGRAM_BOT_TOKEN?" in done.stderr
    assert "SLACK_WEBHOOK_URL" not in done.stderr
    assert "hunter2pass" not in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["chapters", "narrate"])
def test_a_command_that_ends_by_itself_tells_of_near_misses_too(command: str, home: Path) -> None:
    done = listendock(command, "no such file.pdf", TELEGRAM_TOKEN="1234:hunter2pass")
    assert "TELEGRAM_TOKEN is no setting; did you mean TELEGRAM_BOT_TOKEN?" in done.stderr
    assert "hunter2pass" not in done.stdout + done.stderr


@borrows
def test_a_wrong_secret_is_never_repeated(home: Path) -> None:
    done = listendock("doctor", DATABASE_URL="mysql://user:hunter2pass@host/db")
    assert done.returncode == 3
    assert "hunter2pass" not in done.stdout + done.stderr


@pytest.mark.parametrize("address", ["", "http://listen.example", "listen.example"])
def test_a_webhook_needs_an_https_address(home: Path, address: str) -> None:
    done = listendock("serve", "--port", "0", TELEGRAM_WEBHOOK="true", PUBLIC_URL=address)
    assert done.returncode == 3
    assert "PUBLIC_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_new_key_is_for_a_page_that_others_reach(home: Path) -> None:
    done = listendock("serve", "--port", "0", "--new-key")
    assert done.returncode == 3
    assert "needs no key" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_worker_needs_postgres(home: Path) -> None:
    done = listendock("worker")
    assert done.returncode == 3
    assert "DATABASE_URL=postgresql" in done.stderr


def test_without_ffmpeg_a_whole_document_is_refused_with_the_way_to_get_it(
    paper: Path, home: Path, tmp_path: Path
) -> None:
    nowhere = {"IMAGEIO_FFMPEG_EXE": str(tmp_path / "none")}
    done = listendock("narrate", paper, "--out", tmp_path, "--whole", "m4b", **nowhere)
    assert done.returncode == 3
    assert "pip install 'listendock[m4b]'" in done.stderr


def test_migrate_brings_the_database_up_to_date_and_says_so(home: Path) -> None:
    first, second = listendock("migrate"), listendock("migrate")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    newest = max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert first.stdout == (
        f"The database is up to date now (it had no tables before, {newest} now).\n"
    )
    assert second.stdout == f"The database is up to date ({newest}).\n"


def test_the_doctor_finds_a_new_installation_well(home: Path) -> None:
    done = listendock("doctor")
    assert done.returncode == 0, done.stdout
    for name in ("settings", "home folder", "disk", "database", "file store", "voice"):
        assert f"ok   {name}: " in done.stdout
    assert "note telegram: no TELEGRAM_BOT_TOKEN" in done.stdout


@borrows
def test_the_doctor_names_near_misses_and_that_is_not_fatal(home: Path) -> None:
    done = listendock("doctor", TELEGRAM_TOKEN="1234:hunter2pass")
    assert done.returncode == 0, done.stdout
    told = "note settings: TELEGRAM_TOKEN is no setting; did you mean TELEGRAM_BOT_TOKEN?"
    assert told in done.stdout
    assert "hunter2pass" not in done.stdout + done.stderr


def test_version(home: Path) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", listendock("--version").stdout)
