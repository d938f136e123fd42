"""What every library promises: SQLite, PostgreSQL and the one in memory."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain import (
    CardPlace,
    Listener,
    ListeningState,
    Preferences,
    Progress,
    Sender,
    Stage,
    TrackStage,
    Unfinished,
)
from bot.ports import Library, Upload
from pipeline.domain import Mode, Takeaway
from tests.libraries import Shelved
from tests.samples import ENGLISH, a_document, a_sender, a_track

BEES, ANTS = "be" * 32, "a7" * 32
GERMAN = replace(ENGLISH, voice="espeak:de", language="de")
BRIEF = replace(ENGLISH, mode=Mode.BRIEF)
ADA, TOM = a_sender("ada"), a_sender("tom")
HERE = ["memory"]


async def received(library: Library, document: str = BEES) -> None:
    await library.receive(document, filename="bees.pdf", size=1234)


async def shelved_by(library: Library, *senders: Sender, document: str = BEES) -> None:
    await received(library, document)
    for sender in senders:
        await library.shelve(sender.listener, document, ENGLISH)


async def read(library: Library, *senders: Sender, document: str = BEES) -> None:
    """Read, on the shelves of these senders, no track spoken yet. Three chapters."""
    await shelved_by(library, *senders, document=document)
    await library.save_reading(a_document(document))


async def progress_of(library: Library, sender: Sender, document: str = BEES) -> Progress:
    found = await library.progress(sender.listener.id, document)
    assert found is not None
    return found


def a_card(sender: Sender, message: str = "1", document: str = BEES) -> CardPlace:
    return CardPlace(
        conversation=sender.conversation,
        message=message,
        document=document,
        listener=sender.listener,
    )


async def shown(library: Library, *senders: Sender, document: str = BEES) -> None:
    """Everybody's card stands and shows what is known now."""
    for sender in senders:
        await library.save_card(a_card(sender, document=document))
    for card, version in await library.stale_cards(HERE):
        await library.mark_card_shown(card, version)
    assert await library.stale_cards(HERE) == []


async def stale(library: Library) -> list[str]:
    return sorted(card.listener.account for card, _ in await library.stale_cards(HERE))


async def wish(library: Library, sender: Sender, chapter: int = 1, *, act: str = "") -> None:
    await library.wish(sender.conversation, sender.listener, BEES, chapter, ENGLISH, act=act)


async def due(library: Library) -> list[tuple[str, int, bool]]:
    return [
        (wish.listener.account, wish.chapter, track is not None)
        for wish, track in await library.due_wishes(HERE)
    ]


# --- documents ----------------------------------------------------------------------------------


async def test_a_received_document_is_known_and_waits(library: Library) -> None:
    holding = await library.receive(BEES, filename="bees.pdf", size=1234)
    assert (holding.id, holding.filename, holding.size) == (BEES, "bees.pdf", 1234)
    assert holding.stage is Stage.RECEIVED
    assert await library.holding(BEES) == holding
    assert await library.holding(ANTS) is None


async def test_a_document_received_twice_keeps_its_first_name(library: Library) -> None:
    await received(library)
    again = await library.receive(BEES, filename="other.pdf", size=99)
    assert (again.filename, again.size) == ("bees.pdf", 1234)


async def test_a_document_that_failed_starts_over_when_it_is_received_again(
    library: Library,
) -> None:
    await shelved_by(library, ADA)
    await library.save_failure(BEES, kind="scanned", sentence="This is a scan.")
    await shown(library, ADA)
    holding = await library.receive(BEES, filename="bees.pdf", size=1234)
    assert (holding.stage, holding.failure, holding.failure_kind) == (Stage.RECEIVED, "", "")
    assert await stale(library) == ["ada"]


async def test_a_document_that_is_being_read_or_was_read_is_not_started_over(
    library: Library,
) -> None:
    await received(library)
    await library.mark_reading(BEES)
    assert (await library.receive(BEES, filename="x", size=1)).stage is Stage.READING
    await library.save_reading(a_document(BEES))
    assert (await library.receive(BEES, filename="x", size=1)).stage is Stage.READ


async def test_reading_is_marked_only_where_it_was_waited_for(library: Library) -> None:
    await shelved_by(library, ADA)
    await shown(library, ADA)
    await library.mark_reading(BEES)
    assert await stale(library) == ["ada"]
    await library.save_reading(a_document(BEES))
    await library.mark_reading(BEES)
    assert (await progress_of(library, ADA)).holding.stage is Stage.READ


async def test_how_far_the_reading_is_can_be_seen_until_it_is_over(library: Library) -> None:
    await shelved_by(library, ADA)
    await library.save_read_share(BEES, 0.2)
    assert (await progress_of(library, ADA)).holding.read_share == 0.0
    await library.mark_reading(BEES)
    await shown(library, ADA)
    await library.save_read_share(BEES, 0.4)
    assert (await progress_of(library, ADA)).holding.read_share == 0.4
    assert await stale(library) == ["ada"]
    await library.save_reading(a_document(BEES))
    await shown(library, ADA)
    await library.save_read_share(BEES, 0.9)
    assert await stale(library) == []


