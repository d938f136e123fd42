"""The real program on a loopback Telegram: forward a paper, tap chapters, listen, come back."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.words import messages
from tests import hearing
from tests.books import an_epub
from tests.e2e.serving import QUICK_VOICE, Serving, serving
from tests.loopback.telegram import TOKEN, LoopbackTelegram, opened_telegram
from tests.loopback.telegram_chats import Chat, Message
from tests.loopback.telegram_person import Person
from tests.waiting import until

TITLE = "How Bees Find Their Way Home"
CHAPTERS = (
    "Abstract",
    "Introduction",
    "The dance",
    "Direction and distance",
    "Honey and winter",
    "Discussion",
)

EDITED_EVERY_S = 3.0  # a card at most


@pytest.fixture
async def telegram() -> AsyncIterator[LoopbackTelegram]:
    async with opened_telegram() as found:
        yield found


@asynccontextmanager
async def living(
    telegram: LoopbackTelegram, folder: Path, **settings: str
) -> AsyncIterator[Serving]:
    """The program from start to stop, always on the same home."""
    environment = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram.url,
        "LOG_LEVEL": "debug",
    } | settings
    with serving(folder / "home", log=folder / "log.txt", **environment) as program:
        yield program


async def stopped(program: Serving) -> int:
    return await asyncio.to_thread(program.stop)


def is_finished(card: Message) -> bool:
    return " · 6 ready · " in card.words


def played(chat: Chat, title: str, count: int = 1) -> Message | None:
    """The newest note of a chapter, once there are so many of them."""
    notes = [note for note in chat.notes if note.words.startswith(title)]
    return notes[-1] if len(notes) >= count else None


def seconds_of(note: Message, folder: Path) -> float:
    """As long as it sounds, decoded."""
    assert note.file is not None
    path = folder / "heard.mp3"
    path.write_bytes(note.file.data)
    return hearing.seconds(path)


async def test_the_whole_story(
    telegram: LoopbackTelegram, lender: str, paper: Path, tmp_path: Path
) -> None:
    ada, tom = Person(telegram, 7, "Ada"), Person(telegram, 8, "Tom")
    async with living(telegram, tmp_path) as program:
        # One message, edited until it is the card. An unspoken chapter jumps the queue.
        ada.forwards(paper)
        card = await ada.sees(
            lambda chat: next((m for m in chat.texts if m.button("Discussion")), None),
        )
        tap = ada.taps("Discussion")
        await tap.answered()
        last = await ada.sees(lambda chat: played(chat, "Discussion"))
        await ada.sees(lambda _: is_finished(card))
        await ada.sees(lambda _: card.button("▶ 6 · Discussion"))
        assert [message.kind for message in ada.chat.ours] == ["text", "voice"]
        assert card.words.startswith(TITLE)
        assert [re.sub(r"^. \W*\d+ · | · [\d:]+$", "", b) for b in card.labels[:6]] == list(
            CHAPTERS
        )
        assert "Left out: 3 references" in card.words
        assert "▶ Continue" in card.labels

        # A voice note: title, takeaway, place, as long as it says, and where to go on.
        ada.taps("The dance")
        note = await ada.sees(lambda chat: played(chat, "The dance"))
        title, takeaway, place = note.words.split("\n\n")
        assert (title, place) == ("The dance", f"3 of 6 · {TITLE}")
        assert len(takeaway) > 20
        assert note.labels == ["✓ Heard", "Next ▶", "✓ Heard up to here", "Text"]
        assert last.labels == ["✓ Heard", "✓ Heard up to here", "Text"]
        for sent in (last, note):
            assert sent.kind == "voice"
            assert sent.seconds == round(seconds_of(sent, tmp_path))

        # Again: the stored file. Heard, next, progress.
        ada.taps("The dance", card)
        again = await ada.sees(lambda chat: played(chat, "The dance", count=2))
        assert again.file is note.file
        ada.taps("Next ▶", again)
        await ada.sees(lambda chat: played(chat, "Direction and distance"))
        await ada.sees(lambda _: card.button("✓ 3 · The dance") and card.button("▶ "))
        ada.says("/progress")
        shelf = await ada.sees(lambda chat: chat.last is not card and chat.texts[1:] and chat.last)
        assert shelf.words.startswith(f"{messages.PROGRESS_HEADING}\n\n1. {TITLE}\n▓")
        assert "1 of 6 heard" in shelf.words
        assert "2 started" in shelf.words
        assert shelf.labels == ["1. ▶ Continue"]
        ada.taps("▶ Continue", shelf)
        await ada.sees(lambda chat: len(chat.notes) == 5)

        # A second person: the card at once, no work, progress of their own.
        uploads = len(telegram.uploads)
        tom.forwards(paper, name="the same.pdf")
        his = await tom.sees(lambda chat: chat.last)
        assert is_finished(his)
        assert his.edited_at == []
        assert "0 % heard" in his.words
        tom.taps("The dance")
        await tom.sees(lambda chat: played(chat, "The dance"))
        assert len(telegram.uploads) == uploads
        assert await stopped(program) == 0

    async with living(telegram, tmp_path, lender=lender) as program:
        # Another life: the old menu still works, and what was uploaded is known.
        tom.taps("Direction and distance", his)
        await tom.sees(lambda chat: played(chat, "Direction and distance"))
        assert len(telegram.uploads) == uploads

        # Gone from Ada's shelf, and still on Tom's.
        ada.says("/delete")
        ada.taps("Delete", await ada.sees(lambda chat: chat.with_button("1. Delete")))
        question = await ada.sees(lambda chat: chat.with_button("Keep"))
        ada.taps("Delete", question)
        await ada.sees(lambda _: question.words == messages.DELETED.format(title=TITLE))
        ada.says("/progress")
        await ada.sees(lambda chat: chat.last.words == messages.NOTHING_YET)
        tom.taps("Abstract", his)
        await tom.sees(lambda chat: played(chat, "Abstract"))
        assert await stopped(program) == 0

    check_what_was_asked_of_telegram(telegram, ada, card)
    log = (tmp_path / "log.txt").read_text()
    assert "track ready" in log
    assert TOKEN.partition(":")[2] not in log
    assert "Traceback" not in log


def check_what_was_asked_of_telegram(
    telegram: LoopbackTelegram, ada: Person, card: Message
) -> None:
    """Nothing that it refuses, no byte twice, and messages that are edited, not multiplied."""
    assert telegram.refused == []
    voices = [file.data for file in telegram.uploads]
    assert len(voices) == len(set(voices))
    sizes = [call.uploaded for call in telegram.calls if call.uploaded]
    assert sum(sizes) == sum(map(len, voices))
    kinds = Counter(message.kind for message in ada.chat.ours)
    assert kinds == {"voice": 5, "text": 5}  # card, progress, two on deleting, progress
    if card.edited_at:  # what was read is shown at once; one may arrive late, the next not
        least_s = (len(card.edited_at) - 3) * EDITED_EVERY_S
        assert card.edited_at[-1] - card.edited_at[0] >= least_s, card.edited_at
    edits = telegram.calls_of("editMessageText")
    while_it_is_worked = (edits[-1].at - edits[0].at) / EDITED_EVERY_S
    assert len(edits) <= 18 + while_it_is_worked


async def test_a_program_that_is_killed_loses_nothing_and_repeats_nothing(
    telegram: LoopbackTelegram, lender: str, paper: Path, tmp_path: Path
) -> None:
    ada = Person(telegram, 7, "Ada")
    async with living(telegram, tmp_path, lender=lender) as program:
        ada.forwards(paper)
        await until(lambda: telegram.counts["getFile"] and not telegram.pending)
        program.process.kill()  # confirmed to Telegram, and hardly begun
    async with living(telegram, tmp_path) as program:
        card = await ada.sees(lambda chat: chat.with_button("Discussion"))
        tap = ada.taps("Discussion")
        await tap.answered()
        program.process.kill()  # in the midst of speaking
    async with living(telegram, tmp_path, lender=lender) as program:
        await ada.sees(lambda chat: played(chat, "Discussion"))
        await ada.sees(lambda _: is_finished(card))
        assert await stopped(program) == 0
    assert len(ada.chat.texts) == 1
    assert len(ada.chat.notes) in (1, 2)


async def test_a_book_comes_by_webhook(
    telegram: LoopbackTelegram, lender: str, tmp_path: Path
) -> None:
    ada = Person(telegram, 7, "Ada")
    book = an_epub(
        tmp_path / "bees.epub",
        {name: [f"{name} is told here in a sentence or two. Bees come home."] for name in CHAPTERS},
    )
    hooked = {"TELEGRAM_WEBHOOK": "true", "PUBLIC_URL": "https://listen.example"}
    async with living(telegram, tmp_path, lender=lender, **hooked, **QUICK_VOICE) as program:
        telegram.postman.roads["listen.example"] = program.url
        ada.forwards(book, mime="application/epub+zip")
        card = await ada.sees(
            lambda chat: next((m for m in chat.texts if m.button("Discussion")), None),
        )
        ada.taps("Discussion")
        note = await ada.sees(lambda chat: played(chat, "Discussion"))
        assert note.seconds == round(seconds_of(note, tmp_path))
        assert card.words.startswith("On Bees")
        assert telegram.counts["getUpdates"] == 0
        assert telegram.refused == []
        page = await asyncio.to_thread(httpx.get, program.url)
        assert (page.status_code, messages.PAGE_CLOSED in page.text) == (403, True)
        key = program.says().rpartition("https://listen.example/#key=")[2]
        own = {"Origin": program.url}
        opened = await asyncio.to_thread(
            httpx.post, f"{program.url}/key", json={"key": key}, headers=own
        )
        assert opened.status_code == 204
        assert key not in (tmp_path / "log.txt").read_text()
        assert await stopped(program) == 0


async def test_voices_are_heard_and_the_brief_version_is_another_sound(
    telegram: LoopbackTelegram, lender: str, paper: Path, tmp_path: Path
) -> None:
    ada = Person(telegram, 7, "Ada")
    async with living(telegram, tmp_path, lender=lender) as program:
        ada.says("/say bees = beezees")
        ada.forwards(paper)
        card = await ada.sees(
            lambda chat: next((m for m in chat.texts if m.button("Discussion")), None),
        )
        ada.taps("Discussion")
        whole = await ada.sees(lambda chat: played(chat, "Discussion"))

        # The brief version of the same chapter is shorter; what was started stays started.
        ada.taps(messages.BUTTON_BRIEF, card)
        await ada.sees(lambda _: " · Brief · " in card.words and card.button("▶ 6 · Discussion"))
        ada.taps("Introduction", card)
        brief = await ada.sees(lambda chat: played(chat, "Introduction"))
        await ada.sees(lambda _: is_finished(card))
        ada.taps("Discussion", card)
        short = await ada.sees(lambda chat: played(chat, "Discussion", count=2))
        assert short.file is not whole.file
        for sent in (whole, brief, short):
            assert sent.seconds == round(seconds_of(sent, tmp_path))

        # Every voice that speaks English says a sentence of this very document.
        ada.says("/voice")
        samples = await ada.sees(
            lambda chat: (
                [note for note in chat.notes if messages.BUTTON_THIS_VOICE in note.labels][1:]
                and [note for note in chat.notes if messages.BUTTON_THIS_VOICE in note.labels]
            ),
        )
        assert [sample.words.split("\n")[0] for sample in samples] == ["Heart", "Espeak (simple)"]
        assert all(seconds_of(sample, tmp_path) > 2 for sample in samples)
        ada.taps(messages.BUTTON_THIS_VOICE, samples[1])
        await ada.sees(lambda _: messages.SIMPLE_VOICE in card.words)
        await ada.sees(lambda _: is_finished(card))
        assert telegram.refused == []
        assert await stopped(program) == 0
