"""One long story on a loopback Telegram, counted: how much is asked of it, and that nothing is
refused or sent twice. And what only a whole program shows: passwords, files, languages."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from bot import messages
from bot.words import words_in
from tests import drawing
from tests.drawing import BEES, DANCE, HONEY, WINTER, Sheet
from tests.e2e.test_telegram_story import PATIENCE_S, living, played, stopped, telegram
from tests.loopback.telegram import Call, LoopbackTelegram
from tests.loopback.telegram_chats import Chat, Message
from tests.loopback.telegram_person import Person

__all__ = ["telegram"]  # the fixture
CHAPTERS = 17
MOST_CALLS = 40
ASKING = ("getUpdates", "getMe", "setMyCommands", "deleteWebhook")  # not because of anybody


def a_long_paper(path: Path) -> Path:
    """Seventeen chapters of a few sentences."""
    sheet = Sheet(header="Journal of Small Animals 12 (2026)", has_page_numbers=True)
    sheet.line("Seventeen Things That Bees Do", size=20, font=drawing.BOLD)
    sheet.space(8)
    for number in range(1, CHAPTERS + 1):
        sheet.heading(f"{number} Thing {number} of bees")
        sheet.paragraph((BEES, DANCE, HONEY, WINTER)[number % 4])
    return sheet.save(path)


def card_with(chat: Chat, words: str) -> Message | None:
    return next((message for message in chat.texts if words in message.words), None)


def asked(telegram: LoopbackTelegram) -> list[Call]:
    return [call for call in telegram.calls if call.method not in ASKING]


async def test_the_full_story_in_forty_calls(telegram: LoopbackTelegram, tmp_path: Path) -> None:
    ada, tom = Person(telegram, 7, "Ada"), Person(telegram, 8, "Tom")
    paper = a_long_paper(tmp_path / "things.pdf")
    async with living(telegram, tmp_path) as program:
        ada.forwards(paper)
        card = await ada.sees(
            lambda chat: card_with(chat, f" · {CHAPTERS} ready · "), timeout_s=PATIENCE_S
        )
        ada.taps("Start listening")
        for number in (1, 2, 3):
            title = f"Thing {number} of bees"
            note = await ada.sees(lambda chat, title=title: played(chat, title))
            if number < 3:
                ada.taps("Next ▶", note)
        ada.taps("✓ Heard", note)
        await ada.sees(lambda _: note.button("↩ Undo"))
        await ada.sees(lambda _: re.search(r"· 1\d % heard", card.words))
        ada.says("/progress")
        await ada.sees(lambda chat: card_with(chat, "3 of 17 heard"))
        ada.taps(messages.BUTTON_SHARE, card)
        shared = await ada.sees(lambda chat: card_with(chat, "?start="))
        token = shared.words.partition("?start=")[2].split()[0]
        tom.says(f"/start {token}")
        his = await tom.sees(lambda chat: card_with(chat, "0 % heard"))
        tom.taps("Thing 1 of bees", his)
        await tom.sees(lambda chat: played(chat, "Thing 1 of bees"))
        ada.says("/delete")
        ada.taps("Delete", await ada.sees(lambda chat: chat.with_button("1. Delete")))
        question = await ada.sees(lambda chat: chat.with_button("Keep"))
        ada.taps("Delete", question)
        await ada.sees(lambda _: "is gone" in question.words)
        assert await stopped(program) == 0

    calls = asked(telegram)
    assert len(calls) <= MOST_CALLS, [call.method for call in calls]
    assert telegram.refused == []
    voices = [file.data for file in telegram.uploads]
    assert len(voices) == len(set(voices)) == 3  # Tom's came by the stored one


async def test_a_locked_file_is_read_by_its_password_which_stays_nowhere(
    telegram: LoopbackTelegram, tmp_path: Path
) -> None:
    ada = Person(telegram, 7, "Ada")
    secret = "honey-4711-secret"
    locked = drawing.a_locked(tmp_path / "locked.pdf", password=secret)
    async with living(telegram, tmp_path) as program:
        ada.forwards(locked)
        await ada.sees(lambda chat: chat.with_button("Unlock"), timeout_s=PATIENCE_S)
        ada.taps("Unlock")
        await ada.sees(lambda chat: card_with(chat, "What is the password"))
        wrong = ada.says("wrong one")
        await ada.sees(lambda chat: card_with(chat, "not the password"), timeout_s=PATIENCE_S)
        assert wrong["message"]["message_id"] not in ada.chat.messages
        ada.taps("Unlock")
        await ada.sees(
            lambda chat: [m for m in chat.texts if m.words.startswith("What is the password")][1:]
        )
        right = ada.says(secret)
        await ada.sees(lambda chat: card_with(chat, " ready · "), timeout_s=PATIENCE_S)
        assert right["message"]["message_id"] not in ada.chat.messages
        assert await stopped(program) == 0
    assert telegram.refused == []
    for file in (path for path in tmp_path.rglob("*") if path.is_file() and path != locked):
        assert secret.encode() not in file.read_bytes(), file.name


async def test_chapters_are_taken_along_as_files(
    telegram: LoopbackTelegram, paper: Path, tmp_path: Path
) -> None:
    ada = Person(telegram, 7, "Ada")
    async with living(telegram, tmp_path) as program:
        ada.forwards(paper)
        await ada.sees(lambda chat: card_with(chat, " · 6 ready · "), timeout_s=PATIENCE_S)
        for label, ending in (("ZIP", ".zip"), ("M4B", ".m4b")):
            ada.says("/export")
            ada.taps("Export", await ada.sees(lambda chat: chat.with_button("1. Export")))
            ada.taps(label, await ada.sees(lambda chat, label=label: chat.with_button(label)))
            sent = await ada.sees(lambda chat, ending=ending: files(chat, ending), timeout_s=60)
            assert "chapters 1 to 6" in sent.words
            await ada.sees(lambda chat: card_with(chat, "is packed"))
        packed = zipfile.ZipFile(io.BytesIO(files(ada.chat, ".zip").file.data))  # type: ignore[union-attr]
        assert [name[:3] for name in packed.namelist()] == [f"0{n}-" for n in range(1, 7)]
        assert await stopped(program) == 0
    assert telegram.refused == []


def files(chat: Chat, ending: str) -> Message | None:
    found = (m for m in chat.ours if m.file is not None and m.file.name.endswith(ending))
    return next(found, None)


@pytest.mark.parametrize("language", ["ru"])
async def test_a_listener_is_spoken_to_in_the_language_of_their_client(
    telegram: LoopbackTelegram, paper: Path, tmp_path: Path, language: str
) -> None:
    eva = Person(telegram, 9, "Eva", language)
    words = words_in(language)
    async with living(telegram, tmp_path) as program:
        eva.forwards(paper)
        ready = words(messages.FACT_READY, count=6)
        card = await eva.sees(lambda chat: card_with(chat, f" · {ready} · "), timeout_s=PATIENCE_S)
        tap = eva.taps("The dance", card)
        await tap.answered()
        assert tap.toast == words(messages.TOASTS["p"])  # type: ignore[index] - a Verb is its text
        note = await eva.sees(lambda chat: played(chat, "The dance"))
        assert words(messages.BUTTON_UP_TO) in note.labels
        menu = telegram.commands["all_private_chats", language]
        assert menu[0]["description"] == words(messages.COMMANDS["progress"])
        assert await stopped(program) == 0
    assert telegram.refused == []
