"""What is owed reaches the listeners: once, in order, and nobody waits for somebody else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.database import DatabaseLibrary, conversations, open_library, schema
from adapters.database.queries import place_of
from adapters.memory import MemoryChat, MemoryFiles
from bot.domain import CardPlace, Conversation, ListeningState, Sender
from bot.domain import Stage as Reading
from bot.ports import (
    ChatUnavailable,
    MessageGone,
    Sent,
    Throttled,
    TrackTooLarge,
    Unreachable,
    Upload,
)
from bot.views import CardView, NoteView, NoticeView, Verb, View
from bot.words import messages
from bot.work import edits as editing
from bot.work import publishing
from bot.work.edits import Edits
from bot.work.publishing import Delays, Publisher
from pipeline.domain import to_json
from tests.libraries import migrated_url
from tests.producing import MemoryProducer
from tests.samples import ENGLISH, a_document, a_sender, a_track
from tests.waiting import until

BEES = "0123456789abcdef" * 4
WASPS = "fedcba9876543210" * 4
ADA, TOM = a_sender("ada"), a_sender("tom")
FEW = 12


@dataclass(slots=True)
class DiaryChat(MemoryChat):
    """Writes down what it sends, and lets single conversations fail or wait."""

    diary: list[tuple[str, str]] = field(default_factory=list)  # channel, what
    troubles: dict[str, list[Exception]] = field(default_factory=dict)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)  # channels before a closed gate

    async def show(
        self, conversation: Conversation, view: View, *, message: str | None = None
    ) -> str:
        await self._pass(conversation)
        shown = await MemoryChat.show(self, conversation, view, message=message)
        what = view.text if isinstance(view, NoticeView) else "card"
        self.diary.append((conversation.channel, what))
        return shown

    async def send_track(
        self, conversation: Conversation, note: NoteView, audio: Path, uploads: Sequence[Upload]
    ) -> Sent:
        await self._pass(conversation)
        sent = await MemoryChat.send_track(self, conversation, note, audio, uploads)
        self.diary.append((conversation.channel, note.title))
        return sent

    async def _pass(self, conversation: Conversation) -> None:
        gate = self.gates.get(conversation.channel)
        if gate is not None:
            self.waiting.add(conversation.channel)
            await gate.wait()
            self.waiting.discard(conversation.channel)
        troubles = self.troubles.get(conversation.channel)
        if troubles:
            raise troubles.pop(0)


@dataclass(slots=True)
class Stage:
    library: DatabaseLibrary
    files: MemoryFiles
    chat: DiaryChat
    publisher: Publisher
    platforms: dict[str, MemoryChat]

    async def all_have(self, senders: Sequence[Sender], document: str = BEES) -> None:
        """As `has` does for one, of a document that is there."""
        places = [
            {
                "listener": sender.listener.id,
                "document": document,
                **place_of(sender.conversation),
                "message": await MemoryChat.show(
                    self.chat, sender.conversation, NoticeView(text="new")
                ),
            }
            for sender in senders
        ]
        listeners = [
            {"id": sender.listener.id, "body": to_json(sender.listener).decode()}
            for sender in senders
        ]
        shelved = {"narration": to_json(ENGLISH).decode(), "narration_key": ENGLISH.key}
        shelf = [
            {"listener": listener["id"], "document": document, "added_at": datetime.now(UTC)}
            | shelved
            for listener in listeners
        ]
        async with self.library.engine.begin() as connection:
            await connection.execute(sa.insert(schema.listeners), listeners)
            await connection.execute(sa.insert(schema.shelf), shelf)
            await connection.execute(sa.insert(schema.cards), places)

    async def has(self, sender: Sender, document: str = BEES) -> CardPlace:
        """A document on a shelf, and its card, as they stand before it is read."""
        await self.library.receive(document, filename="bees.pdf", size=9)
        await self.library.shelve(sender.listener, document, ENGLISH)
        message = await MemoryChat.show(self.chat, sender.conversation, NoticeView(text="new"))
        card = CardPlace(
            conversation=sender.conversation,
            message=message,
            document=document,
            listener=sender.listener,
        )
        await self.library.save_card(card)
        return card

    async def is_read(self, document: str = BEES, *titles: str) -> None:
        await self.library.save_reading(a_document(document, *titles))

    async def speaks(self, *chapters: int, document: str = BEES) -> None:
        for chapter in chapters:
            track = a_track(document, chapter, size=3)
            self.files.files[track.key] = b"ID3"
            await self.library.save_track(track)

    async def wishes(self, sender: Sender, *chapters: int, document: str = BEES) -> None:
        for chapter in chapters:
            await self.library.wish(
                sender.conversation, sender.listener, document, chapter, ENGLISH
            )

    async def is_settled(self) -> bool:
        due = await self.library.due_wishes(["memory"])
        return not due and not await self.library.stale_cards(["memory"])

    async def settled(self) -> None:
        await until(self.is_settled)

    async def looks_again(self) -> None:
        """And sends what it finds."""
        await self.publisher.publish_due()
        await until(lambda: not self.publisher._serving)

    @asynccontextmanager
    async def publishing(self) -> AsyncIterator[None]:
        running = asyncio.create_task(self.publisher.run())
        try:
            yield
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def notes(self, sender: Sender) -> list[str]:
        return [
            sent.note.title for sent in self.chat.tracks if sent.conversation == sender.conversation
        ]

    def card(self, place: CardPlace) -> CardView:
        view = self.chat.messages[place.conversation, place.message]
        assert isinstance(view, CardView)
        return view

    def notices(self) -> list[NoticeView]:
        views = self.chat.messages.values()
        return [v for v in views if isinstance(v, NoticeView) and v.text != "new"]


@pytest.fixture
async def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setattr(publishing, "FIRST_RETRY_S", 0.02)
    monkeypatch.setattr(publishing, "POLL_S", 0.02)
    files, chat = MemoryFiles(), DiaryChat()
    async with open_library(migrated_url(tmp_path)) as library:
        platforms: dict[str, MemoryChat] = {"memory": chat}
        publisher = Publisher(
            library=library,
            files=files,
            platforms=platforms,
            voices=MemoryProducer().voices(),
        )
        yield Stage(library, files, chat, publisher, platforms)


# --- voice notes ----------------------------------------------------------------------------------


async def test_a_wish_is_granted_once_its_track_is_there(stage: Stage) -> None:
    await stage.has(ADA)
    await stage.is_read()
    await stage.wishes(ADA, 2)
    async with stage.publishing():
        await stage.settled()
        assert stage.notes(ADA) == []
        await stage.speaks(2)
        await until(lambda: stage.notes(ADA))
        await stage.settled()
    assert stage.notes(ADA) == ["Introduction"]
    progress = await stage.library.progress(ADA.listener.id, BEES)
    assert progress is not None
    assert progress.listenings == {2: ListeningState.STARTED}


async def test_a_card_tells_of_a_simple_voice_and_of_no_other(stage: Stage) -> None:
    card = await stage.has(ADA)
    await stage.is_read()
    for voice, is_told in (("hibari:heart", False), ("espeak:default", True)):
        await stage.library.narrate_as("memory:ada", BEES, replace(ENGLISH, voice=voice))
        async with stage.publishing():
            await stage.settled()
        shown = stage.chat.messages[card.conversation, card.message]
        assert isinstance(shown, CardView)
        assert (messages.SIMPLE_VOICE in shown.skipped) == is_told


async def test_the_same_track_is_uploaded_once_whoever_wishes_it(stage: Stage) -> None:
    for sender in (ADA, TOM):
        await stage.has(sender)
    await stage.is_read()
    await stage.speaks(1)
    async with stage.publishing():
        for sender in (ADA, TOM, ADA):
            await stage.wishes(sender, 1)
            await stage.settled()
    assert [sent.was_uploaded for sent in stage.chat.tracks] == [True, False, False]


async def test_a_note_once_more_changes_no_card(stage: Stage) -> None:
    await stage.has(ADA)
    await stage.is_read()
    await stage.speaks(1)
    async with stage.publishing():
        await stage.wishes(ADA, 1)
        await stage.settled()
    anew = Publisher(library=stage.library, files=stage.files, platforms={"memory": stage.chat})
    stage.publisher, edits = anew, stage.chat.edits
    async with stage.publishing():
        await stage.wishes(ADA, 1)
        await stage.settled()
    assert stage.notes(ADA) == ["Abstract"] * 2
    assert stage.chat.edits == edits


async def test_notes_come_in_the_order_of_the_taps_and_before_any_card(stage: Stage) -> None:
    await stage.has(ADA)
    await stage.is_read()
    await stage.speaks(1, 2, 3)
    await stage.wishes(ADA, 3, 1, 2)
    async with stage.publishing():
        await stage.settled()
    assert stage.chat.diary[:4] == [
        ("ada", "Discussion"),
        ("ada", "Abstract"),
        ("ada", "Introduction"),
        ("ada", "card"),
    ]


async def test_a_note_that_is_being_sent_is_not_sent_again_when_the_library_is_slow(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.has(ADA)
    await stage.is_read()
    await stage.speaks(1)
    stage.chat.gates["ada"] = asyncio.Event()
    stale_cards = DatabaseLibrary.stale_cards

    async def slow(self: DatabaseLibrary, platforms: Sequence[str]) -> Any:
        """Answers when the note has just been sent, after the due wishes were told."""
        found = await stale_cards(self, platforms)
        if stage.publisher._serving:
            stage.chat.gates["ada"].set()
            await until(lambda: not stage.publisher._serving)
        return found

    monkeypatch.setattr(DatabaseLibrary, "stale_cards", slow)
    async with stage.publishing():
        await stage.wishes(ADA, 1)
        await until(lambda: stage.notes(ADA))
        await stage.settled()
    assert stage.notes(ADA) == ["Abstract"]


async def test_a_chapter_that_could_not_be_spoken_is_told_with_another_try(stage: Stage) -> None:
    await stage.has(ADA)
    await stage.is_read()
    await stage.wishes(ADA, 2)
    async with stage.publishing():
        await stage.library.save_track_failure(BEES, 2, ENGLISH)
        await until(stage.notices)
        await stage.settled()
    (excuse,) = stage.notices()
    assert excuse.text == messages.NOT_SPOKEN.format(title="Introduction")
    ((retry,),) = excuse.buttons
    assert (retry.action.verb, retry.action.number) == (Verb.PLAY, 2)


@pytest.mark.parametrize("delay", [Throttled(0.05), ChatUnavailable()])
async def test_an_excuse_that_cannot_be_told_now_is_told_later(
    stage: Stage, delay: Exception
) -> None:
    await stage.has(ADA)
    await stage.is_read()
    await stage.wishes(ADA, 2)
    await stage.library.save_track_failure(BEES, 2, ENGLISH)
    stage.chat.troubles["ada"] = [delay]
    async with stage.publishing():
        await until(stage.notices)
        await stage.settled()
    assert len(stage.notices()) == 1


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (TrackTooLarge(), messages.TRACK_TOO_LARGE),
        (publishing.ChatError("refused"), messages.SEND_TROUBLE),
    ],
)
async def test_a_note_that_the_chat_refuses_is_told_in_a_sentence(
    stage: Stage, trouble: Exception, sentence: str
) -> None:
    await stage.has(ADA)
    await stage.is_read()
    await stage.speaks(1)
    await stage.wishes(ADA, 1)
    stage.chat.troubles["ada"] = [trouble]
    async with stage.publishing():
        await until(stage.notices)
        await stage.settled()
    assert [notice.text for notice in stage.notices()] == [sentence.format(title="Abstract")]
    assert stage.notes(ADA) == []


@pytest.mark.parametrize("left", [None, b"ID"])
async def test_a_track_whose_file_is_gone_or_cut_short_is_spoken_again_and_then_sent(
    stage: Stage, left: bytes | None
) -> None:
    await stage.has(ADA)
    await stage.is_read()
    await stage.speaks(1)
    track = a_track(BEES, 1)
    stage.files.files = {track.key: left} if left else {}
    await stage.wishes(ADA, 1)
    async with stage.publishing():
        await until(stage.notices)
        await stage.settled()
        assert stage.notes(ADA) == []
        assert await stage.library.track(BEES, 1, ENGLISH) is None  # "ready" no more
        (unfinished,) = [one for one in await stage.library.unfinished() if one.is_awaited]
        assert unfinished.chapters == (1,)
        await stage.speaks(1)
        await stage.settled()
    assert stage.notes(ADA) == ["Abstract"]
    assert [notice.text for notice in stage.notices()] == [
        messages.SPOKEN_AGAIN.format(title="Abstract")
    ]


async def test_a_wish_of_somebody_who_let_the_document_go_is_dropped(stage: Stage) -> None:
    await stage.has(ADA)
    await stage.has(TOM)
    await stage.is_read()
    await stage.speaks(1)
    await stage.library.unshelve(ADA.listener.id, BEES)
    await stage.wishes(ADA, 1)
    async with stage.publishing():
        await stage.settled()
    assert stage.notes(ADA) == []


async def test_who_cannot_be_reached_is_owed_nothing_any_more(stage: Stage) -> None:
    place = await stage.has(ADA)
    await stage.is_read()
    await stage.speaks(1)
    await stage.wishes(ADA, 1)
    stage.chat.troubles["ada"] = [Unreachable(), Unreachable()]
    async with stage.publishing():
        await stage.settled()
    assert stage.chat.diary == []
    assert await stage.library.card_at(place.conversation, place.message) is None


# --- nobody waits for somebody else ---------------------------------------------------------------


async def test_a_throttled_conversation_waits_alone(stage: Stage) -> None:
    for sender in (ADA, TOM):
        await stage.has(sender)
    await stage.is_read()
    await stage.speaks(1)
    for sender in (ADA, TOM):
        await stage.wishes(sender, 1)
    stage.chat.troubles["ada"] = [Throttled(3600)]
    async with stage.publishing():
        await until(lambda: stage.notes(TOM))
        await stage.looks_again()
    assert stage.notes(ADA) == []
    assert await stage.library.due_wishes(["memory"]) == []  # before its pause is over
    await stage.library.put_off(ADA.conversation, 0.0)
    due = await stage.library.due_wishes(["memory"])
    assert [wish.listener for wish, _ in due] == [ADA.listener]


async def test_a_slow_conversation_waits_alone(stage: Stage) -> None:
    for sender in (ADA, TOM):
        await stage.has(sender)
    await stage.is_read()
    await stage.speaks(1)
    stage.chat.gates["ada"] = asyncio.Event()
    async with stage.publishing():
        for sender in (ADA, TOM):
            await stage.wishes(sender, 1)
        await until(lambda: stage.notes(TOM))
        assert stage.notes(ADA) == []
        stage.chat.gates["ada"].set()
        await stage.settled()
    assert stage.notes(ADA) == ["Abstract"]


async def test_a_conversation_that_breaks_us_waits_alone(stage: Stage) -> None:
    for sender in (ADA, TOM):
        await stage.has(sender)
    await stage.is_read()
    await stage.speaks(1)
    stage.chat.troubles["ada"] = [RuntimeError("a bug")]
    async with stage.publishing():
        for sender in (ADA, TOM):
            await stage.wishes(sender, 1)
        await until(lambda: stage.notes(TOM))


async def test_an_outage_is_waited_out(stage: Stage) -> None:
    await stage.has(ADA)
    await stage.is_read()
    await stage.speaks(1, 2)
    await stage.wishes(ADA, 1, 2)
    stage.chat.troubles["ada"] = [ChatUnavailable() for _ in range(4)]
    async with stage.publishing():
        await until(lambda: stage.notes(ADA) == ["Abstract", "Introduction"])
        await stage.settled()


@pytest.fixture
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as a library tells at once: with hundreds of them a test would take its time."""
    monkeypatch.setattr(conversations, "MAX_ROWS", FEW)


