"""One update that the library cannot read is passed over; nobody else waits behind it."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Sequence
from typing import Any, cast

import pytest
from telegram import Update

from adapters.telegram.polling import Polling
from adapters.telegram.updates import RawBot, reading
from bot.inlet import Arrival, open_inlet
from bot.journal import Journal
from tests import sayings
from tests.integration.telegram import test_webhook as hooked
from tests.integration.telegram.stage import Stage
from tests.loopback.telegram_chats import Chat

NONSENSE: list[dict[str, object]] = [
    {"date": "yesterday"},
    {"from": 5},
    {"entities": [{"type": 1}]},
    {"reply_to_message": {"date": []}},
    {"forward_origin": "somebody"},
    {"photo": 7},
]
WORDS = "the words of somebody"


def is_helped(chat: Chat) -> bool:
    return chat.last is not None and chat.last.words == sayings.HELP


def told(written: io.StringIO) -> list[dict[str, Any]]:
    """What the log has on updates that were passed over."""
    lines = [json.loads(line) for line in written.getvalue().splitlines() if line.startswith("{")]
    return [line for line in lines if line.get("event") == "update not understood"]


@pytest.mark.parametrize("nonsense", NONSENSE, ids=str)
async def test_it_is_passed_over_and_the_log_has_its_number_only(
    home: Stage, written: io.StringIO, nonsense: dict[str, object]
) -> None:
    update = home.ada.garbles(WORDS, **nonsense)
    with pytest.raises((AttributeError, TypeError, ValueError)):
        Update.de_json(update)
    home.tom.says("/help")
    await home.tom.sees(is_helped)
    await home.settled()
    home.ada.says("/help")
    await home.ada.sees(is_helped)
    (line,) = told(written)
    assert (line["update"], line["skipped"]) == (str(update["update_id"]), 1)
    assert WORDS not in written.getvalue()


async def test_those_before_and_behind_it_act_once(stage: Stage, written: io.StringIO) -> None:
    """All in one answer of Telegram's."""
    stage.ada.says("/help")
    stage.ada.garbles(WORDS, date="yesterday")
    stage.tom.says("/help")
    stage.tom.garbles(WORDS, photo=7)
    async with stage.living():
        await stage.settled()
    assert [len(person.chat.ours) for person in (stage.ada, stage.tom)] == [1, 1]
    assert [line["skipped"] for line in told(written)] == [1, 2]


async def test_by_webhook_it_is_taken_and_passed_over(stage: Stage, written: io.StringIO) -> None:
    async with hooked.living(stage):
        update = stage.ada.garbles(WORDS, date="yesterday")
        stage.tom.says("/help")
        await stage.tom.sees(is_helped)
        await stage.settled()
    assert stage.telegram.postman.statuses == [200, 200]
    assert [line["update"] for line in told(written)] == [str(update["update_id"])]
    assert WORDS not in written.getvalue()


@pytest.mark.parametrize("nonsense", NONSENSE, ids=str)
async def test_left_in_the_journal_it_stops_no_life(
    stage: Stage, written: io.StringIO, nonsense: dict[str, object]
) -> None:
    update = stage.ada.garbles(WORDS, **nonsense)
    stage.telegram.withdraw(update)
    Journal(stage.folder / "incoming" / "telegram").write(str(update["update_id"]), update)
    stage.tom.says("/help")
    for _ in range(2):
        async with stage.living():
            await stage.tom.sees(is_helped)
            await stage.settled()
    assert [line["update"] for line in told(written)] == [str(update["update_id"])]
    assert WORDS not in written.getvalue()


async def test_an_answer_without_any_number_is_asked_for_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It cannot be confirmed, so it is treated as an outage and not asked for without a pause."""
    good = stage.ada.says("/help")
    answers: list[list[object]] = [[{"message": {}}, 5], [{"update_id": "1"}], [good, 5]]
    offsets: list[int | None] = []
    forever_asked = asyncio.Event()

    async def raw_updates(
        self: RawBot,
        *,
        offset: int | None,
        wait_s: int,
        kinds: Sequence[str],
        read_timeout_s: float,
    ) -> Sequence[object]:
        offsets.append(offset)
        if not answers:
            forever_asked.set()
            await asyncio.Event().wait()
        return answers.pop(0)

    monkeypatch.setattr(RawBot, "raw_updates", raw_updates)
    bot = cast("RawBot", RawBot.__new__(RawBot))
    handled = asyncio.Queue[Update]()

    async def handle(arrival: Arrival[Update]) -> None:
        handled.put_nowait(arrival.update)

    async with open_inlet(stage.folder / "inlet", read=reading(bot), handle=handle) as inlet:
        polling = asyncio.create_task(Polling(bot, inlet).receive())
        assert (await handled.get()).update_id == good["update_id"]
        await forever_asked.wait()
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
    assert offsets == [None, None, None, good["update_id"] + 1]
