"""`bot.ports.ChatPlatform`: one suite over every implementation.

A new platform joins with a `Rig` and a line in `RIGS`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from adapters.memory import MemoryChat
from adapters.telegram.access import TelegramAccess
from adapters.telegram.chat import TelegramChat
from adapters.telegram.opening import telegram_bot
from adapters.web.chat import WebChat
from bot.domain import Conversation, Progress, Stage
from bot.ports import (
    ChatPlatform,
    ChatUnavailable,
    MessageGone,
    Throttled,
    TrackTooLarge,
    Unreachable,
    Upload,
)
from bot.presenters import cards, left_out, notes, shelf_views
from bot.views import Action, Button, NoteView, NoticeView, Verb
from bot.words import ENGLISH as ENGLISH_WORDS
from bot.words import messages
from pipeline.domain import FIRST_EXTRA, Document, LeftOut, PageRun
from tests.contracts.example_rig import example_rig
from tests.contracts.slack_rig import slack_rig
from tests.loopback.telegram import TOKEN, Fault, LoopbackTelegram, opened_telegram
from tests.loopback.telegram_person import Person
from tests.samples import ENGLISH, a_document, a_holding, a_track, an_extra

DOCUMENT = "0123456789abcdef" * 4
RETRY_AFTER_S = 7
SENDING = ("sendMessage", "editMessageText", "editMessageReplyMarkup", "sendVoice", "sendDocument")
UNDO = Button(label="Undo", action=Action(verb=Verb.UNHEARD, document=DOCUMENT[:16], number=2))


class Rig(Protocol):
    """A platform and the world behind it."""

    chat: ChatPlatform
    conversation: Conversation

    def seen(self) -> list[str]:
        """The texts of the messages that stand there now, oldest first."""

    def notes(self) -> list[tuple[str, float]]:
        """The voice notes that came: title and seconds."""

    def uploaded(self) -> int:
        """How often a track's bytes were sent."""

    def throttles(self) -> None:
        """The next call is too fast, by `RETRY_AFTER_S`."""

    def breaks(self) -> None:
        """The next call fails for no fault of ours."""

    def closes(self) -> None:
        """The listener does not want to hear from us any more."""

    def loses(self, message: str) -> None:
        """The listener takes a message away."""

    def forgets_uploads(self) -> None:
        """The platform does not know stored files any more."""

    def keeps_tracks(self) -> bool:
        """Whether it stores what was sent, so that it can be sent again."""

    def note_labels(self) -> list[list[str]]:
        """The buttons below each chapter that came, oldest first."""

    def files(self) -> list[tuple[str, bytes]]:
        """The files that came beside chapters: name and bytes."""


class MemoryRig:
    def __init__(self) -> None:
        self.chat = MemoryChat()
        self.conversation = Conversation(platform="memory", channel="7")

    def seen(self) -> list[str]:
        return [view.text for view in self.chat.messages.values() if isinstance(view, NoticeView)]

    def notes(self) -> list[tuple[str, float]]:
        return [(sent.note.title, sent.note.seconds) for sent in self.chat.tracks]

    def uploaded(self) -> int:
        return sum(sent.was_uploaded for sent in self.chat.tracks)

    def throttles(self) -> None:
        self.chat.fail_next.append(Throttled(RETRY_AFTER_S))

    def breaks(self) -> None:
        self.chat.fail_next.append(ChatUnavailable())

    def closes(self) -> None:
        self.chat.fail_next += [Unreachable()] * 2

    def loses(self, message: str) -> None:
        del self.chat.messages[self.conversation, message]

    def forgets_uploads(self) -> None:
        self.chat.known_uploads.clear()

    def keeps_tracks(self) -> bool:
        return True

    def note_labels(self) -> list[list[str]]:
        rows = [sent.note.buttons for sent in self.chat.tracks]
        return [[button.label for row in note for button in row] for note in rows]

    def files(self) -> list[tuple[str, bytes]]:
        return [(file.name, file.data) for file in self.chat.files]


