"""What a listener can do beside hearing: find, name, share, take along, read, be forgotten; and
what an operator decides."""

from __future__ import annotations

import asyncio
import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.memory import MemoryLinks
from bot.domain import (
    Conversation,
    Listener,
    ListeningState,
    Preferences,
    Progress,
    Sender,
)
from bot.handlers import exporting
from bot.handlers.operating import Admission
from bot.handlers.privacy import ModelHosts
from bot.ports import pdf_key
from bot.quota import Quota
from bot.views import Action, Button, CardView, NoticeView, ShelfView, Verb
from bot.words import LANGUAGES, messages, words_in
from pipeline.domain import Document
from tests import sayings
from tests.integration.test_conversation import ADA, BEES, TOM, Stage, opened
from tests.producing import MemoryProducer
from tests.samples import a_document, a_track
from tests.sounds import an_mp3
from tests.waiting import until

LOCKED = b"locked %PDF-1.7 a paper on bees"
LOCKED_ID = hashlib.sha256(LOCKED).hexdigest()


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return opened(tmp_path)


async def reading(stage: Stage, *titles: str, sender: Sender = ADA) -> None:
    await stage.sends(sender)
    await stage.is_read(*titles)


async def progress_of(stage: Stage, sender: Sender = ADA, document: str = BEES) -> Progress:
    found = await stage.library.progress(sender.listener.id, document)
    assert found is not None
    return found


def buttons(stage: Stage) -> list[Button]:
    view = stage.last()
    assert isinstance(view, NoticeView | CardView)
    return [button for row in view.buttons for button in row]


def last_message(stage: Stage) -> str:
    return list(stage.chat.messages)[-1][1]


async def says(stage: Stage, text: str, sender: Sender = ADA, message: str = "") -> None:
    await stage.inbox.on_command(sender, "", text, message)


# --- finding and naming ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["bees", "DISCUSSION on", "ada meyer", "Bees.pdf"])
async def test_a_search_finds_titles_authors_chapters_and_files(stage: Stage, text: str) -> None:
    await reading(stage, "Abstract", "Discussion")
    await stage.inbox.on_command(ADA, "search", text)
    view = stage.last()
    assert isinstance(view, ShelfView)
    assert [line.title for line in view.lines] == ["On Bees"]


async def test_a_search_that_finds_nothing_says_so_and_without_a_word_asks_for_one(
    stage: Stage,
) -> None:
    await reading(stage, "One")
    await stage.inbox.on_command(ADA, "search", "wasps")
    assert stage.last_text() == messages.NOT_FOUND.format(text="wasps")
    await stage.inbox.on_command(ADA, "search", "")
    assert stage.last_text() == messages.SEARCH_HOW


async def test_what_others_have_is_not_found(stage: Stage) -> None:
    await reading(stage, "One", sender=TOM)
    await stage.inbox.on_command(ADA, "search", "bees")
    assert stage.last_text() == messages.NOT_FOUND.format(text="bees")


async def test_a_document_gets_the_name_that_answers_the_question(stage: Stage) -> None:
    await reading(stage, "One")
    await stage.inbox.on_command(ADA, "rename", "")
    await stage.taps(ADA, Verb.RENAME)
    assert stage.last_text() == messages.RENAME_TO.format(title="On Bees")
    await says(stage, "  My   bees ")
    assert stage.last_text() == messages.RENAMED.format(before="On Bees", title="My bees")
    assert (await progress_of(stage)).title == "My bees"
    await says(stage, "another text")
    assert stage.last_text() == sayings.HELP  # it was asked once


async def test_a_name_is_the_listeners_own_and_of_a_decent_length(stage: Stage) -> None:
    await reading(stage, "One")
    await stage.sends(TOM)
    await stage.inbox.on_command(ADA, "rename", "x" * 121)
    assert stage.last_text() == messages.NAME_TOO_LONG.format(signs=120)
    await stage.inbox.on_command(ADA, "rename", "Mine")
    assert (await progress_of(stage, TOM)).title == "On Bees"