async def test_what_cannot_be_shown_on_one_platform_holds_up_no_other(
    stage: Stage, few_rows: None
) -> None:
    card = await stage.has(ADA)
    many = [a_sender(f"u{number}", platform="slack") for number in range(FEW + 5)]
    await stage.all_have(many)
    stage.platforms["slack"] = dead = DiaryChat()
    for sender in many:
        dead.troubles[sender.conversation.channel] = [ChatUnavailable()] * 9
    await stage.is_read()
    async with stage.publishing():
        await until(lambda: "card" in {what for _, what in stage.chat.diary})
    assert stage.card(card).chapters


async def test_what_was_put_off_lets_others_of_its_platform_through(
    stage: Stage, few_rows: None
) -> None:
    many = [a_sender(f"u{number}") for number in range(FEW + 5)]
    card = await stage.has(ADA)
    await stage.library.mark_card_shown(card, 1)
    await stage.all_have(many)
    for sender in many:
        stage.chat.troubles[sender.conversation.channel] = [Throttled(3600)]
    await stage.library.turn_page(card, 1)  # it comes after all of them
    async with stage.publishing():
        await until(lambda: ("ada", "card") in stage.chat.diary)


async def test_of_hundreds_of_cards_a_few_are_edited_at_once_and_a_tap_goes_before_the_others(
    stage: Stage,
) -> None:
    many = [a_sender(f"u{number}") for number in range(2 * publishing.EDITS_AT_ONCE)]
    await stage.has(ADA)
    await stage.all_have(many)
    gate = asyncio.Event()
    for sender in many:
        stage.chat.gates[sender.conversation.channel] = gate
    await stage.is_read()
    await stage.speaks(1)
    async with stage.publishing():
        await until(lambda: len(stage.chat.waiting) >= publishing.EDITS_AT_ONCE)
        await stage.wishes(ADA, 1)
        stage.publisher.notify()
        await until(lambda: stage.notes(ADA))
        assert len(stage.chat.waiting) == publishing.EDITS_AT_ONCE
        gate.set()
        await stage.settled()
    assert {channel for channel, _ in stage.chat.diary} >= {s.conversation.channel for s in many}