async def test_a_reading_is_kept_whole_and_its_chapters_have_passages_one_by_one(
    library: Library,
) -> None:
    await shelved_by(library, ADA)
    await shown(library, ADA)
    document = a_document(BEES, "Abstract", "Über Ameisen 蚁")
    await library.save_reading(document)
    holding = await library.holding(BEES)
    assert holding is not None
    assert holding.document is not None
    assert replace(holding.document, chapters=()) == replace(document, chapters=())
    assert [c.title for c in holding.document.chapters] == ["Abstract", "Über Ameisen 蚁"]
    assert all(chapter.passages == () for chapter in holding.document.chapters)
    assert await library.chapter(BEES, 2) == document.chapters[1]
    assert await library.chapter(BEES, 3) is None
    assert await stale(library) == ["ada"]


async def test_a_second_reading_changes_nothing(library: Library) -> None:
    await read(library, ADA)
    await library.save_takeaways(BEES, "Better.", {})
    await shown(library, ADA)
    await library.save_reading(a_document(BEES, "Only one"))
    progress = await progress_of(library, ADA)
    assert len(progress.chapters) == 3
    assert progress.holding.document is not None
    assert progress.holding.document.summary == "Better."
    assert await stale(library) == []


async def test_a_reading_of_a_document_that_was_deleted_meanwhile_is_dropped(
    library: Library,
) -> None:
    await library.save_reading(a_document(BEES))
    assert await library.holding(BEES) is None
    assert await library.chapter(BEES, 1) is None


async def test_a_failure_carries_its_sentence_and_marks_cards_stale(library: Library) -> None:
    await shelved_by(library, ADA)
    await shown(library, ADA)
    await library.save_failure(BEES, kind="encrypted", sentence="It is locked.")
    holding = (await progress_of(library, ADA)).holding
    assert (holding.stage, holding.failure_kind) == (Stage.FAILED, "encrypted")
    assert holding.failure == "It is locked."
    assert await stale(library) == ["ada"]


async def test_what_was_read_does_not_fail_afterwards(library: Library) -> None:
    await read(library, ADA)
    await library.save_failure(BEES, kind="timeout", sentence="Too slow.")
    assert (await progress_of(library, ADA)).holding.stage is Stage.READ


async def test_better_takeaways_take_the_place_of_the_first_ones(library: Library) -> None:
    await read(library, ADA)
    await shown(library, ADA)
    better = Takeaway(text="Bees dance.", source="model")
    await library.save_takeaways(BEES, "Bees talk.", {2: better, 99: better})
    document = (await progress_of(library, ADA)).holding.document
    assert document is not None
    assert document.summary == "Bees talk."
    assert [c.takeaway.text for c in document.chapters][1:] == [
        "Bees dance.",
        "Discussion in one sentence.",
    ]
    chapter = await library.chapter(BEES, 2)
    assert chapter is not None
    assert chapter.takeaway == better
    assert chapter.passages
    assert await stale(library) == ["ada"]


async def test_takeaways_in_a_language_are_for_those_who_want_them_in_it(library: Library) -> None:
    await read(library, ADA)
    await read(library, TOM)
    await library.save_preferences(TOM.listener, Preferences(takeaways="de"))
    for sender in (ADA, TOM):
        await shown(library, sender)
    assert not await library.has_takeaways(BEES, "de")
    bees = Takeaway(text="Bienen tanzen.", source="model")
    await library.save_takeaways(BEES, "Bienen reden.", {2: bees}, {2: "Tanz"}, language="de")
    assert await library.has_takeaways(BEES, "de")
    assert not await library.has_takeaways(BEES, "fr")
    assert await stale(library) == ["ada", "tom"]
    for sender, summary, takeaway in (
        (ADA, "Bees find their way home.", "Introduction in one sentence."),
        (TOM, "Bienen reden.", "Bienen tanzen."),
    ):
        document = (await progress_of(library, sender)).holding.document
        assert document is not None
        assert (document.summary, document.chapters[1].takeaway.text) == (summary, takeaway)
        assert document.chapters[2].takeaway.text == "Discussion in one sentence."
    for sender in (ADA, TOM):
        await shown(library, sender)
    await library.save_preferences(TOM.listener, Preferences())
    assert await stale(library) == ["tom"]
    document = (await progress_of(library, TOM)).holding.document
    assert document is not None
    assert document.summary == "Bees find their way home."
    await shown(library, TOM)
    await library.save_preferences(TOM.listener, Preferences(speed=1.5))
    assert await stale(library) == []  # what comes next is spoken faster; no card says so
    for sender in (ADA, TOM):
        await library.unshelve(sender.listener.id, BEES)
    await library.forget_document(BEES)
    assert not await library.has_takeaways(BEES, "de")


async def test_an_empty_summary_leaves_the_one_there_is(library: Library) -> None:
    await read(library, ADA)
    await library.save_takeaways(BEES, "", {})
    await library.save_takeaways(ANTS, "Of nothing known.", {})
    document = (await progress_of(library, ADA)).holding.document
    assert document is not None
    assert document.summary == "Bees find their way home."


# --- tracks -------------------------------------------------------------------------------------


async def test_a_track_is_found_in_its_narration_only(library: Library) -> None:
    await read(library, ADA)
    track = a_track(BEES, 2)
    await library.save_track(track)
    assert await library.track(BEES, 2, ENGLISH) == track
    assert await library.track(BEES, 2, BRIEF) is None
    assert await library.track(BEES, 1, ENGLISH) is None
    state = (await progress_of(library, ADA)).tracks[2]
    assert (state.stage, state.seconds, state.size) == (TrackStage.READY, 60.0, 360_000)


