"""Audio files by wish, files beside chapters, buttons below them, addresses to share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.telegram.access import TelegramAccess
from adapters.telegram.chat import TelegramChat
from adapters.telegram.opening import telegram_bot
from bot.domain import Conversation
from bot.ports import TrackTooLarge, Upload
from bot.views import Action, Button, Verb
from bot.words import messages
from tests.integration.telegram.test_sounds import ADA, DOCUMENT, a_note
from tests.loopback.telegram import TOKEN, LoopbackTelegram
from tests.loopback.telegram_person import Person
from tests.sounds import an_mp3

MEGABYTE = 1024 * 1024
UNDO = Button(label="↩ Undo", action=Action(verb=Verb.UNHEARD, document=DOCUMENT[:16], number=2))


@pytest.fixture
async def chat(telegram: LoopbackTelegram) -> AsyncIterator[TelegramChat]:
    async with telegram_bot(TelegramAccess(token=TOKEN, api_url=telegram.url)) as bot:
        yield TelegramChat(bot)


@pytest.fixture
def ada(telegram: LoopbackTelegram) -> Person:
    return Person(telegram, 7, "Ada")


@pytest.fixture
def mp3(tmp_path: Path) -> Path:
    return an_mp3(tmp_path / "track.mp3", seconds=0.5)


async def test_who_wants_audio_files_gets_them_without_a_voice_note_being_tried(
    chat: TelegramChat, ada: Person, mp3: Path
) -> None:
    sent = await chat.send_track(ADA, a_note(is_file=True), mp3, [])
    (note,) = ada.chat.notes
    assert (note.kind, note.title, note.performer, note.seconds) == (
        "audio",
        "Introduction",
        "Ada Meyer",
        60,
    )
    assert sent.upload is not None
    assert sent.upload.kind == "audio"
    assert ada.telegram.calls_of("sendVoice") == []


async def test_each_kind_of_a_track_is_uploaded_once_and_kept_apart(
    chat: TelegramChat, ada: Person, mp3: Path
) -> None:
    uploads: list[Upload] = []
    for is_file in (False, True, False, True, True):
        sent = await chat.send_track(ADA, a_note(is_file=is_file), mp3, uploads)
        assert sent.upload is not None
        if sent.upload not in uploads:
            uploads.append(sent.upload)
    assert [upload.kind for upload in uploads] == ["voice", "audio"]
    assert [n.kind for n in ada.chat.notes] == ["voice", "audio", "voice", "audio", "audio"]
    assert len(ada.telegram.uploads) == 2
    assert ada.telegram.refused == []


async def test_a_file_keeps_its_name_and_says_what_it_is(
    chat: TelegramChat, ada: Person, mp3: Path
) -> None:
    await chat.send_file(ADA, mp3, caption="On <Bees> & “more”")
    (message,) = ada.chat.ours
    assert message.kind == "document"  # sound too: it was asked for as a file
    assert message.words == "On <Bees> & “more”"
    assert message.file is not None
    assert (message.file.name, message.file.data) == ("track.mp3", mp3.read_bytes())
    actions = ada.telegram.calls_of("sendChatAction")
    assert [call.params["action"] for call in actions] == ["upload_document"]


async def test_a_caption_of_any_length_fits(chat: TelegramChat, ada: Person, mp3: Path) -> None:
    await chat.send_file(ADA, mp3, caption="😀 bees " * 400)
    assert ada.chat.ours[0].words.endswith("…")
    assert ada.telegram.refused == []


async def test_a_file_stays_in_its_topic(
    telegram: LoopbackTelegram, chat: TelegramChat, mp3: Path
) -> None:
    forum = telegram.chat(-5, kind="supergroup", title="Readers", is_forum=True, topics={41})
    there = Conversation(platform="telegram", channel="-5", thread="41")
    await chat.send_file(there, mp3, caption="")
    assert [message.thread for message in forum.ours] == [41]


@pytest.mark.parametrize(("is_local", "limit"), [(False, 50 * MEGABYTE), (True, 2000 * MEGABYTE)])
def test_what_a_server_takes(is_local: bool, limit: int) -> None:
    access = TelegramAccess(token=TOKEN, api_url="http://127.0.0.1:1", is_local=is_local)
    bot = telegram_bot(access)
    assert TelegramChat(bot, file_limit=access.file_limit).file_limit == limit


async def test_a_server_of_our_own_takes_a_file_by_path_and_keeps_its_name(
    telegram: LoopbackTelegram, ada: Person, tmp_path: Path
) -> None:
    telegram.local_folder = tmp_path
    file = tmp_path / "On Bees – все.zip"
    file.write_bytes(b"PK all chapters")
    access = TelegramAccess(token=TOKEN, api_url=telegram.url, is_local=True)
    async with telegram_bot(access) as bot:
        await TelegramChat(bot, file_limit=access.file_limit).send_file(ADA, file, caption="")
    (message,) = ada.chat.ours
    assert message.file is not None
    assert (message.file.name, message.file.data) == (file.name, b"PK all chapters")
    assert [call.uploaded for call in telegram.calls_of("sendDocument")] == [0]


async def test_a_file_over_the_limit_is_not_even_tried(
    chat: TelegramChat, ada: Person, tmp_path: Path
) -> None:
    file = tmp_path / "book.zip"
    with file.open("wb") as empty:
        empty.truncate(chat.file_limit + 1)
    with pytest.raises(TrackTooLarge):
        await chat.send_file(ADA, file, caption="")
    assert {call.method for call in ada.telegram.calls} == {"getMe"}


async def test_buttons_that_stand_there_already_are_not_sent_again(
    chat: TelegramChat, ada: Person, mp3: Path
) -> None:
    note = a_note()
    sent = await chat.send_track(ADA, note, mp3, [])
    await chat.set_note_buttons(ADA, sent.message, note.buttons, noted=messages.NOTED)
    for _ in range(3):
        await chat.set_note_buttons(ADA, sent.message, ((UNDO,),), noted=messages.NOTED)
    assert ada.chat.notes[0].labels == ["↩ Undo"]
    assert ada.telegram.counts["editMessageReplyMarkup"] == 1


async def test_another_life_that_cannot_know_how_buttons_look_meets_no_error(
    chat: TelegramChat, ada: Person, mp3: Path
) -> None:
    note = a_note()
    sent = await chat.send_track(ADA, note, mp3, [])
    await TelegramChat(chat._bot).set_note_buttons(
        ADA, sent.message, note.buttons, noted=messages.NOTED
    )
    assert "not modified" in ada.telegram.refused[0].refusal


async def test_what_may_not_be_taken_away_stays(
    telegram: LoopbackTelegram, chat: TelegramChat
) -> None:
    group = telegram.chat(-5, kind="supergroup", title="Readers")
    tom = Person(telegram, 8, "Tom").inside(group)
    tom.says("secret")
    there = Conversation(platform="telegram", channel="-5")
    await chat.delete(there, "1")
    assert [message.words for message in group.messages.values()] == ["secret"]


async def test_an_address_opens_the_bot_with_its_token(chat: TelegramChat) -> None:
    assert chat.link("Ab_9-z") == "https://t.me/listendock_bot?start=Ab_9-z"
    for token in ("", "a b", "x" * 65, "é"):
        with pytest.raises(ValueError, match="64"):
            chat.link(token)


def test_before_telegram_has_told_who_we_are_there_is_no_address() -> None:
    bot = telegram_bot(TelegramAccess(token=TOKEN, api_url="http://127.0.0.1:1"))
    assert TelegramChat(bot).link("token") is None
