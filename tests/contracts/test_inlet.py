"""What the inlet promises to every chat: none lost, none twice, each chat in its order."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import inlet as inlets
from bot.inlet import NotTaken, Raw
from bot.journal import Journal
from tests.parrot import PATIENCE_S, SECRET, Parrot, dying, left_in, living, said, settled
from tests.waiting import until


@pytest.fixture
def parrot() -> Parrot:
    return Parrot()


async def test_the_example_is_a_whole_chat(tmp_path: Path) -> None:
    heard, acknowledged = list[tuple[str, str]](), list[int]()

    class Inbox:
        async def on_command(self, sender: str, name: str, argument: str) -> None:
            heard.append((sender, argument))

    class Connection:
        async def __aiter__(self) -> AsyncIterator[dict[str, object]]:
            for number, words in enumerate(["hello", None, "bye"]):
                yield {"id": number, "chat": "ada"} | ({"text": words} if words else {})
            await settled(tmp_path / "parrot")

        async def acknowledge(self, raw: Raw) -> None:
            acknowledged.append(raw["id"])

    names = vars(inlets) | {
        "Said": SimpleNamespace,
        "inbox": Inbox(),
        "connection": Connection(),
        "folder": tmp_path,
        "sender_of": lambda said: said.chat,
    }
    example = re.findall(r"^    .*\n|^\n", inlets.__doc__ or "", re.MULTILINE)
    exec("async def chat():\n" + "".join(example), names)
    await names["chat"]()
    assert (heard, acknowledged) == ([("ada", "hello"), ("ada", "bye")], [0, 1, 2])


# --- order ----------------------------------------------------------------------------------------


async def test_within_a_turn_one_follows_the_other_and_nobody_else_waits(
    tmp_path: Path, parrot: Parrot
) -> None:
    parrot.hold("a1", "a2")
    async with living(tmp_path, parrot) as inlet:
        for key in ("a1", "a2", "a3", "b1", "b2"):
            await inlet.take(key, said(key[0]))
        await parrot.has_done("b1", "b2")
        assert parrot.begun == ["a1", "b1", "b2"]
        parrot.release("a1")
        await parrot.has_begun("a2")
        assert "a3" not in parrot.begun
        parrot.release("a2")
        await parrot.has_done("a3")
    assert [key for key in parrot.done if key.startswith("a")] == ["a1", "a2", "a3"]


async def test_a_tap_is_not_behind_what_takes_long_in_its_chat(
    tmp_path: Path, parrot: Parrot
) -> None:
    parrot.hold("download")
    async with living(tmp_path, parrot) as inlet:
        await inlet.take("download", said("a", kind="message"))
        await inlet.take("tap", said("a", kind="tap"))
        await parrot.has_done("tap")
        assert parrot.done == ["tap"]
        parrot.release("download")


async def test_what_comes_at_the_same_time_is_handled_in_the_order_of_its_coming(
    tmp_path: Path, parrot: Parrot
) -> None:
    keys = [str(number) for number in range(50)]
    async with living(tmp_path, parrot) as inlet:
        await asyncio.gather(*(inlet.take(key, said("a")) for key in keys))
        await parrot.has_done(*keys)
    assert parrot.done == keys


# --- kept and struck ------------------------------------------------------------------------------


async def test_it_is_on_disk_when_it_may_be_acknowledged_and_struck_when_it_is_done(
    tmp_path: Path, parrot: Parrot
) -> None:
    parrot.hold("1", "2")
    async with living(tmp_path, parrot) as inlet:
        await inlet.take("1", said("a"))
        await inlet.take("2", said("b"))
        assert left_in(tmp_path) == ["1", "2"]
        parrot.release("1")
        await parrot.has_done("1")
        await until(lambda: left_in(tmp_path) == ["2"])
        parrot.release("2")
    assert left_in(tmp_path) == []


async def test_what_comes_again_is_handled_once(tmp_path: Path, parrot: Parrot) -> None:
    parrot.hold("1")
    async with living(tmp_path, parrot) as inlet:
        await asyncio.gather(*(inlet.take("1", said("a")) for _ in range(3)))
        await parrot.has_begun("1")
        await inlet.take("1", said("a"))  # under way
        parrot.release("1")
        await settled(tmp_path)
        await inlet.take("1", said("a"))  # done
    async with living(tmp_path, parrot) as inlet:
        await inlet.take("1", said("a"))  # done by an earlier life
        await inlet.take("2", said("a"))
        await parrot.has_done("2")
    assert parrot.begun == ["1", "2"]


async def test_what_is_nothing_to_us_is_not_even_written_down(
    tmp_path: Path, parrot: Parrot
) -> None:
    async with living(tmp_path, parrot) as inlet:
        await inlet.take("1", said("a", ""))
        assert inlet.skipped == 0
    assert [*(tmp_path / "todo").iterdir(), *(tmp_path / "done").iterdir()] == []


async def test_what_cannot_be_kept_is_not_acknowledged_and_may_come_again(
    tmp_path: Path, parrot: Parrot
) -> None:
    async with living(tmp_path, parrot) as inlet:
        (tmp_path / "todo").rename(tmp_path / "away")
        for _ in range(2):
            with capture_logs() as logs, pytest.raises(NotTaken):
                await inlet.take("1", said("a"))
            assert [line["event"] for line in logs] == ["update not kept on disk"]
        (tmp_path / "away").rename(tmp_path / "todo")
        await inlet.take("1", said("a"))
        await parrot.has_done("1")
    assert parrot.begun == ["1"]


async def test_what_cannot_be_struck_stops_nobody_and_is_left_to_the_next_life(
    tmp_path: Path, parrot: Parrot
) -> None:
    async with living(tmp_path, parrot) as inlet:
        (tmp_path / "done").rename(tmp_path / "away")
        with capture_logs() as logs:
            await inlet.take("1", said("a"))
            await inlet.take("2", said("a"))
            await parrot.has_done("2")
            await inlet.take("1", said("a"))
            await inlet.close()
    assert [line["event"] for line in logs] == ["journal not struck", "journal not struck"]
    (tmp_path / "away").rename(tmp_path / "done")
    assert parrot.begun == ["1", "2"]
    async with living(tmp_path, parrot):
        await settled(tmp_path)
    assert parrot.begun == ["1", "2", "1", "2"]


async def test_an_update_is_handled_even_if_nobody_waits_to_acknowledge_it_any_more(
    tmp_path: Path, parrot: Parrot, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing, is_free, write = asyncio.Event(), threading.Event(), Journal.write
    loop = asyncio.get_running_loop()

    def writes(self: Journal, key: str, body: Mapping[str, Any]) -> bool:
        loop.call_soon_threadsafe(writing.set)
        assert is_free.wait(PATIENCE_S)
        return write(self, key, body)

    monkeypatch.setattr(Journal, "write", writes)
    async with living(tmp_path, parrot) as inlet:
        taking = asyncio.create_task(inlet.take("1", said("a")))
        await writing.wait()
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)
        assert taking.cancelled()
        is_free.set()
        await parrot.has_done("1")


# --- what is bad ----------------------------------------------------------------------------------


async def test_an_update_that_breaks_its_handler_is_told_and_done_with(
    tmp_path: Path, parrot: Parrot
) -> None:
    parrot.hold("1")
    async with living(tmp_path, parrot) as inlet:
        with capture_logs() as logs:
            await inlet.take("1", said("a", is_bad=True))
            await inlet.take("2", said("a"))
            await parrot.has_begun("1")
            parrot.release("1")
            await parrot.has_done("2")
            await settled(tmp_path)
    assert [(line["event"], line["update"]) for line in logs] == [("update not handled", "1")]
    async with living(tmp_path, parrot):
        pass
    assert parrot.begun == ["1", "2"]


async def test_an_update_that_nobody_can_read_is_passed_over_and_only_its_key_is_told(
    tmp_path: Path, parrot: Parrot
) -> None:
    async with living(tmp_path, parrot) as inlet:
        with capture_logs() as logs:
            await inlet.take("1", {"text": SECRET})
            await inlet.take("2", {"text": SECRET})
            await inlet.take("3", said("a"))
            await parrot.has_done("3")
        assert inlet.skipped == 2
    assert [(line["update"], line["skipped"]) for line in logs] == [("1", 1), ("2", 2)]
    assert {line["event"] for line in logs} == {"update not understood"}
    assert SECRET not in str(logs)
    assert parrot.begun == ["3"]


async def test_entries_that_nobody_can_read_stop_no_life_and_are_told_once(
    tmp_path: Path, parrot: Parrot
) -> None:
    journal = Journal(tmp_path)
    journal.write("torn", said("a"))
    (torn,) = (tmp_path / "todo").iterdir()
    torn.write_text(torn.read_text()[:-9])
    journal.write("unreadable", {"text": SECRET})
    journal.write("good", said("a"))
    with capture_logs() as logs:
        async with living(tmp_path, parrot) as inlet:
            await parrot.has_done("good")
            await inlet.take("torn", said("a"))  # its platform tells of it again
            await parrot.has_done("torn")
    assert [(line["event"], line.get("entry", line.get("update"))) for line in logs] == [
        ("journal entry unreadable", torn.name),
        ("update not understood", "unreadable"),
    ]
    assert [line.get("unreadable", line.get("skipped")) for line in logs] == [1, 1]
    assert SECRET not in str(logs)
    with capture_logs() as logs:
        async with living(tmp_path, parrot):
            pass
    assert (logs, parrot.begun) == ([], ["good", "torn"])


# --- several that tell of the same ----------------------------------------------------------------


async def test_of_several_that_tell_of_the_same_one_acts_in_this_life_and_the_next(
    tmp_path: Path, parrot: Parrot, monkeypatch: pytest.MonkeyPatch
) -> None:
    parrot.hold("1")
    async with dying(tmp_path, parrot, monkeypatch) as inlet:
        await inlet.take("1", said("a", about="file"))
        await inlet.take("2", said("b", about="file"))
        await parrot.has_done("2")
    assert parrot.claims == {"1": True, "2": False}
    async with living(tmp_path, parrot) as inlet:
        parrot.claims.clear()
        parrot.release("1")
        await settled(tmp_path)
        await inlet.take("3", said("b", about="file"))
        await inlet.take("4", said("b", about="file", again=True))
        await inlet.take("5", said("b", about="another"))
        await parrot.has_done("3", "4", "5")
    assert parrot.claims == {"1": True, "3": False, "4": True, "5": True}


# --- the end --------------------------------------------------------------------------------------


async def test_at_the_end_nothing_new_is_taken_and_what_is_under_way_may_end(
    tmp_path: Path, parrot: Parrot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlets, "STOPPING_S", PATIENCE_S)
    parrot.hold("1")
    async with AsyncExitStack() as stack:
        inlet = await stack.enter_async_context(living(tmp_path, parrot))
        await inlet.take("1", said("a"))
        await parrot.has_begun("1")
        closing = asyncio.create_task(stack.aclose())
        await asyncio.sleep(0)
        with pytest.raises(NotTaken):
            await inlet.take("2", said("a"))
        assert not closing.done()
        parrot.release("1")
        await closing
    assert (parrot.done, left_in(tmp_path)) == (["1"], [])


async def test_what_does_not_end_in_time_is_left_to_the_next_life_before_anything_new(
    tmp_path: Path, parrot: Parrot, monkeypatch: pytest.MonkeyPatch
) -> None:
    parrot.hold("1")
    async with dying(tmp_path, parrot, monkeypatch) as inlet:
        for key in ("1", "2"):
            await inlet.take(key, said("a"))
        await inlet.take("3", said("b"))
        await parrot.has_done("3")
        await parrot.has_begun("1")
    assert left_in(tmp_path) == ["1", "2"]
    parrot.held.clear()
    async with living(tmp_path, parrot) as inlet:
        await inlet.take("4", said("a"))
        await parrot.has_done("4")
    assert parrot.done == ["3", "1", "2", "4"]
