"""By webhook as by polling: what was answered is never lost, and acts once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.memory import MemoryKeys
from adapters.telegram import webhook
from adapters.telegram.chat import TelegramChat
from adapters.web.opening import open_web
from bot.journal import Journal
from bot.ports import Inbox
from bot.words import messages
from tests import sayings
from tests.integration.telegram.stage import Stage, a_pdf, is_card
from tests.integration.telegram.test_journal import DeafInbox
from tests.loopback.telegram import TOKEN
from tests.waiting import until

NAME = "listen.example"


@asynccontextmanager
async def living(stage: Stage, inbox: Inbox | None = None) -> AsyncIterator[TelegramChat]:
    """The page, and the bot behind it, from start to stop."""
    stage.public_url = f"https://{NAME}/"
    folder = stage.folder / "page"
    folder.mkdir(exist_ok=True)
    page = open_web(
        inbox=stage.inbox,
        files=stage.files,
        keys=MemoryKeys(),
        host="127.0.0.1",
        port=0,
        folder=folder,
        max_pdf_mb=1,
        public_url=stage.public_url,
        routes=stage.routes,
    )
    async with page as web, stage.living(inbox) as chat:
        stage.telegram.postman.roads[NAME] = web.url
        yield chat


@pytest.fixture
async def home(stage: Stage) -> AsyncIterator[Stage]:
    async with living(stage):
        await until(lambda: stage.telegram.hook)
        yield stage


def an_update(stage: Stage, words: str) -> dict[str, Any]:
    """Something that a person says, not delivered yet."""
    update = stage.ada.says(words)
    stage.telegram.withdraw(update)
    return update


async def posts(stage: Stage, update: dict[str, Any], secret: str | None = None) -> int:
    assert stage.telegram.hook is not None
    return await stage.telegram.postman.posts(stage.telegram.hook, update, secret=secret)


async def test_a_story_without_a_single_poll(home: Stage, tmp_path: Path) -> None:
    home.ada.forwards(a_pdf(tmp_path))
    await home.ada.sees(is_card())
    tap = home.ada.taps("Introduction")
    await home.ada.sees(lambda chat: chat.notes)
    await home.settled()
    assert tap.is_answered
    assert home.telegram.counts["getUpdates"] == 0
    (asked,) = home.telegram.calls_of("setWebhook")
    assert asked.params["url"] == f"https://{NAME}{webhook.PATH}"
    assert asked.params["allowed_updates"] == '["message", "callback_query"]'
    assert set(home.telegram.postman.statuses) == {200}
    assert home.telegram.refused == []


@pytest.mark.parametrize("secret", ["", "wrong", "é", TOKEN, "x" * 300])
async def test_who_does_not_know_the_secret_reaches_nothing(home: Stage, secret: str) -> None:
    async with httpx.AsyncClient(verify=False) as client:
        headers = [(b"host", NAME.encode()), (webhook.CREDENTIAL.encode(), secret.encode())]
        answer = await client.post(
            home.telegram.postman.roads[NAME] + webhook.PATH,
            json=an_update(home, "/help"),
            headers=headers,
        )
    assert answer.status_code == 403
    await home.settled()
    assert home.ada.chat.ours == []


async def test_the_secret_does_not_tell_the_token() -> None:
    secret = webhook.secret_of(TOKEN)
    assert secret == webhook.secret_of(TOKEN) != webhook.secret_of(TOKEN + "x")
    assert TOKEN not in secret


async def test_the_same_update_twice_acts_once(home: Stage) -> None:
    update = an_update(home, "/help")
    assert [await posts(home, update) for _ in range(2)] == [200, 200]
    await home.ada.sees(lambda chat: chat.last)
    await home.settled()
    assert await posts(home, update) == 200
    home.ada.says("/progress")
    await home.ada.sees(lambda chat: chat.last.words == messages.NOTHING_YET)
    assert len(home.ada.chat.ours) == 2


async def test_updates_out_of_order_all_act(home: Stage) -> None:
    first, second = an_update(home, "/help"), an_update(home, "/progress")
    for update in (second, first, second):
        assert await posts(home, update) == 200
    await home.ada.sees(lambda chat: len(chat.ours) == 2)
    await home.settled()
    assert [m.words for m in home.ada.chat.ours] == [messages.NOTHING_YET, sayings.HELP]


async def test_what_was_answered_but_not_handled_is_handled_by_the_next_life(
    stage: Stage, tmp_path: Path
) -> None:
    deaf = DeafInbox()
    async with living(stage, deaf):
        stage.ada.forwards(a_pdf(tmp_path))
        stage.tom.says("/help")
        await until(lambda: len(deaf.heard) == 2 and not stage.telegram.pending)
    async with living(stage):
        await stage.ada.sees(is_card())
        assert (await stage.tom.sees(lambda chat: chat.last)).words == sayings.HELP
        await stage.settled()
    assert (len(stage.ada.chat.ours), len(stage.tom.chat.ours)) == (1, 1)


async def test_what_is_said_while_nobody_listens_comes_later(stage: Stage) -> None:
    async with living(stage):
        await until(lambda: stage.telegram.hook)
    stage.ada.says("/help")
    await until(lambda: stage.telegram.postman.statuses)
    assert stage.telegram.pending
    async with living(stage):
        await stage.ada.sees(lambda chat: chat.last)
        await stage.settled()
    assert len(stage.ada.chat.ours) == 1


async def test_an_update_that_cannot_be_kept_is_not_answered(
    home: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = [True]
    write = Journal.write

    def writes(self: Journal, key: str, body: Mapping[str, Any]) -> bool:
        if full:
            raise OSError(28, "No space left on device")
        return write(self, key, body)

    monkeypatch.setattr(Journal, "write", writes)
    home.ada.says("/help")
    await until(lambda: home.telegram.postman.statuses[-2:] == [503, 503])
    full.clear()
    await home.ada.sees(lambda chat: chat.last)
    await home.settled()
    assert len(home.ada.chat.ours) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'{"message": {"message_id": 5}}', 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b" " * (1024 * 1024 + 1), 413),
    ],
)
async def test_what_is_no_update_is_refused(home: Stage, body: bytes, status: int) -> None:
    headers = {"host": NAME, webhook.CREDENTIAL: webhook.secret_of(TOKEN)}
    async with httpx.AsyncClient(verify=False) as client:
        address = home.telegram.postman.roads[NAME] + webhook.PATH
        assert (await client.post(address, content=body, headers=headers)).status_code == status
        assert (await client.get(address, headers=headers)).status_code == 405
    home.ada.says("/help")
    await home.ada.sees(lambda chat: chat.last)


async def test_polling_after_a_webhook_takes_it_down(stage: Stage) -> None:
    async with living(stage):
        await until(lambda: stage.telegram.hook)
    stage.public_url = ""
    stage.ada.says("/help")
    async with stage.living():
        await stage.ada.sees(lambda chat: chat.last)
    assert stage.telegram.hook is None
    assert stage.telegram.refused == []