async def test_a_track_saved_twice_is_one_and_no_news(library: Library) -> None:
    await read(library, ADA)
    await library.save_track(a_track(BEES, 1))
    await shown(library, ADA)
    await library.save_track(a_track(BEES, 1))
    assert (await progress_of(library, ADA)).ready == 1
    assert await stale(library) == []


async def test_a_track_marks_the_cards_of_all_who_hold_the_document_stale(
    library: Library,
) -> None:
    await read(library, ADA, TOM)
    await read(library, ADA, document=ANTS)
    await shown(library, ADA, TOM)
    await library.save_track(a_track(BEES, 1))
    assert await stale(library) == ["ada", "tom"]


async def test_a_failed_chapter_is_counted_and_its_wish_becomes_due_without_a_track(
    library: Library,
) -> None:
    await read(library, ADA)
    await wish(library, ADA, 1)
    await wish(library, ADA, 2)
    await shown(library, ADA)
    await library.save_track_failure(BEES, 1, ENGLISH)
    assert (await progress_of(library, ADA)).failed == 1
    assert await library.track(BEES, 1, ENGLISH) is None
    assert await due(library) == [("ada", 1, False)]
    assert await stale(library) == ["ada"]


async def test_a_track_whose_file_is_gone_is_missing_again_and_sent_anew(library: Library) -> None:
    await read(library, ADA)
    gone, stays = a_track(BEES, 1), a_track(BEES, 2)
    for track in (gone, stays):
        await library.save_track(track)
        await library.save_upload(track, Upload(platform="memory", kind="voice", remote_id="1"))
    await shown(library, ADA)
    await library.forget_track(replace(gone, size=1))  # another one came in its place
    assert await library.ready_tracks(BEES) == [gone, stays]
    assert await stale(library) == []
    await library.forget_track(gone)
    assert await library.ready_tracks(BEES) == [stays]
    assert [len(await library.uploads(track, "memory")) for track in (gone, stays)] == [0, 1]
    assert await stale(library) == ["ada"]
    (unfinished,) = [one for one in await library.unfinished() if one.chapters]
    assert 1 in unfinished.chapters


async def test_the_newest_documents_are_told_first(library: Library) -> None:
    for document in (BEES, ANTS):
        await received(library, document)
    assert set(await library.newest_documents(9)) == {BEES, ANTS}
    assert len(await library.newest_documents(1)) == 1


async def test_a_ready_track_does_not_fail_afterwards(library: Library) -> None:
    await read(library, ADA)
    await wish(library, ADA, 1)
    await library.save_track(a_track(BEES, 1))
    await library.save_track_failure(BEES, 1, ENGLISH)
    assert (await progress_of(library, ADA)).failed == 0
    assert await due(library) == [("ada", 1, True)]


async def test_a_failed_chapter_can_be_spoken_after_all(library: Library) -> None:
    await read(library, ADA)
    await library.save_track_failure(BEES, 1, ENGLISH)
    await library.save_track(a_track(BEES, 1))
    progress = await progress_of(library, ADA)
    assert (progress.ready, progress.failed) == (1, 0)


async def test_failures_are_forgotten_in_one_narration_and_ready_tracks_stay(
    library: Library,
) -> None:
    await read(library, ADA)
    await library.save_track(a_track(BEES, 1))
    await library.save_track_failure(BEES, 2, ENGLISH)
    await library.save_track_failure(BEES, 3, BRIEF)
    await shown(library, ADA)
    await library.forget_track_failures(BEES, ENGLISH)
    progress = await progress_of(library, ADA)
    assert (progress.ready, progress.failed) == (1, 0)
    assert await stale(library) == ["ada"]
    await library.renarrate(BEES, ENGLISH, BRIEF)
    assert (await progress_of(library, ADA)).failed == 1


async def test_tracks_of_a_document_that_was_deleted_meanwhile_are_dropped(
    library: Library,
) -> None:
    await library.save_track(a_track(BEES, 1))
    await library.save_track_failure(BEES, 2, ENGLISH)
    await library.save_upload(a_track(BEES, 1), Upload(platform="memory", kind="v", remote_id="1"))
    await shelved_by(library, ADA)
    assert (await progress_of(library, ADA)).tracks == {}
    assert await library.uploads(a_track(BEES, 1), "memory") == []


async def test_uploads_are_kept_by_platform_and_kind_the_newest_of_each(library: Library) -> None:
    await read(library, ADA)
    track = a_track(BEES, 1)
    await library.save_track(track)
    first = Upload(platform="telegram", kind="voice", remote_id="file-1")
    second = replace(first, remote_id="file-2")
    other = replace(first, kind="audio", remote_id="file-3")
    elsewhere = replace(first, platform="slack")
    for upload in (first, second, other, elsewhere):
        await library.save_upload(track, upload)
    found = await library.uploads(track, "telegram")
    assert sorted(upload.remote_id for upload in found) == ["file-2", "file-3"]
    assert await library.uploads(replace(track, narration=BRIEF), "telegram") == []
    assert await library.uploads(track, "slack") == [elsewhere]


# --- shelves ------------------------------------------------------------------------------------


async def test_a_document_that_was_never_received_cannot_be_shelved(library: Library) -> None:
    with pytest.raises(LookupError):
        await library.shelve(ADA.listener, BEES, ENGLISH)
    assert await library.shelf(ADA.listener.id) == []