async def test_continue_goes_on_in_what_was_begun(stage: Stage) -> None:
    await reading(stage, "One", "Two")
    await stage.has_spoken(1, 2)
    await stage.inbox.on_command(ADA, "continue", "")
    assert await stage.wishes() == [1]
    await stage.taps(ADA, Verb.HEARD, 1)
    await stage.taps(ADA, Verb.HEARD, 2)
    await stage.inbox.on_command(ADA, "continue", "")
    assert stage.last_text() == messages.NOTHING_TO_CONTINUE


# --- hearing and reading --------------------------------------------------------------------------


async def test_all_in_order_owes_what_is_left_and_stops_when_asked(stage: Stage) -> None:
    await reading(stage, "One", "Two", "Three")
    await stage.has_spoken(1, 2, 3)
    await stage.library.mark(ADA.listener.id, BEES, [1], ListeningState.HEARD)
    await stage.taps(ADA, Verb.ALL)
    assert (await progress_of(stage)).coming == 2
    assert await stage.wishes() == [2]  # the third waits for its turn
    await stage.taps(ADA, Verb.OPEN)
    assert Verb.STOP_ALL in [button.action.verb for button in buttons(stage)]
    await stage.taps(ADA, Verb.STOP_ALL)
    assert (await progress_of(stage)).coming == 0


async def test_heard_can_be_undone_to_started_and_up_to_here_takes_all_before(
    stage: Stage,
) -> None:
    await reading(stage, "One", "Two", "Three")
    await stage.taps(ADA, Verb.UP_TO, 2)
    assert (await progress_of(stage)).count(ListeningState.HEARD) == 2
    await stage.taps(ADA, Verb.UNDO, 2)
    found = await progress_of(stage)
    assert found.listenings[2] is ListeningState.STARTED


async def test_a_long_text_is_read_page_by_page_in_one_message(stage: Stage) -> None:
    await stage.sends(ADA)
    document = a_document(BEES, "One")
    passage = document.chapters[0].passages[0]
    words = tuple(
        type(passage)(text=f"Paragraph {n}. " + "Bees dance. " * 60, page=1) for n in range(12)
    )
    chapter = type(document.chapters[0])(
        number=1, title="One", level=1, page=1, passages=words, seconds=60
    )
    await stage.library.save_reading(
        Document(id=BEES, title="On Bees", pages=9, chapters=(chapter,))
    )
    await stage.taps(ADA, Verb.TEXT, 100)
    first = stage.last_text()
    assert "Paragraph 0." in first
    count = len(stage.chat.messages)
    message = last_message(stage)
    (later,) = buttons(stage)
    await stage.inbox.on_tap(ADA, later.action.encoded(), message)
    assert len(stage.chat.messages) == count
    assert stage.last_text() != first
    await stage.taps(ADA, Verb.TEXT, 9900)
    assert stage.last_text() == messages.NO_TEXT


async def test_takeaways_come_on_demand_and_tell_where_they_come_from(stage: Stage) -> None:
    await reading(stage, "One", "Two")
    await stage.taps(ADA, Verb.TAKEAWAYS)
    text = stage.last_text()
    assert "1 · One\nOne in one sentence." in text
    assert text.endswith(messages.TAKEAWAYS_EXTRACTED)


# --- long, locked, from a link --------------------------------------------------------------------


async def test_a_long_document_sent_again_waits_for_a_choice(stage: Stage) -> None:
    await stage.sends(TOM)
    book = a_document(BEES, *(f"Chapter {n}" for n in range(1, 201)))  # three hours and a third
    await stage.library.save_reading(book)
    await stage.sends(ADA)
    card = stage.last()
    assert isinstance(card, CardView)
    assert card.status == messages.STATUS_LONG.format(minutes="3 h 20 min", pages="9 pages")
    assert stage.jobs.chapters == []
    await stage.taps(ADA, Verb.PLAY, 7)
    assert stage.jobs.chapters == [(BEES, 7)]
    await stage.taps(ADA, Verb.RESUME)
    assert len(stage.jobs.chapters) >= 200