async def test_where_an_edit_began_while_the_library_was_asked_nothing_is_sent_beside_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "EDITS_AT_ONCE", 1)
    for sender in (ADA, TOM):
        await stage.has(sender)
        stage.chat.gates[sender.conversation.channel] = asyncio.Event()
    await stage.is_read()
    await stage.speaks(1)
    await stage.publisher.publish_due()
    await until(lambda: stage.chat.waiting == {"ada"})
    due_wishes, is_asked, may_answer = DatabaseLibrary.due_wishes, asyncio.Event(), asyncio.Event()

    async def slow(self: DatabaseLibrary, platforms: Sequence[str]) -> Any:
        found = await due_wishes(self, platforms)
        is_asked.set()
        await may_answer.wait()
        return found

    monkeypatch.setattr(DatabaseLibrary, "due_wishes", slow)
    await stage.wishes(TOM, 1)
    look = asyncio.create_task(stage.publisher.publish_due())
    await is_asked.wait()
    stage.chat.gates["ada"].set()
    await until(lambda: stage.chat.waiting == {"tom"})  # his card's turn came meanwhile
    serving = stage.publisher._serving[TOM.conversation]
    may_answer.set()
    await look
    assert stage.publisher._serving[TOM.conversation] is serving
    stage.chat.gates["tom"].set()
    async with stage.publishing():
        await stage.settled()
    assert len(stage.notes(TOM)) == 1