async def test_shelving_twice_keeps_the_first_narration_and_takes_a_cancel_back(
    library: Library,
) -> None:
    await shelved_by(library, ADA)
    await library.stop(ADA.listener.id, BEES)
    assert (await progress_of(library, ADA)).is_stopped
    await shown(library, ADA)
    entry = await library.shelve(ADA.listener, BEES, BRIEF)
    assert (entry.narration, entry.is_stopped) == (ENGLISH, False)
    progress = await progress_of(library, ADA)
    assert (progress.narration, progress.is_stopped) == (ENGLISH, False)
    assert await stale(library) == ["ada"]


async def test_a_shelf_is_newest_first_and_nobody_elses(library: Library) -> None:
    await shelved_by(library, ADA, document=BEES)
    await shelved_by(library, ADA, TOM, document=ANTS)
    assert [p.holding.id for p in await library.shelf(ADA.listener.id)] == [ANTS, BEES]
    assert [p.holding.id for p in await library.shelf(TOM.listener.id)] == [ANTS]
    assert await library.shelf("memory:nobody") == []


async def test_a_document_is_found_by_the_beginning_of_its_id_on_ones_own_shelf_only(
    library: Library,
) -> None:
    await shelved_by(library, ADA)
    found = await library.progress(ADA.listener.id, BEES[:16])
    assert found is not None
    assert found.holding.id == BEES
    for prefix in ("", "%", "_", "BE", BEES[1:17], f"{BEES}0"):
        assert await library.progress(ADA.listener.id, prefix) is None
    assert await library.progress(TOM.listener.id, BEES[:16]) is None


async def test_who_holds_a_document_comes_longest_first(library: Library) -> None:
    await shelved_by(library, TOM, ADA)
    await library.stop(ADA.listener.id, BEES)
    entries = await library.listeners_of(BEES)
    assert [(e.listener, e.is_stopped) for e in entries] == [
        ("memory:tom", False),
        ("memory:ada", True),
    ]
    assert entries[0].narration == ENGLISH
    assert entries[0].added_at.utcoffset() is not None
    assert await library.listeners_of(ANTS) == []


async def test_a_new_narration_reaches_shelves_and_wishes_that_had_the_old_one(
    library: Library,
) -> None:
    await read(library, ADA, TOM)
    await library.renarrate(BEES, ENGLISH, BRIEF)
    await library.shelve(a_sender("eve").listener, BEES, ENGLISH)
    await wish(library, ADA, 1)
    await shown(library, ADA)
    await library.renarrate(BEES, ENGLISH, GERMAN)
    narrations = {e.listener: e.narration for e in await library.listeners_of(BEES)}
    assert narrations == {"memory:ada": BRIEF, "memory:tom": BRIEF, "memory:eve": GERMAN}
    await library.save_track(replace(a_track(BEES, 1), narration=GERMAN))
    [(found, track)] = await library.due_wishes(HERE)
    assert found.narration == GERMAN
    assert track is not None
    assert track.narration == GERMAN
    assert await stale(library) == ["ada"]


async def test_a_wish_that_is_open_in_both_narrations_becomes_one(library: Library) -> None:
    await read(library, ADA)
    for narration in (ENGLISH, GERMAN):
        await library.wish(ADA.conversation, ADA.listener, BEES, 1, narration)
    await library.renarrate(BEES, ENGLISH, GERMAN)
    await library.save_track(replace(a_track(BEES, 1), narration=GERMAN))
    assert len(await library.due_wishes(HERE)) == 1


async def test_cancel_is_one_listeners_own(library: Library) -> None:
    await read(library, ADA, TOM)
    await shown(library, ADA, TOM)
    await library.stop(ADA.listener.id, BEES)
    assert not (await progress_of(library, TOM)).is_stopped
    assert await stale(library) == ["ada"]


async def test_a_document_off_the_shelf_takes_progress_cards_and_wishes_with_it(
    library: Library,
) -> None:
    await read(library, ADA, TOM)
    for sender in (ADA, TOM):
        await library.mark(sender.listener.id, BEES, [1], ListeningState.HEARD)
        await library.save_card(a_card(sender))
        await wish(library, sender)
    await library.save_track(a_track(BEES, 1))
    assert await library.unshelve(ADA.listener.id, BEES) is False
    assert await library.progress(ADA.listener.id, BEES) is None
    assert await stale(library) == ["tom"]
    assert await due(library) == [("tom", 1, True)]
    await library.shelve(ADA.listener, BEES, ENGLISH)
    assert (await progress_of(library, ADA)).listenings == {}
    assert (await progress_of(library, TOM)).count(ListeningState.HEARD) == 1


async def test_the_last_one_to_let_go_is_told_so(library: Library) -> None:
    await read(library, ADA, TOM)
    assert [await library.unshelve(s.listener.id, BEES) for s in (ADA, TOM)] == [False, True]


async def test_a_document_that_somebody_holds_is_not_forgotten(library: Library) -> None:
    await read(library, ADA)
    await library.save_track(a_track(BEES, 1))
    assert await library.forget_document(BEES) is False
    assert (await progress_of(library, ADA)).ready == 1


