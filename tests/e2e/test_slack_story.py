"""The whole story on Slack, through a socket and over HTTP: share, card, tap, listen, progress, a
second member, delete."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.loopback.slack import BOT, LoopbackSlack
from tests.slack_stage import SlackStage, opened_stage
from tests.sockets import a_free_port
from tests.waiting import until

PDF = b"%PDF-1.7 a paper on bees"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.intake.EARLIER_EVENTS_S", 0.3)


@pytest.fixture(params=["socket", "http"])
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SlackStage]:
    port = a_free_port() if request.param == "http" else 0
    async with (
        LoopbackSlack().served() as slack,
        opened_stage(slack, tmp_path, events_port=port) as stage,
    ):
        yield stage


async def test_the_story_in_direct_messages(stage: SlackStage) -> None:
    ada, direct = stage.ada, stage.ada.direct
    await ada.shares(direct, PDF)
    card = await ada.awaits_words(direct, "On Bees", "4 chapters", "4 ready")
    assert "Bees find their way home." in card.words
    assert "○  3 · *How bees dance*" in card.words

    await ada.taps(card, "▶ 1:00")
    note = await ada.awaits_words(direct, "*Abstract*", "1 of 4")
    (audio,) = ada.audio_in(direct)
    assert (audio.name, audio.title) == ("01-abstract.mp3", "Abstract")
    assert audio.data == b"ID3 chapter 1"

    await ada.taps(note, "Next")
    await ada.awaits_words(direct, "*Introduction*", "2 of 4")
    await stage.settled()
    await ada.awaits_words(direct, "✓  1 · *Abstract*", "▶  2 · *Introduction*")

    await ada.taps(card, "▶ 1:00")  # the first chapter again
    await ada.awaits(direct, lambda m: m.ts > note.ts and "*Abstract*" in m.words and m != card)
    assert len(stage.slack.calls_of("files.getUploadURLExternal")) == 2

    await ada.commands("/progress")
    shelf = await ada.awaits_words(direct, "Your progress", "1 of 4 heard")
    await ada.taps(shelf, "▶ Continue")
    await ada.awaits(direct, lambda m: m.ts > shelf.ts and "*Introduction*" in m.words)

    await ada.commands("/listendock", "delete")
    await ada.taps(await ada.awaits_words(direct, "Which document"), "Delete")
    await ada.taps(await ada.awaits_words(direct, "Delete “On Bees”"), "Delete")
    await ada.awaits_words(direct, "“On Bees” is gone")
    await until(lambda: not stage.files.files)
    assert stage.slack.refusals == []


async def test_the_story_in_a_channel_with_a_second_member(stage: SlackStage) -> None:
    slack, ada, tom = stage.slack, stage.ada, stage.tom
    room = slack.channel("C0ROOM", ada.id, tom.id)
    shared = await ada.shares(room, PDF, text=f"<@{BOT}> please")
    card = await tom.awaits_words(room, "On Bees", "4 ready")
    assert card.thread == shared.ts

    await ada.taps(card, "▶ 1:00")
    await ada.awaits_words(room, "*Abstract*", "1 of 4")
    await tom.taps(card, "▶ 1:00")
    notes = await tom.awaits_many(room, 2, "*Abstract*", "1 of 4")
    assert len(stage.slack.calls_of("files.getUploadURLExternal")) == 1
    assert all(m.thread == shared.ts for m in tom.sees(room))

    await tom.taps(notes[-1], "✓ Heard")
    await tom.taps(card, "My progress")
    mine = await tom.awaits_words(room, "Your progress", "1 of 4 heard")
    assert mine.only_for == tom.id
    await ada.taps(card, "My progress")
    await ada.awaits_words(room, "Your progress", "0 of 4 heard", "1 started")
    assert [m for m in ada.sees(room) if "1 of 4 heard" in m.words] == []
    assert stage.slack.refusals == []