async def test_a_library_that_is_away_for_a_moment_is_asked_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.has(ADA)
    due_wishes, failures = DatabaseLibrary.due_wishes, [OSError("no database"), OSError("still")]

    async def shaky(self: DatabaseLibrary, platforms: Sequence[str]) -> Any:
        if failures:
            raise failures.pop()
        return await due_wishes(self, platforms)

    monkeypatch.setattr(DatabaseLibrary, "due_wishes", shaky)
    async with stage.publishing():
        await until(lambda: stage.chat.diary)
    assert failures == []


# --- cards ----------------------------------------------------------------------------------------


async def test_a_card_follows_its_document(stage: Stage) -> None:
    place = await stage.has(ADA)
    async with stage.publishing():
        await stage.settled()
        assert stage.card(place).status == messages.STATUS_WAITING
        await stage.is_read()
        await stage.settled()
        assert stage.card(place).status == "0 of 3 ready"
        await stage.speaks(1, 2, 3)
        await stage.settled()
        assert stage.card(place).done is None
        await stage.library.save_failure(BEES, kind="scan", sentence="It is a scan.")
        await stage.settled()


async def test_changes_that_a_card_does_not_show_make_no_edit(stage: Stage) -> None:
    await stage.has(ADA)
    await stage.is_read()
    await stage.speaks(1, 2, 3)
    async with stage.publishing():
        await stage.settled()
        edits = stage.chat.edits
        await stage.speaks(1, 2, 3)
        await stage.settled()
    assert stage.chat.edits == edits


