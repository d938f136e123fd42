"""How a chapter arrives: as a voice note wherever that is allowed, and its bytes once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest

from adapters.telegram.access import TelegramAccess
from adapters.telegram.chat import TelegramChat
from adapters.telegram.opening import telegram_bot
from bot.domain import Conversation, Progress
from bot.ports import TrackTooLarge, Upload
from bot.presenters import notes
from bot.views import NoteView
from bot.words import ENGLISH as ENGLISH_WORDS
from pipeline.audio.tags import Tags, write_tags
from tests.loopback.telegram import TOKEN, LoopbackTelegram
from tests.loopback.telegram_person import Person
from tests.samples import ENGLISH, a_document, a_holding, a_track
from tests.sounds import an_mp3

DOCUMENT = "0123456789abcdef" * 4
ADA = Conversation(platform="telegram", channel="7")
TOM = Conversation(platform="telegram", channel="8")


@pytest.fixture
async def chat(telegram: LoopbackTelegram) -> AsyncIterator[TelegramChat]:
    async with telegram_bot(TelegramAccess(token=TOKEN, api_url=telegram.url)) as bot:
        yield TelegramChat(bot)


@pytest.fixture
def ada(telegram: LoopbackTelegram) -> Person:
    return Person(telegram, 7, "Ada")


@pytest.fixture
def tom(telegram: LoopbackTelegram) -> Person:
    return Person(telegram, 8, "Tom")


@pytest.fixture
def mp3(tmp_path: Path) -> Path:
    """A second of sound, with a cover as large as our covers are."""
    path = an_mp3(tmp_path / "track.mp3", seconds=1.0)
    cover = tmp_path / "cover.jpg"
    pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 600, 849)).save(cover, output="jpeg")
    tags = Tags(
        title="Introduction",
        album="On Bees",
        artist="Ada Meyer",
        number=2,
        total=3,
        language="en",
        lyrics="",
        comment="",
        cover=cover,
    )
    write_tags(path, tags)
    return path


def a_note(**changes: object) -> NoteView:
    progress = Progress(holding=a_holding(a_document(DOCUMENT)), narration=ENGLISH)
    note = notes.note(ENGLISH_WORDS, progress, progress.chapters[1], a_track(DOCUMENT, 2))
    return replace(note, **changes)  # type: ignore[arg-type]


async def test_who_refuses_voice_notes_gets_an_audio_file_with_its_title_and_cover(
    chat: TelegramChat, ada: Person, mp3: Path
) -> None:
    ada.chat.takes_voice = False
    sent = await chat.send_track(ADA, a_note(), mp3, [])
    (note,) = ada.chat.notes
    assert (note.kind, note.title, note.performer) == ("audio", "Introduction", "Ada Meyer")
    assert note.seconds == 60
    assert note.thumbnail.startswith(b"\xff\xd8")
    assert sent.upload is not None
    assert sent.upload.kind == "audio"


async def test_who_refused_voice_notes_once_is_not_asked_for_each_chapter(
    chat: TelegramChat, ada: Person, mp3: Path
) -> None:
    ada.chat.takes_voice = False
    sent = await chat.send_track(ADA, a_note(), mp3, [])
    assert sent.upload is not None
    await chat.send_track(ADA, a_note(), mp3, [sent.upload])
    assert len(ada.telegram.refused) == 1
    assert [note.kind for note in ada.chat.notes] == ["audio", "audio"]
    assert sum(call.uploaded > 0 and not call.refusal for call in ada.telegram.calls) == 1


async def test_each_listener_gets_their_kind_of_the_same_track(
    chat: TelegramChat, ada: Person, tom: Person, mp3: Path
) -> None:
    ada.chat.takes_voice = False
    uploads: list[Upload] = []
    for conversation in (ADA, TOM, ADA, TOM):
        sent = await chat.send_track(conversation, a_note(), mp3, uploads)
        assert sent.upload is not None
        uploads = [upload for upload in uploads if upload.kind != sent.upload.kind] + [sent.upload]
    assert [note.kind for note in ada.chat.notes] == ["audio"] * 2
    assert [note.kind for note in tom.chat.notes] == ["voice"] * 2
    assert len(ada.telegram.uploads) == 2


async def test_a_group_without_voice_notes_gets_audio_files(
    telegram: LoopbackTelegram, chat: TelegramChat, mp3: Path
) -> None:
    group = telegram.chat(-5, kind="supergroup", title="Readers")
    group.takes_voice = False
    await chat.send_track(Conversation(platform="telegram", channel="-5"), a_note(), mp3, [])
    assert [note.kind for note in group.notes] == ["audio"]


async def test_a_stored_file_of_the_wrong_kind_or_of_another_bot_is_replaced(
    chat: TelegramChat, ada: Person, mp3: Path
) -> None:
    ada.chat.takes_voice = False
    audio = (await chat.send_track(ADA, a_note(), mp3, [])).upload
    assert audio is not None
    ada.chat.takes_voice = True
    other = TelegramChat(chat._bot)  # a later life: it asks again
    mislabelled = replace(audio, kind="voice")
    foreign = replace(audio, kind="voice", remote_id="of-another-bot")
    for upload in (mislabelled, foreign):
        sent = await other.send_track(ADA, a_note(), mp3, [upload])
        assert sent.upload is not None
        assert sent.upload.kind == "voice"
        assert sent.upload != upload


async def test_a_track_over_50_mb_is_not_even_tried(
    chat: TelegramChat, ada: Person, mp3: Path
) -> None:
    with pytest.raises(TrackTooLarge):
        await chat.send_track(ADA, a_note(size=50 * 1024 * 1024 + 1), mp3, [])
    assert {call.method for call in ada.telegram.calls} == {"getMe"}


async def test_a_track_that_telegram_finds_too_large_is_told_apart_from_an_outage(
    chat: TelegramChat, ada: Person, tmp_path: Path
) -> None:
    path = tmp_path / "long.mp3"
    path.write_bytes(b"ID3" + bytes(50 * 1024 * 1024))
    with pytest.raises(TrackTooLarge):
        await chat.send_track(ADA, a_note(), path, [])


async def test_a_track_without_a_cover_goes_out_without_one(
    chat: TelegramChat, ada: Person, tmp_path: Path
) -> None:
    ada.chat.takes_voice = False
    await chat.send_track(ADA, a_note(), an_mp3(tmp_path / "bare.mp3", seconds=0.5), [])
    assert ada.chat.notes[0].thumbnail == b""


async def test_the_words_of_a_note_may_hold_anything(
    chat: TelegramChat, ada: Person, mp3: Path
) -> None:
    title = "<b>Q&A</b> & “quotes” \u202e😀" * 40
    note = a_note(title=title, album="שלום <עולם>" * 60, takeaway="a < b && c > d " * 90)
    await chat.send_track(ADA, note, mp3, [])
    words = ada.chat.notes[0].words
    assert words.startswith("<b>Q&A</b> & “quotes” 😀<b>")
    assert "a < b && c > d" in words
    assert ada.telegram.refused == []


async def test_who_waits_sees_that_a_voice_note_is_on_its_way(
    chat: TelegramChat, ada: Person, mp3: Path
) -> None:
    upload = (await chat.send_track(ADA, a_note(), mp3, [])).upload
    assert upload is not None
    await chat.send_track(ADA, a_note(), mp3, [upload])
    actions = ada.telegram.calls_of("sendChatAction")
    assert [call.params["action"] for call in actions] == ["upload_voice"]