class TelegramRig:
    def __init__(self, telegram: LoopbackTelegram, chat: TelegramChat) -> None:
        self.telegram = telegram
        self.chat = chat
        self.person = Person(telegram, 7)
        self.conversation = Conversation(platform="telegram", channel="7")

    def seen(self) -> list[str]:
        return [message.words for message in self.person.chat.texts]

    def notes(self) -> list[tuple[str, float]]:
        return [(m.words.splitlines()[0], float(m.seconds)) for m in self.person.chat.notes]

    def uploaded(self) -> int:
        return sum(call.uploaded > 0 for call in self.telegram.calls)

    def throttles(self) -> None:
        for method in SENDING:
            self.telegram.throttles(method, RETRY_AFTER_S)

    def breaks(self) -> None:
        for method in SENDING:
            self.telegram.breaks(method, Fault.DROP_BEFORE)

    def closes(self) -> None:
        self.person.blocks()

    def loses(self, message: str) -> None:
        self.person.removes(self.person.chat.messages[int(message)])

    def forgets_uploads(self) -> None:
        self.telegram.forget_files()

    def keeps_tracks(self) -> bool:
        return True

    def note_labels(self) -> list[list[str]]:
        return [message.labels for message in self.person.chat.notes]

    def files(self) -> list[tuple[str, bytes]]:
        sent = [message.file for message in self.person.chat.ours if message.kind == "document"]
        return [(file.name, file.data) for file in sent if file is not None]


class WebRig:
    """The page is never too fast, never away and never closed for good: those parts of the suite
    are not about it."""

    def __init__(self) -> None:
        self.chat = WebChat("http://127.0.0.1:1")
        self.conversation = Conversation(platform="web", channel="local")

    def seen(self) -> list[str]:
        return [message["text"] for message in self.chat.messages(self.conversation)]

    def notes(self) -> list[tuple[str, float]]:
        pytest.skip("the page plays by itself")

    def uploaded(self) -> int:
        return 0

    def throttles(self) -> None:
        pytest.skip("the page takes any pace")

    def breaks(self) -> None:
        pytest.skip("the page is part of the program")

    def closes(self) -> None:
        pytest.skip("a page that is closed comes back and is shown everything")

    def loses(self, message: str) -> None:
        self.chat.dismiss(self.conversation, message)

    def forgets_uploads(self) -> None:
        pytest.skip("the page stores no tracks")

    def keeps_tracks(self) -> bool:
        return False

    def note_labels(self) -> list[list[str]]:
        pytest.skip("the player has buttons of its own")

    def files(self) -> list[tuple[str, bytes]]:
        return []


@asynccontextmanager
async def memory_rig() -> AsyncIterator[Rig]:
    yield MemoryRig()


@asynccontextmanager
async def web_rig() -> AsyncIterator[Rig]:
    yield WebRig()


@asynccontextmanager
async def telegram_rig() -> AsyncIterator[Rig]:
    async with opened_telegram() as telegram:
        access = TelegramAccess(token=TOKEN, api_url=telegram.url)
        async with telegram_bot(access) as bot:
            yield TelegramRig(telegram, TelegramChat(bot))


RIGS: dict[str, Callable[[], AbstractAsyncContextManager[Rig]]] = {
    "memory": memory_rig,
    "telegram": telegram_rig,
    "web": web_rig,
    "slack": slack_rig,
    "example": example_rig,
}


@pytest.fixture(params=RIGS)
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async with RIGS[request.param]() as found:
        yield found


@pytest.fixture
def track(tmp_path: Path) -> Path:
    path = tmp_path / "track.mp3"
    path.write_bytes(b"ID3 sound")
    return path


def a_notice(text: str) -> NoticeView:
    return NoticeView(text=text)