async def test_many_changes_become_few_edits(stage: Stage) -> None:
    place = await stage.has(ADA)
    stage.chat.edit_interval_s = 0.3
    await stage.is_read(BEES, *(f"Chapter {n}" for n in range(1, 21)))
    async with stage.publishing():
        await stage.settled()
        before = stage.chat.edits
        for chapter in range(1, 21):
            await stage.speaks(chapter)
        await until(lambda: "20 ready" in stage.card(place).facts)
    assert stage.chat.edits - before <= 3


@pytest.mark.parametrize("is_read", [True, False])
async def test_what_came_of_a_reading_waits_for_no_interval(stage: Stage, is_read: bool) -> None:
    """An hour between two edits, and the card is there all the same; progress alone waits."""
    place = await stage.has(ADA)
    stage.chat.edit_interval_s = 3600.0
    async with stage.publishing():
        await stage.settled()
        assert stage.chat.edits == 1  # the first card
        await stage.library.mark_reading(BEES)
        await stage.library.save_read_share(BEES, 0.5)
        if is_read:
            await stage.is_read()
            await until(lambda: stage.card(place).chapters)
        else:
            await stage.library.save_failure(BEES, kind="scan", sentence="It is a scan.")
            await until(lambda: "It is a scan." in stage.card(place).status)
        stage.chat.edit_interval_s = (
            0.0  # what changed while the card was edited is looked at again
        )
        await stage.settled()
    assert stage.chat.edits == 2


