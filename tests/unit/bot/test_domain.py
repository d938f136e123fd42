"""What a listener's progress comes to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain import Holding, ListeningState, Progress, Stage, TrackStage, TrackState
from tests.samples import ENGLISH, a_document

HEARD, STARTED = ListeningState.HEARD, ListeningState.STARTED


def progress(stage: Stage = Stage.READ, **changes: object) -> Progress:
    document = a_document("d" * 64, "One", "Two", "Three") if stage is Stage.READ else None
    holding = Holding(id="d" * 64, filename="a.pdf", size=1, stage=stage, document=document)
    return replace(Progress(holding=holding, narration=ENGLISH), **changes)  # type: ignore[arg-type]


def ready(*chapters: int, seconds: float = 60.0) -> dict[int, TrackState]:
    return {
        n: TrackState(chapter=n, stage=TrackStage.READY, seconds=seconds, size=1) for n in chapters
    }


def failed(*chapters: int) -> dict[int, TrackState]:
    return {n: TrackState(chapter=n, stage=TrackStage.FAILED) for n in chapters}


def test_percent_counts_minutes_and_not_chapters() -> None:
    tracks = {**ready(1, seconds=300), **ready(2, 3, seconds=50)}
    assert progress(tracks=tracks, listenings={1: HEARD}).percent == 75


def test_a_hundred_percent_means_that_nothing_is_left() -> None:
    tracks = {**ready(1, 2, seconds=3000), **ready(3, seconds=1)}
    almost = progress(tracks=tracks, listenings={1: HEARD, 2: HEARD})
    assert almost.percent == 99
    assert replace(almost, listenings={1: HEARD, 2: HEARD, 3: HEARD}).percent == 100


def test_started_is_not_heard() -> None:
    assert progress(tracks=ready(1, 2, 3), listenings={1: STARTED}).percent == 0


@pytest.mark.parametrize(
    ("listenings", "expected"),
    [
        ({}, 1),
        ({1: HEARD}, 2),
        ({1: HEARD, 2: STARTED}, 2),
        ({2: HEARD}, 3),
        ({3: HEARD}, 1),  # what was left out comes last
        ({1: HEARD, 2: HEARD, 3: HEARD}, None),
    ],
)
def test_continue_leads_to_where_it_was_left(
    listenings: dict[int, ListeningState], expected: int | None
) -> None:
    chapter = progress(listenings=listenings).next_chapter
    assert (chapter.number if chapter else None) == expected


@pytest.mark.parametrize("stage", [Stage.RECEIVED, Stage.READING])
def test_work_goes_on_until_it_is_cancelled(stage: Stage) -> None:
    assert progress(stage).is_working
    assert not progress(stage, is_stopped=True).is_working


def test_work_ends_when_every_chapter_is_ready_or_failed() -> None:
    assert progress(tracks=ready(1)).is_working
    assert not progress(tracks={**ready(1, 2), **failed(3)}).is_working
    assert progress(tracks={**ready(1, 2), **failed(3)}).is_unfinished
    assert not progress(tracks=ready(1, 2, 3)).is_unfinished


def test_a_document_that_cannot_be_read_is_finished() -> None:
    assert not progress(Stage.FAILED).is_working
    assert not progress(Stage.FAILED).is_unfinished
