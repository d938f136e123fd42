"""The one story, lived through on each chat by the whole program: nothing is refused, and no sound
goes over the wire twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.e2e.browser import a_page_to_await, needs_browser
from tests.e2e.people import OnPage, OnSlack, OnTelegram
from tests.e2e.serving import QUICK_VOICE, Serving, serving
from tests.e2e.story import begin, end, find_it_again, live_through
from tests.e2e.test_telegram_story import living
from tests.loopback.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, LoopbackSlack
from tests.loopback.slack_member import Member
from tests.loopback.telegram import Call, LoopbackTelegram, opened_telegram
from tests.loopback.telegram_person import Person
from tests.sockets import a_free_port

MOST_CALLS = 42  # for what people do; the card is edited beside that while there is work
EDITED_EVERY_S = 3.0
ASKING = ("getUpdates", "getMe", "setMyCommands", "deleteWebhook")  # not because of anybody


async def test_on_telegram(lender: str, tmp_path: Path) -> None:
    async with opened_telegram() as telegram:
        ada, tom = Person(telegram, 7, "Ada"), Person(telegram, 8, "Tom")
        async with living(telegram, tmp_path, lender=lender, **QUICK_VOICE) as program:
            person = OnTelegram(ada, other=tom)
            another = await begin(person, tmp_path)
            calls = asked(telegram)
            await find_it_again(person)
            beyond = len(asked(telegram))
            await end(person, another)
            calls += asked(telegram)[beyond:]
            await stops(program)
    while_it_is_worked = (calls[-1].at - calls[0].at) / EDITED_EVERY_S
    assert len(calls) <= MOST_CALLS + while_it_is_worked, [call.method for call in calls]
    assert telegram.refused == []
    uploads = [file.data for file in telegram.uploads]
    assert len(uploads) == len(set(uploads)) == 4


def asked(telegram: LoopbackTelegram) -> list[Call]:
    return [call for call in telegram.calls if call.method not in ASKING]


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_on_slack(way: str, lender: str, tmp_path: Path) -> None:
    async with LoopbackSlack().served() as slack:
        environment = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": f"{slack.url}/api/"}
        if way == "http":
            port = a_free_port()
            slack.events_url = f"http://127.0.0.1:{port}/slack/events"
            environment |= {"SLACK_SIGNING_SECRET": SIGNING_SECRET, "SLACK_PORT": str(port)}
        else:
            environment |= {"SLACK_APP_TOKEN": APP_TOKEN}
        ada, tom = Member(slack, "U0ADA"), Member(slack, "U0TOM")
        room = slack.channel("C0ROOM", ada.id, tom.id)
        environment |= QUICK_VOICE
        with serving(tmp_path / "home", lender=lender, **environment) as program:
            await live_through(OnSlack(ada, room, other=tom), tmp_path)
            await stops(program)
    assert slack.refusals == []
    uploads = [file.data for file in ada.audio_in(room)]
    assert len(slack.calls_of("POST upload")) == len(set(uploads)) == 4


@needs_browser
async def test_on_the_page(lender: str, tmp_path: Path) -> None:
    with serving(tmp_path / "home", lender=lender, **QUICK_VOICE) as program:
        async with a_page_to_await() as page:
            await page.goto(program.url)
            await live_through(OnPage(page), tmp_path)
        await stops(program)


async def stops(program: Serving) -> None:
    assert await asyncio.to_thread(program.stop) == 0
