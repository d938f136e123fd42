"""Hostile code in a child gets nothing: each attack is refused there, and succeeds outside."""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bot import doctor
from bot.app.workshop import find_loopholes, refuse_open_children
from bot.settings import Settings
from pipeline.audio.ffmpeg import ffmpeg
from pipeline.errors import ConfigurationError
from pipeline.process import landlock, lock, programs, seatbelt, seccomp
from pipeline.process.programs import ProgramLimits, run_program
from pipeline.process.sandbox import Given, Limits, Means, Sandbox, Wanted
from tests.hostile_tasks import CALLS, FILES, NOT_FREE

needs_landlock = pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")
needs_seccomp = pytest.mark.skipif(not seccomp.is_known(), reason="this kernel has no seccomp")
BOUNDS = ProgramLimits(cpu_s=20, memory_mb=500, file_mb=1, still_s=0.4)


def a_sandbox(**means: Any) -> Sandbox:
    limits = Limits(memory_mb=600, cpu_s=100)
    return Sandbox(module="tests.hostile_tasks", size=1, limits=limits, means=Means(**means))


@pytest.fixture
def facts(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """What there is to be had: a secret, servers that listen, the program itself."""
    (tmp_path / ".env").write_text("TELEGRAM_BOT_TOKEN=1:secret", encoding="ascii")
    (tmp_path / "given.pdf").write_text("%PDF", encoding="ascii")
    name = f"listendock-test-{os.getpid()}"
    with ExitStack() as stack:
        inet = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        by_path, by_name = (stack.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(2))
        by_path.bind(str(tmp_path / "socket"))
        by_name.bind("\0" + name)
        for server in (by_path, by_name):
            server.listen()
        yield {
            "program": os.getpid(),
            "secret": str(tmp_path / ".env"),
            "folder": str(tmp_path),
            "given": Given(tmp_path / "given.pdf"),
            "out": Wanted(tmp_path / "out"),
            "port": inet.getsockname()[1],
            "socket": str(tmp_path / "socket"),
            "name": name,
        }


@pytest.mark.parametrize(
    "attacks",
    [
        pytest.param(FILES, marks=needs_landlock, id="files"),
        pytest.param(CALLS, marks=needs_seccomp, id="calls"),
    ],
)
async def test_every_attack_is_refused_and_honest_work_is_done(
    facts: dict[str, Any], attacks: dict[str, Any]
) -> None:
    async with a_sandbox() as sandbox:
        told = await sandbox.run("try_all", facts, timeout_s=3600)
    assert {name: told["found"][name] for name in attacks if told["found"][name] == "done"} == {}
    assert facts["out"].path.read_text(encoding="ascii") == "%PDF"
    assert facts["given"].path.read_text(encoding="ascii") == "%PDF"
    assert told["honest"]["random"] == 8


FREE = """
import json, sys
from tests.hostile_tasks import CALLS, FILES, NOT_FREE, outcomes
attacks = {name: attack for name, attack in (FILES | CALLS).items() if name not in NOT_FREE}
print(json.dumps(outcomes(attacks, json.loads(sys.argv[1]))))
"""


def test_outside_of_a_child_the_same_attacks_succeed(facts: dict[str, Any]) -> None:
    """So that what refuses them is the lock, and a test that cannot fail is seen."""
    with subprocess.Popen(["sleep", "600"]) as program:
        try:
            found = free_outcomes(
                facts
                | {"given": str(facts["given"].path), "out": str(facts["out"].path)}
                | {"program": program.pid}
            )
        finally:
            program.kill()
    assert len(found) == len(FILES) + len(CALLS) - len(NOT_FREE)
    assert {name: outcome for name, outcome in found.items() if outcome != "done"} == {}


def free_outcomes(free: dict[str, Any]) -> dict[str, str]:
    arguments = [sys.executable, "-c", FREE, json.dumps(free)]
    done = subprocess.run(arguments, capture_output=True, check=False, text=True, cwd=lock.ROOT)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@needs_landlock
async def test_what_lies_in_the_home_is_open_to_those_who_need_it_alone(tmp_path: Path) -> None:
    voice = tmp_path / "voices" / "emma.onnx"
    voice.parent.mkdir()
    voice.write_text("weights", encoding="ascii")
    (tmp_path / "voices" / "other").write_text("other", encoding="ascii")
    async with Sandbox(
        module="tests.child_tasks",
        size=1,
        limits=Limits(memory_mb=600, cpu_s=0),
        means=Means(readable=[voice]),
    ) as speaking:
        told = await speaking.run("read", {"file": str(voice)}, timeout_s=3600)
        assert told == {"text": "weights"}
        with pytest.raises(Exception, match="died"):
            await speaking.run("read", {"file": str(voice.with_name("other"))}, timeout_s=3600)


async def test_where_the_kernel_lacks_it_a_child_that_must_be_locked_up_does_not_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kernel without Landlock is played by a child that asks another number."""
    (tmp_path / "sitecustomize.py").write_text(
        "from pipeline.process import landlock\nlandlock.version = lambda: 0\n", encoding="ascii"
    )
    monkeypatch.setattr(
        "pipeline.process.living.ROOT", f"{tmp_path}{os.pathsep}{lock.ROOT}", raising=True
    )
    async with a_sandbox(must_hold=True) as sandbox:
        with pytest.raises(ConfigurationError, match="REQUIRE_SANDBOX"):
            await sandbox.run("try_all", {}, timeout_s=3600)


@needs_landlock
@needs_seccomp
async def test_the_doctor_tries_a_child_and_tells_what_holds(home: Path) -> None:
    assert await find_loopholes(home) == []
    finding = await doctor._children(Settings(listendock_home=home))
    assert finding.is_well
    assert finding.text.startswith("locked up (Landlock ")


@pytest.mark.parametrize("is_required", [True, False])
async def test_a_child_that_can_do_more_is_told_and_refused_where_that_is_wanted(
    home: Path, monkeypatch: pytest.MonkeyPatch, is_required: bool
) -> None:
    async def found(_secret: Path) -> list[str]:
        return ["opens sockets", "sends signals"]

    monkeypatch.setattr("bot.app.workshop.loopholes", found)
    settings = Settings(listendock_home=home, require_sandbox=is_required)
    finding = await doctor._children(settings)
    assert not finding.is_well
    assert finding.is_fatal is is_required
    assert "opens sockets, sends signals" in finding.text
    with pytest.raises(ConfigurationError, match="a child here opens sockets, sends signals"):
        await refuse_open_children(home)


HIDDEN = """
import ctypes
from bot.__main__ import main
main(["slack-manifest"])
print("dumpable", ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux knows it")
def test_whoever_runs_a_command_hides_its_memory(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", HIDDEN], capture_output=True, check=True, text=True
    )
    assert done.stdout.endswith("dumpable 0\n")


# --- other programs -----------------------------------------------------------------------------

TELLTALE = """#!/bin/sh
set > "$1"
for file in "$2" "$3"; do
    if read -r line < "$file"; then echo "read $line" >> "$1"; fi
done
if /bin/true; then echo "started another" >> "$1"; fi
"""


@pytest.mark.skipif(os.name != "posix", reason="there is no shell")
def test_a_program_has_its_files_and_no_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:secret")
    program, told = tmp_path / "program", tmp_path / "told"
    given, other = tmp_path / "given", tmp_path / "other"
    for file, text in ((program, TELLTALE), (given, "honey\n"), (other, "vinegar\n")):
        file.write_text(text, encoding="ascii")
    program.chmod(0o755)
    bounds = ProgramLimits(cpu_s=20, memory_mb=500, file_mb=1)
    run_program(
        [str(program), str(told), str(given), str(other)], bounds, reads=[given], writes=[told]
    )
    said = told.read_text(encoding="ascii")
    assert "read honey" in said
    assert "secret" not in said
    if landlock.version():
        assert "vinegar" not in said
    if landlock.version() and seccomp.is_known():
        assert "started another" not in said


def test_a_program_that_only_waits_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "LOOK_S", 0.1)
    done = run_program(["/bin/sleep", "600"], BOUNDS)
    assert done.code < 0


def test_what_a_program_writes_is_bounded(tmp_path: Path) -> None:
    out = tmp_path / "out.wav"
    noise = ("-f", "lavfi", "-i", "anoisesrc=d=60", "-f", "wav", str(out))
    done = run_program([ffmpeg(), "-nostdin", "-y", *noise], BOUNDS, writes=[out])
    assert done.code != 0
    assert out.stat().st_size <= 1024 * 1024


# --- the filter, and the other system -----------------------------------------------------------


def answer_to(code: bytes, architecture: int, number: int, *arguments: int) -> int:
    """What the filter says, as the kernel runs it."""
    shown = struct.pack("<IIQ6Q", number, architecture, 0, *(*arguments, *[0] * 6)[:6])
    held, at = 0, 0
    while True:
        name, if_so, if_not, value = struct.unpack_from("=HBBI", code, 8 * at)
        at += 1
        match name:
            case seccomp.LOAD:
                (held,) = struct.unpack_from("<I", shown, value)
            case seccomp.AND:
                held &= value
            case seccomp.RETURN:
                return int(value)
            case _:
                tests = {
                    seccomp.IS: held == value,
                    seccomp.IS_AT_LEAST: held >= value,
                    seccomp.HAS_ANY: bool(held & value),
                }
                at += if_so if tests[name] else if_not


@pytest.mark.parametrize(
    ("machine", "read", "socket_", "execve", "clone"),
    [("x86_64", 0, 41, 59, 56), ("aarch64", 63, 198, 221, 220)],
)
def test_the_filter_is_right_on_either_machine(
    machine: str, read: int, socket_: int, execve: int, clone: int
) -> None:
    _, own = seccomp.ARCHITECTURES[machine]
    plain = seccomp.program(seccomp.Allowance(), machine, 7)
    starting = seccomp.program(seccomp.Allowance(can_exec=True, can_fork=True), machine, 7)
    assert answer_to(plain, own, read) == seccomp.ALLOW
    assert answer_to(plain, own, socket_) == seccomp.REFUSE
    assert answer_to(plain, own, execve) == seccomp.REFUSE
    assert answer_to(starting, own, execve) == seccomp.ALLOW
    assert answer_to(plain, own, clone, seccomp.CLONE_THREAD) == seccomp.ALLOW
    assert answer_to(plain, own, clone, 17) == seccomp.REFUSE
    assert answer_to(starting, own, clone, 17) == seccomp.ALLOW
    assert answer_to(starting, own, clone, 0x10000000 | 17) == seccomp.REFUSE
    assert answer_to(plain, own, 435) == seccomp.UNKNOWN
    assert answer_to(plain, own, 9999) == seccomp.UNKNOWN
    assert answer_to(plain, 0x40000003, read) == seccomp.KILL  # 32 bits
    assert answer_to(plain, own, seccomp.X32 | read) == seccomp.KILL


def test_on_a_mac_a_child_may_read_its_files_and_write_its_own() -> None:
    """As text: nobody here can run it."""
    text = seatbelt.profile([Path("/Users/ada/lib")], [Path('/tmp/o"ut')], can_start=False)
    assert text.index("(deny file-read-data") < text.index('file-read* (subpath "/Users/ada/lib")')
    assert '(allow file-write* (subpath "/tmp/o\\"ut"))' in text
    assert "(deny network*)" in text
    assert text.endswith("(deny process-fork)")
    assert "(allow process-exec*)" in seatbelt.profile([], [], can_start=True)