async def test_a_forgotten_document_leaves_nothing_behind(library: Library) -> None:
    await read(library, ADA)
    track = a_track(BEES, 1)
    await library.save_track(track)
    await library.save_upload(track, Upload(platform="memory", kind="voice", remote_id="1"))
    await library.unshelve(ADA.listener.id, BEES)
    assert await library.forget_document(BEES) is True
    assert await library.holding(BEES) is None
    assert await library.chapter(BEES, 1) is None
    await received(library)
    assert (await library.receive(BEES, filename="x", size=1)).stage is Stage.RECEIVED
    assert await library.track(BEES, 1, ENGLISH) is None
    assert await library.uploads(track, "memory") == []


async def test_forgetting_twice_is_no_error(library: Library) -> None:
    assert await library.forget_document(BEES) is True
    assert await library.forget_document(BEES) is True


# --- listenings ---------------------------------------------------------------------------------


async def test_chapters_are_new_started_heard_and_new_again(library: Library) -> None:
    await read(library, ADA)
    for state in (ListeningState.STARTED, ListeningState.HEARD, ListeningState.NEW):
        await shown(library, ADA)
        await library.mark(ADA.listener.id, BEES, [1, 2], state)
        progress = await progress_of(library, ADA)
        assert [progress.state_of(c) for c in progress.chapters] == [
            state,
            state,
            ListeningState.NEW,
        ]
        assert await stale(library) == ["ada"]


async def test_started_never_takes_a_heard_back(library: Library) -> None:
    await read(library, ADA)
    await library.mark(ADA.listener.id, BEES, [1], ListeningState.HEARD)
    await library.mark(ADA.listener.id, BEES, [1], ListeningState.STARTED)
    assert (await progress_of(library, ADA)).listenings == {1: ListeningState.HEARD}
    await library.mark(ADA.listener.id, BEES, [1], ListeningState.NEW)
    await library.mark(ADA.listener.id, BEES, [1], ListeningState.STARTED)
    assert (await progress_of(library, ADA)).listenings == {1: ListeningState.STARTED}


async def test_what_is_not_on_the_shelf_cannot_be_heard(library: Library) -> None:
    await read(library, TOM)
    await library.mark(ADA.listener.id, BEES, [1], ListeningState.HEARD)
    await library.shelve(ADA.listener, BEES, ENGLISH)
    assert (await progress_of(library, ADA)).listenings == {}


# --- cards --------------------------------------------------------------------------------------


async def test_a_new_card_is_stale_until_it_was_shown(library: Library) -> None:
    await read(library, ADA)
    await library.save_card(a_card(ADA))
    [(card, version)] = await library.stale_cards(HERE)
    assert card == a_card(ADA)
    await library.mark_card_shown(card, version)
    assert await library.stale_cards(HERE) == []


async def test_a_change_between_looking_and_showing_leaves_the_card_stale(
    library: Library,
) -> None:
    await read(library, ADA)
    await library.save_card(a_card(ADA))
    [(card, version)] = await library.stale_cards(HERE)
    await library.save_track(a_track(BEES, 1))
    await library.mark_card_shown(card, version)
    [(card, version)] = await library.stale_cards(HERE)
    await library.mark_card_shown(card, version)
    assert await library.stale_cards(HERE) == []


async def test_an_older_showing_that_ends_late_does_not_undo_a_newer_one(
    library: Library,
) -> None:
    await read(library, ADA)
    await library.save_card(a_card(ADA))
    [(card, older)] = await library.stale_cards(HERE)
    await library.save_track(a_track(BEES, 1))
    [(_, newer)] = await library.stale_cards(HERE)
    await library.mark_card_shown(card, newer)
    await library.mark_card_shown(card, older)
    assert await library.stale_cards(HERE) == []


async def test_a_card_that_comes_again_while_it_is_shown_shows_what_changes_afterwards(
    library: Library,
) -> None:
    """On the page a card is the same message each time."""
    await read(library, ADA)
    await library.save_card(a_card(ADA))
    for chapter in (1, 2, 3):
        await library.save_track(a_track(BEES, chapter))
    [(card, version)] = await library.stale_cards(HERE)
    await library.save_card(a_card(ADA))
    await library.mark_card_shown(card, version)
    await library.mark_card_shown(*(await library.stale_cards(HERE))[0])
    await library.mark(ADA.listener.id, BEES, [1], ListeningState.HEARD)
    assert await stale(library) == ["ada"]


async def test_a_showing_of_a_card_that_went_says_nothing_of_the_one_after_it(
    library: Library,
) -> None:
    await read(library, ADA)
    await library.save_card(a_card(ADA))
    await library.save_track(a_track(BEES, 1))
    [(card, version)] = await library.stale_cards(HERE)
    await library.forget_card(card)
    await library.save_card(a_card(ADA))
    await library.mark_card_shown(card, version)
    assert await stale(library) == ["ada"]


async def test_only_cards_of_platforms_that_are_there_are_stale(library: Library) -> None:
    await read(library, ADA)
    await library.save_card(a_card(ADA))
    assert await library.stale_cards(["telegram"]) == []
    assert await library.stale_cards([]) == []
    assert len(await library.stale_cards(["telegram", "memory"])) == 1


