"""What every library promises about listeners: what they chose, were asked, named, share, had
pronounced and spent, and the chapters that come to them in order."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest
import sqlalchemy as sa

from adapters.database import DatabaseLibrary, schema
from adapters.memory import MemoryLibrary
from bot.domain import (
    Asked,
    ListeningState,
    Preferences,
    Question,
    Sender,
    Share,
    Statistics,
)
from bot.ports import MAX_WORD, MAX_WORDS, Library
from pipeline.domain import Mode
from tests.contracts.test_library import (
    ADA,
    ANTS,
    BEES,
    BRIEF,
    GERMAN,
    HERE,
    TOM,
    a_card,
    due,
    progress_of,
    read,
    received,
    shelved_by,
    shown,
    stale,
    unfinished,
    wish,
)
from tests.libraries import Shelved
from tests.samples import ENGLISH, a_document, a_track

TODAY, TOMORROW = "2026-11-25", "2026-11-26"


async def wish_all(library: Library, sender: Sender, *chapters: int) -> None:
    for chapter in chapters or (1, 2, 3):
        await library.wish(
            sender.conversation, sender.listener, BEES, chapter, ENGLISH, is_unasked=True
        )


async def speak(library: Library, *chapters: int) -> None:
    for chapter in chapters:
        await library.save_track(a_track(BEES, chapter))


async def grant_next(library: Library) -> int:
    found, _ = (await library.due_wishes(HERE))[0]
    await library.fulfil_wish(found)
    return found.chapter


async def coming(library: Library, sender: Sender = ADA) -> int:
    return (await progress_of(library, sender)).coming


def a_question(asked: Asked = Asked.NAME, sender: Sender = ADA, document: str = BEES) -> Question:
    return Question(
        asked=asked,
        conversation=sender.conversation,
        listener=sender.listener.id,
        document=document,
    )


def a_share(token: str, sender: Sender = ADA, document: str = BEES) -> Share:
    return Share(token=token, owner=sender.listener.id, document=document, narration=ENGLISH)


# --- chapters in order --------------------------------------------------------------------------


async def test_chapters_that_were_not_asked_for_come_one_after_the_other(
    library: Library,
) -> None:
    await read(library, ADA)
    await wish_all(library, ADA)
    await speak(library, 2, 3)
    assert await due(library) == []
    await speak(library, 1)
    assert await due(library) == [("ada", 1, True)]
    assert [await grant_next(library) for _ in range(3)] == [1, 2, 3]
    assert await due(library) == []


async def test_the_order_is_that_of_the_chapters_whenever_they_were_wished(
    library: Library,
) -> None:
    await read(library, ADA)
    await speak(library, 1, 2, 3)
    await wish_all(library, ADA, 3)
    await wish_all(library, ADA, 1, 2)
    assert [await grant_next(library) for _ in range(3)] == [1, 2, 3]


async def test_a_tapped_chapter_comes_at_once_and_those_after_it_wait_for_it(
    library: Library,
) -> None:
    await read(library, ADA)
    await wish(library, ADA, 2)
    await wish_all(library, ADA, 1, 3)
    await speak(library, 1, 3)
    assert await due(library) == [("ada", 1, True)]
    assert await grant_next(library) == 1
    assert await due(library) == []
    await speak(library, 2)
    assert await due(library) == [("ada", 2, True)]
    assert [await grant_next(library) for _ in range(2)] == [2, 3]


async def test_tapping_a_chapter_that_is_coming_makes_it_asked_for(library: Library) -> None:
    await read(library, ADA)
    await wish_all(library, ADA)
    await speak(library, 3)
    await shown(library, ADA)
    await wish(library, ADA, 3)
    assert await stale(library) == ["ada"]
    assert await coming(library) == 2
    [(found, _)] = await library.due_wishes(HERE)
    assert (found.chapter, found.is_unasked) == (3, False)
    await library.fulfil_wish(found)
    assert (await progress_of(library, ADA)).listenings == {3: ListeningState.STARTED}


async def test_wishing_all_leaves_a_tapped_chapter_tapped(library: Library) -> None:
    await read(library, ADA)
    await wish(library, ADA, 2)
    await shown(library, ADA)
    await wish_all(library, ADA, 2)
    assert await stale(library) == []
    await speak(library, 2)
    [(found, _)] = await library.due_wishes(HERE)
    assert not found.is_unasked


async def test_order_is_kept_for_each_listener_document_and_place_apart(
    library: Library,
) -> None:
    await read(library, ADA, TOM)
    await read(library, ADA, document=ANTS)
    await library.wish(ADA.conversation, ADA.listener, ANTS, 1, ENGLISH)
    await library.wish(TOM.conversation, ADA.listener, BEES, 1, GERMAN, is_unasked=True)
    await wish_all(library, ADA, 2)
    await wish_all(library, TOM, 3)
    await speak(library, 2, 3)
    assert await due(library) == [("ada", 2, True), ("tom", 3, True)]


async def test_a_chapter_that_cannot_be_spoken_holds_nobody_up(library: Library) -> None:
    await read(library, ADA)
    await wish_all(library, ADA, 1, 2)
    await speak(library, 2)
    await library.save_track_failure(BEES, 1, ENGLISH)
    assert await due(library) == [("ada", 1, False)]
    [(broken, _)] = await library.due_wishes(HERE)
    await shown(library, ADA)
    await library.drop_wish(broken)
    assert await stale(library) == ["ada"]
    assert await due(library) == [("ada", 2, True)]


async def test_a_chapter_that_came_unasked_is_not_started(library: Library) -> None:
    await read(library, ADA)
    await wish_all(library, ADA)
    await speak(library, 1)
    await shown(library, ADA)
    await grant_next(library)
    progress = await progress_of(library, ADA)
    assert (progress.listenings, progress.coming) == ({}, 2)
    assert await stale(library) == ["ada"]


async def test_a_note_that_was_tapped_while_it_was_being_sent_unasked_is_started(
    library: Library,
) -> None:
    await read(library, ADA)
    await wish_all(library, ADA, 1)
    await speak(library, 1)
    [(found, _)] = await library.due_wishes(HERE)
    await wish(library, ADA, 1)
    await library.fulfil_wish(found)
    assert (await progress_of(library, ADA)).listenings == {1: ListeningState.STARTED}
    assert await library.due_wishes(HERE) == []


async def test_how_many_chapters_are_coming_shows_on_ones_own_card(library: Library) -> None:
    await read(library, ADA, TOM)
    await shown(library, ADA, TOM)
    await wish_all(library, ADA, 1, 2)
    await wish(library, ADA, 3)
    assert await stale(library) == ["ada"]
    assert (await coming(library, ADA), await coming(library, TOM)) == (2, 0)
    assert [p.coming for p in await library.shelf(ADA.listener.id)] == [2]
    await library.wish(TOM.conversation, ADA.listener, BEES, 1, ENGLISH, is_unasked=True)
    assert await coming(library) == 2


async def test_stopping_what_comes_in_order_leaves_what_was_tapped(library: Library) -> None:
    await read(library, ADA, TOM)
    for sender in (ADA, TOM):
        await wish_all(library, sender, 1, 3)
    await wish(library, ADA, 2)
    await speak(library, 1, 2, 3)
    await shown(library, ADA, TOM)
    await library.drop_unasked(ADA.listener.id, BEES)
    assert await due(library) == [("tom", 1, True), ("ada", 2, True)]
    assert (await coming(library, ADA), await coming(library, TOM)) == (0, 2)
    assert await stale(library) == ["ada"]


async def test_chapters_that_come_in_order_are_unfinished_but_in_no_hurry(
    library: Library,
) -> None:
    await read(library, ADA)
    await library.stop(ADA.listener.id, BEES)
    await wish_all(library, ADA, 1, 3)
    await wish(library, ADA, 2)
    assert await library.unfinished() == [
        unfinished(ADA, 2, is_awaited=True),
        unfinished(ADA, 1, 3),
    ]


# --- one listener's own document ----------------------------------------------------------------


async def test_another_narration_is_one_listeners_own_and_takes_open_wishes_along(
    library: Library,
) -> None:
    await read(library, ADA, TOM)
    await read(library, ADA, document=ANTS)
    for sender in (ADA, TOM):
        await wish(library, sender, 1)
    await shown(library, ADA, TOM)
    await library.narrate_as(ADA.listener.id, BEES, BRIEF)
    assert (await progress_of(library, ADA)).narration == BRIEF
    assert (await progress_of(library, TOM)).narration == ENGLISH
    assert (await progress_of(library, ADA, ANTS)).narration == ENGLISH
    assert await stale(library) == ["ada"]
    await speak(library, 1)
    assert await due(library) == [("tom", 1, True)]
    await library.save_track(replace(a_track(BEES, 1), narration=BRIEF))
    found = [(w.listener.account, w.narration) for w, _ in await library.due_wishes(HERE)]
    assert found == [("ada", BRIEF), ("tom", ENGLISH)]


@pytest.mark.parametrize("is_asked_first", [True, False])
async def test_wishes_in_several_narrations_become_one_and_a_tapped_one_stays_tapped(
    library: Library, is_asked_first: bool
) -> None:
    await read(library, ADA)
    for narration, is_unasked in ((ENGLISH, is_asked_first), (BRIEF, True), (GERMAN, True)):
        await library.wish(
            ADA.conversation, ADA.listener, BEES, 1, narration, is_unasked=is_unasked
        )
    if is_asked_first:
        await library.wish(ADA.conversation, ADA.listener, BEES, 1, GERMAN)
    await library.narrate_as(ADA.listener.id, BEES, BRIEF)
    await library.save_track(replace(a_track(BEES, 1), narration=BRIEF))
    [(found, _)] = await library.due_wishes(HERE)
    assert (found.narration, found.is_unasked) == (BRIEF, False)


async def test_a_chapter_tapped_in_the_old_narration_stays_tapped_in_the_new_one(
    library: Library,
) -> None:
    await read(library, ADA)
    await library.wish(ADA.conversation, ADA.listener, BEES, 1, GERMAN, is_unasked=True)
    await wish(library, ADA, 1)
    await library.renarrate(BEES, ENGLISH, GERMAN)
    await library.save_track(replace(a_track(BEES, 1), narration=GERMAN))
    [(found, _)] = await library.due_wishes(HERE)
    assert not found.is_unasked


async def test_a_name_is_one_listeners_own_until_it_is_taken_back(library: Library) -> None:
    await read(library, ADA, TOM)
    await shown(library, ADA, TOM)
    await library.rename(ADA.listener.id, BEES, "Dance 🐝")
    assert (await progress_of(library, ADA)).title == "Dance 🐝"
    assert [p.title for p in await library.shelf(ADA.listener.id)] == ["Dance 🐝"]
    assert (await progress_of(library, TOM)).title == "On Bees"
    assert await stale(library) == ["ada"]
    await library.shelve(ADA.listener, BEES, ENGLISH)
    assert (await progress_of(library, ADA)).name == "Dance 🐝"
    await library.rename(ADA.listener.id, BEES, "")
    assert (await progress_of(library, ADA)).title == "On Bees"


async def test_a_name_leaves_with_the_document_and_what_is_not_on_the_shelf_gets_none(
    library: Library,
) -> None:
    await read(library, ADA, TOM)
    await library.rename(ADA.listener.id, BEES, "Mine")
    await library.unshelve(ADA.listener.id, BEES)
    await library.rename(ADA.listener.id, BEES, "Too late")
    await library.shelve(ADA.listener, BEES, ENGLISH)
    assert (await progress_of(library, ADA)).name == ""


async def test_the_facts_of_a_failure_are_kept_and_leave_with_it(library: Library) -> None:
    await received(library)
    facts: dict[str, str | int] = {"pages": 612, "limit": "500", "name": "Bienen „A“.pdf"}
    await library.save_failure(BEES, kind="pages", sentence="Too long.", facts=facts)
    holding = await library.holding(BEES)
    assert holding is not None
    assert holding.failure_facts == facts
    assert (await library.receive(BEES, filename="x", size=1)).failure_facts == {}
    await library.save_failure(BEES, kind="pages", sentence="Too long.", facts=facts)
    await library.save_failure(BEES, kind="scan", sentence="A scan.")
    holding = await library.holding(BEES)
    assert holding is not None
    assert holding.failure_facts == {}
    await library.save_failure(BEES, kind="pages", sentence="Too long.", facts=facts)
    await library.save_reading(a_document(BEES))
    holding = await library.holding(BEES)
    assert holding is not None
    assert holding.failure_facts == {}


# --- preferences, words, questions --------------------------------------------------------------


async def test_preferences_are_the_defaults_until_somebody_chooses(library: Library) -> None:
    chosen = Preferences(
        voice="espeak:de", speed=1.25, mode=Mode.BRIEF, is_file=True, language="de"
    )
    await shelved_by(library, TOM)
    assert await library.preferences(ADA.listener.id) == Preferences()
    assert await library.preferences(TOM.listener.id) == Preferences()
    await library.save_preferences(ADA.listener, chosen)
    await library.save_preferences(TOM.listener, replace(chosen, speed=0.75))
    await library.save_preferences(TOM.listener, replace(chosen, speed=1.5))
    assert await library.preferences(ADA.listener.id) == chosen
    assert (await library.preferences(TOM.listener.id)).speed == 1.5


async def test_preferences_outlive_a_new_document_and_the_listeners_new_language_shows(
    library: Library,
) -> None:
    await shelved_by(library, ADA)
    await library.save_card(a_card(ADA))
    german = replace(ADA.listener, language="de")
    await library.save_preferences(german, Preferences(language="de"))
    [(card, _)] = await library.stale_cards(HERE)
    assert card.listener == german
    await shelved_by(library, ADA, document=ANTS)
    assert await library.preferences(ADA.listener.id) == Preferences(language="de")


async def test_words_are_one_listeners_own_and_the_last_pronunciation_counts(
    library: Library,
) -> None:
    assert await library.words(ADA.listener.id) == {}
    await library.save_word(ADA.listener.id, "Łódź", "wootch")
    await library.save_word(ADA.listener.id, "SQL", "sequel")
    await library.save_word(ADA.listener.id, "SQL", "S Q L")
    await library.save_word(TOM.listener.id, "SQL", "squirrel")
    assert await library.words(ADA.listener.id) == {"Łódź": "wootch", "SQL": "S Q L"}
    await library.save_word(ADA.listener.id, "SQL", "")
    await library.save_word(ADA.listener.id, "never said", "")
    assert await library.words(ADA.listener.id) == {"Łódź": "wootch"}
    assert await library.words(TOM.listener.id) == {"SQL": "squirrel"}


async def test_words_have_their_longest_and_there_is_a_last_one(library: Library) -> None:
    longest = "ß" * MAX_WORD
    await library.save_word(ADA.listener.id, longest, longest)
    for written, spoken in (("", "x"), (f"{longest}x", "x"), ("x", f"{longest}x")):
        with pytest.raises(ValueError, match="60"):
            await library.save_word(ADA.listener.id, written, spoken)
    for number in range(MAX_WORDS - 1):
        await library.save_word(ADA.listener.id, f"word {number}", "x")
    with pytest.raises(ValueError, match="200"):
        await library.save_word(ADA.listener.id, "one more", "x")
    await library.save_word(ADA.listener.id, "word 7", "y")
    await library.save_word(ADA.listener.id, longest, "")
    await library.save_word(ADA.listener.id, "one more", "x")
    words = await library.words(ADA.listener.id)
    assert (len(words), words["word 7"], words["one more"]) == (MAX_WORDS, "y", "x")


async def test_words_said_at_once_on_two_hosts_are_all_kept(shelved: Shelved) -> None:
    openings = [shelved.library, await shelved.another()]
    await asyncio.gather(
        *(openings[n % 2].save_word(ADA.listener.id, f"word {n}", "x") for n in range(30))
    )
    assert len(await shelved.library.words(ADA.listener.id)) == 30


async def test_a_question_is_answered_once(library: Library) -> None:
    await received(library)
    await library.ask(a_question())
    assert await library.take_question(ADA.conversation, TOM.listener.id) is None
    assert await library.take_question(TOM.conversation, ADA.listener.id) is None
    thread = replace(ADA.conversation, thread="1")
    assert await library.take_question(thread, ADA.listener.id) is None
    assert await library.take_question(ADA.conversation, ADA.listener.id) == a_question()
    assert await library.take_question(ADA.conversation, ADA.listener.id) is None


async def test_a_new_question_in_the_same_place_replaces_the_former(library: Library) -> None:
    for document in (BEES, ANTS):
        await received(library, document)
    await library.ask(a_question(Asked.NAME))
    await library.ask(a_question(Asked.PASSWORD, document=ANTS))
    await library.ask(a_question(Asked.NAME, TOM))
    found = await library.take_question(ADA.conversation, ADA.listener.id)
    assert found == a_question(Asked.PASSWORD, document=ANTS)
    assert await library.take_question(ADA.conversation, ADA.listener.id) is None
    assert await library.take_question(TOM.conversation, TOM.listener.id) is not None


async def test_a_question_leaves_with_its_document(library: Library) -> None:
    await library.ask(a_question())
    assert await library.take_question(ADA.conversation, ADA.listener.id) is None
    await shelved_by(library, ADA, TOM)
    for sender in (ADA, TOM):
        await library.ask(a_question(sender=sender))
    await library.unshelve(ADA.listener.id, BEES)
    assert await library.take_question(ADA.conversation, ADA.listener.id) is None
    await library.unshelve(TOM.listener.id, BEES)
    await library.ask(a_question(sender=TOM))
    await library.forget_document(BEES)
    assert await library.take_question(TOM.conversation, TOM.listener.id) is None


async def test_one_of_many_who_answer_at_once_gets_the_question(shelved: Shelved) -> None:
    openings = [shelved.library, await shelved.another()]
    await received(shelved.library)
    await shelved.library.ask(a_question())
    found = await asyncio.gather(
        *(openings[n % 2].take_question(ADA.conversation, ADA.listener.id) for n in range(10))
    )
    assert (found.count(None), found.count(a_question())) == (9, 1)


# --- shares -------------------------------------------------------------------------------------


async def test_a_share_opens_until_it_is_revoked_and_the_next_has_another_address(
    library: Library,
) -> None:
    await shelved_by(library, ADA)
    share = await library.share(a_share("first"))
    assert share == a_share("first")
    assert await library.share_of("first") == share
    assert await library.share_of("firs") is None
    assert await library.share_of("") is None
    await library.revoke(ADA.listener.id, BEES)
    await library.revoke(ADA.listener.id, BEES)
    assert await library.share_of("first") is None
    assert await library.share(a_share("second")) == a_share("second")
    assert await library.share_of("first") is None


async def test_a_document_that_is_shared_already_keeps_its_address(library: Library) -> None:
    await shelved_by(library, ADA, TOM)
    await shelved_by(library, ADA, document=ANTS)
    await library.share(a_share("first"))
    again = replace(a_share("second"), narration=BRIEF)
    assert await library.share(again) == a_share("first")
    assert await library.share_of("second") is None
    assert await library.share(a_share("toms", TOM)) == a_share("toms", TOM)
    assert await library.share(a_share("ants", document=ANTS)) == a_share("ants", document=ANTS)
    await library.revoke(ADA.listener.id, BEES)
    assert await library.share_of("toms") is not None
    assert await library.share_of("ants") is not None


async def test_a_share_ends_when_its_owner_lets_go_and_does_not_come_back(
    library: Library,
) -> None:
    await shelved_by(library, ADA, TOM)
    await library.share(a_share("adas"))
    await library.share(a_share("toms", TOM))
    await library.unshelve(ADA.listener.id, BEES)
    assert await library.share_of("adas") is None
    assert await library.share_of("toms") is not None
    await library.shelve(ADA.listener, BEES, ENGLISH)
    assert await library.share_of("adas") is None


async def test_what_is_not_on_ones_shelf_cannot_be_shared(library: Library) -> None:
    await shelved_by(library, TOM)
    for document in (BEES, ANTS):
        with pytest.raises(LookupError):
            await library.share(a_share("first", document=document))
    assert await library.share_of("first") is None


async def test_sharing_at_once_on_two_hosts_gives_one_address(shelved: Shelved) -> None:
    openings = [shelved.library, await shelved.another()]
    await shelved_by(shelved.library, ADA)
    shares = await asyncio.gather(
        *(openings[n % 2].share(a_share(f"token {n}")) for n in range(10))
    )
    assert len({share.token for share in shares}) == 1
    assert await shelved.library.share_of(shares[0].token) == shares[0]


# --- what was spent, and the figures ------------------------------------------------------------


async def test_what_is_spent_adds_up_by_listener_and_day(library: Library) -> None:
    ada, tom = ADA.listener.id, TOM.listener.id
    assert await library.spend(ada, TODAY, 0.0) == 0.0
    assert await library.spend(ada, TODAY, 60.5) == 60.5
    assert await library.spend(ada, TODAY, 10.0) == 70.5
    assert await library.spend(tom, TODAY, 1.0) == 1.0
    assert await library.spend(ada, TOMORROW, 2.0) == 2.0
    assert await library.spend(ada, TODAY, 0.0) == 70.5


async def test_what_is_spent_at_once_on_two_hosts_adds_up(shelved: Shelved) -> None:
    openings = [shelved.library, await shelved.another()]
    sums = await asyncio.gather(
        *(openings[n % 2].spend(ADA.listener.id, TODAY, 1.0) for n in range(40))
    )
    assert sorted(sums) == [float(n) for n in range(1, 41)]


async def test_an_empty_library_has_figures_too(library: Library) -> None:
    assert await library.statistics() == Statistics(
        documents=0,
        listeners=0,
        failed_documents=0,
        tracks=0,
        failed_tracks=0,
        waiting_tracks=0,
        seconds=0.0,
        bytes=0,
    )


async def test_the_figures_count_each_thing_once(library: Library) -> None:
    await read(library, ADA, TOM)
    await received(library, ANTS)
    await library.save_failure(ANTS, kind="scan", sentence="A scan.")
    await speak(library, 1)
    await library.save_track(replace(a_track(BEES, 1, seconds=30.0), narration=BRIEF))
    await library.save_track_failure(BEES, 2, ENGLISH)
    assert await library.statistics() == Statistics(
        documents=2,
        listeners=2,
        failed_documents=1,
        tracks=2,
        failed_tracks=1,
        waiting_tracks=1,
        seconds=90.0,
        bytes=2 * 1234 + 2 * 360_000,
    )
    await library.narrate_as(TOM.listener.id, BEES, BRIEF)
    assert (await library.statistics()).waiting_tracks == 3
    await library.stop(ADA.listener.id, BEES)
    assert (await library.statistics()).waiting_tracks == 2
    await library.stop(TOM.listener.id, BEES)
    assert (await library.statistics()).waiting_tracks == 0


# --- forgetting a listener ----------------------------------------------------------------------


async def leave_traces(library: Library, sender: Sender) -> None:
    """Something of the listener wherever a library can keep it."""
    listener = sender.listener.id
    await read(library, sender)
    await library.save_preferences(sender.listener, Preferences(speed=2.0))
    await library.save_word(listener, "SQL", "sequel")
    await library.rename(listener, BEES, "Mine")
    await library.mark(listener, BEES, [1], ListeningState.HEARD)
    await library.save_card(a_card(sender))
    await wish_all(library, sender)
    await library.ask(a_question(sender=sender))
    await library.share(a_share(f"share of {listener}", sender))
    await library.spend(listener, TODAY, 60.0)


async def all_that_is_kept(library: Library) -> str:
    if isinstance(library, MemoryLibrary):
        return str(library._state)
    assert isinstance(library, DatabaseLibrary)
    async with library.engine.connect() as connection:
        tables = schema.metadata.sorted_tables
        rows = {t.name: (await connection.execute(sa.select(t))).all() for t in tables}
    return str(rows)


async def test_a_forgotten_listener_leaves_nothing_anywhere_and_others_keep_theirs(
    library: Library,
) -> None:
    await leave_traces(library, TOM)
    before = await all_that_is_kept(library)
    await leave_traces(library, ADA)
    assert "ada" in await all_that_is_kept(library)
    await library.forget_listener(ADA.listener.id)
    kept = await all_that_is_kept(library)
    assert "ada" not in kept
    assert kept.count("tom") == before.count("tom")
    assert await library.preferences(ADA.listener.id) == Preferences()
    assert await library.shelf(ADA.listener.id) == []
    assert (await progress_of(library, TOM)).name == "Mine"


async def test_somebody_unknown_can_be_forgotten_and_a_forgotten_one_comes_back_as_new(
    library: Library,
) -> None:
    await library.forget_listener(ADA.listener.id)
    await leave_traces(library, ADA)
    await library.forget_listener(ADA.listener.id)
    await shelved_by(library, ADA)
    progress = await progress_of(library, ADA)
    assert (progress.name, progress.listenings, progress.coming) == ("", {}, 0)


async def test_a_listener_forgotten_while_everything_goes_on_leaves_nothing_or_starts_anew(
    shelved: Shelved,
) -> None:
    library, other = shelved.library, await shelved.another()
    await read(library, ADA, TOM)
    await received(library, ANTS)

    async def go_on() -> None:
        for number in (1, 2, 3):
            await other.shelve(ADA.listener, ANTS, ENGLISH)
            await other.save_card(a_card(ADA))
            await other.save_track(a_track(BEES, number))
            await other.mark(ADA.listener.id, BEES, [number], ListeningState.HEARD)
            await other.stop(ADA.listener.id, ANTS)

    async def forget() -> None:
        for _ in range(4):
            await library.forget_listener(ADA.listener.id)

    await asyncio.gather(go_on(), forget())
    await library.forget_listener(ADA.listener.id)
    assert "memory:ada" not in await all_that_is_kept(library)
    assert (await progress_of(library, TOM)).ready == 3


# --- whose card is next -------------------------------------------------------------------------


async def order(library: Library) -> list[str]:
    return [card.listener.account for card, _ in await library.stale_cards(HERE)]


async def test_the_card_that_has_waited_longest_comes_first(library: Library) -> None:
    await read(library, ADA, TOM)
    await shown(library, ADA, TOM)
    await library.turn_page(a_card(TOM), 2)
    await library.stop(ADA.listener.id, BEES)
    assert await order(library) == ["tom", "ada"]
    await speak(library, 1)
    await library.turn_page(a_card(TOM), 1)
    assert await order(library) == ["tom", "ada"]


async def test_a_card_that_changes_while_it_is_shown_lets_the_others_go_first(
    library: Library,
) -> None:
    await read(library, ADA, TOM)
    await shown(library, ADA, TOM)
    await library.turn_page(a_card(TOM), 2)
    await library.turn_page(a_card(ADA), 2)
    card, version = (await library.stale_cards(HERE))[0]
    await speak(library, 1)
    await library.mark_card_shown(card, version)
    assert await order(library) == ["ada", "tom"]


async def test_a_new_card_waits_behind_older_ones(library: Library) -> None:
    await read(library, TOM, ADA)
    await library.save_card(a_card(TOM))
    await library.save_card(a_card(ADA))
    assert await order(library) == ["tom", "ada"]
    await library.save_card(a_card(TOM, "2"))
    assert await order(library) == ["ada", "tom"]


async def test_a_card_is_found_in_its_channel_by_the_beginning_of_its_documents_id(
    library: Library,
) -> None:
    await read(library, ADA)
    place = replace(a_card(ADA), conversation=replace(ADA.conversation, thread="7"))
    await library.save_card(place)
    assert await library.others_card(ADA.conversation, TOM.listener.id, BEES[:8]) == place
    assert await library.others_card(ADA.conversation, TOM.listener.id, ANTS[:8]) is None
    assert await library.others_card(TOM.conversation, TOM.listener.id, BEES[:8]) is None
    for prefix in ("", "%", "_"):
        assert await library.others_card(ADA.conversation, TOM.listener.id, prefix) is None


async def test_two_cards_of_a_document_in_one_channel_are_told_apart(library: Library) -> None:
    await read(library, ADA, TOM)
    group = replace(ADA.conversation, channel="group")
    adas = replace(a_card(ADA, "1"), conversation=group)
    toms = replace(a_card(TOM, "2"), conversation=replace(group, thread="7"))
    for card in (adas, toms):
        await library.save_card(card)
    for place in (group, toms.conversation, replace(group, thread="8")):
        assert await library.card_at(place, "1") == adas
        assert await library.card_at(place, "2") == toms
        assert await library.card_at(place, "3") is None
        assert await library.others_card(place, ADA.listener.id, BEES[:8]) == toms
        assert await library.others_card(place, TOM.listener.id, BEES[:8]) == adas


async def test_a_card_that_its_owner_alone_sees_gives_the_document_to_nobody(
    library: Library,
) -> None:
    await read(library, ADA)
    whispered = replace(ADA.conversation, seen_by="ada")
    card = replace(a_card(ADA), conversation=whispered)
    await library.save_card(card)
    assert await library.others_card(ADA.conversation, TOM.listener.id, BEES[:8]) is None
    in_thread = replace(card, conversation=replace(whispered, thread="7"))
    await library.save_card(in_thread)
    assert await library.others_card(ADA.conversation, TOM.listener.id, BEES[:8]) == in_thread


APART = (
    {},
    {"workspace": "T1"},
    {"workspace": "T2"},
    {"seen_by": "U1"},
    {"seen_by": "U2"},
    {"thread": "7", "seen_by": "U1"},
    {"workspace": "T1", "thread": "7", "seen_by": "U1"},
)


async def test_workspaces_and_who_alone_sees_an_answer_tell_conversations_apart(
    library: Library,
) -> None:
    await read(library, ADA)
    places = [replace(ADA.conversation, **fields) for fields in APART]
    for number, place in enumerate(places):
        await library.save_card(replace(a_card(ADA, str(number)), conversation=place))
        await library.wish(place, ADA.listener, BEES, 1, ENGLISH)
        asked = Question(
            asked=Asked.NAME, conversation=place, listener=ADA.listener.id, document=BEES
        )
        await library.ask(asked)
    cards = [card for card, _ in await library.stale_cards(HERE)]
    assert [card.conversation for card in cards] == places
    await speak(library, 1)
    assert [wish.conversation for wish, _ in await library.due_wishes(HERE)] == places
    for place in places:
        question = await library.take_question(place, ADA.listener.id)
        assert question is not None
        assert question.conversation == place
        assert await library.take_question(place, ADA.listener.id) is None


async def test_a_card_is_known_in_its_workspaces_channel_only(library: Library) -> None:
    await read(library, ADA)
    here = replace(ADA.conversation, workspace="T1", thread="7", seen_by="U1")
    card = replace(a_card(ADA), conversation=here)
    await library.save_card(card)
    assert await library.card_at(replace(here, seen_by="U2"), "1") == card
    for elsewhere in (replace(here, workspace=""), replace(here, workspace="T2")):
        assert await library.card_at(elsewhere, "1") is None
        assert await library.others_card(elsewhere, TOM.listener.id, BEES[:8]) is None


async def test_chapters_in_order_wait_for_those_in_the_same_place_only(library: Library) -> None:
    await read(library, ADA)
    hers, others = (replace(ADA.conversation, seen_by=member) for member in ("U1", "U2"))
    await library.wish(hers, ADA.listener, BEES, 1, ENGLISH, is_unasked=True)
    await library.wish(others, ADA.listener, BEES, 2, ENGLISH, is_unasked=True)
    await speak(library, 2)
    due = [(wish.conversation, wish.chapter) for wish, _ in await library.due_wishes(HERE)]
    assert due == [(others, 2)]


async def test_of_several_cards_the_one_in_the_same_thread_is_meant(library: Library) -> None:
    await read(library, ADA, TOM)
    cards = [
        replace(a_card(who, thread), conversation=replace(ADA.conversation, thread=thread))
        for who, thread in ((ADA, "5"), (TOM, "6"), (ADA, "7"), (TOM, "8"))
    ]
    for card in cards:
        await library.save_card(card)
    for card in cards:
        assert await library.others_card(card.conversation, "memory:eve", BEES[:8]) == card


async def test_days_that_no_limit_asks_for_are_forgotten(library: Library) -> None:
    for day in ("2026-10-01", "2026-11-25"):
        await library.spend("memory:ada", day, 60.0)
    await library.forget_days("2026-11-01")
    spent = [await library.spend("memory:ada", day, 0.0) for day in ("2026-10-01", "2026-11-25")]
    assert spent == [0.0, 60.0]


AN_HOUR_S, ALL_S = 3600.0, -60.0  # older than a minute from now: whatever there is
LATER_S = 0.05


async def a_moment_later() -> float:
    """When it is."""
    began = time.monotonic()
    while time.monotonic() < began + LATER_S:
        await asyncio.sleep(LATER_S)
    return time.monotonic()


def since(moment: float) -> float:
    """An age that what was made after that moment has not, and what was made before it has."""
    return time.monotonic() - moment + LATER_S / 2


async def test_a_question_that_nobody_answers_is_forgotten(library: Library) -> None:
    await received(library)
    await library.ask(a_question())
    await library.forget_questions(AN_HOUR_S)
    assert await library.take_question(ADA.conversation, ADA.listener.id) == a_question()
    await library.ask(a_question())
    await library.forget_questions(ALL_S)
    assert await library.take_question(ADA.conversation, ADA.listener.id) is None


async def test_a_question_that_is_asked_again_is_a_new_one(library: Library) -> None:
    await received(library)
    for sender in (ADA, TOM):
        await library.ask(a_question(sender=sender))
    again = await a_moment_later()
    await library.ask(a_question())
    await library.forget_questions(since(again))
    assert await library.take_question(ADA.conversation, ADA.listener.id) == a_question()
    assert await library.take_question(TOM.conversation, TOM.listener.id) is None


async def test_a_wish_that_can_never_be_sent_is_forgotten(library: Library) -> None:
    await read(library, ADA)
    await wish_all(library, ADA)
    await library.forget_wishes(AN_HOUR_S)
    assert await coming(library) == 3
    await shown(library, ADA)
    assert await library.forget_wishes(ALL_S) == 3
    assert await coming(library) == 0
    assert await stale(library) == ["ada"]  # it said that three are coming
    assert await library.forget_wishes(ALL_S) == 0


async def test_a_wish_that_is_tapped_again_is_a_new_one(library: Library) -> None:
    await read(library, ADA)
    for chapter in (1, 2):
        await wish(library, ADA, chapter)
    again = await a_moment_later()
    await wish(library, ADA, 2)
    assert await library.forget_wishes(since(again)) == 1
    await speak(library, 1, 2)
    assert await due(library) == [("ada", 2, True)]