async def test_what_the_text_alone_tells_waits_for_no_interval_and_is_improved_in_place(
    stage: Stage,
) -> None:
    place = await stage.has(ADA)
    stage.chat.edit_interval_s = 3600.0
    async with stage.publishing():
        await stage.library.mark_reading(BEES)
        await stage.settled()
        await stage.library.save_draft(a_document(BEES, "Bees"))
        await until(lambda: stage.card(place).facts == "1 min · 1 chapter")
        assert stage.card(place).chapters == ()
        await stage.is_read()
        await until(lambda: len(stage.card(place).chapters) > 1)


async def test_a_document_that_is_read_after_all_shows_at_once(stage: Stage) -> None:
    place = await stage.has(ADA)
    stage.chat.edit_interval_s = 3600.0
    async with stage.publishing():
        await stage.library.save_failure(BEES, kind="scan", sentence="It is a scan.")
        await stage.settled()
        await stage.is_read()
        await until(lambda: stage.card(place).chapters)


async def test_progress_keeps_its_distance_from_the_result(stage: Stage) -> None:
    place = await stage.has(ADA)
    stage.chat.edit_interval_s = 3600.0
    async with stage.publishing():
        await stage.is_read()
        await stage.settled()
    await stage.speaks(1)
    await stage.publisher.publish_due()
    assert not stage.publisher._serving
    stage.chat.edit_interval_s = 0.0
    async with stage.publishing():
        await stage.settled()
    assert stage.card(place).status.startswith("1 of 3 ready")  # a slow machine tells what is left


async def test_a_card_that_was_taken_away_is_let_go_and_not_sent_anew(stage: Stage) -> None:
    place = await stage.has(ADA)
    stage.chat.troubles["ada"] = [MessageGone()]
    async with stage.publishing():
        await stage.settled()
    assert await stage.library.card_at(place.conversation, place.message) is None
    assert stage.chat.diary == []


