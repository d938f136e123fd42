"""What a listener can do: documents, taps, commands; over the library in memory and on SQLite."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from adapters.database import open_library
from adapters.memory import MemoryChat, MemoryFiles, MemoryJobs, MemoryLedger, MemoryLibrary
from bot.conversation import Conversations
from bot.domain import CardPlace, Conversation, ListeningState, Sender
from bot.ports import ChatUnavailable, Ledger, Library, MessageGone, pdf_key
from bot.views import Action, CardView, NoticeView, ShelfView, Verb, View
from bot.words import messages
from pipeline.errors import DiskFull
from tests import sayings
from tests.libraries import migrated_url
from tests.producing import MemoryProducer
from tests.samples import ENGLISH, a_document, a_policy, a_sender, a_track

BYTES = b"%PDF-1.7 a paper on bees"
BEES = hashlib.sha256(BYTES).hexdigest()


@dataclass(frozen=True, slots=True)
class Stage:
    """A conversation with everything around it, and short ways to act in it."""

    inbox: Conversations
    library: Library
    files: MemoryFiles
    jobs: MemoryJobs
    chat: MemoryChat
    folder: Path

    async def sends(self, sender: Sender, data: bytes = BYTES, name: str = "bees.pdf") -> None:
        path = self.folder / "incoming.pdf"
        path.write_bytes(data)
        await self.inbox.on_document(sender, path, name)
        path.unlink()

    async def taps(self, sender: Sender, verb: Verb, number: int = 0, message: str = "1") -> None:
        action = Action(verb=verb, document=BEES[:16], number=number)
        await self.inbox.on_tap(sender, action.encoded(), message)

    def last(self) -> View:
        return list(self.chat.messages.values())[-1]

    def last_text(self) -> str:
        view = self.last()
        assert isinstance(view, NoticeView), view
        return view.text

    async def is_read(self, *titles: str) -> None:
        await self.library.save_reading(a_document(BEES, *titles))

    async def has_spoken(self, *chapters: int) -> None:
        for chapter in chapters:
            await self.library.save_track(a_track(BEES, chapter))

    async def wishes(self) -> list[int]:
        return [wish.chapter for wish, _ in await self.library.due_wishes(["memory"])]


@pytest.fixture(params=["memory", "sqlite"])
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    if request.param == "memory":
        yield opened(tmp_path)
        return
    async with open_library(migrated_url(tmp_path)) as library:
        yield opened(tmp_path, library=library, ledger=library)


def opened(
    folder: Path,
    files: MemoryFiles | None = None,
    library: Library | None = None,
    ledger: Ledger | None = None,
    **policy: Any,
) -> Stage:
    files, jobs, chat = files or MemoryFiles(), MemoryJobs(), MemoryChat()
    library = library or MemoryLibrary()
    inbox = Conversations(
        library=library,
        ledger=ledger or MemoryLedger(),
        files=files,
        jobs=jobs,
        platforms={"memory": chat},
        producer=MemoryProducer(),
        policy=a_policy(**{"max_pdf_mb": 1} | policy),
        on_change=lambda: None,
    )
    return Stage(inbox, library, files, jobs, chat, folder)


ADA, TOM = a_sender("ada"), a_sender("tom")


async def test_a_document_is_kept_shelved_shown_and_put_to_work(stage: Stage) -> None:
    await stage.sends(ADA)
    assert stage.files.files[pdf_key(BEES)] == BYTES
    assert stage.jobs.reads == [BEES]
    card = stage.last()
    assert isinstance(card, CardView)
    assert (card.title, card.status) == ("bees.pdf", messages.STATUS_WAITING)
    assert await stage.library.card_at(ADA.conversation, "1") is not None


async def test_the_same_file_again_is_no_second_work_and_the_card_is_there_at_once(
    stage: Stage,
) -> None:
    await stage.sends(ADA)
    await stage.is_read("One", "Two")
    await stage.has_spoken(1, 2)
    await stage.sends(ADA)
    await stage.sends(TOM, name="another name.pdf")
    assert stage.jobs.reads == [BEES]
    assert stage.jobs.chapters == []
    card = stage.last()
    assert isinstance(card, CardView)
    assert [line.title for line in card.chapters] == ["One", "Two"]


async def test_progress_is_each_listeners_own(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One", "Two")
    await stage.has_spoken(1, 2)
    await stage.sends(TOM)
    await stage.taps(ADA, Verb.HEARD, 1)
    ada = await stage.library.progress("memory:ada", BEES)
    tom = await stage.library.progress("memory:tom", BEES)
    assert ada is not None
    assert tom is not None
    assert (ada.percent, tom.percent) == (50, 0)


async def test_a_file_over_the_limit_is_refused_with_a_way_out(stage: Stage) -> None:
    await stage.sends(ADA, b"%PDF-1.7" + b"x" * 1024 * 1024)
    assert "2 MB" in stage.last_text()
    assert "smaller copy" in stage.last_text()
    assert stage.files.files == {}


def test_a_size_is_refused_before_anything_is_downloaded(tmp_path: Path) -> None:
    inbox = Conversations(
        library=None,  # type: ignore[arg-type] - a refusal asks nobody
        ledger=None,  # type: ignore[arg-type]
        files=MemoryFiles(),
        jobs=MemoryJobs(),
        platforms={},
        producer=MemoryProducer(),
        policy=a_policy(),
        on_change=lambda: None,
    )
    twenty = 20 * 1024 * 1024
    assert inbox.refusal(ADA, size=twenty, platform_limit=twenty) is None
    assert inbox.refusal(ADA, size=None, platform_limit=twenty) is None
    over = inbox.refusal(ADA, size=twenty + 1, platform_limit=twenty)
    assert over is not None
    assert "21 MB" in over.text
    assert "20 MB" in over.text


async def test_a_full_disk_is_told_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    class FullFiles(MemoryFiles):
        async def put(self, key: str, source: Path) -> None:
            raise DiskFull

    stage = opened(tmp_path, FullFiles())
    await stage.sends(ADA)
    assert stage.last_text() == messages.DISK_FULL
    assert await stage.library.holding(BEES) is None
    assert stage.jobs.reads == []


async def test_a_failed_document_sent_again_is_tried_again(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.library.save_failure(BEES, kind="timeout", sentence="Too slow.")
    stage.jobs.reads.clear()
    await stage.sends(ADA)
    assert stage.jobs.reads == [BEES]


async def test_a_tap_on_a_spoken_chapter_owes_its_voice_note(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One", "Two")
    await stage.has_spoken(1, 2)
    await stage.taps(ADA, Verb.PLAY, 2)
    assert await stage.wishes() == [2]
    assert stage.jobs.hurried == []


async def test_a_tap_on_an_unspoken_chapter_jumps_the_queue(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One", "Two", "Three")
    await stage.taps(ADA, Verb.PLAY, 3)
    assert stage.jobs.hurried == [(BEES, 3)]
    assert await stage.wishes() == []
    await stage.has_spoken(3)
    assert await stage.wishes() == [3]


async def test_a_tap_on_a_failed_chapter_tries_all_failed_ones_again_this_one_first(
    stage: Stage,
) -> None:
    await stage.sends(ADA)
    await stage.is_read("One", "Two", "Three")
    for chapter in (1, 3):
        await stage.library.save_track_failure(BEES, chapter, ENGLISH)
    await stage.has_spoken(2)
    await stage.taps(ADA, Verb.PLAY, 3)
    assert stage.jobs.chapters == [(BEES, 3), (BEES, 1)]
    progress = await stage.library.progress("memory:ada", BEES)
    assert progress is not None
    assert progress.failed == 0
    assert progress.is_working


async def test_next_marks_this_one_heard_and_plays_the_following(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One", "Two")
    await stage.has_spoken(1, 2)
    await stage.taps(ADA, Verb.NEXT, 1)
    progress = await stage.library.progress("memory:ada", BEES)
    assert progress is not None
    assert progress.listenings == {1: ListeningState.HEARD}
    assert await stage.wishes() == [2]


async def test_next_behind_the_last_chapter_says_what_is_left(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One", "Two")
    await stage.has_spoken(1, 2)
    await stage.taps(ADA, Verb.NEXT, 2)
    assert stage.last_text() == messages.THAT_WAS_THE_LAST.format(title="On Bees", percent=50)
    await stage.taps(ADA, Verb.HEARD, 1)
    await stage.taps(ADA, Verb.NEXT, 2)
    assert stage.last_text() == messages.ALL_HEARD.format(title="On Bees")


async def test_heard_can_be_taken_back(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One")
    await stage.taps(ADA, Verb.HEARD, 1)
    await stage.taps(ADA, Verb.UNHEARD, 1)
    progress = await stage.library.progress("memory:ada", BEES)
    assert progress is not None
    assert progress.count(ListeningState.NEW) == 1


async def test_continue_plays_what_comes_next(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One", "Two", "Three")
    await stage.has_spoken(1, 2, 3)
    await stage.taps(ADA, Verb.HEARD, 1)
    await stage.taps(ADA, Verb.CONTINUE)
    assert await stage.wishes() == [2]


async def test_cancel_stops_the_work_unless_somebody_else_waits_for_it(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.sends(TOM)
    await stage.is_read("One", "Two")
    await stage.taps(ADA, Verb.CANCEL)
    assert stage.jobs.cancelled == []
    await stage.taps(TOM, Verb.CANCEL)
    assert stage.jobs.cancelled == [BEES]


async def test_a_cancelled_document_goes_on_when_asked(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One", "Two")
    await stage.has_spoken(1)
    await stage.taps(ADA, Verb.CANCEL)
    await stage.taps(ADA, Verb.RESUME)
    assert stage.jobs.chapters == [(BEES, 2)]
    progress = await stage.library.progress("memory:ada", BEES)
    assert progress is not None
    assert not progress.is_stopped


async def test_a_reading_that_was_cancelled_starts_over_when_asked(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.taps(ADA, Verb.CANCEL)
    assert stage.jobs.reads == []
    await stage.taps(ADA, Verb.RESUME)
    assert stage.jobs.reads == [BEES]


async def test_delete_asks_first_and_then_nothing_is_left(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One")
    await stage.taps(ADA, Verb.ASK_DELETE)
    question = stage.last()
    assert isinstance(question, NoticeView)
    yes, no = question.buttons[0]
    assert (yes.action.verb, no.action.verb) == (Verb.DELETE, Verb.KEEP)
    await stage.taps(ADA, Verb.KEEP, message="2")
    assert stage.last_text() == messages.KEPT
    await stage.taps(ADA, Verb.DELETE, message="2")
    assert stage.last_text() == messages.DELETED.format(title="On Bees")
    assert await stage.library.holding(BEES) is None
    assert stage.files.files == {}
    assert stage.jobs.cancelled == [BEES]


async def test_a_chat_that_refuses_the_news_keeps_no_file(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One")
    stage.chat.fail_next.append(MessageGone())
    await stage.taps(ADA, Verb.DELETE, message="2")
    assert stage.files.files == {}
    assert await stage.library.holding(BEES) is None


async def test_deleting_leaves_what_another_listener_holds(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.sends(TOM)
    await stage.is_read("One")
    await stage.taps(ADA, Verb.DELETE)
    assert await stage.library.progress("memory:ada", BEES) is None
    assert await stage.library.progress("memory:tom", BEES) is not None
    assert pdf_key(BEES) in stage.files.files


async def test_a_forged_tap_reaches_nothing_of_another_listener(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One")
    await stage.has_spoken(1)
    for verb in (Verb.PLAY, Verb.HEARD, Verb.DELETE, Verb.OPEN, Verb.CANCEL):
        await stage.taps(TOM, verb, 1)
        assert stage.last_text() == messages.NOT_YOURS
    assert await stage.wishes() == []
    assert await stage.library.progress("memory:ada", BEES) is not None


async def test_a_card_in_a_shared_conversation_can_be_tapped_by_everybody_in_it(
    stage: Stage,
) -> None:
    ada, tom = a_sender("ada", channel="group"), a_sender("tom", channel="group")
    await stage.sends(ada)
    await stage.is_read("One", "Two")
    await stage.has_spoken(1, 2)
    await stage.taps(tom, Verb.HEARD, 1, message="1")
    tom_progress = await stage.library.progress("memory:tom", BEES)
    ada_progress = await stage.library.progress("memory:ada", BEES)
    assert tom_progress is not None
    assert ada_progress is not None
    assert (tom_progress.percent, ada_progress.percent) == (50, 0)


async def test_whoever_turns_a_card_it_shows_the_progress_of_its_owner(stage: Stage) -> None:
    ada, tom = a_sender("ada", channel="group"), a_sender("tom", channel="group")
    await stage.sends(ada)
    await stage.is_read(*(f"Chapter {n}" for n in range(1, 24)))
    await stage.taps(ada, Verb.HEARD, 1)
    await stage.taps(tom, Verb.PAGE, 3, message="1")
    await stage.taps(tom, Verb.PAGE, 1, message="1")
    card = stage.chat.messages[ada.conversation, "1"]
    assert isinstance(card, CardView)
    assert [line.mark for line in card.chapters[:2]] == ["✓", "○"]


async def test_of_two_cards_in_a_group_each_goes_on_showing_its_owners_progress(
    stage: Stage,
) -> None:
    ada, tom = a_sender("ada", channel="group"), a_sender("tom", channel="group")
    await stage.sends(ada)
    await stage.is_read(*(f"Chapter {n}" for n in range(1, 24)))
    await stage.sends(tom)
    await stage.taps(ada, Verb.HEARD, 1)
    await stage.taps(tom, Verb.HEARD, 2)
    for who, page in ((ada, 3), (tom, 2), (ada, 1)):
        await stage.taps(who, Verb.PAGE, page, message="1")
        await stage.taps(who, Verb.PAGE, page, message="2")
    assert marks(stage, ada.conversation, "1") == ["✓", "○"]
    assert marks(stage, tom.conversation, "2") == ["○", "✓"]
    places = [await stage.library.card_at(ada.conversation, message) for message in ("1", "2")]
    assert [p and (p.listener.account, p.menu_page) for p in places] == [("ada", 1), ("tom", 1)]


def marks(stage: Stage, conversation: Conversation, message: str) -> list[str]:
    card = stage.chat.messages[conversation, message]
    assert isinstance(card, CardView)
    return [line.mark for line in card.chapters[:2]]


async def test_an_old_card_in_a_group_is_left_alone_and_who_turns_it_gets_their_own(
    stage: Stage,
) -> None:
    ada, tom = a_sender("ada", channel="group"), a_sender("tom", channel="group")
    await stage.sends(ada)
    await stage.is_read(*(f"Chapter {n}" for n in range(1, 24)))
    await stage.taps(ada, Verb.OPEN)  # "2" takes the place of "1"
    old = stage.chat.messages[ada.conversation, "1"]
    await stage.taps(tom, Verb.PAGE, 3, message="1")
    assert stage.chat.messages[ada.conversation, "1"] == old
    place = await stage.library.card_at(tom.conversation, "3")
    assert place is not None
    assert (place.listener, place.menu_page) == (tom.listener, 3)
    card = stage.last()
    assert isinstance(card, CardView)
    assert [line.number for line in card.chapters] == [21, 22, 23]


async def test_where_nobody_else_has_a_card_an_old_one_can_still_be_turned(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read(*(f"Chapter {n}" for n in range(1, 24)))
    await stage.taps(ADA, Verb.OPEN)
    await stage.taps(ADA, Verb.PAGE, 3, message="1")
    card = stage.chat.messages[ADA.conversation, "1"]
    assert isinstance(card, CardView)
    assert [line.number for line in card.chapters] == [21, 22, 23]


@pytest.mark.parametrize("verb", [Verb.HEARD, Verb.NEXT, Verb.TEXT, Verb.TAKEAWAYS, Verb.PLAY])
async def test_a_chapters_buttons_in_a_group_work_for_whoever_does_not_have_the_document(
    stage: Stage, verb: Verb
) -> None:
    ada, tom = a_sender("ada", channel="group"), a_sender("tom", channel="group")
    await stage.sends(ada)
    await stage.is_read("One", "Two")
    await stage.has_spoken(1, 2)
    await stage.taps(tom, verb, 1, message="77")  # a chapter's; nobody keeps what is at "77"
    assert sayings_of(stage) & {messages.NOT_YOURS, messages.OLD_BUTTON} == set()
    assert await stage.library.progress("memory:tom", BEES) is not None


def sayings_of(stage: Stage) -> set[str]:
    views = stage.chat.messages.values()
    return {view.text for view in views if isinstance(view, NoticeView)}


async def test_who_taps_a_card_gets_the_narration_of_that_card(stage: Stage) -> None:
    ada, tom, eve = (a_sender(who, channel="group") for who in ("ada", "tom", "eve"))
    await stage.sends(ada)
    await stage.is_read("One", "Two")
    await stage.sends(tom)
    fast = replace(ENGLISH, speed=1.5)
    await stage.library.narrate_as("memory:tom", BEES, fast)
    await stage.taps(eve, Verb.HEARD, 1, message="2")
    progress = await stage.library.progress("memory:eve", BEES)
    assert progress is not None
    assert progress.narration == fast


async def test_a_button_that_names_another_document_than_its_card_opens_nothing(
    stage: Stage,
) -> None:
    ada, tom = a_sender("ada", channel="group"), a_sender("tom", channel="group")
    await stage.sends(ada)
    await stage.sends(ada, b"%PDF-1.7 of ants, kept elsewhere", "ants.pdf")
    secret = a_sender("eve")
    await stage.sends(secret, b"%PDF-1.7 secret", "secret.pdf")
    other = Action(verb=Verb.HEARD, document=hashlib.sha256(b"%PDF-1.7 secret").hexdigest()[:16])
    await stage.inbox.on_tap(tom, other.encoded(), "1")
    assert stage.last_text() == messages.NOT_YOURS
    assert await stage.library.shelf("memory:tom") == []


@pytest.mark.parametrize("data", ["", "nonsense", "p.0123456789abcdef.x"])
async def test_an_unknown_button_is_answered_politely(stage: Stage, data: str) -> None:
    await stage.inbox.on_tap(ADA, data, "1")
    assert stage.last_text() == messages.OLD_BUTTON


async def test_a_chapter_that_is_not_there_is_answered_politely(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One")
    await stage.taps(ADA, Verb.PLAY, 99)
    assert stage.last_text() == messages.OLD_BUTTON


async def test_turning_the_menus_page_edits_the_card_and_is_remembered(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read(*(f"Chapter {n}" for n in range(1, 24)))
    await stage.taps(ADA, Verb.PAGE, 3, message="1")
    card = stage.chat.messages[ADA.conversation, "1"]
    assert isinstance(card, CardView)
    assert [line.number for line in card.chapters] == [21, 22, 23]
    place = await stage.library.card_at(ADA.conversation, "1")
    assert place is not None
    assert place.menu_page == 3


async def test_commands(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One", "Two")
    for name, kind in (("progress", ShelfView), ("library", ShelfView), ("delete", ShelfView)):
        await stage.inbox.on_command(ADA, name, "")
        assert isinstance(stage.last(), kind)
    for name, text in (
        ("start", sayings.WELCOME),
        ("help", sayings.HELP),
        ("", sayings.HELP),
        ("dance", sayings.UNKNOWN_COMMAND),
        ("cancel", messages.STOPPED),
        ("CANCEL", messages.NOTHING_TO_CANCEL),
    ):
        await stage.inbox.on_command(ADA, name, "")
        assert stage.last_text() == text


async def test_open_from_the_library_brings_a_card_that_is_kept_up_to_date(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One")
    await stage.taps(ADA, Verb.OPEN)
    place = await stage.library.card_at(ADA.conversation, "2")
    assert place == CardPlace(
        conversation=Conversation(platform="memory", channel="ada"),
        message="2",
        document=BEES,
        listener=ADA.listener,
    )


async def test_a_platform_that_is_down_loses_no_document(stage: Stage) -> None:
    stage.chat.fail_next.append(ChatUnavailable())
    await stage.sends(ADA)
    assert stage.jobs.reads == [BEES]
    assert await stage.library.progress("memory:ada", BEES) is not None


async def test_an_error_of_ours_becomes_a_sentence_with_a_reference(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(stage.library, "shelf", breaks)
    await stage.inbox.on_command(ADA, "progress", "")
    assert "secret" not in stage.last_text()
    assert "Nothing is lost" in stage.last_text()


async def test_a_track_is_handed_to_nobody_who_does_not_hold_its_document(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.is_read("One")
    await stage.has_spoken(1)
    track = a_track(BEES, 1)
    stage.files.files[track.key] = b"x" * track.size
    assert await stage.inbox.track_of(ADA, BEES, 1) == track
    assert await stage.inbox.track_of(ADA, BEES, 2) is None
    assert await stage.inbox.track_of(TOM, BEES, 1) is None


async def test_a_page_gets_every_card_newest_first(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.sends(ADA, b"%PDF-1.7 another", "second.pdf")
    assert [card.title for card in await stage.inbox.on_open(ADA)] == ["second.pdf", "bees.pdf"]