async def is_locked(stage: Stage) -> None:
    await stage.sends(ADA, LOCKED, "locked.pdf")
    await stage.library.save_failure(LOCKED_ID, kind="encrypted", sentence="It is locked.")
    action = Action(verb=Verb.UNLOCK, document=LOCKED_ID[:16])
    await stage.inbox.on_tap(ADA, action.encoded(), "1")


async def test_a_password_is_used_once_its_message_goes_and_the_open_copy_stays(
    stage: Stage,
) -> None:
    await is_locked(stage)
    theirs = await stage.chat.show(ADA.conversation, NoticeView(text="bees"))
    await says(stage, "bees", message=theirs)
    assert (ADA.conversation, theirs) not in stage.chat.messages
    (entry,) = await stage.library.shelf(ADA.listener.id)
    assert entry.holding.id != LOCKED_ID
    assert entry.holding.filename == "locked.pdf"
    assert stage.jobs.reads[-1] == entry.holding.id


async def test_where_the_password_cannot_be_taken_away_that_is_said(stage: Stage) -> None:
    await is_locked(stage)
    theirs = await stage.chat.show(ADA.conversation, NoticeView(text="bees"))
    stage.chat.undeletable.add(theirs)
    await says(stage, "bees", message=theirs)
    told = [view.text for view in stage.chat.messages.values() if isinstance(view, NoticeView)]
    assert messages.TAKE_IT_AWAY in told


async def test_a_wrong_password_is_told_and_may_be_tried_again(stage: Stage) -> None:
    await is_locked(stage)
    await says(stage, "wasps")
    assert "not the password" in stage.last_text()
    assert "wasps" not in stage.last_text()
    told = stage.last()
    assert isinstance(told, NoticeView)
    ((again,),) = told.buttons
    assert again.label == messages.BUTTON_UNLOCK
    await says(stage, "bees")  # nothing is asked any more
    assert stage.last_text() == sayings.HELP
    await stage.inbox.on_tap(ADA, again.action.encoded(), "9")
    assert stage.last_text() == messages.UNLOCK_HOW.format(title="locked.pdf")
    assert [one.holding.id for one in await stage.library.shelf(ADA.listener.id)] == [LOCKED_ID]


async def test_a_link_is_fetched_and_an_error_takes_the_notices_place(tmp_path: Path) -> None:
    links = MemoryLinks(
        {
            "https://bees.example/paper.pdf": ("paper.pdf", b"%PDF-1.7 from afar"),
            "https://bees.example/none.pdf": messages.LinkNotFound(),
        }
    )
    stage = opened(tmp_path, links=links)
    await says(stage, "Listen to https://bees.example/paper.pdf please")
    (entry,) = await stage.library.shelf(ADA.listener.id)
    assert entry.title == "paper.pdf"
    await says(stage, "https://bees.example/none.pdf")
    assert stage.last_text() == messages.LinkNotFound.sentence


# --- sharing and taking along ---------------------------------------------------------------------


async def shared_token(stage: Stage) -> str:
    await stage.taps(ADA, Verb.SHARE)
    return stage.last_text().partition("memory:start?")[2].split()[0]


async def test_a_link_opens_the_document_with_a_progress_of_ones_own(stage: Stage) -> None:
    await reading(stage, "One", "Two")
    await stage.has_spoken(1, 2)
    await stage.taps(ADA, Verb.HEARD, 1)
    token = await shared_token(stage)
    assert await shared_token(stage) == token
    await stage.inbox.on_command(TOM, "start", token)
    assert isinstance(stage.last(), CardView)
    assert (await progress_of(stage, TOM)).percent == 0
    assert (await progress_of(stage)).percent == 50


