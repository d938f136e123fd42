"""What every library promises of what is left out and heard all the same: SQLite, PostgreSQL and
the one in memory. It is kept as chapters are, and counts for nothing."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import ListeningState, Sender, TrackStage, Unfinished
from bot.ports import Library, Upload
from pipeline.domain import Takeaway
from tests.contracts.test_library import ADA, BEES, GERMAN, HERE, progress_of, shelved_by, wish
from tests.samples import ENGLISH, NOTES, REFERENCES, a_document, a_track, with_left_out

BOOK = with_left_out(a_document(BEES))


async def read(library: Library, *senders: Sender) -> None:
    """As there, of a document of which something is left out."""
    await shelved_by(library, *senders)
    await library.save_reading(BOOK)


async def spoken(library: Library) -> None:
    for chapter in BOOK.chapters:
        await library.save_track(a_track(BEES, chapter.number))


async def test_what_is_left_out_is_told_by_kind_and_its_text_one_by_one(library: Library) -> None:
    await read(library, ADA)
    progress = await progress_of(library, ADA)
    assert progress.holding.document is not None
    assert [chapter.number for chapter in progress.chapters] == [1, 2, 3]
    assert [(k.reason, k.count, k.pages) for k in progress.left_out] == [
        (k.reason, k.count, k.pages) for k in BOOK.left_out
    ]
    extras = [extra for kind in progress.left_out for extra in kind.extras]
    assert [extra.number for extra in extras] == [REFERENCES, NOTES, NOTES + 1]
    assert not any(extra.passages for extra in extras)
    assert await library.chapter(BEES, REFERENCES) == BOOK.left_out[0].extras[0]
    assert await library.chapter(BEES, REFERENCES + 7) is None


async def test_takeaways_leave_what_is_left_out_as_it_is(library: Library) -> None:
    await read(library, ADA)
    before = (await progress_of(library, ADA)).left_out
    await library.save_takeaways(BEES, "All on bees.", {1: Takeaway(text="Bees.")})
    assert (await progress_of(library, ADA)).left_out == before


async def test_an_extra_waits_for_nobody_who_did_not_ask(library: Library) -> None:
    await read(library, ADA)
    missing = Unfinished(
        document=BEES, listener=ADA.listener.id, narration=ENGLISH, chapters=(1, 2, 3)
    )
    assert await library.unfinished() == [missing]
    assert (await library.statistics()).waiting_tracks == 3
    await spoken(library)
    assert await library.unfinished() == []
    assert (await library.statistics()).waiting_tracks == 0


async def test_an_extra_that_was_asked_for_is_unfinished_until_it_is_spoken(
    library: Library,
) -> None:
    await read(library, ADA)
    await spoken(library)
    await wish(library, ADA, REFERENCES)
    (awaited,) = await library.unfinished()
    assert (awaited.chapters, awaited.is_awaited) == ((REFERENCES,), True)
    assert (await progress_of(library, ADA)).awaited == {REFERENCES}
    assert await library.due_wishes(HERE) == []
    await library.save_track(a_track(BEES, REFERENCES))
    assert await library.unfinished() == []
    [(due, track)] = await library.due_wishes(HERE)
    assert track == a_track(BEES, REFERENCES)
    await library.fulfil_wish(due)
    assert await library.due_wishes(HERE) == []
    assert (await progress_of(library, ADA)).awaited == frozenset()


async def test_an_extra_counts_for_nothing_whatever_becomes_of_it(library: Library) -> None:
    await read(library, ADA)
    await spoken(library)
    before = await progress_of(library, ADA)
    await library.save_track(a_track(BEES, REFERENCES, seconds=900.0))
    await library.save_track_failure(BEES, NOTES, ENGLISH)
    await library.mark(ADA.listener.id, BEES, [REFERENCES, NOTES], ListeningState.HEARD)
    progress = await progress_of(library, ADA)
    assert progress.stage_of(REFERENCES) is TrackStage.READY
    assert progress.stage_of(NOTES) is TrackStage.FAILED
    assert progress.stage_of(NOTES + 1) is TrackStage.MISSING
    assert progress.listenings[REFERENCES] is ListeningState.HEARD
    for name in (
        *("percent", "seconds", "seconds_heard", "ready", "failed", "next_chapter", "tracks"),
        *("is_working", "is_unfinished", "is_waiting_for_choice", "stopped_in", "coming"),
    ):
        assert getattr(progress, name) == getattr(before, name), name
    assert progress.count(ListeningState.HEARD) == 0


async def test_what_an_extra_was_sent_as_is_kept_and_is_of_one_narration(library: Library) -> None:
    await read(library, ADA)
    track = a_track(BEES, REFERENCES)
    await library.save_track(track)
    upload = Upload(platform="memory", kind="voice", remote_id="v1")
    await library.save_upload(track, upload)
    assert await library.uploads(track, "memory") == [upload]
    assert await library.track(BEES, REFERENCES, GERMAN) is None


async def test_extras_go_with_their_document(library: Library) -> None:
    await read(library, ADA)
    track = a_track(BEES, REFERENCES)
    await library.save_track(track)
    await library.save_upload(track, Upload(platform="memory", kind="voice", remote_id="v1"))
    await library.mark(ADA.listener.id, BEES, [REFERENCES], ListeningState.HEARD)
    await wish(library, ADA, NOTES)
    assert await library.unshelve(ADA.listener.id, BEES)
    assert await library.forget_document(BEES)
    assert await library.chapter(BEES, REFERENCES) is None
    assert await library.track(BEES, REFERENCES, ENGLISH) is None
    assert await library.uploads(track, "memory") == []
    await read(library, ADA)
    assert not (await progress_of(library, ADA)).listenings
    assert await library.unfinished() != []
    assert all(not one.is_awaited for one in await library.unfinished())


async def test_a_document_from_before_tells_nothing_of_it(library: Library) -> None:
    await shelved_by(library, ADA)
    await library.save_reading(replace(BOOK, left_out=()))
    assert (await progress_of(library, ADA)).left_out == ()
    assert (await progress_of(library, ADA)).find(REFERENCES) is None
