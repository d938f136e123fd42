"""What a person sends, and what becomes of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from adapters.telegram import downloads
from bot.ports import pdf_key
from bot.words import messages
from tests import sayings
from tests.integration.telegram.stage import BOT_NAME, Stage, a_pdf, is_card
from tests.loopback.telegram import Fault

MEGABYTE = 1024 * 1024


def key_of(pdf: Path) -> str:
    return pdf_key(hashlib.sha256(pdf.read_bytes()).hexdigest())


async def test_a_forwarded_pdf_becomes_one_card(home: Stage, tmp_path: Path) -> None:
    pdf = a_pdf(tmp_path)
    home.ada.forwards(pdf)
    card = await home.ada.sees(is_card())
    await home.settled()
    assert home.files.files[key_of(pdf)] == pdf.read_bytes()
    assert home.ada.chat.ours == [card]
    assert [button.data[0] for row in card.rows for button in row] == [*"pppp", *"cAaSme"]
    assert home.telegram.refused == []


async def test_a_fresh_chat_is_greeted(home: Stage) -> None:
    home.ada.says("/start")
    assert (await home.ada.sees(lambda chat: chat.last)).words == sayings.WELCOME


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/help", sayings.HELP),
        ("/HELP", sayings.HELP),
        (f"/help@{BOT_NAME}", sayings.HELP),
        ("/progress", messages.NOTHING_YET),
        ("/progress\nplease", messages.NOTHING_YET),
        ("/start shared-document", messages.SHARE_GONE),
        ("/dance", sayings.UNKNOWN_COMMAND),
        ("what is this?", sayings.HELP),
    ],
)
async def test_words_are_answered(home: Stage, words: str, answer: str) -> None:
    home.ada.says(words)
    assert (await home.ada.sees(lambda chat: chat.last)).words == answer


async def test_a_pdf_with_a_command_below_it_is_a_document_all_the_same(
    home: Stage, tmp_path: Path
) -> None:
    home.ada.forwards(a_pdf(tmp_path), caption="/progress")
    await home.ada.sees(is_card())


async def test_an_album_is_as_many_documents_in_their_order(home: Stage, tmp_path: Path) -> None:
    home.jobs.is_idle = True
    names = ["one.pdf", "two.pdf", "three.pdf"]
    home.ada.forwards_album(*(a_pdf(tmp_path, name) for name in names))
    await home.ada.sees(lambda chat: len(chat.texts) == 3)
    assert [card.words.splitlines()[0] for card in home.ada.chat.texts] == names


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("paper.pdf", "application/pdf"),
        ("PAPER.PDF", "application/octet-stream"),
        ("paper", "application/pdf"),
        ("paper.bin", "application/pdf"),
        ("paper", "application/octet-stream"),
        ("2301.00001v2", ""),
        ("paper.pdf", "text/plain"),
        ("book.epub", "application/epub+zip"),
        ("BOOK.EPUB", "application/octet-stream"),
        ("book", "application/epub+zip"),
    ],
)
async def test_what_may_be_a_pdf_is_taken(
    home: Stage, tmp_path: Path, name: str, mime: str
) -> None:
    home.ada.forwards(a_pdf(tmp_path), name=name, mime=mime)
    await home.ada.sees(is_card())


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("paper.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("film.mp4", "video/mp4"),
        ("pack.zip", "application/octet-stream"),
        ("<b>&.mobi", "application/x-mobipocket-ebook"),
    ],
)
async def test_what_is_no_pdf_is_not_even_fetched(home: Stage, name: str, mime: str) -> None:
    home.ada.forwards(b"PK something", name=name, mime=mime)
    answer = await home.ada.sees(lambda chat: chat.last)
    assert answer.words == messages.ONLY_BOOKS.format(name=name)
    assert home.telegram.calls_of("getFile") == []


async def test_a_file_over_20_mb_is_refused_before_any_download_with_a_way_out(
    home: Stage,
) -> None:
    home.ada.forwards(b"%PDF-1.7 huge", size=20 * MEGABYTE + 1)
    answer = await home.ada.sees(lambda chat: chat.last)
    assert "21 MB" in answer.words
    assert "up to 20 MB" in answer.words
    assert "smaller copy" in answer.words
    await home.settled()
    assert home.telegram.calls_of("getFile", "file") == []


async def test_a_file_of_20_mb_is_taken(home: Stage) -> None:
    home.ada.forwards(b"%PDF-1.7" + bytes(20 * MEGABYTE - 8))
    await home.ada.sees(is_card())


async def test_a_file_whose_size_is_only_known_to_telegram_is_refused_in_the_same_words(
    home: Stage,
) -> None:
    home.ada.forwards(b"%PDF-1.7 huge", size=21 * MEGABYTE, is_size_told=False)
    answer = await home.ada.sees(lambda chat: chat.last)
    assert "more than 20 MB" in answer.words
    assert "smaller copy" in answer.words


async def test_a_server_of_our_own_hands_over_files_of_any_size_by_path(
    stage: Stage, tmp_path: Path
) -> None:
    stage.telegram.local_folder = tmp_path
    stage.is_local = True
    async with stage.living():
        stage.ada.forwards(b"%PDF-1.7" + bytes(21 * MEGABYTE))
        await stage.ada.sees(is_card())
        stage.ada.taps("Introduction")
        note = await stage.ada.sees(lambda chat: chat.notes and chat.notes[0])
    assert note.file is not None
    assert note.file.data == stage.jobs.sound + b"2"
    assert stage.telegram.calls_of("file") == []
    assert [call.uploaded for call in stage.telegram.calls_of("sendVoice")] == [0]


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("getFile", Fault.DROP_BEFORE),
        ("getFile", Fault.SERVER_ERROR),
        ("file", Fault.DROP_BEFORE),
        ("file", Fault.SERVER_ERROR),
        ("file", Fault.CUT_SHORT),
    ],
)
async def test_a_broken_download_is_tried_again(
    home: Stage, tmp_path: Path, method: str, fault: Fault
) -> None:
    pdf = a_pdf(tmp_path)
    home.telegram.breaks(method, fault, times=2)
    home.ada.forwards(pdf)
    await home.ada.sees(is_card())
    assert home.files.files[key_of(pdf)] == pdf.read_bytes()
    assert home.telegram.counts[method] == 3


async def test_a_download_that_never_works_is_told(home: Stage, tmp_path: Path) -> None:
    home.telegram.breaks("file", Fault.DROP_BEFORE, times=downloads.TRIES)
    home.ada.forwards(a_pdf(tmp_path))
    answer = await home.ada.sees(lambda chat: chat.last)
    assert answer.words == messages.DOWNLOAD_FAILED.format(name="bees.pdf")
    assert home.telegram.counts["file"] == downloads.TRIES


async def test_a_disk_without_room_is_told(
    home: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(downloads.Downloads, "fetch", fails)
    home.ada.forwards(a_pdf(tmp_path))
    assert (await home.ada.sees(lambda chat: chat.last)).words == messages.DISK_FULL


async def test_no_download_stays_behind(home: Stage, tmp_path: Path) -> None:
    home.ada.forwards(a_pdf(tmp_path))
    await home.ada.sees(is_card())
    await home.settled()
    assert [path.name for path in (home.folder / "incoming").iterdir()] == ["telegram"]


async def test_what_is_no_message_of_a_person_is_not_answered(home: Stage) -> None:
    message = {"message_id": 99, "date": 1, "chat": home.ada.chat.as_json(), "from": home.ada.user}
    home.telegram.deliver("message", message | {"group_chat_created": True})
    robot = home.ada.user | {"is_bot": True}
    home.telegram.deliver("message", message | {"from": robot, "text": "I am a bot too"})
    await home.settled()
    assert home.ada.chat.ours == []


async def test_a_picture_is_answered_with_what_to_do(home: Stage) -> None:
    message = {"message_id": 99, "date": 1, "chat": home.ada.chat.as_json(), "from": home.ada.user}
    photo = {"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}
    home.telegram.deliver("message", message | {"photo": [photo]})
    assert (await home.ada.sees(lambda chat: chat.last)).words == sayings.HELP