async def test_a_tap_waits_for_one_card_at_most(stage: Stage) -> None:
    """However many cards of a conversation are stale."""
    documents = [f"{n:064x}" for n in range(1, 6)]
    for document in documents:
        await stage.has(ADA, document)
        await stage.is_read(document)
        await stage.speaks(1, document=document)
    stage.chat.gates["ada"] = asyncio.Event()
    async with stage.publishing():
        await until(lambda: stage.chat.waiting)
        await stage.wishes(ADA, 1, document=documents[0])
        stage.chat.gates["ada"].set()
        await stage.settled()
    assert [what for _, what in stage.chat.diary].index("Abstract") == 1
    assert len(stage.chat.diary) >= 6


async def test_a_conversations_cards_take_turns(stage: Stage) -> None:
    places = [await stage.has(ADA, document) for document in (BEES, WASPS)]
    async with stage.publishing():
        for _ in range(3):
            for document in (BEES, WASPS):
                await stage.is_read(document)
            await stage.settled()
    assert all(stage.card(place).chapters for place in places)


# --- beginning and end ----------------------------------------------------------------------------


async def test_a_change_told_from_another_thread_is_seen_at_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "POLL_S", 3600)
    await stage.has(ADA)
    async with stage.publishing():
        await stage.settled()
        await stage.is_read()
        thread = threading.Thread(target=stage.publisher.notify)
        thread.start()
        thread.join()
        await stage.settled()


async def test_what_is_being_sent_at_the_end_arrives_and_is_not_sent_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "FINISHING_S", 3600.0)
    await stage.has(ADA)
    await stage.is_read()
    await stage.speaks(1)
    await stage.wishes(ADA, 1)
    stage.chat.gates["ada"] = asyncio.Event()
    async with stage.publishing():
        await until(lambda: stage.chat.waiting)
        asyncio.get_running_loop().call_later(0.2, stage.chat.gates["ada"].set)
    assert stage.notes(ADA) == ["Abstract"]
    assert await stage.library.due_wishes(["memory"]) == []


@pytest.mark.parametrize("ticks", range(6))
async def test_an_end_that_comes_together_with_a_change_is_an_end(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, ticks: int
) -> None:
    monkeypatch.setattr(publishing, "POLL_S", 3600)
    running = asyncio.create_task(stage.publisher.run())
    await asyncio.sleep(0.1)
    stage.publisher.notify()
    for _ in range(ticks):
        await asyncio.sleep(0)
    running.cancel()
    await until(running.done)


async def test_what_does_not_arrive_in_time_is_still_owed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "FINISHING_S", 0.3)
    await stage.has(ADA)
    await stage.is_read()
    await stage.speaks(1)
    await stage.wishes(ADA, 1)
    stage.chat.gates["ada"] = asyncio.Event()
    async with stage.publishing():
        await until(lambda: stage.chat.waiting)
    assert len(await stage.library.due_wishes(["memory"])) == 1


class Clock:
    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (publishing, editing):
        monkeypatch.setattr(module, "time", clock)
    return clock


def test_after_each_outage_the_pause_is_longer_up_to_a_minute(clock: Clock) -> None:
    delays, here = Delays(), ADA.conversation
    pauses = []
    for _ in range(9):
        delays.put_off(here, delays.longer_s(here))
        start = clock.now
        assert delays.next_s() > 0
        while not delays.is_over(here):
            clock.now += 0.5
        pauses.append(clock.now - start)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    delays.reset(here)
    delays.put_off(here, delays.longer_s(here))
    assert delays.next_s() == 1
    clock.now += 1
    assert delays.next_s() == float("inf")
    assert delays.is_over(here)


def test_edits_of_one_card_keep_their_distance(clock: Clock) -> None:
    edits, chat = Edits(), MemoryChat(edit_interval_s=3.0)
    card = CardPlace(
        conversation=ADA.conversation, message="1", document=BEES, listener=ADA.listener
    )
    assert edits.may_edit(card, chat)
    edits.shown(card, NoticeView(text="now"), Reading.READ.value)
    clock.now += 2.9
    assert not edits.may_edit(card, chat)
    clock.now += 0.2
    assert edits.may_edit(card, chat)
