"""A benchmark that needs files says so, and is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import account, hostile


@pytest.mark.parametrize("named", [[], ["paper.pdf"], ["empty"]])
def test_without_a_file_it_is_told_what_is_wanted(
    named: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    names = [str(tmp_path / name) for name in named]
    for main in (account.main, hostile.main):
        assert main(names) == 0
        assert capsys.readouterr().out.startswith("needs F")