async def test_a_link_that_was_taken_back_opens_nothing(stage: Stage) -> None:
    await reading(stage, "One")
    token = await shared_token(stage)
    await stage.taps(ADA, Verb.REVOKE, message=last_message(stage))
    assert stage.last_text() == messages.SHARING_STOPPED.format(title="On Bees")
    for one in (token, "forged"):
        await stage.inbox.on_command(TOM, "start", one)
        assert stage.last_text() == messages.SHARE_GONE
    assert await stage.library.shelf(TOM.listener.id) == []


async def test_an_export_comes_as_a_zip_of_what_is_ready(stage: Stage) -> None:
    await reading(stage, "One", "Two", "Three")
    await stage.taps(ADA, Verb.EXPORT)
    assert stage.last_text() == messages.EXPORT_NOTHING.format(title="On Bees")
    for chapter in (1, 3):
        track = a_track(BEES, chapter)
        stage.files.files[track.key] = (b"sound %d" % chapter).ljust(track.size)
    await stage.has_spoken(1, 3)
    await stage.taps(ADA, Verb.EXPORT)
    assert "2 of 3" in stage.last_text()
    await stage.taps(ADA, Verb.EXPORT, 1, message=last_message(stage))
    await until(lambda: stage.last_text() == messages.EXPORT_DONE.format(title="On Bees"))
    (sent,) = stage.chat.files
    assert sent.caption == messages.EXPORTED.format(title="On Bees", first=1, last=3)
    with zipfile.ZipFile(io.BytesIO(sent.data)) as packed:
        assert packed.namelist() == ["01-one.mp3", "03-three.mp3"]
        assert packed.read("03-three.mp3").rstrip() == b"sound 3"
    await stage.inbox.close()


@pytest.mark.parametrize("has_ffmpeg", [True, False])
async def test_an_audiobook_is_offered_where_one_can_be_made(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, has_ffmpeg: bool
) -> None:
    monkeypatch.setattr(exporting, "ffmpeg_is_installed", lambda: has_ffmpeg)
    await reading(stage, "One")
    await stage.has_spoken(1)
    await stage.taps(ADA, Verb.EXPORT)
    offered = [messages.BUTTON_ZIP, messages.BUTTON_AUDIOBOOK][: 1 + has_ffmpeg]
    view = list(stage.chat.messages.values())[-1]
    assert isinstance(view, NoticeView)
    assert [button.label for row in view.buttons for button in row] == offered


async def test_an_export_whose_files_are_gone_has_them_made_again_and_says_so(
    stage: Stage,
) -> None:
    await reading(stage, "One", "Two")
    await stage.has_spoken(1, 2)
    track = a_track(BEES, 1)
    stage.files.files[track.key] = b"x" * track.size
    await stage.taps(ADA, Verb.EXPORT, 1, message="1")
    await until(lambda: stage.last_text() == messages.EXPORT_REMADE.format(title="On Bees"))
    assert (await progress_of(stage)).ready == 1
    assert (BEES, 2) in stage.jobs.chapters
    assert stage.chat.files == []
    await stage.inbox.close()