async def test_a_draft_is_known_while_a_document_is_read_and_never_after(
    library: Library,
) -> None:
    draft = a_document(BEES, "Bees")
    await library.receive(BEES, filename="bees.pdf", size=1)
    await library.shelve(ADA.listener, BEES, ENGLISH)
    await library.save_draft(draft)
    assert (await progress_of(library, ADA)).holding.draft is None
    await library.mark_reading(BEES)
    await library.save_card(a_card(ADA))
    await shown(library, ADA)
    await library.save_draft(draft)
    assert (await progress_of(library, ADA)).holding.draft == draft
    assert await stale(library) == ["ada"]
    await library.save_failure(BEES, kind="damaged", sentence="It is damaged.")
    assert (await progress_of(library, ADA)).holding.draft is None
    await library.receive(BEES, filename="bees.pdf", size=1)
    await library.mark_reading(BEES)
    await library.save_draft(draft)
    await library.save_reading(a_document(BEES))
    await library.save_draft(draft)
    assert (await progress_of(library, ADA)).holding.draft is None


async def test_what_was_put_off_is_due_after_the_pause_and_what_is_elsewhere_at_once(
    library: Library,
) -> None:
    await read(library, ADA, TOM)
    await library.save_track(a_track(BEES, 1))
    for sender in (ADA, TOM):
        await library.save_card(a_card(sender))
        await wish(library, sender)
    await library.put_off(ADA.conversation, 3600)
    assert await stale(library) == ["tom"]
    assert await due(library) == [("tom", 1, True)]
    await library.save_track(a_track(BEES, 2))
    assert await stale(library) == ["tom"]
    await library.put_off(ADA.conversation, 0)
    assert await stale(library) == ["ada", "tom"]
    assert await due(library) == [("ada", 1, True), ("tom", 1, True)]


async def test_a_new_card_in_the_same_conversation_replaces_the_former(library: Library) -> None:
    await read(library, ADA)
    await library.save_card(a_card(ADA, "1"))
    await library.save_card(a_card(ADA, "2"))
    assert await library.card_at(ADA.conversation, "1") is None
    await library.mark_card_shown(a_card(ADA, "1"), 99)
    await library.turn_page(a_card(ADA, "1"), 3)
    await library.forget_card(a_card(ADA, "1"))
    [(card, _)] = await library.stale_cards(HERE)
    assert (card.message, card.menu_page) == ("2", 1)


async def test_a_listener_may_have_a_card_in_each_conversation(library: Library) -> None:
    await read(library, ADA)
    elsewhere = replace(a_card(ADA, "9"), conversation=TOM.conversation)
    await library.save_card(a_card(ADA, "1"))
    await library.save_card(elsewhere)
    assert len(await library.stale_cards(HERE)) == 2
    assert await library.card_at(TOM.conversation, "9") == elsewhere
    assert await library.card_at(TOM.conversation, "1") is None


async def test_a_turned_page_is_remembered_and_makes_the_card_stale(library: Library) -> None:
    await read(library, ADA)
    await shown(library, ADA)
    await library.turn_page(a_card(ADA), 2)
    [(card, _)] = await library.stale_cards(HERE)
    assert card.menu_page == 2
    assert await library.card_at(ADA.conversation, "1") == card


async def test_a_forgotten_card_is_gone(library: Library) -> None:
    await read(library, ADA)
    await library.save_card(a_card(ADA))
    await library.forget_card(a_card(ADA))
    assert await library.stale_cards(HERE) == []
    assert await library.card_at(ADA.conversation, "1") is None


async def test_a_card_of_a_deleted_document_is_not_kept(library: Library) -> None:
    await library.save_card(a_card(ADA))
    assert await library.card_at(ADA.conversation, "1") is None


async def test_a_listeners_new_name_shows_on_their_cards(library: Library) -> None:
    await read(library, ADA)
    await library.save_card(a_card(ADA))
    renamed = Listener(platform="memory", account="ada", name="Ada L.")
    await library.shelve(renamed, BEES, ENGLISH)
    [(card, _)] = await library.stale_cards(HERE)
    assert card.listener.name == "Ada L."


# --- wishes -------------------------------------------------------------------------------------


async def test_a_wish_is_due_when_its_track_is_ready_and_then_granted_once(
    library: Library,
) -> None:
    await read(library, ADA)
    await wish(library, ADA, 2)
    assert await due(library) == []
    await library.save_track(a_track(BEES, 2))
    await shown(library, ADA)
    [(found, track)] = await library.due_wishes(HERE)
    assert track == a_track(BEES, 2)
    assert (found.conversation, found.listener) == (ADA.conversation, ADA.listener)
    await library.fulfil_wish(found)
    assert await library.due_wishes(HERE) == []
    assert (await progress_of(library, ADA)).listenings == {2: ListeningState.STARTED}
    assert await stale(library) == ["ada"]


async def test_the_same_wish_twice_is_one_and_granted_it_may_be_wished_again(
    library: Library,
) -> None:
    await read(library, ADA)
    await library.save_track(a_track(BEES, 1))
    await wish(library, ADA)
    await wish(library, ADA)
    [(found, _)] = await library.due_wishes(HERE)
    await library.fulfil_wish(found)
    await wish(library, ADA)
    [(again, _)] = await library.due_wishes(HERE)
    assert again.id > found.id


async def test_a_wish_of_which_is_told_again_is_not_wished_again_once_it_was_granted(
    library: Library,
) -> None:
    await read(library, ADA)
    await library.save_track(a_track(BEES, 1))
    for _ in range(2):
        await wish(library, ADA, act="tap")
        for found, _ in await library.due_wishes(HERE):
            await library.fulfil_wish(found)
            await wish(library, ADA, act="tap")
    assert await library.due_wishes(HERE) == []
    await wish(library, ADA, act="another tap")
    assert len(await library.due_wishes(HERE)) == 1


