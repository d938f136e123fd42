"""When a chapter may be spoken before anybody knows that it stays."""

from __future__ import annotations

import os

import pytest

from adapters.voices import available_voices
from pipeline.domain import Narration
from pipeline.producer import Producer

HEART = Narration(voice="hibari:heart", language="en")


def a_producer(workers: int) -> Producer:
    return Producer(voices=available_voices(), default_voice="hibari:heart", workers=workers)


@pytest.mark.parametrize(("processors", "workers", "has_room"), [(4, 3, True), (2, 2, False)])
def test_there_is_room_on_a_processor_that_does_not_read(
    processors: int, workers: int, has_room: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert a_producer(workers).has_room_for(HEART) is has_room


def test_what_nobody_speaks_is_not_spoken_early(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    assert not a_producer(3).has_room_for(Narration(voice="nobody:knows"))
