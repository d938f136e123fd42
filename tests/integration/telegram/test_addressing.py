"""Which words reach the conversation, and with what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.telegram import albums
from bot.domain import Conversation, Sender
from bot.views import NoticeView
from tests.inboxes import SilentInbox
from tests.integration.telegram.stage import BOT_NAME, Stage, a_pdf
from tests.loopback.telegram_chats import Message
from tests.loopback.telegram_person import Person


class Notebook(SilentInbox):
    """Writes down what it hears."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str, str]] = []
        self.documents: list[tuple[str, str]] = []
        self.asked: list[tuple[int | None, str]] = []

    def refusal(
        self, sender: Sender, *, size: int | None, platform_limit: int | None
    ) -> NoticeView | None:
        self.asked.append((size, sender.listener.language))
        return None

    async def on_document(self, sender: Sender, pdf: Path, filename: str) -> None:
        self.documents.append((sender.listener.account, filename))

    async def on_command(self, sender: Sender, name: str, argument: str, message: str = "") -> None:
        self.said.append((name, argument, message))


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
async def home(stage: Stage, notebook: Notebook) -> AsyncIterator[Stage]:
    async with stage.living(notebook):
        yield stage


@pytest.fixture
def ada(home: Stage) -> Person:
    return home.ada.inside(home.group())


def newest(person: Person) -> Message:
    return next(reversed(person.chat.messages.values()))


@pytest.mark.parametrize(
    ("words", "name", "argument"),
    [
        ("/start Shared_Token-42", "start", "Shared_Token-42"),
        ("/start", "start", ""),
        (f"/start@{BOT_NAME} Shared_Token-42", "start", "Shared_Token-42"),
        ("hunter2", "", "hunter2"),
        ("https://arxiv.org/abs/1706.03762", "", "https://arxiv.org/abs/1706.03762"),
        ("/say bees = beezees", "say", "bees = beezees"),
    ],
)
async def test_what_is_said_comes_with_the_message_that_said_it(
    home: Stage, notebook: Notebook, words: str, name: str, argument: str
) -> None:
    home.ada.says(words)
    await home.settled()
    assert notebook.said == [(name, argument, str(newest(home.ada).id))]


async def test_how_large_a_file_may_be_is_told_in_the_senders_language(
    home: Stage, notebook: Notebook, tmp_path: Path
) -> None:
    home.ada.language = "de-AT"
    home.ada.forwards(a_pdf(tmp_path))
    await home.settled()
    assert [language for _, language in notebook.asked] == ["de"]


# --- below somebody's file ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        f"@{BOT_NAME}",
        f"@{BOT_NAME} please read this to me",
        f"Hey @{BOT_NAME.upper()}, this one",
        f"/listen@{BOT_NAME}",
        "/start",
        f"/read@{BOT_NAME}",
    ],
)
async def test_a_mention_or_a_command_below_a_file_means_that_file(
    home: Stage, ada: Person, notebook: Notebook, tmp_path: Path, words: str
) -> None:
    home.tom.inside(ada.chat).forwards(a_pdf(tmp_path))
    ada.says(words, reply_to=newest(ada))
    await home.settled()
    assert notebook.documents == [("7", "bees.pdf")]
    assert notebook.said == []


@pytest.mark.parametrize(
    ("words", "name"), [("/progress", "progress"), (f"/help@{BOT_NAME}", "help")]
)
async def test_a_command_of_its_own_meaning_keeps_it_below_a_file(
    home: Stage, ada: Person, notebook: Notebook, tmp_path: Path, words: str, name: str
) -> None:
    home.tom.inside(ada.chat).forwards(a_pdf(tmp_path))
    ada.says(words, reply_to=newest(ada))
    await home.settled()
    assert [command for command, *_ in notebook.said] == [name]
    assert notebook.documents == []


@pytest.mark.parametrize("words", ["nice one", "/listen", "/start@another_bot", "/dance"])
async def test_what_is_not_for_us_below_a_file_takes_nothing(
    home: Stage, ada: Person, notebook: Notebook, tmp_path: Path, words: str
) -> None:
    home.tom.inside(ada.chat).forwards(a_pdf(tmp_path))
    ada.says(words, reply_to=newest(ada))
    await home.settled()
    assert (notebook.documents, notebook.said) == ([], [])


async def test_a_password_below_a_file_in_a_private_chat_is_a_text(
    home: Stage, notebook: Notebook, tmp_path: Path
) -> None:
    home.ada.forwards(a_pdf(tmp_path))
    home.ada.says("hunter2", reply_to=newest(home.ada))
    await home.settled()
    assert [words for _, words, _ in notebook.said] == ["hunter2"]
    assert len(notebook.documents) == 1


# --- albums ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_an_album_is_taken_whole_wherever_its_words_stand(
    home: Stage, ada: Person, notebook: Notebook, tmp_path: Path, place: int
) -> None:
    names = ["one.pdf", "two.pdf", "three.pdf"]
    for number, name in enumerate(names):
        caption = f"@{BOT_NAME}" if number == place else ""
        ada.forwards(a_pdf(tmp_path, name), caption=caption, album=f"album-{place}")
    await home.settled()
    assert [name for _, name in notebook.documents] == names


async def test_an_album_that_is_not_for_us_is_not_taken_and_holds_up_little(
    home: Stage,
    ada: Person,
    notebook: Notebook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(albums, "PATIENCE_S", 0.2)
    waits = 0
    is_ours = albums.Albums.is_ours

    async def counted(self: albums.Albums, album: str) -> bool:
        nonlocal waits
        waits += 1
        return await is_ours(self, album)

    monkeypatch.setattr(albums.Albums, "is_ours", counted)
    for name in ("one.pdf", "two.pdf", "three.pdf"):
        ada.forwards(a_pdf(tmp_path, name), caption="for Tom", album="album-9")
    ada.says(f"@{BOT_NAME} hello")
    await home.settled()
    assert waits == 3
    assert notebook.documents == []
    assert [words for _, words, _ in notebook.said] == [f"@{BOT_NAME} hello"]


# --- groups that move -----------------------------------------------------------------------------


async def test_a_group_that_says_where_it_moves_is_answered_there_without_a_refusal(
    stage: Stage,
) -> None:
    group = stage.group()
    ada = stage.ada.inside(group)
    async with stage.living() as chat:
        new = stage.telegram.chat(-1_000_000_778, kind="supergroup", title="Readers")
        group.moved_to = new.id
        message = {"message_id": 99, "date": 1, "chat": group.as_json(), "from": ada.user}
        stage.telegram.deliver("message", message | {"migrate_to_chat_id": new.id})
        await stage.settled()
        there = Conversation(platform="telegram", channel=str(group.id))
        await chat.show(there, NoticeView(text="Still here."))
    assert [m.words for m in new.ours] == ["Still here."]
    assert stage.telegram.refused == []
