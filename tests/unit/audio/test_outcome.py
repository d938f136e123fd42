"""What a child says of a chapter that it spoke is believed as far as it can be true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from pipeline.audio.outcome import check_track, log_faults
from pipeline.errors import ChildDied

ANSWER = {
    "samples": 24_000,
    "rate": 24_000,
    "splits": 0,
    "helped": 0,
    "doubtful": 0,
    "helped_share": 0,
}


@pytest.fixture
def track(tmp_path: Path) -> Path:
    path = tmp_path / "track.mp3"
    path.write_bytes(b"sound")
    return path


def test_a_track_is_counts_and_a_file(track: Path) -> None:
    check_track(ANSWER, track)
    check_track(ANSWER | {"helped_share": 0.25, "helped": 3}, track)
    with pytest.raises(ChildDied):
        check_track(ANSWER, track.with_name("none.mp3"))


@pytest.mark.parametrize(
    "lie",
    [
        *({name: value} for name in ("samples", "rate") for value in (0, -1, 1.5, True, "9", None)),
        *({name: value} for name in ("splits", "helped", "doubtful") for value in (-1, True, "9")),
        *({"helped_share": value} for value in (-0.1, True, "0", None)),
    ],
)
def test_what_cannot_be_is_a_child_that_failed(lie: dict[str, Any], track: Path) -> None:
    with pytest.raises(ChildDied):
        check_track(ANSWER | lie, track)


@pytest.mark.parametrize("name", ANSWER)
def test_what_is_not_told_is_a_child_that_failed(name: str, track: Path) -> None:
    with pytest.raises(ChildDied):
        check_track({key: value for key, value in ANSWER.items() if key != name}, track)


def test_only_faults_that_there_are_reach_the_log() -> None:
    told = {"silent": 2, "event": 3, "a secret": 4, "long": "many", "short": -1}
    with capture_logs() as logs:
        log_faults("hibari:heart", ANSWER)
        log_faults("hibari:heart", ANSWER | {"faults": told})
    (entry,) = logs
    assert {name for name in entry if name.startswith("was_")} == {"was_silent"}
    assert entry["event"] == "voice failed on some words"
