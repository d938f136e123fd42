"""What every library promises of times and places: SQLite, PostgreSQL and the one in memory."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import Bookmark, ListeningState
from bot.ports import Library
from pipeline.times import Times
from tests.contracts.test_library import (
    ADA,
    ANTS,
    BEES,
    GERMAN,
    HERE,
    TOM,
    progress_of,
    read,
    shown,
    stale,
    wish,
)
from tests.samples import ENGLISH, a_timed_track, a_track

MIDDLE = Bookmark(chapter=2, passage=1, sign=0)
START = Bookmark(chapter=2, passage=0, sign=0)


async def test_a_track_keeps_when_it_says_what(library: Library) -> None:
    await read(library, ADA)
    track = a_timed_track(BEES, 1)
    await wish(library, ADA)
    await library.save_track(track)
    assert track.times.cues
    assert await library.track(BEES, 1, ENGLISH) == track
    assert await library.ready_tracks(BEES) == [track]
    assert [due for _, due in await library.due_wishes(HERE)] == [track]


async def test_times_that_come_late_are_news(library: Library) -> None:
    """A chapter that is spoken once more has other times, be it as long as before."""
    await read(library, ADA)
    track = a_timed_track(BEES, 1)
    await library.save_track(replace(track, times=Times()))
    await library.save_track(track)
    assert await library.track(BEES, 1, ENGLISH) == track


async def test_where_a_listener_is_is_one_place_of_a_document(library: Library) -> None:
    await read(library, ADA, TOM)
    assert (await progress_of(library, ADA)).bookmark is None
    for mark in (START, MIDDLE):
        await library.save_bookmark(ADA.listener.id, BEES, mark)
    assert (await progress_of(library, ADA)).bookmark == MIDDLE
    assert (await progress_of(library, TOM)).bookmark is None
    (shelved,) = await library.shelf(ADA.listener.id)
    assert shelved.bookmark == MIDDLE


async def test_another_place_marks_ones_own_cards_stale_and_the_same_one_none(
    library: Library,
) -> None:
    await read(library, ADA, TOM)
    await shown(library, ADA, TOM)
    await library.save_bookmark(ADA.listener.id, BEES, MIDDLE)
    assert await stale(library) == ["ada"]
    await shown(library, ADA, TOM)
    await library.save_bookmark(ADA.listener.id, BEES, MIDDLE)
    assert await stale(library) == []


async def test_the_second_of_a_place_is_that_of_the_narration_on_the_shelf(
    library: Library,
) -> None:
    await read(library, ADA)
    await library.save_bookmark(ADA.listener.id, BEES, MIDDLE)
    assert (await progress_of(library, ADA)).bookmark_s is None  # nothing is spoken
    await library.save_track(a_track(BEES, 2))
    assert (await progress_of(library, ADA)).bookmark_s is None  # by a program that kept no times
    await library.save_track(a_timed_track(BEES, 2))
    assert (await progress_of(library, ADA)).bookmark_s == 220.0
    await library.narrate_as(ADA.listener.id, BEES, GERMAN)
    progress = await progress_of(library, ADA)
    assert (progress.bookmark, progress.bookmark_s) == (MIDDLE, None)
    assert progress.stopped_in is not None
    assert (progress.resumes_in, progress.bookmark_ends_s) == (0, None)  # nor into its beginning
    await library.narrate_as(ADA.listener.id, BEES, ENGLISH)
    progress = await progress_of(library, ADA)
    assert (progress.bookmark_s, progress.bookmark_ends_s) == (220.0, 230.0)
    assert progress.resumes_in == 2


async def test_continue_leads_to_the_place_until_its_chapter_was_heard(library: Library) -> None:
    await read(library, ADA)
    await library.save_track(a_timed_track(BEES, 2))
    await library.mark(ADA.listener.id, BEES, [3], ListeningState.STARTED)
    await library.save_bookmark(ADA.listener.id, BEES, MIDDLE)
    progress = await progress_of(library, ADA)
    assert progress.next_chapter == progress.chapters[1]
    assert progress.resumes_at_s == 220.0
    await library.mark(ADA.listener.id, BEES, [2], ListeningState.HEARD)
    progress = await progress_of(library, ADA)
    assert progress.next_chapter == progress.chapters[2]
    assert progress.resumes_at_s == 0.0


async def test_there_is_no_place_in_what_is_not_on_the_shelf(library: Library) -> None:
    await read(library, TOM)
    await library.save_bookmark(ADA.listener.id, BEES, MIDDLE)
    await library.save_bookmark(ADA.listener.id, ANTS, MIDDLE)
    await library.shelve(ADA.listener, BEES, ENGLISH)
    assert (await progress_of(library, ADA)).bookmark is None


async def test_a_place_goes_with_its_document_and_its_listener(library: Library) -> None:
    await read(library, ADA, TOM)
    for sender in (ADA, TOM):
        await library.save_bookmark(sender.listener.id, BEES, MIDDLE)
    await library.unshelve(ADA.listener.id, BEES)
    await library.shelve(ADA.listener, BEES, ENGLISH)
    assert (await progress_of(library, ADA)).bookmark is None
    assert (await progress_of(library, TOM)).bookmark == MIDDLE
    await library.forget_listener(TOM.listener.id)
    await library.shelve(TOM.listener, BEES, ENGLISH)
    assert (await progress_of(library, TOM)).bookmark is None
