"""What is left out is a door: its list, and what comes of tapping what stands in it. None of it is
ever taken for a part of the text."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain import Bookmark, Conversation, ListeningState, Progress
from bot.quota import Quota
from bot.views import Action, Button, CaptionForm, CardView, NoticeView, Verb
from bot.words import messages
from bot.work.captions import Captions
from bot.work.publishing import Publisher
from bot.work.tellings import as_it_stands
from pipeline.domain import Mode, PageRun, Reason
from pipeline.times import Cue, Span, Times
from tests.integration.test_conversation import ADA, BEES, TOM, Stage, opened
from tests.producing import MemoryTeller
from tests.samples import (
    ENGLISH,
    NOTES,
    REFERENCES,
    a_document,
    a_timed_track,
    a_track,
    an_extra,
    with_left_out,
)
from tests.waiting import until

CHAPTERS = (1, 2, 3)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return opened(tmp_path)


async def reading(stage: Stage) -> None:
    """Read and spoken, and the card shows it."""
    await stage.sends(ADA)
    await stage.library.save_reading(with_left_out(a_document(BEES)))
    await stage.has_spoken(*CHAPTERS)
    await stage.taps(ADA, Verb.OPEN)


async def progress_of(stage: Stage) -> Progress:
    found = await stage.library.progress(ADA.listener.id, BEES)
    assert found is not None
    return found


def buttons(stage: Stage) -> list[Button]:
    view = stage.last()
    assert isinstance(view, NoticeView | CardView)
    return [button for row in view.buttons for button in row]


def actions(stage: Stage) -> list[tuple[Verb, int]]:
    return [(button.action.verb, button.action.number) for button in buttons(stage)]


async def presses(stage: Stage, label: str) -> None:
    """The button of the message that came last, which begins so."""
    (conversation, message), _ = list(stage.chat.messages.items())[-1]
    assert conversation == ADA.conversation
    (button,) = [one for one in buttons(stage) if one.label.startswith(label)]
    await stage.inbox.on_tap(ADA, button.action.encoded(), message)


# --- the list -------------------------------------------------------------------------------------


async def test_the_door_stands_on_the_card_where_something_is_left_out(stage: Stage) -> None:
    await reading(stage)
    assert messages.BUTTON_LEFT_OUT in [button.label for button in buttons(stage)]


async def test_a_document_from_before_has_no_door(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One")
    await stage.taps(ADA, Verb.OPEN)
    assert messages.BUTTON_LEFT_OUT not in [button.label for button in buttons(stage)]
    await stage.taps(ADA, Verb.LEFT_OUT)
    assert stage.last_text() == messages.OLD_BUTTON


async def test_the_list_tells_each_kind_and_offers_what_can_be_heard(stage: Stage) -> None:
    await reading(stage)
    await presses(stage, messages.BUTTON_LEFT_OUT)
    assert stage.last_text().splitlines() == [
        "Left out of “On Bees”:",
        "",
        "References – 9, pages 8–9",
        "Footnotes – pages 2, 4–6",
        "Citations – 12, page 1",
        "",
        messages.LEFT_OUT_HOW,
    ]
    assert [button.label for button in buttons(stage)] == ["○ References · 1:30", "Footnotes · 2 ›"]
    assert actions(stage) == [(Verb.PLAY, REFERENCES), (Verb.LEFT_OUT, NOTES)]
    assert all(len(button.action.encoded()) <= 64 for button in buttons(stage))


async def test_a_long_kind_opens_in_the_same_message_and_leads_back(stage: Stage) -> None:
    await reading(stage)
    await presses(stage, messages.BUTTON_LEFT_OUT)
    count = len(stage.chat.messages)
    await presses(stage, "Footnotes")
    assert [button.label for button in buttons(stage)] == [
        "○ Footnotes · 1:30",
        "○ Footnotes (Part 2) · 1:30",
        messages.BUTTON_BACK,
    ]
    await presses(stage, messages.BUTTON_BACK)
    assert actions(stage) == [(Verb.PLAY, REFERENCES), (Verb.LEFT_OUT, NOTES)]
    assert len(stage.chat.messages) == count


async def test_a_kind_of_many_pieces_is_turned_like_a_book(stage: Stage) -> None:
    await stage.sends(ADA)
    document = with_left_out(a_document(BEES))
    pieces = tuple(an_extra(NOTES + place, f"Notes {place}") for place in range(24))
    kind = replace(document.left_out[1], extras=pieces)
    await stage.library.save_reading(replace(document, left_out=(kind,)))
    turns = []
    number = NOTES
    while True:
        await stage.taps(ADA, Verb.LEFT_OUT, number)
        turns.append([n for verb, n in actions(stage) if verb is Verb.PLAY])
        later = [one for one in buttons(stage) if one.label == messages.BUTTON_LATER]
        if not later:
            break
        number = later[0].action.number
    assert [n for page in turns for n in page] == [piece.number for piece in pieces]
    assert [len(page) for page in turns] == [10, 10, 4]
    (earlier,) = [one for one in buttons(stage) if one.label == messages.BUTTON_EARLIER]
    assert earlier.action.number == NOTES + 10


@pytest.mark.parametrize("number", [2, REFERENCES + 7, NOTES + 900])
async def test_a_forged_number_shows_nothing(stage: Stage, number: int) -> None:
    await reading(stage)
    await stage.taps(ADA, Verb.LEFT_OUT, number)
    assert stage.last_text() == messages.OLD_BUTTON
    await stage.taps(ADA, Verb.PLAY, number + 1_000)
    assert stage.last_text() == messages.OLD_BUTTON
    assert await stage.wishes() == []


async def test_a_page_has_room_for_all_of_it_and_no_button(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage.chat, "carries_files", False)
    await reading(stage)
    await stage.library.save_track(a_track(BEES, NOTES))
    (card,) = await stage.inbox.on_open(ADA)
    assert messages.BUTTON_LEFT_OUT not in [b.label for row in card.buttons for b in row]
    assert [(kind.title, kind.text) for kind in card.left_out] == [
        ("References", "9, pages 8–9"),
        ("Footnotes", "pages 2, 4–6"),
        ("Citations", "12, page 1"),
    ]
    lines = {line.number: line for kind in card.left_out for line in kind.extras}
    assert (lines[NOTES].is_ready, lines[NOTES + 1].is_ready) == (True, False)
    assert lines[NOTES].filename == "footnotes.mp3"
    assert lines[NOTES].action == Action(verb=Verb.PLAY, document=BEES[:16], number=NOTES)


# --- hearing it -----------------------------------------------------------------------------------


async def test_an_extra_is_made_when_it_is_asked_for_and_not_before(stage: Stage) -> None:
    await reading(stage)
    assert stage.jobs.chapters == []
    await stage.taps(ADA, Verb.PLAY, REFERENCES)
    assert stage.jobs.chapters == [(BEES, REFERENCES)]
    assert stage.jobs.hurried == [(BEES, REFERENCES)]
    await stage.library.save_track(a_track(BEES, REFERENCES))
    assert await stage.wishes() == [REFERENCES]


async def test_an_extra_is_sent_as_a_note_once_from_the_disk_and_then_from_the_chat(
    stage: Stage,
) -> None:
    await reading(stage)
    track = a_track(BEES, REFERENCES)
    await stage.library.save_track(track)
    stage.files.files[track.key] = b"x" * track.size
    publisher = Publisher(
        library=stage.library, files=stage.files, platforms={"memory": stage.chat}
    )
    for count in (1, 2):
        await stage.taps(ADA, Verb.PLAY, REFERENCES)
        await publisher.publish_due()
        await until(lambda wanted=count: len(stage.chat.tracks) == wanted)
        await until(lambda: not publisher._serving)
    first, second = stage.chat.tracks
    assert (first.was_uploaded, second.was_uploaded) == (True, False)
    note = first.note
    assert (note.title, note.position, note.album) == (
        "References",
        messages.OUT_OF_THE_TEXT,
        "On Bees",
    )
    assert (note.takeaway, note.filename) == ("", "references.mp3")
    assert [b.action.verb for row in note.buttons for b in row] == [Verb.HEARD, Verb.TEXT]
    assert await stage.wishes() == []
    assert (await progress_of(stage)).listenings == {REFERENCES: ListeningState.STARTED}
    assert stage.jobs.chapters == []


async def test_what_failed_is_tried_again(stage: Stage) -> None:
    await reading(stage)
    await stage.library.save_track_failure(BEES, REFERENCES, ENGLISH)
    await stage.taps(ADA, Verb.LEFT_OUT)
    assert buttons(stage)[0].label == "⚠ References · 1:30"
    await stage.taps(ADA, Verb.PLAY, REFERENCES)
    assert stage.jobs.chapters == [(BEES, REFERENCES)]


async def test_an_extra_that_could_not_be_spoken_is_never_said_to_be_untranslated(
    stage: Stage,
) -> None:
    await reading(stage)
    german = replace(ENGLISH, mode=Mode.TRANSLATION, language="de")
    await stage.library.narrate_as(ADA.listener.id, BEES, german)
    await stage.taps(ADA, Verb.PLAY, REFERENCES)
    await stage.library.save_track_failure(BEES, REFERENCES, german)
    publisher = Publisher(
        library=stage.library, files=stage.files, platforms={"memory": stage.chat}
    )
    await publisher.publish_due()
    await until(lambda: not publisher._serving)
    assert stage.last_text() == messages.NOT_SPOKEN.format(title="References")
    assert actions(stage) == [(Verb.PLAY, REFERENCES)]


async def test_who_reads_a_card_of_somebody_else_may_open_its_door_and_hear(stage: Stage) -> None:
    room = Conversation(platform="memory", channel="room")
    ada, tom = (replace(who, conversation=room, is_among_others=True) for who in (ADA, TOM))
    await stage.sends(ada)
    await stage.library.save_reading(with_left_out(a_document(BEES)))
    for number in (0, NOTES):
        action = Action(verb=Verb.LEFT_OUT, document=BEES[:16], number=number)
        await stage.inbox.on_tap(tom, action.encoded(), "2" if number else "1")
    await stage.inbox.on_tap(tom, buttons(stage)[0].action.encoded(), "2")
    assert await stage.library.due_wishes(["memory"]) == []
    progress = await stage.library.progress(TOM.listener.id, BEES)
    assert progress is not None
    assert progress.awaited == {NOTES}


async def test_an_extra_costs_minutes_and_what_was_granted_goes_on_without_it(
    tmp_path: Path,
) -> None:
    stage = opened(tmp_path, quota=Quota(daily_s=200.0))
    await stage.sends(ADA)
    await stage.library.save_reading(with_left_out(a_document(BEES)))
    await stage.has_spoken(1, 2)  # the third is under way
    for number in (REFERENCES, NOTES, NOTES + 1):  # 90 seconds each
        await stage.taps(ADA, Verb.PLAY, number)
    assert stage.jobs.chapters == [(BEES, REFERENCES), (BEES, NOTES), (BEES, NOTES + 1)]
    await stage.library.save_track(a_track(BEES, NOTES + 1))
    await stage.taps(ADA, Verb.PLAY, NOTES + 1)  # it is there: nothing is to be made
    stage.jobs.speaks.clear()
    await stage.library.save_track_failure(BEES, NOTES, ENGLISH)
    await stage.taps(ADA, Verb.PLAY, NOTES)
    assert stage.jobs.chapters == []
    assert "used up" in stage.last_text()
    assert (await progress_of(stage)).is_working  # its third chapter was granted before


async def test_a_heard_extra_says_so_and_counts_for_nothing(stage: Stage) -> None:
    await reading(stage)
    await stage.taps(ADA, Verb.HEARD, REFERENCES)
    await stage.taps(ADA, Verb.UP_TO, NOTES)
    await stage.taps(ADA, Verb.NEXT, NOTES + 1)
    progress = await progress_of(stage)
    heard = dict.fromkeys((REFERENCES, NOTES, NOTES + 1), ListeningState.HEARD)
    assert progress.listenings == heard
    assert (progress.percent, progress.count(ListeningState.HEARD)) == (0, 0)
    assert await stage.wishes() == []
    await stage.taps(ADA, Verb.LEFT_OUT)
    assert buttons(stage)[0].label == "✓ References · 1:30"
    await stage.taps(ADA, Verb.UNDO, REFERENCES)
    assert (await progress_of(stage)).listenings[REFERENCES] is ListeningState.STARTED


async def test_its_text_can_be_read(stage: Stage) -> None:
    await reading(stage)
    await stage.taps(ADA, Verb.TEXT, 100 * REFERENCES)
    told = messages.EXTRA_TEXT_PAGE.format(title="References", page=1, pages=1)
    assert stage.last_text() == f"{told}\n\nReferences is what this chapter tells about."


async def test_who_waits_for_an_extra_gets_it_in_the_narration_that_they_choose_meanwhile(
    stage: Stage,
) -> None:
    await reading(stage)
    await stage.taps(ADA, Verb.PLAY, REFERENCES)
    stage.jobs.speaks.clear()
    await stage.taps(ADA, Verb.MODE, 1)
    assert [(chapter, n.mode) for _, chapter, n in stage.jobs.speaks] == [
        *((chapter, Mode.BRIEF) for chapter in (*CHAPTERS, REFERENCES)),
    ]


async def test_what_an_extra_says_can_be_read_along_in_every_mode(stage: Stage) -> None:
    await reading(stage)
    brief = replace(ENGLISH, mode=Mode.BRIEF)
    extra = await stage.library.chapter(BEES, REFERENCES)
    assert extra is not None
    told = as_it_stands(a_document(BEES), extra, brief)
    cue = Cue(start_ms=0, end_ms=900, said=Span(passage=1, start=0, end=20))
    times = Times.of((cue,), told=told.mark)
    track = replace(a_track(BEES, REFERENCES), narration=brief, times=times)
    captions = Captions(library=stage.library, teller=MemoryTeller())
    text = await captions.write(track, CaptionForm.VTT, audio="x.mp3")
    assert text is not None
    assert "References is what" in text


# --- and it is no part of the text ----------------------------------------------------------------


async def test_who_heard_an_extra_goes_on_in_the_text_where_they_stopped(stage: Stage) -> None:
    await reading(stage)
    for number in (2, REFERENCES):
        track = replace(a_timed_track(BEES, 2), chapter=number)
        stage.files.files[track.key] = b"x" * track.size
        await stage.library.save_track(track)
        await stage.inbox.on_place(ADA, BEES, number, 225.0)
    progress = await progress_of(stage)
    assert progress.bookmark == Bookmark(chapter=2, passage=1, sign=0)
    assert progress.next_chapter is not None
    await stage.taps(ADA, Verb.CONTINUE)
    assert await stage.wishes() == [2]


async def test_all_in_order_and_the_day_after_bring_no_extras(stage: Stage) -> None:
    await reading(stage)
    await stage.taps(ADA, Verb.ALL)
    assert await stage.wishes() == [1]  # the others after it
    assert (await progress_of(stage)).coming == 3
    await stage.taps(ADA, Verb.RESUME)
    assert stage.jobs.chapters == []


async def test_an_export_holds_chapters_only_even_where_an_extra_is_gone(stage: Stage) -> None:
    await reading(stage)
    for chapter in CHAPTERS:
        track = a_track(BEES, chapter)
        stage.files.files[track.key] = b"x" * track.size
    await stage.library.save_track(a_track(BEES, REFERENCES))  # its file is gone
    await stage.taps(ADA, Verb.EXPORT, 1, message="")
    await until(lambda: stage.last_text() == messages.EXPORT_DONE.format(title="On Bees"))
    (sent,) = stage.chat.files
    with zipfile.ZipFile(io.BytesIO(sent.data)) as packed:
        names = packed.namelist()
    assert names == ["01-abstract.mp3", "02-introduction.mp3", "03-discussion.mp3"]
    await stage.inbox.close()


async def test_the_card_and_progress_tell_of_chapters_alone(stage: Stage) -> None:
    await reading(stage)
    (before,) = await stage.inbox.on_open(ADA)
    await stage.library.save_track(a_track(BEES, REFERENCES, seconds=900.0))
    await stage.library.save_track_failure(BEES, NOTES, ENGLISH)
    (after,) = await stage.inbox.on_open(ADA)
    assert after == before
    assert after.facts.startswith("3 min · 3 chapters · 3 ready")


async def test_with_the_document_its_extras_go(stage: Stage) -> None:
    await reading(stage)
    track = a_track(BEES, REFERENCES)
    stage.files.files[track.key] = b"x" * track.size
    await stage.library.save_track(track)
    await stage.taps(ADA, Verb.DELETE)
    assert not any(BEES in key for key in stage.files.files)
    assert await stage.library.chapter(BEES, REFERENCES) is None


async def test_more_pages_than_one_would_read_are_not_all_named(stage: Stage) -> None:
    await stage.sends(ADA)
    document = with_left_out(a_document(BEES))
    pages = tuple(PageRun(page, page) for page in range(1, 40, 2))
    kind = replace(document.left_out[0], reason=Reason.FOOTNOTE, pages=pages)
    await stage.library.save_reading(replace(document, left_out=(kind,)))
    await stage.taps(ADA, Verb.LEFT_OUT)
    assert "Footnotes – 9, pages 1, 3, 5, 7, 9, 11, 13, 15, …" in stage.last_text()