def a_note(chapter: int = 2) -> NoteView:
    holding = a_holding(a_document(DOCUMENT))
    progress = Progress(holding=holding, narration=ENGLISH)
    return notes.note(
        ENGLISH_WORDS, progress, progress.chapters[chapter - 1], a_track(DOCUMENT, chapter)
    )


async def test_a_view_is_shown_and_then_edited_in_place(rig: Rig) -> None:
    message = await rig.chat.show(rig.conversation, a_notice("first"))
    again = await rig.chat.show(rig.conversation, a_notice("second"), message=message)
    assert again == message
    assert rig.seen() == ["second"]


def with_much_left_out(document: Document) -> Document:
    """Of every kind, in many pieces."""
    kinds = tuple(
        LeftOut(
            reason=reason,
            count=9_999,
            pages=tuple(PageRun(page, page + 1) for page in range(1, 900, 3)),
            extras=tuple(
                an_extra(FIRST_EXTRA + 1000 * place + piece, "Names and notes before the text")
                for piece in range(40)
            ),
        )
        for place, reason in enumerate(messages.LEFT_OUT_KINDS)
    )
    return replace(document, left_out=kinds)


async def test_every_kind_of_view_can_be_shown(rig: Rig) -> None:
    read = a_holding(a_document(DOCUMENT))
    waiting = a_holding(a_document(DOCUMENT), stage=Stage.RECEIVED)
    progress = Progress(holding=read, narration=ENGLISH)
    look = cards.CardContext(words=ENGLISH_WORDS, menu_size=rig.chat.menu_size)
    full = replace(progress, holding=a_holding(with_much_left_out(a_document(DOCUMENT))))
    doors = [left_out.view(ENGLISH_WORDS, full, number) for number in (0, FIRST_EXTRA)]
    assert None not in doors
    for view in (
        cards.card(look, Progress(holding=waiting, narration=ENGLISH)),
        cards.card(look, progress, eta_s=12),
        shelf_views.progress_view(ENGLISH_WORDS, [progress]),
        shelf_views.library_view(ENGLISH_WORDS, [progress]),
        cards.card(replace(look, has_folds=True), full),
        *filter(None, doors),
    ):
        assert await rig.chat.show(rig.conversation, view)


async def test_two_messages_have_two_names(rig: Rig) -> None:
    first = await rig.chat.show(rig.conversation, a_notice("one"))
    second = await rig.chat.show(rig.conversation, a_notice("two"))
    assert first != second
    assert rig.seen() == ["one", "two"]


async def test_an_edit_to_what_stands_there_already_is_no_error(rig: Rig) -> None:
    message = await rig.chat.show(rig.conversation, a_notice("same"))
    for _ in range(2):
        await rig.chat.show(rig.conversation, a_notice("same"), message=message)
    assert rig.seen() == ["same"]


async def test_a_message_that_was_taken_away_is_gone(rig: Rig) -> None:
    message = await rig.chat.show(rig.conversation, a_notice("first"))
    rig.loses(message)
    with pytest.raises(MessageGone):
        await rig.chat.show(rig.conversation, a_notice("second"), message=message)


async def test_who_does_not_want_to_hear_from_us_is_unreachable(rig: Rig, track: Path) -> None:
    rig.closes()
    with pytest.raises(Unreachable):
        await rig.chat.show(rig.conversation, a_notice("hello"))
    with pytest.raises(Unreachable):
        await rig.chat.send_track(rig.conversation, a_note(), track, [])


async def test_too_fast_tells_how_long_to_wait(rig: Rig) -> None:
    rig.throttles()
    with pytest.raises(Throttled) as caught:
        await rig.chat.show(rig.conversation, a_notice("hello"))
    assert caught.value.retry_after_s == RETRY_AFTER_S


async def test_a_platform_that_fails_is_unavailable_and_works_again_later(rig: Rig) -> None:
    rig.breaks()
    with pytest.raises(ChatUnavailable):
        await rig.chat.show(rig.conversation, a_notice("hello"))
    await rig.chat.show(rig.conversation, a_notice("hello"))
    assert rig.seen() == ["hello"]