async def test_what_was_done_stands_for_some_weeks(library: Library) -> None:
    await read(library, ADA)
    assert not await library.has_acted("")
    assert not await library.has_acted("document")
    await library.save_card(a_card(ADA), act="document")
    await library.save_card(a_card(ADA, "2"))
    await library.forget_days("2026-01-01")
    assert await library.has_acted("document")
    assert not await library.has_acted("")
    await library.forget_days("9999-01-01")
    assert not await library.has_acted("document")


async def test_granting_does_not_take_a_heard_back(library: Library) -> None:
    await read(library, ADA)
    await library.save_track(a_track(BEES, 1))
    await library.mark(ADA.listener.id, BEES, [1], ListeningState.HEARD)
    await wish(library, ADA)
    [(found, _)] = await library.due_wishes(HERE)
    await library.fulfil_wish(found)
    await library.fulfil_wish(found)
    assert (await progress_of(library, ADA)).listenings == {1: ListeningState.HEARD}


async def test_a_chapter_that_was_started_and_is_wished_again_changes_no_card(
    library: Library,
) -> None:
    await read(library, ADA)
    await library.save_track(a_track(BEES, 1))
    for expected in (["ada"], []):
        await wish(library, ADA)
        [(found, _)] = await library.due_wishes(HERE)
        await shown(library, ADA)
        await library.fulfil_wish(found)
        assert await stale(library) == expected


async def test_due_wishes_come_oldest_first_and_for_their_platform(library: Library) -> None:
    await read(library, ADA, TOM)
    for number in (1, 2, 3):
        await library.save_track(a_track(BEES, number))
    await wish(library, TOM, 3)
    await wish(library, ADA, 1)
    await wish(library, ADA, 2)
    assert await due(library) == [("tom", 3, True), ("ada", 1, True), ("ada", 2, True)]
    assert await library.due_wishes(["slack"]) == []


async def test_a_dropped_wish_is_owed_no_more_and_nothing_is_started(library: Library) -> None:
    await read(library, ADA)
    await library.save_track(a_track(BEES, 1))
    await wish(library, ADA)
    [(found, _)] = await library.due_wishes(HERE)
    await library.drop_wish(found)
    assert await library.due_wishes(HERE) == []
    assert (await progress_of(library, ADA)).listenings == {}


async def test_a_note_that_was_being_sent_while_its_document_left_the_shelf_leaves_no_progress(
    library: Library,
) -> None:
    await read(library, ADA, TOM)
    await library.save_track(a_track(BEES, 1))
    await wish(library, ADA)
    [(found, _)] = await library.due_wishes(HERE)
    await library.unshelve(ADA.listener.id, BEES)
    await library.fulfil_wish(found)
    await library.shelve(ADA.listener, BEES, ENGLISH)
    assert (await progress_of(library, ADA)).listenings == {}


async def test_a_deleted_document_cannot_be_wished_for(library: Library) -> None:
    await wish(library, ADA)
    await read(library, ADA)
    await library.save_track(a_track(BEES, 1))
    assert await library.due_wishes(HERE) == []


# --- what is unfinished -------------------------------------------------------------------------


def unfinished(sender: Sender, *chapters: int, is_awaited: bool = False) -> Unfinished:
    return Unfinished(
        document=BEES,
        listener=sender.listener.id,
        narration=ENGLISH,
        chapters=chapters,
        is_awaited=is_awaited,
    )


async def test_a_document_that_is_not_read_is_unfinished_unless_it_failed_or_was_stopped(
    library: Library,
) -> None:
    await shelved_by(library, ADA, TOM)
    await library.stop(TOM.listener.id, BEES)
    assert await library.unfinished() == [unfinished(ADA)]
    await library.mark_reading(BEES)
    assert await library.unfinished() == [unfinished(ADA)]
    await library.save_failure(BEES, kind="empty", sentence="Empty.")
    assert await library.unfinished() == []


async def test_missing_tracks_are_unfinished_until_they_are_ready_failed_or_stopped(
    library: Library,
) -> None:
    await read(library, ADA, TOM)
    await library.save_track(a_track(BEES, 2))
    await library.stop(TOM.listener.id, BEES)
    assert await library.unfinished() == [unfinished(ADA, 1, 3)]
    await library.save_track_failure(BEES, 1, ENGLISH)
    await library.save_track(a_track(BEES, 3))
    assert await library.unfinished() == []


async def test_a_tapped_chapter_is_unfinished_although_the_rest_was_stopped(
    library: Library,
) -> None:
    await read(library, ADA)
    await library.stop(ADA.listener.id, BEES)
    await wish(library, ADA, 3)
    assert await library.unfinished() == [unfinished(ADA, 3, is_awaited=True)]
    await library.save_track(a_track(BEES, 3))
    assert await library.unfinished() == []


async def test_a_chapter_cannot_be_awaited_before_its_document_is_read(
    library: Library,
) -> None:
    await shelved_by(library, ADA)
    await wish(library, ADA, 1)
    assert await library.unfinished() == [unfinished(ADA)]


async def test_nothing_is_unfinished_in_an_empty_library(library: Library) -> None:
    assert await library.unfinished() == []


# --- transactions and several at once -----------------------------------------------------------


