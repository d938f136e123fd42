"""What a child says is believed as far as it can be true, and no further."""

from __future__ import annotations

import asyncio
import struct
from pathlib import Path

import pytest

from pipeline.errors import ChildDied, ListenDockError
from pipeline.process.answers import MAX_FRAME, answer_of, progress_of, receive
from pipeline.process.workplace import Wanted, Workplace


async def told(text: bytes, size: int | None = None) -> object:
    stream = asyncio.StreamReader()
    stream.feed_data(struct.pack(">I", len(text) if size is None else size) + text)
    stream.feed_eof()
    return await receive(stream)


async def test_a_message_is_an_object() -> None:
    assert await told(b'{"answer": {"share": 0.5}}') == {"answer": {"share": 0.5}}
    with pytest.raises(ValueError, match="no object"):
        await told(b"[]")


async def test_what_would_stall_the_program_is_not_even_read() -> None:
    with pytest.raises(ValueError, match="too large"):
        await told(b"", MAX_FRAME + 1)


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999"])
async def test_numbers_are_numbers(number: bytes) -> None:
    with pytest.raises(ValueError, match="a child's answer has"):
        await told(b'{"answer": {"seconds": ' + number + b"}}")


@pytest.mark.parametrize(
    "value", [[-5, 1], [10**30, 1], [True, False], [1, -1], [1], "11", [1.0, 2.0], None]
)
def test_progress_is_a_pair_of_counts(value: object) -> None:
    with pytest.raises(ValueError, match="no pair of counts"):
        progress_of(value)
    assert progress_of([3, 9]) == (3, 9)


@pytest.mark.parametrize("facts", [{"self": 1}, {"pages": 1}, {"cls": 1}, [], None])
def test_an_error_whose_facts_do_not_fit_is_one_of_ours(facts: object) -> None:
    with pytest.raises(ListenDockError) as caught:
        answer_of({"error": {"kind": "too_many_pages", "facts": facts}})
    assert "Something went wrong" in str(caught.value)
    with pytest.raises(ListenDockError):
        answer_of({"error": {"kind": "internal", "facts": facts}})
    with pytest.raises(ChildDied):
        answer_of({"error": "pages"})


def test_what_is_larger_than_it_can_be_counts_as_not_made(tmp_path: Path) -> None:
    place = Workplace(tmp_path / "place")
    place.open()
    wanted = {name: Wanted(tmp_path / name, most_bytes=10) for name in ("small", "large")}
    job = place.prepare(dict(wanted))
    for made, one in job.wanted.items():
        made.write_bytes(b"x" * (11 if one.path.name == "large" else 10))
    place.bring_back(job, is_well=True)
    assert (tmp_path / "small").read_bytes() == b"x" * 10
    assert not (tmp_path / "large").exists()
