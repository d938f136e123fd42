"""Whoever points at a page learns what is read there, and when."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.memory import MemoryLibrary
from bot.domain import Pointed
from bot.work.pointing import NEAR, at
from pipeline.audio.mp3 import RATE
from pipeline.audio.narrate import cues_of
from pipeline.domain import Chapter, Document, Mode, Place, Track
from pipeline.spoken.script import script_from
from pipeline.takeaways.tellings import telling_of
from pipeline.times import Cue, Times
from tests.samples import ENGLISH
from tests.unit.drawn import paper, read

BEES = "be" * 32


@pytest.fixture
def document(tmp_path: Path) -> Document:
    made = read(paper("1 Introduction", "2 Methods", "3 Results", "4 Discussion"), tmp_path)
    return replace(made, id=BEES)


@pytest.fixture
async def library(document: Document) -> MemoryLibrary:
    library = MemoryLibrary()
    await library.receive(BEES, filename="bees.pdf", size=1)
    await library.save_reading(document)
    return library


def timed(chapter: Chapter) -> Track:
    """As if each utterance took five seconds."""
    told = telling_of(chapter, Mode.ORIGINAL)
    cues: list[Cue] = []
    for place, utterance in enumerate(script_from(told, "en").utterances):
        cues += cues_of(utterance, 5 * RATE * place, 5 * RATE * (place + 1))
    times = Times.of(cues, told=told.mark)
    return Track(
        document=BEES, chapter=chapter.number, narration=ENGLISH, seconds=99, size=1, times=times
    )


def middle(place: Place) -> dict[str, int]:
    return {"page": place.page, "x": place.x + place.w // 2, "y": place.y + place.h // 2}


async def test_every_sentence_is_found_where_it_stands(
    library: MemoryLibrary, document: Document
) -> None:
    for chapter in document.chapters:
        track = timed(chapter)
        await library.save_track(track)
        told = telling_of(chapter, Mode.ORIGINAL)
        for cue in track.times.cues[1:]:
            span = cue.said
            places = told.passages[span.passage].places(span.start, span.end)
            found = await at(library, BEES, ENGLISH, **middle(places[0]))
            assert found is not None
            assert (found.chapter, found.passage) == (chapter.number, span.passage)
            assert span.start <= found.sign < span.end
            assert found.second == cue.start_ms / 1000


async def test_a_heading_is_the_beginning_of_its_chapter(
    library: MemoryLibrary, document: Document
) -> None:
    chapter = document.chapters[1]
    await library.save_track(timed(chapter))
    found = await at(library, BEES, ENGLISH, **middle(chapter.places[0]))
    assert found == Pointed(chapter=2, passage=0, sign=0, second=0.0)


async def test_beside_a_line_is_that_line_and_far_from_all_is_nothing(
    library: MemoryLibrary, document: Document
) -> None:
    place = document.chapters[0].passages[0].places()[1]
    beside = middle(place) | {"x": place.x - NEAR // 2}
    found = await at(library, BEES, ENGLISH, **beside)
    assert found is not None
    assert (found.chapter, found.passage) == (1, 1)
    assert await at(library, BEES, ENGLISH, page=place.page, x=place.x, y=9990) is None
    assert await at(library, BEES, ENGLISH, page=99, x=place.x, y=place.y) is None


async def test_without_a_track_there_is_a_place_and_no_second(
    library: MemoryLibrary, document: Document
) -> None:
    found = await at(library, BEES, ENGLISH, **middle(document.chapters[2].passages[1].places()[0]))
    assert found is not None
    assert (found.chapter, found.passage, found.second) == (3, 2, None)
    assert await at(library, "ab" * 32, ENGLISH, page=1, x=1, y=1) is None
