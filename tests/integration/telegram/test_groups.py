"""In groups: silent unless addressed, in the topic where it was asked, progress for each alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain import Conversation, Listener
from bot.words import messages
from tests import sayings
from tests.integration.telegram.stage import BOT_NAME, Stage, a_pdf, is_card
from tests.loopback.telegram_chats import Message
from tests.loopback.telegram_person import Person
from tests.samples import ENGLISH
from tests.waiting import until


@pytest.fixture
def ada(home: Stage) -> Person:
    return home.ada.inside(home.group())


@pytest.mark.parametrize(
    "words",
    [
        "Has anybody read this?",
        "/dance",
        "/start@another_bot",
        f"ask @{BOT_NAME}2 about it",
        f"mail me at a@{BOT_NAME}.example",
    ],
)
async def test_what_is_not_meant_for_us_is_not_answered(
    home: Stage, ada: Person, words: str
) -> None:
    ada.says(words)
    await home.settled()
    assert ada.chat.ours == []


async def test_a_pdf_that_is_not_for_us_is_not_taken(
    home: Stage, ada: Person, tmp_path: Path
) -> None:
    ada.forwards(a_pdf(tmp_path), caption="for the reading circle")
    await home.settled()
    assert ada.chat.ours == []
    assert home.telegram.calls_of("getFile") == []


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/help", sayings.HELP),
        ("/Progress", messages.NOTHING_YET),
        (f"/help@{BOT_NAME}", sayings.HELP),
        (f"/help@{BOT_NAME.upper()}", sayings.HELP),
        (f"/dance@{BOT_NAME}", sayings.UNKNOWN_COMMAND),
        (f"@{BOT_NAME} what can you do?", sayings.HELP),
        (f"Say, @{BOT_NAME.title()}!", sayings.HELP),
    ],
)
async def test_what_is_meant_for_us_is_answered(ada: Person, words: str, answer: str) -> None:
    ada.says(words)
    assert (await ada.sees(lambda chat: chat.last)).words == answer


async def test_a_reply_to_us_is_meant_for_us(ada: Person) -> None:
    ada.says("/help")
    ours = await ada.sees(lambda chat: chat.last)
    ada.says("and then?", reply_to=ours)
    await ada.sees(lambda chat: len(chat.ours) == 2)


async def test_a_pdf_whose_caption_names_us_is_taken(ada: Person, tmp_path: Path) -> None:
    ada.forwards(a_pdf(tmp_path), caption=f"@{BOT_NAME} please")
    await ada.sees(is_card())


async def test_who_names_us_below_somebodys_pdf_means_that_pdf(
    ada: Person, home: Stage, tmp_path: Path
) -> None:
    home.tom.inside(ada.chat).forwards(a_pdf(tmp_path))
    shared = next(reversed(ada.chat.messages.values()))
    ada.says(f"@{BOT_NAME}", reply_to=shared)
    await ada.sees(is_card())
    assert await home.library.shelf("telegram:7")
    assert not await home.library.shelf("telegram:8")


async def test_an_album_is_meant_for_us_if_its_words_are(
    home: Stage, ada: Person, tmp_path: Path
) -> None:
    home.jobs.is_idle = True
    pdfs = [a_pdf(tmp_path, name) for name in ("one.pdf", "two.pdf")]
    ada.forwards_album(*pdfs, caption=f"@{BOT_NAME}")
    await ada.sees(lambda chat: len(chat.texts) == 2)
    ada.forwards_album(*(a_pdf(tmp_path, name) for name in ("three.pdf", "four.pdf")))
    await home.settled()
    assert [card.words.splitlines()[0] for card in ada.chat.texts] == ["one.pdf", "two.pdf"]


async def test_answers_cards_and_voice_notes_stay_in_their_topic(
    home: Stage, tmp_path: Path
) -> None:
    forum = home.group(is_forum=True)
    ada, tom = home.ada.inside(forum, topic=41), home.tom.inside(forum, topic=42)
    ada.forwards(a_pdf(tmp_path), caption=f"@{BOT_NAME}")
    card = await ada.sees(is_card())
    tom.says("/progress")
    await tom.sees(lambda chat: chat.last is not card)
    ada.taps("Introduction", card)
    await ada.sees(lambda chat: chat.notes)
    assert [message.thread for message in forum.ours] == [41, 42, 41]


async def test_a_reply_in_an_ordinary_group_is_no_topic(home: Stage, ada: Person) -> None:
    update = {
        "message_id": 77,
        "date": 1,
        "chat": ada.chat.as_json() | {"type": "supergroup"},
        "from": ada.user,
        "text": "/help",
        "message_thread_id": 12,
    }
    home.telegram.deliver("message", update)
    assert (await ada.sees(lambda chat: chat.last)).thread is None


async def test_everybody_in_a_group_may_tap_and_has_progress_of_their_own(
    home: Stage, ada: Person, tmp_path: Path
) -> None:
    ada.forwards(a_pdf(tmp_path), caption=f"@{BOT_NAME}")
    await ada.sees(is_card())
    await home.settled()  # nobody taps within the millisecond in which the card's place is kept
    tom = home.tom.inside(ada.chat)
    tom.taps("Introduction")
    note = await tom.sees(lambda chat: chat.notes and chat.notes[-1])
    tom.taps("✓ Heard", note)
    await home.settled()
    shelves = [await home.library.shelf(f"telegram:{account}") for account in (7, 8)]
    assert [shelf[0].percent for shelf in shelves] == [0, 25]


async def test_a_group_that_became_a_supergroup_gets_its_voice_note_there(
    home: Stage, ada: Person, tmp_path: Path
) -> None:
    ada.forwards(a_pdf(tmp_path), caption=f"@{BOT_NAME}")
    await ada.sees(is_card())
    await home.settled()
    document = home.jobs.reads[0]
    new = home.telegram.chat(-1_000_000_777, kind="supergroup", title="Readers")
    ada.chat.moved_to = new.id
    listener = Listener(platform="telegram", account="7")
    there = Conversation(platform="telegram", channel=str(ada.chat.id))
    for chapter in (1, 2):
        await home.library.wish(there, listener, document, chapter, ENGLISH)
    home.publisher.notify()
    await until(lambda: len(new.notes) == 2)
    await home.settled()
    assert [note.words.split("\n")[0] for note in new.notes] == ["Abstract", "Introduction"]


async def test_only_who_was_asked_is_answered_and_all_is_erased_in_private_only(
    home: Stage, ada: Person, tmp_path: Path
) -> None:
    """Somebody else's tap is told so, to them alone; nobody's things go."""
    tom = home.tom.inside(ada.chat)
    home.tom.forwards(a_pdf(tmp_path))
    await home.tom.sees(is_card())
    home.ada.forwards(a_pdf(tmp_path))
    await home.ada.sees(is_card())
    ada.says("/privacy")
    privacy = await ada.sees(lambda chat: chat.with_button("Erase everything"))
    await _is_turned_away(home, tom, "Erase everything", privacy)
    ada.taps("Erase everything", privacy)
    await ada.sees(lambda chat: chat.last.words == messages.IN_PRIVATE_ONLY)
    for account in (7, 8):
        assert len(await home.library.shelf(f"telegram:{account}")) == 1
    home.ada.says("/privacy")
    privacy = await home.ada.sees(lambda chat: chat.with_button("Erase everything"))
    home.ada.taps("Erase everything", privacy)
    question = await home.ada.sees(lambda chat: chat.with_button("Keep"))
    home.ada.taps("Erase everything", question)
    await home.ada.sees(lambda _: question.words == messages.ERASED)
    assert await home.library.shelf("telegram:7") == []
    assert len(await home.library.shelf("telegram:8")) == 1


async def test_only_who_was_asked_deletes_a_document(
    home: Stage, ada: Person, tmp_path: Path
) -> None:
    tom = home.tom.inside(ada.chat)
    ada.forwards(a_pdf(tmp_path), caption=f"@{BOT_NAME}")
    await ada.sees(is_card())
    await home.settled()
    await home.library.shelve(
        Listener(platform="telegram", account="8"), home.jobs.reads[0], ENGLISH
    )
    ada.says("/delete")
    choice = await ada.sees(lambda chat: chat.with_button("1."))
    ada.taps(choice.labels[0], choice)
    question = await ada.sees(lambda chat: chat.with_button("Keep"))
    for label in ("Delete", "Keep"):
        await _is_turned_away(home, tom, label, question)
    assert len(await home.library.shelf("telegram:8")) == 1
    ada.taps("Delete", question)
    await ada.sees(lambda chat: chat.with_button("Keep") is None)
    await home.settled()
    assert await home.library.shelf("telegram:7") == []
    assert len(await home.library.shelf("telegram:8")) == 1


async def _is_turned_away(home: Stage, person: Person, label: str, message: Message) -> None:
    labels, count = message.labels, len(person.chat.ours)
    tap = person.taps(label, message)
    await tap.answered()
    await home.settled()
    assert tap.toast == messages.ASKED_OF_ANOTHER
    assert (message.labels, len(person.chat.ours)) == (labels, count)
