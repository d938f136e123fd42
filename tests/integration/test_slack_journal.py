"""What Slack was told that we have is handled once, whatever happens to the program."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.slack.payloads import key_of, read
from bot.journal import Journal
from bot.words import messages
from tests.loopback.slack import LoopbackSlack
from tests.slack_stage import SlackStage, opened_stage
from tests.sockets import a_free_port
from tests.waiting import until

WORDS = "the words of somebody"
NONSENSE: list[dict[str, object]] = [
    {"files": 7},
    {"files": ["a"]},
    {"attachments": "a"},
    {"attachments": [5]},
    {"files": {"a": 1}},
]
WAYS = ["socket", "http"]


@asynccontextmanager
async def living(way: str, slack: LoopbackSlack, folder: Path) -> AsyncIterator[SlackStage]:
    port = a_free_port() if way == "http" else 0
    async with opened_stage(slack, folder, events_port=port) as stage:
        yield stage


@pytest.fixture
async def slack() -> AsyncIterator[LoopbackSlack]:
    async with LoopbackSlack().served() as slack:
        yield slack


def a_message(slack: LoopbackSlack, text: str = WORDS, **more: object) -> dict[str, Any]:
    message = {"type": "message", "channel": slack.direct("U0ADA"), "channel_type": "im",
               "user": "U0ADA", "text": text, "ts": "1.1"}  # fmt: skip
    return slack.event(message | more)


async def is_helped(stage: SlackStage, times: int = 1) -> None:
    await stage.ada.awaits_many(stage.ada.direct, times, messages.HELP[:40])


async def settled(folder: Path) -> None:
    await until(lambda: not any((folder / "slack" / "todo").iterdir()), "the journal's end")


def told(logs: list[Any]) -> list[tuple[str, int]]:
    """Of which updates the log has that they were passed over."""
    return [
        (line["update"], line["skipped"])
        for line in logs
        if line["event"] == "update not understood"
    ]


@pytest.mark.parametrize("way", WAYS)
async def test_a_request_that_cannot_be_read_is_acknowledged_passed_over_and_told_by_its_key(
    way: str, slack: LoopbackSlack, tmp_path: Path
) -> None:
    async with living(way, slack, tmp_path) as stage:
        bad = [a_message(slack, **nonsense) for nonsense in NONSENSE]
        with capture_logs() as logs:
            for body in bad:
                with pytest.raises((AttributeError, TypeError, ValueError)):
                    read(body)
                assert await slack.deliver(body, "events_api") is not None
            await stage.ada.says(stage.ada.direct, "hello")
            await is_helped(stage)
            await settled(tmp_path)
    assert told(logs) == [(key_of(body), number) for number, body in enumerate(bad, start=1)]
    assert WORDS not in str(logs)
    assert len(list((tmp_path / "slack" / "done").iterdir())) == 2  # the good one, by both names


async def test_a_request_that_cannot_be_read_any_more_stops_no_life(
    slack: LoopbackSlack, tmp_path: Path
) -> None:
    body = a_message(slack, files=7)
    Journal(tmp_path / "slack").write(key_of(body), body)
    with capture_logs() as logs:
        for life in (1, 2):
            async with opened_stage(slack, tmp_path) as stage:
                await stage.ada.says(stage.ada.direct, "hello")
                await is_helped(stage, life)
                await settled(tmp_path)
    assert told(logs) == [(key_of(body), 1)]
    assert WORDS not in str(logs)


@pytest.mark.parametrize("way", WAYS)
async def test_a_request_that_cannot_be_kept_is_not_acknowledged_and_comes_again(
    way: str, slack: LoopbackSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_full, was_refused, write = [True], threading.Event(), Journal.write

    def writes(self: Journal, key: str, body: Mapping[str, Any]) -> bool:
        if is_full:
            was_refused.set()
            raise OSError(28, "No space left on device")
        return write(self, key, body)

    monkeypatch.setattr(Journal, "write", writes)
    hello, other = a_message(slack, "hello"), a_message(slack, "hello again", ts="2.2")
    async with living(way, slack, tmp_path) as stage:
        refused = asyncio.create_task(slack.deliver(hello, "events_api"))
        assert await asyncio.to_thread(was_refused.wait, 20)
        if way == "http":
            assert await refused is None  # Slack has tried it four times
        is_full.clear()
        await slack.deliver(other, "events_api")
        await is_helped(stage)
        assert way == "http" or not refused.done()
        await slack.deliver(hello, "events_api")
        await is_helped(stage, 2)
        await settled(tmp_path)
        refused.cancel()
        await asyncio.gather(refused, return_exceptions=True)
        assert len(stage.ada.sees(stage.ada.direct)) == 2


async def test_the_same_request_again_in_the_next_life_does_nothing_more(
    slack: LoopbackSlack, tmp_path: Path
) -> None:
    first, second = a_message(slack, "hello"), a_message(slack, "hello again", ts="2.2")
    async with opened_stage(slack, tmp_path) as stage:
        await slack.deliver(first, "events_api")
        await is_helped(stage)
        await settled(tmp_path)
    async with opened_stage(slack, tmp_path) as stage:
        await slack.deliver(first, "events_api")
        await slack.deliver(second, "events_api")
        await is_helped(stage, 2)
        await settled(tmp_path)
        assert len(stage.ada.sees(stage.ada.direct)) == 2