async def test_what_is_done_within_a_transaction_counts_when_it_ends_well(
    shelved: Shelved,
) -> None:
    await read(shelved.library, ADA)
    async with shelved.transaction() as transaction:
        inside = shelved.library.within(transaction)
        await inside.save_track(a_track(BEES, 1))
        assert await inside.track(BEES, 1, ENGLISH) is not None
        assert await shelved.library.track(BEES, 1, ENGLISH) is None
    assert await shelved.library.track(BEES, 1, ENGLISH) is not None


async def test_what_is_done_within_a_transaction_that_fails_never_was(shelved: Shelved) -> None:
    library = shelved.library
    await read(library, ADA)
    await wish(library, ADA)
    await shown(library, ADA)

    async def fail() -> None:
        async with shelved.transaction() as transaction:
            inside = library.within(transaction)
            await inside.save_track(a_track(BEES, 1))
            await inside.mark(ADA.listener.id, BEES, [1], ListeningState.HEARD)
            await inside.unshelve(TOM.listener.id, BEES)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await library.track(BEES, 1, ENGLISH) is None
    assert await library.due_wishes(HERE) == []
    assert await stale(library) == []
    assert (await progress_of(library, ADA)).listenings == {}


async def test_only_a_transaction_of_its_own_kind_will_do(library: Library) -> None:
    with pytest.raises(TypeError):
        library.within("a transaction")


async def test_many_may_receive_and_shelve_the_same_document_at_once(shelved: Shelved) -> None:
    openings = [shelved.library, await shelved.another()]
    senders = [a_sender(str(number)) for number in range(12)]

    async def forward(number: int) -> None:
        library = openings[number % 2]
        await received(library)
        await library.shelve(senders[number].listener, BEES, ENGLISH)
        await library.save_card(a_card(senders[number]))

    await asyncio.gather(*(forward(number) for number in [*range(12), *range(12)]))
    assert len(await shelved.library.listeners_of(BEES)) == 12
    assert len(await shelved.library.stale_cards(HERE)) == 12


async def test_tracks_taps_and_cards_at_once_lose_nothing(shelved: Shelved) -> None:
    library, other = shelved.library, await shelved.another()
    titles = [f"Chapter {number}" for number in range(1, 13)]
    await shelved_by(library, ADA, TOM)
    await library.save_reading(a_document(BEES, *titles))
    await shown(library, ADA, TOM)

    async def speak(number: int) -> None:
        await (library if number % 2 else other).save_track(a_track(BEES, number))

    async def tap(sender: Sender, number: int) -> None:
        await wish(other if number % 2 else library, sender, number)
        await library.mark(sender.listener.id, BEES, [number], ListeningState.HEARD)

    numbers = range(1, 13)
    await asyncio.gather(
        *(speak(number) for number in numbers),
        *(speak(number) for number in numbers),
        *(tap(sender, number) for sender in (ADA, TOM) for number in numbers),
    )
    for sender in (ADA, TOM):
        progress = await progress_of(library, sender)
        assert (progress.ready, progress.count(ListeningState.HEARD)) == (12, 12)
    assert len(await library.due_wishes(HERE)) == 24
    assert await stale(library) == ["ada", "tom"]


async def test_each_change_is_seen_by_a_card_that_is_shown_all_the_while(
    shelved: Shelved,
) -> None:
    """Twelve tracks come while a publisher shows the card again and again: the last showing is
    never older than the last change."""
    library, other = shelved.library, await shelved.another()
    await shelved_by(library, ADA)
    await library.save_reading(a_document(BEES, *"abcdefghijkl"))
    await library.save_card(a_card(ADA))
    seen = 0
    speaking = asyncio.gather(*(other.save_track(a_track(BEES, n)) for n in range(1, 13)))
    while not speaking.done() or await library.stale_cards(HERE):
        for card, version in await library.stale_cards(HERE):
            seen = (await progress_of(library, ADA)).ready
            await library.mark_card_shown(card, version)
        await asyncio.sleep(0)
    await speaking
    assert seen == 12


async def test_a_document_shelved_while_it_is_forgotten_is_either_kept_or_refused(
    shelved: Shelved,
) -> None:
    """Never is it on a shelf and gone."""
    library, other = shelved.library, await shelved.another()
    for _ in range(10):
        await received(library)
        forgotten, shelving = await asyncio.gather(
            other.forget_document(BEES),
            library.shelve(ADA.listener, BEES, ENGLISH),
            return_exceptions=True,
        )
        held = await library.progress(ADA.listener.id, BEES)
        assert (held is None) == (forgotten is True) == isinstance(shelving, LookupError)
        await library.unshelve(ADA.listener.id, BEES)
        await library.forget_document(BEES)


async def test_a_narration_exchanged_while_somebody_shelves_reaches_them_or_is_seen_by_them(
    shelved: Shelved,
) -> None:
    """The transaction that keeps a reading exchanges narrations; who shelves at that moment either
    is exchanged with the others or finds the document read."""
    library, other = shelved.library, await shelved.another()
    await shelved_by(library, ADA)

    async def keep() -> None:
        async with shelved.transaction() as transaction:
            inside = library.within(transaction)
            await inside.save_reading(a_document(BEES))
            await asyncio.sleep(0.01)
            await inside.renarrate(BEES, ENGLISH, GERMAN)

    async def shelve() -> Stage:
        await other.shelve(TOM.listener, BEES, ENGLISH)
        return (await progress_of(other, TOM)).holding.stage

    _, stage = await asyncio.gather(keep(), shelve())
    assert (await progress_of(library, TOM)).narration == GERMAN or stage is Stage.READ
