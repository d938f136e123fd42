"""What every library promises of a document that an earlier version read: SQLite, PostgreSQL and
the one in memory."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import ListeningState, Progress, Sender
from bot.ports import Library
from pipeline.domain import EDITION, Account, Document, Place, Stretch, Takeaway
from tests.contracts.test_library import (
    ADA,
    BEES,
    progress_of,
    shelved_by,
    shown,
    stale,
)
from tests.samples import ENGLISH, REFERENCES, a_document, a_track, with_left_out

BEFORE = replace(a_document(BEES), edition=0)
PLACE = Place(page=1, x=900, y=1200, w=8000, h=150)


def read_again(document: Document) -> Document:
    """The same words, and where they stand."""
    chapters = tuple(
        replace(
            chapter,
            places=(PLACE,),
            takeaway=Takeaway(text="Another sentence."),
            passages=tuple(replace(p, stretches=(Stretch(0, PLACE),)) for p in chapter.passages),
        )
        for chapter in document.chapters
    )
    again = replace(document, chapters=chapters, account=Account(words=40, spoken=31))
    return replace(with_left_out(again), title="Another title", edition=EDITION)


async def was_read(library: Library, sender: Sender) -> Progress:
    """With all that can hang on a document."""
    await shelved_by(library, sender)
    await library.save_reading(BEFORE)
    await library.save_takeaways(BEES, "A model wrote it.", {2: Takeaway(text="So did this.")})
    for chapter in (1, 2):
        await library.save_track(a_track(BEES, chapter))
    await library.mark(sender.listener.id, BEES, [1], ListeningState.HEARD)
    await shown(library, sender)
    return await progress_of(library, sender)


async def test_a_reading_from_before_gets_its_places_and_what_is_left_out(
    library: Library,
) -> None:
    before = await was_read(library, ADA)
    assert before.holding.is_outdated
    again = read_again(BEFORE)
    await library.renew_reading(BEES, again)
    after = await progress_of(library, ADA)
    assert not after.holding.is_outdated
    assert after.holding.document is not None
    assert [k.reason for k in after.left_out] == [k.reason for k in again.left_out]
    assert after.holding.document.account == again.account
    chapter = await library.chapter(BEES, 2)
    assert chapter is not None
    assert chapter.passages == again.chapters[1].passages
    assert chapter.places == (PLACE,)
    assert await library.chapter(BEES, REFERENCES) == again.left_out[0].extras[0]
    assert await stale(library) == ["ada"]


async def test_what_was_written_spoken_and_heard_of_it_stays(library: Library) -> None:
    before = await was_read(library, ADA)
    await library.renew_reading(BEES, read_again(BEFORE))
    after = await progress_of(library, ADA)
    assert after.holding.title == before.holding.title
    assert [c.takeaway for c in after.chapters] == [c.takeaway for c in before.chapters]
    assert [c.seconds for c in after.chapters] == [c.seconds for c in before.chapters]
    assert after.holding.document is not None
    assert after.holding.document.summary == "A model wrote it."
    assert after.tracks.keys() == {1, 2}
    assert after.listenings == before.listenings == {1: ListeningState.HEARD}
    assert await library.track(BEES, 2, ENGLISH) == a_track(BEES, 2)


async def test_where_other_words_come_out_all_stays_and_nobody_tries_again(
    library: Library,
) -> None:
    before = await was_read(library, ADA)
    for again in (a_document(BEES, "Abstract", "Other"), read_again(other_words(BEFORE)), None):
        await library.renew_reading(BEES, again)
        after = await progress_of(library, ADA)
        assert not after.holding.is_outdated
        assert after.chapters == before.chapters
        assert not after.left_out
        assert await library.chapter(BEES, REFERENCES) is None
    chapter = await library.chapter(BEES, 3)
    assert chapter is not None
    assert chapter.passages == BEFORE.chapters[2].passages


def other_words(document: Document) -> Document:
    first, *others = document.chapters
    passages = tuple(replace(p, text=f"{p.text} And more.") for p in first.passages)
    return replace(document, chapters=(replace(first, passages=passages), *others))


async def test_what_was_never_read_or_is_gone_is_not_renewed(library: Library) -> None:
    await library.renew_reading(BEES, read_again(BEFORE))
    assert await library.holding(BEES) is None
    await shelved_by(library, ADA)
    await library.renew_reading(BEES, read_again(BEFORE))
    assert (await progress_of(library, ADA)).holding.document is None


async def test_extras_that_were_kept_stay_whole_where_nothing_is_taken_over(
    library: Library,
) -> None:
    await shelved_by(library, ADA)
    before = replace(with_left_out(a_document(BEES)), edition=0)
    await library.save_reading(before)
    for again in (None, read_again(other_words(BEFORE))):
        await library.renew_reading(BEES, again)
        assert await library.chapter(BEES, REFERENCES) == before.left_out[0].extras[0]
