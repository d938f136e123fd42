"""What names listeners and serves nobody any more is forgotten by itself, each in its own time."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import create_autospec

import pytest
import sqlalchemy as sa

from adapters.database import DatabaseLibrary, open_library, schema
from adapters.engine import caretaker
from adapters.engine.caretaker import Caretaker
from adapters.engine.jobs import DurableJobs
from bot.domain import Asked, Question
from bot.ports import Cost
from pipeline.ports import Usage
from tests.samples import ENGLISH, a_sender

BEES = "be" * 32
ADA, TOM = a_sender("ada"), a_sender("tom")
DAY_S = 86400.0
JUST_KEPT, TOO_OLD = -0.5, 0.5  # days off the line


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[DatabaseLibrary]:
    async with open_library(f"sqlite+aiosqlite:///{tmp_path / 'app.db'}") as library:
        yield library


async def filled(library: DatabaseLibrary, days_off: float) -> None:
    """A question, a wish, minutes and costs: Tom's are new, Ada's as old as they may become and so
    many days older."""
    today = datetime.now(UTC).date()
    old_day = today - caretaker.DAYS_KEPT - timedelta(days=days_off > 0)
    old_month = caretaker._month_before(today, caretaker.MONTHS_KEPT - (days_off < 0))
    await library.receive(BEES, filename="bees.pdf", size=1)
    for sender, day, month in ((TOM, today, f"{today:%Y-%m}"), (ADA, old_day, old_month)):
        listener, place = sender.listener, sender.conversation
        await library.shelve(listener, BEES, ENGLISH)
        asked = Question(asked=Asked.NAME, conversation=place, listener=listener.id, document=BEES)
        await library.ask(asked)
        await library.wish(place, listener, BEES, 1, ENGLISH)
        await library.spend(listener.id, day.isoformat(), 60.0)
        usage = Usage(document=BEES, model="loopback-1", tokens_in=10, tokens_out=2)
        await library.record_cost(Cost(usage=usage, month=month, micro_usd=5))
    await age(library, schema.questions.c.asked_at, caretaker.QUESTIONS_KEPT.days + days_off)
    await age(library, schema.wishes.c.wished_at, caretaker.WISHES_KEPT.days + days_off)


async def age(library: DatabaseLibrary, column: sa.Column[float], days: float) -> None:
    """What Ada has is from so many days ago."""
    is_hers = column.table.c.listener == ADA.listener.id
    statement = sa.update(column.table).where(is_hers).values({column: time.time() - days * DAY_S})
    async with library.engine.begin() as connection:
        await connection.execute(statement)


async def left(library: DatabaseLibrary) -> dict[str, int]:
    async with library.engine.connect() as connection:
        return {
            name: await connection.scalar(sa.text(f"SELECT COUNT(*) FROM {name}"))
            for name in ("questions", "wishes", "spendings", "costs")
        }


@pytest.mark.parametrize(("days_off", "count"), [(JUST_KEPT, 2), (TOO_OLD, 1)])
async def test_rows_are_kept_as_long_as_the_document_on_security_says(
    library: DatabaseLibrary, days_off: float, count: int
) -> None:
    await filled(library, days_off)
    jobs = create_autospec(DurableJobs, instance=True)
    await Caretaker(library=library, jobs=jobs, executor="one")._forget_old()
    assert set((await left(library)).values()) == {count}


@pytest.mark.parametrize(
    ("day", "months", "month"),
    [
        (date(2026, 11, 30), 12, "2025-11"),
        (date(2026, 1, 31), 1, "2025-12"),
        (date(2026, 12, 1), 0, "2026-12"),
    ],
)
def test_a_month_before(day: date, months: int, month: str) -> None:
    assert caretaker._month_before(day, months) == month


def test_the_document_on_security_says_how_long() -> None:
    """One that says another time is wrong, whichever of the two was changed."""
    text = (Path(__file__).parents[2] / "docs" / "security.md").read_text()
    rows = {line.split("|")[1].strip(): line for line in text.splitlines() if line.startswith("|")}
    for beginning, kept in (
        ("minutes made on each day", f"{caretaker.DAYS_KEPT.days} days"),
        ("what a server cost", f"{caretaker.MONTHS_KEPT} months"),
        ("a question that was asked", f"{caretaker.QUESTIONS_KEPT.days} days"),
        ("a voice note that is owed", f"{caretaker.WISHES_KEPT.days} days"),
    ):
        (row,) = (line for name, line in rows.items() if name.startswith(beginning))
        assert kept in row
