"""What only a whole program shows on Telegram: passwords, files, languages."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from bot.views import Verb
from bot.words import messages, words_in
from tests import drawing
from tests.e2e.serving import QUICK_VOICE
from tests.e2e.test_telegram_story import TITLE, living, played, stopped, telegram
from tests.loopback.telegram import LoopbackTelegram
from tests.loopback.telegram_chats import Chat, Message
from tests.loopback.telegram_person import Person
from tests.warm import folder_of

__all__ = ["telegram"]  # the fixture
CHAPTERS = 6


def card_with(chat: Chat, words: str) -> Message | None:
    return next((message for message in chat.texts if words in message.words), None)


async def test_what_is_shared_is_heard_and_taken_along_in_another_language(
    telegram: LoopbackTelegram, lender: str, tmp_path: Path
) -> None:
    ada, tom = Person(telegram, 7, "Ada"), Person(telegram, 8, "Tom", "ru")
    words = words_in("ru")
    async with living(telegram, tmp_path, lender=lender, **QUICK_VOICE) as program:
        ada.forwards(drawing.a_paper(tmp_path / "paper.pdf", is_short=True))
        card = await ada.sees(lambda chat: card_with(chat, f" · {CHAPTERS} ready · "))
        ada.taps(messages.BUTTON_SHARE, card)
        shared = await ada.sees(lambda chat: card_with(chat, "?start="))
        token = shared.words.partition("?start=")[2].split()[0]
        tom.says(f"/start {token}")
        nothing = words(messages.FACT_HEARD, percent=0)
        his = await tom.sees(lambda chat: card_with(chat, nothing))
        tap = tom.taps("The dance", his)
        note = await tom.sees(lambda chat: played(chat, "The dance"))
        assert tap.toast == words(Verb.PLAY.toast)
        assert words(messages.BUTTON_TEXT) in note.labels
        menu = telegram.commands["all_private_chats", "ru"]
        assert menu[0]["description"] == words(messages.MENU_PROGRESS)
        await takes_along(tom)
        assert await stopped(program) == 0
    assert telegram.refused == []


async def test_a_locked_file_is_read_by_its_password_which_stays_nowhere(
    telegram: LoopbackTelegram, lender: str, tmp_path: Path
) -> None:
    ada = Person(telegram, 7, "Ada")
    secret = "honey-4711-secret"
    locked = drawing.a_locked(tmp_path / "locked.pdf", password=secret)
    async with living(telegram, tmp_path, lender=lender, **QUICK_VOICE) as program:
        ada.forwards(locked)
        await ada.sees(lambda chat: chat.with_button("Unlock"))
        ada.taps("Unlock")
        await ada.sees(lambda chat: card_with(chat, "What is the password"))
        wrong = ada.says("wrong one")
        await ada.sees(lambda chat: card_with(chat, "not the password"))
        assert wrong["message"]["message_id"] not in ada.chat.messages
        ada.taps("Unlock")
        await ada.sees(
            lambda chat: [m for m in chat.texts if m.words.startswith("What is the password")][1:]
        )
        right = ada.says(secret)
        await ada.sees(lambda chat: card_with(chat, " ready · "))
        assert right["message"]["message_id"] not in ada.chat.messages
        assert await stopped(program) == 0
    assert telegram.refused == []
    places = [*tmp_path.rglob("*"), *folder_of(lender).rglob("*")]  # and where its children worked
    for file in (path for path in places if path.is_file() and path != locked):
        assert secret.encode() not in file.read_bytes(), file.name


async def takes_along(tom: Person) -> None:
    """What is shared can be exported as well: as MP3s and as an audiobook."""
    words = words_in(tom.language)
    export = f"1. {words(messages.BUTTON_EXPORT)}"
    for label, ending in (("ZIP", ".zip"), ("M4B", ".m4b")):
        tom.says("/export")
        tom.taps(export, await tom.sees(lambda chat: chat.with_button(export)))
        tom.taps(label, await tom.sees(lambda chat, label=label: chat.with_button(label)))
        sent = await tom.sees(lambda chat, ending=ending: files(chat, ending))
        assert str(CHAPTERS) in sent.words
        done = words(messages.EXPORT_DONE, title=TITLE)
        await tom.sees(lambda chat, done=done: card_with(chat, done))
    packed = files(tom.chat, ".zip")
    assert packed is not None
    assert packed.file is not None
    names = zipfile.ZipFile(io.BytesIO(packed.file.data)).namelist()
    assert [name[:3] for name in names] == [f"{n:02d}-" for n in range(1, CHAPTERS + 1)]


def files(chat: Chat, ending: str) -> Message | None:
    found = (m for m in chat.ours if m.file is not None and m.file.name.endswith(ending))
    return next(found, None)