async def test_an_audiobook_says_that_its_picture_is_gone_until_the_pdf_is_sent_again(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def draws_nothing(*_: object) -> bool:
        return False

    monkeypatch.setattr(MemoryProducer, "cover", draws_nothing)
    await reading(stage, "One")
    sound = an_mp3(tmp_path / "one.mp3", seconds=0.5).read_bytes()
    track = replace(a_track(BEES, 1), size=len(sound), seconds=0.5)
    await stage.library.save_track(track)
    stage.files.files[track.key] = sound
    pdf = stage.files.files.pop(pdf_key(BEES))
    for sentence in (messages.EXPORT_WITHOUT_COVER, messages.EXPORT_DONE):
        await stage.taps(ADA, Verb.EXPORT, 2, message="1")
        await until(lambda told=sentence: stage.last_text() == told.format(title="On Bees"))
        stage.files.files[pdf_key(BEES)] = pdf  # whose first page gives no picture
    assert len(stage.chat.files) == 2
    await stage.inbox.close()


async def test_an_export_that_fails_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await reading(stage, "One")
    await stage.has_spoken(1)
    track = a_track(BEES, 1)
    stage.files.files[track.key] = b"x" * track.size
    monkeypatch.setattr(stage.chat, "file_limit", 10)
    await stage.taps(ADA, Verb.EXPORT, 1, message="1")
    await until(lambda: stage.last_text() == messages.EXPORT_FAILED.format(title="On Bees"))
    await stage.inbox.close()


async def test_two_quick_taps_begin_one_export(stage: Stage) -> None:
    await reading(stage, "One")
    await stage.has_spoken(1)
    track = a_track(BEES, 1)
    stage.files.files[track.key] = b"x" * track.size
    await asyncio.gather(*(stage.taps(ADA, Verb.EXPORT, 1, message="1") for _ in range(2)))
    assert messages.EXPORT_BUSY in told(stage)
    await until(lambda: messages.EXPORT_DONE.format(title="On Bees") in told(stage))
    assert len(stage.chat.files) == 1
    await stage.inbox.close()


def told(stage: Stage) -> list[str]:
    return [view.text for view in stage.chat.messages.values() if isinstance(view, NoticeView)]


# --- among others ---------------------------------------------------------------------------------


def in_the_group(sender: Sender) -> Sender:
    room = Conversation(platform="memory", channel="room")
    return replace(sender, conversation=room, is_among_others=True)


@pytest.mark.parametrize("command", ["settings", "voice", "speed", "mode", "language", "library"])
async def test_another_s_panel_changes_nothing_of_mine_or_theirs(
    stage: Stage, command: str
) -> None:
    for number in range(12):  # more than a page of a library
        await stage.sends(ADA, b"%%PDF-1.7 %d" % number, f"{number}.pdf")
    await stage.inbox.on_command(in_the_group(ADA), command, "")
    view = stage.last()
    assert isinstance(view, NoticeView | ShelfView)
    personal = [one.action for row in view.buttons for one in row if one.action.asked]
    assert personal
    before = await stage.library.preferences(TOM.listener.id)
    for action in personal:
        await stage.inbox.on_tap(in_the_group(TOM), action.encoded(), last_message(stage))
        assert stage.last_text() == messages.ASKED_OF_ANOTHER
    assert await stage.library.preferences(TOM.listener.id) == before


async def test_all_is_erased_and_taken_along_in_private_only(stage: Stage) -> None:
    await reading(stage, "One")
    await stage.has_spoken(1)
    here = in_the_group(ADA)
    mark = ADA.listener.mark
    for action in (
        Action(verb=Verb.ASK_ERASE, asked=mark),
        Action(verb=Verb.ERASE, asked=mark),
        Action(verb=Verb.EXPORT, document=BEES[:16]),
        Action(verb=Verb.EXPORT, document=BEES[:16], number=1),
    ):
        await stage.inbox.on_tap(here, action.encoded(), "1")
        assert stage.last_text() == messages.IN_PRIVATE_ONLY
    await stage.inbox.on_command(here, "export", "")
    assert stage.last_text() == messages.IN_PRIVATE_ONLY
    assert stage.chat.files == []
    assert len(await stage.library.shelf(ADA.listener.id)) == 1


# --- privacy --------------------------------------------------------------------------------------


async def test_privacy_names_the_servers_that_get_text(tmp_path: Path) -> None:
    stage = opened(tmp_path)
    await stage.inbox.on_command(ADA, "privacy", "")
    assert messages.PRIVACY_ALL_INSIDE in stage.last_text()
    model_hosts = ModelHosts(model_host="api.model.example")
    stage = opened(tmp_path, model_hosts=model_hosts)
    await stage.inbox.on_command(ADA, "privacy", "")
    assert "api.model.example" in stage.last_text()
    assert messages.PRIVACY_ALL_INSIDE not in stage.last_text()


async def test_privacy_names_the_chat_that_words_pass_through(tmp_path: Path) -> None:
    stage = opened(tmp_path, carriers={"memory": "The Pigeon Post"})
    await stage.inbox.on_command(ADA, "privacy", "")
    assert "The Pigeon Post" in stage.last_text()


async def test_who_wants_to_be_forgotten_is_after_being_asked(stage: Stage) -> None:
    await reading(stage, "One")
    await stage.sends(TOM)
    await stage.library.save_preferences(ADA.listener, Preferences(speed=2.0))
    await stage.inbox.on_command(ADA, "privacy", "")
    (ask,) = buttons(stage)
    await stage.inbox.on_tap(ADA, ask.action.encoded(), last_message(stage))
    erase, _ = buttons(stage)
    assert await stage.library.shelf(ADA.listener.id) != []
    await stage.inbox.on_tap(ADA, erase.action.encoded(), last_message(stage))
    assert stage.last_text() == messages.ERASED
    assert await stage.library.shelf(ADA.listener.id) == []
    assert await stage.library.preferences(ADA.listener.id) == Preferences()
    assert await stage.library.shelf(TOM.listener.id) != []


async def test_only_the_one_who_was_asked_is_forgotten(stage: Stage) -> None:
    """Whatever chat the tap comes from."""
    for sender in (ADA, TOM):
        await stage.sends(sender)
    await stage.inbox.on_command(ADA, "privacy", "")
    (ask,) = buttons(stage)
    await stage.inbox.on_tap(ADA, ask.action.encoded(), last_message(stage))
    question, message = stage.last(), last_message(stage)
    for button in (ask, *buttons(stage)):
        await stage.inbox.on_tap(TOM, button.action.encoded(), message)
        assert stage.last_text() == messages.ASKED_OF_ANOTHER
    assert question in stage.chat.messages.values()
    assert all([await stage.library.shelf(one.listener.id) for one in (ADA, TOM)])


async def test_a_question_of_before_that_names_nobody_erases_nothing(stage: Stage) -> None:
    await stage.sends(ADA)
    await stage.inbox.on_tap(ADA, Action(verb=Verb.ERASE).encoded(), "")
    assert stage.last_text() == messages.OLD_BUTTON
    assert await stage.library.shelf(ADA.listener.id)


# --- the operator ---------------------------------------------------------------------------------


async def test_whoever_runs_the_program_comes_in_though_nobody_names_them(tmp_path: Path) -> None:
    nobody = Admission(allowed=frozenset({"memory:nobody"}))
    for admission, is_in in (
        (nobody, False),
        (replace(nobody, owners=frozenset({ADA.listener.id})), True),
    ):
        stage = opened(tmp_path, admission=admission)
        await stage.sends(ADA)
        assert bool(await stage.library.shelf(ADA.listener.id)) is is_in


async def test_only_invited_people_come_in_and_others_learn_how(tmp_path: Path) -> None:
    stage = opened(tmp_path, admission=Admission(allowed=frozenset({"memory:ada"})))
    await stage.sends(ADA)
    await stage.sends(TOM)
    assert stage.last_text() == messages.NOT_ALLOWED.format(account="memory:tom")
    await stage.inbox.on_command(TOM, "library", "")
    assert stage.last_text() == messages.NOT_ALLOWED.format(account="memory:tom")
    assert await stage.library.shelf("memory:tom") == []
    refusal = stage.inbox.refusal(TOM, size=1, platform_limit=None)
    assert refusal is not None
    assert stage.inbox.refusal(ADA, size=1, platform_limit=None) is None


@pytest.mark.parametrize(
    ("named", "workspace", "is_let_in"),
    [
        ("slack:C05", "", True),
        ("slack:T1/C05", "T1", True),
        ("slack:T1/C05", "T2", False),
        ("slack:C05", "T1", False),
    ],
)
def test_a_channel_may_be_invited_in_its_workspace(
    named: str, workspace: str, is_let_in: bool
) -> None:
    place = Conversation(
        platform="slack", workspace=workspace, channel="C05", thread="1.2", seen_by="U07"
    )
    sender = Sender(listener=Listener(platform="slack", account="U07"), conversation=place)
    assert Admission(allowed=frozenset({named})).may_enter(sender) is is_let_in


async def test_statistics_are_for_admins(tmp_path: Path) -> None:
    stage = opened(tmp_path, admission=Admission(admins=frozenset({"memory:ada"})))
    await reading(stage, "One", "Two")
    await stage.has_spoken(1)
    await stage.inbox.on_command(ADA, "stats", "")
    assert stage.last_text().startswith("1 documents of 1 people")
    assert "1 waiting" in stage.last_text()
    await stage.inbox.on_command(ADA, "broadcast", "Hello all")
    assert stage.last_text() == messages.NO_BROADCASTS
    await stage.inbox.on_command(TOM, "stats", "")
    assert stage.last_text() == sayings.UNKNOWN_COMMAND


async def test_when_the_days_minutes_are_used_up_the_rest_waits_and_the_card_says_so(
    tmp_path: Path,
) -> None:
    stage = opened(tmp_path, quota=Quota(daily_s=120.0))
    await stage.sends(TOM)
    await stage.is_read("One", "Two", "Three", "Four")  # a minute each
    await stage.sends(ADA)
    assert stage.jobs.chapters == [(BEES, 1), (BEES, 2)]
    card = stage.last()
    assert isinstance(card, CardView)
    assert card.status == messages.DAY_IS_FULL.format(minutes="2 min")
    await stage.taps(ADA, Verb.PLAY, 3)
    assert stage.last_text() == messages.DAY_IS_FULL.format(minutes="2 min")
    await stage.has_spoken(1)
    await stage.taps(ADA, Verb.PLAY, 1)
    assert await stage.wishes() == [1]  # what is ready costs nothing
    assert stage.jobs.chapters == [(BEES, 1), (BEES, 2)]


async def test_admins_have_no_limit() -> None:
    quota = Quota(daily_s=60.0, exempt=frozenset({"memory:ada"}))
    books = None  # asked for nothing
    progress = None
    granted = await quota.charge(books, "memory:ada", progress, [1, 2, 3])  # type: ignore[arg-type]
    assert granted == [1, 2, 3]


# --- settings -------------------------------------------------------------------------------------


async def test_chapters_come_as_files_if_the_listener_wants(stage: Stage) -> None:
    await stage.inbox.on_tap(ADA, Action(verb=Verb.FORMAT, number=1).encoded(), "")
    assert (await stage.library.preferences(ADA.listener.id)).is_file
    assert messages.SETTINGS_FORMAT.format(value=messages.AS_FILE) in stage.last_text()


async def test_a_listener_is_spoken_to_in_the_language_they_chose(stage: Stage) -> None:
    await reading(stage, "One", "Two")
    place = LANGUAGES.index("de") + 1
    await stage.inbox.on_tap(ADA, Action(verb=Verb.LANGUAGE, number=place).encoded(), "")
    german = words_in("de")
    assert german(messages.SETTINGS_LANGUAGE, value="Deutsch") in stage.last_text()
    await stage.taps(ADA, Verb.OPEN)
    card = stage.last()
    assert isinstance(card, CardView)
    assert "2 Kapitel" in card.facts
    assert stage.inbox.words_for(ADA).language == "de"
    assert stage.inbox.words_for(TOM).language == "en"
    await stage.inbox.on_tap(ADA, Action(verb=Verb.LANGUAGE).encoded(), "")
    await stage.taps(ADA, Verb.OPEN)
    assert "2 chapters" in str(stage.last())


async def test_the_chats_language_is_spoken_unless_another_is_chosen(stage: Stage) -> None:
    eva = replace(ADA, listener=replace(ADA.listener, account="eva", language="ru"))
    await stage.inbox.on_command(eva, "progress", "")
    assert stage.last_text() == words_in("ru")(messages.NOTHING_YET)
