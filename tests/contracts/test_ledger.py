"""What every ledger promises: the one in memory, and the library's."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.database import open_library
from adapters.memory import MemoryLedger
from bot.ports import Cost, Ledger
from pipeline.ports import Usage

BEES = "be" * 32


@pytest.fixture
async def ledger(library_url: str) -> AsyncIterator[Ledger]:
    if not library_url:
        yield MemoryLedger()
        return
    async with open_library(library_url) as library:
        yield library


def a_cost(month: str, micro_usd: int) -> Cost:
    usage = Usage(document=BEES, model="loopback-1", tokens_in=10, tokens_out=2)
    return Cost(usage=usage, month=month, micro_usd=micro_usd)


async def test_an_answer_is_known_by_its_key(ledger: Ledger) -> None:
    await ledger.remember({"a": "one", "b": "two"}, document=BEES)
    assert dict(await ledger.recall(["a", "c"])) == {"a": "one"}
    assert dict(await ledger.recall([])) == {}


async def test_an_answer_that_is_remembered_twice_is_one(ledger: Ledger) -> None:
    await ledger.remember({"a": "one"}, document=BEES)
    await ledger.remember({"a": "one"}, document=BEES)
    assert dict(await ledger.recall(["a"])) == {"a": "one"}


async def test_what_was_spent_is_counted_by_month(ledger: Ledger) -> None:
    assert await ledger.cost_of("2026-11") == 0
    for cost in (a_cost("2026-11", 700), a_cost("2026-11", 42), a_cost("2026-12", 9)):
        await ledger.record_cost(cost)
    assert await ledger.cost_of("2026-11") == 742
    assert await ledger.cost_of("2026-12") == 9


async def test_costs_of_months_long_gone_are_forgotten(ledger: Ledger) -> None:
    for month in ("2020-10", "2020-11", "2021-11"):
        await ledger.record_cost(a_cost(month, 7))
    await ledger.forget_costs("2020-11")
    spent = [await ledger.cost_of(month) for month in ("2020-10", "2020-11", "2021-11")]
    assert spent == [0, 7, 7]
