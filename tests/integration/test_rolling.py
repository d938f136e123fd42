"""Programs of the version before the last change to the tables and of this one, on one database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.lives import check, given
from tests.program import Life, begun_by, spoken_by, started
from tests.waiting import ended, until

ROOT = Path(__file__).parents[2]
VERSIONS = "adapters/database/migrations/versions"
DOCUMENTS, CHAPTERS = 3, 4
SETTING_UP = f"""
import asyncio, sys
from pathlib import Path
from tests.lives import given, set_up
what = given(documents={DOCUMENTS}, chapters={CHAPTERS}, wishes=1)
asyncio.run(set_up(Path(sys.argv[1]), sys.argv[2], what))
"""
LIVING = """
import json, sys
from pathlib import Path
from tests.program import Life, live
told = json.loads(sys.argv[1])
known = {name: told[name] for name in Life.__dataclass_fields__ if name in told}
live(Life(**known | {"home": Path(told["home"])}))
"""


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree as it was before the last migration came."""
    found = _git(
        "log", "-1", "--format=%H", "--first-parent", "-m", "--diff-filter=A", "--", VERSIONS
    )
    came = found.stdout.strip()
    parent = _git("rev-parse", "--verify", "--quiet", f"{came}~1") if came else found
    if parent.returncode or not came:
        pytest.skip("the history that the version before is taken from is not here")
    folder = tmp_path_factory.mktemp("before")
    with subprocess.Popen(
        ["git", "-C", ROOT, "archive", parent.stdout.strip()], stdout=subprocess.PIPE
    ) as archive:
        subprocess.run(["tar", "-x", "-C", folder], stdin=archive.stdout, check=True)
    return folder


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("no git here")


def begun(folder: Path, script: str, *arguments: str) -> subprocess.Popen[bytes]:
    """A Python whose packages are those of that tree."""
    environment = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.Popen([sys.executable, "-c", script, *arguments], cwd=folder, env=environment)


async def test_hosts_are_renewed_one_by_one_while_the_others_work(
    before: Path, postgres_url: str, tmp_path: Path
) -> None:
    assert begun(before, SETTING_UP, str(tmp_path), postgres_url).wait() == 0
    life = Life(home=tmp_path, url=postgres_url, speakers=1, together=2)
    told = asdict(life) | {"home": str(tmp_path), "is_publishing": False}
    with begun(before, LIVING, json.dumps(told)) as older:
        await until(lambda: older.pid in begun_by(tmp_path), lives=lambda: older.poll() is None)
        newer = started(life)  # the first to use the new tables brings them up to date
        assert await ended(newer) == 0
    assert older.returncode == 0
    what = given(documents=DOCUMENTS, chapters=CHAPTERS, wishes=1)
    record = await check(tmp_path, postgres_url, what)
    assert not record.repeated
    assert {older.pid, newer.pid} == set(spoken_by(tmp_path))
    assert len(spoken_by(tmp_path)) == DOCUMENTS * CHAPTERS