async def test_a_track_is_uploaded_once_and_then_sent_from_where_it_is_stored(
    rig: Rig, track: Path
) -> None:
    if not rig.keeps_tracks():
        pytest.skip("it stores no tracks")
    uploads: list[Upload] = []
    for _ in range(3):
        sent = await rig.chat.send_track(rig.conversation, a_note(), track, uploads)
        assert sent.upload is not None
        uploads = [sent.upload]
    assert uploads[0].platform == rig.chat.name
    assert rig.uploaded() == 1
    assert rig.notes() == [("Introduction", 60.0)] * 3


async def test_a_stored_track_that_the_platform_lost_is_uploaded_again(
    rig: Rig, track: Path
) -> None:
    if not rig.keeps_tracks():
        pytest.skip("it stores no tracks")
    first = await rig.chat.send_track(rig.conversation, a_note(), track, [])
    assert first.upload is not None
    rig.forgets_uploads()
    second = await rig.chat.send_track(rig.conversation, a_note(), track, [first.upload])
    assert second.upload not in (None, first.upload)
    assert rig.uploaded() == 2


async def test_what_is_deleted_is_gone_and_deleting_it_again_no_error(rig: Rig) -> None:
    message = await rig.chat.show(rig.conversation, a_notice(messages.KEPT))
    for _ in range(2):
        assert await rig.chat.delete(rig.conversation, message)
    assert rig.seen() == []


async def test_the_buttons_below_a_chapter_are_exchanged(rig: Rig, track: Path) -> None:
    before = len(rig.note_labels())
    sent = await rig.chat.send_track(rig.conversation, a_note(), track, [])
    for _ in range(2):  # the same once more is no error
        await rig.chat.set_note_buttons(
            rig.conversation, sent.message, ((UNDO,),), noted=messages.NOTED
        )
    assert rig.note_labels()[before:] == [["Undo"]]
    await rig.chat.set_note_buttons(rig.conversation, sent.message, (), noted=messages.NOTED)
    assert rig.note_labels()[before:] == [[]]
    assert len(rig.notes()) == 1


async def test_buttons_of_a_chapter_that_was_taken_away_are_no_error(rig: Rig, track: Path) -> None:
    sent = await rig.chat.send_track(rig.conversation, a_note(), track, [])
    await rig.chat.delete(rig.conversation, sent.message)
    await rig.chat.set_note_buttons(
        rig.conversation, sent.message, ((UNDO,),), noted=messages.NOTED
    )


async def test_who_does_not_want_to_hear_from_us_is_unreachable_for_files_too(
    rig: Rig, track: Path
) -> None:
    rig.closes()
    with pytest.raises(Unreachable):
        await rig.chat.send_file(rig.conversation, track, caption="")


async def test_a_file_arrives_under_its_own_name(rig: Rig, tmp_path: Path) -> None:
    file = tmp_path / "On Bees – все главы.zip"
    file.write_bytes(b"PK\x03\x04 all chapters")
    if rig.chat.file_limit < file.stat().st_size:
        with pytest.raises(TrackTooLarge):
            await rig.chat.send_file(rig.conversation, file, caption="On <Bees> & more")
        return
    await rig.chat.send_file(rig.conversation, file, caption="On <Bees> & more")
    assert rig.files() == [(file.name, b"PK\x03\x04 all chapters")]


async def test_an_address_carries_its_token(rig: Rig) -> None:
    address = rig.chat.link("Shared_Token-42")
    assert address is None or "Shared_Token-42" in address


async def test_its_limits_are_sensible(rig: Rig) -> None:
    assert rig.chat.name == rig.conversation.platform
    assert rig.chat.menu_size >= 1
    assert rig.chat.edit_interval_s >= 0
    assert (rig.chat.file_limit > 0) == rig.chat.carries_files
