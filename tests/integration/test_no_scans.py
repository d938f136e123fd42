"""However large a library is, nothing that a listener does reads a table from end to end.

A listener's whole life is led once; each statement of it is shown to the database's planner.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.database import DatabaseLibrary, open_library, schema
from adapters.engine import private
from bot.domain import Asked, Bookmark, CardPlace, ListeningState, Preferences, Question, Share
from bot.ports import Cost, Ledger, Library, Upload
from pipeline.domain import Narration, Takeaway
from pipeline.ports import Usage
from tests.engines import Machine
from tests.libraries import migrated_url
from tests.samples import ENGLISH, a_document, a_sender, a_track, with_left_out

BEES, WASPS = "be" * 32, "aa" * 32
ADA, TOM = a_sender("ada"), a_sender("tom", channel="ada")
GERMAN = Narration(voice="hibari:heart", language="de")
TABLES = {table.name for table in schema.metadata.sorted_tables} | {"workflow_status"}
OURS = r"status IN \('ENQUEUED', 'PENDING'\)|status = 'PENDING'|^UPDATE .* SET priority"
# What is asked at a start, by an operator or now and then: a table may be read for that.
SELDOM = {
    *("unfinished", "statistics", "newest_documents", "overwrite_deleted"),
    *("forget_days", "forget_costs", "forget_questions", "forget_wishes"),
}


@dataclass(slots=True)
class Noted:
    """A library, and which of its methods were called."""

    library: Any
    called: set[str] = field(default_factory=set)

    def __getattr__(self, name: str) -> Any:
        self.called.add(name)
        return getattr(self.library, name)


async def led(library: Any) -> None:
    """Everything that can be done with a document, until its listener is forgotten."""
    for document in (BEES, WASPS):
        await library.receive(document, filename="x.pdf", size=1)
        for sender in (ADA, TOM):
            await library.shelve(sender.listener, document, ENGLISH)
    await library.mark_reading(BEES)
    await library.save_read_share(BEES, 0.5)
    await library.save_draft(a_document(BEES))
    await library.save_reading(a_document(BEES))
    await library.renew_reading(BEES, with_left_out(a_document(BEES)))
    await library.save_failure(WASPS, kind="damaged", sentence="It is damaged.")
    await library.save_takeaways(BEES, "So.", {1: Takeaway(text="So.")})
    await library.has_takeaways(BEES, "de")
    await told(library)
    await shown(library)
    await wished(library)
    await chosen(library)
    await parted(library)


async def told(library: Any) -> None:
    await library.holding(BEES)
    await library.chapter(BEES, 1)
    await library.shelf(ADA.listener.id)
    await library.progress(ADA.listener.id, BEES[:16])
    await library.listeners_of(BEES)
    await library.save_track(a_track(BEES, 1))
    await library.save_track_failure(BEES, 2, ENGLISH)
    await library.forget_track_failures(BEES, ENGLISH)
    track = await library.track(BEES, 1, ENGLISH)
    await library.ready_tracks(BEES)
    await library.save_upload(track, Upload(platform="memory", kind="voice", remote_id="1"))
    await library.uploads(track, "memory")


async def shown(library: Any) -> None:
    card = CardPlace(
        conversation=ADA.conversation, message="1", document=BEES, listener=ADA.listener
    )
    await library.save_card(card)
    await library.stale_cards(["memory", "slack"])
    await library.turn_page(card, 2)
    await library.mark_card_shown(card, 1)
    await library.card_at(ADA.conversation, "1")
    await library.others_card(ADA.conversation, TOM.listener.id, BEES[:16])
    await library.put_off(ADA.conversation, 1.0)
    await library.forget_card(card)


async def wished(library: Any) -> None:
    for chapter, is_unasked in ((1, False), (2, True)):
        await library.wish(
            ADA.conversation, ADA.listener, BEES, chapter, ENGLISH, is_unasked=is_unasked
        )
    [(wish, _)] = await library.due_wishes(["memory", "slack"])
    await library.fulfil_wish(wish)
    await library.drop_wish(wish)
    await library.drop_unasked(ADA.listener.id, BEES)
    await library.forget_track(a_track(BEES, 1))


async def chosen(library: Any) -> None:
    ada = ADA.listener.id
    await library.mark(ada, BEES, [1, 2], ListeningState.HEARD)
    await library.save_bookmark(ada, BEES, Bookmark(chapter=1, passage=1, sign=2))
    await library.has_acted("an act")
    await library.narrate_as(ada, BEES, GERMAN)
    await library.renarrate(BEES, GERMAN, ENGLISH)
    await library.rename(ada, BEES, "Bees")
    await library.save_preferences(ADA.listener, Preferences(speed=2.0))
    await library.preferences(ada)
    await library.save_word(ada, "bee", "be")
    await library.words(ada)
    asked = Question(asked=Asked.NAME, conversation=ADA.conversation, listener=ada, document=BEES)
    await library.ask(asked)
    await library.take_question(ADA.conversation, ada)
    share = await library.share(Share(token="t" * 22, owner=ada, document=BEES, narration=ENGLISH))
    await library.share_of(share.token)
    await library.revoke(ada, BEES)
    await library.spend(ada, "2026-11-25", 0.0)
    await library.spend(ada, "2026-11-25", 1.0)
    usage = Usage(document=BEES, model="m", tokens_in=1, tokens_out=1)
    await library.record_cost(Cost(usage=usage, month="2026-11", micro_usd=1))
    await library.cost_of("2026-11")
    await library.remember({"k": "v"}, document=BEES)
    await library.recall(["k"])


async def parted(library: Any) -> None:
    for sender in (ADA, TOM):
        await library.stop(sender.listener.id, BEES)
        await library.unshelve(sender.listener.id, BEES)
    await library.forget_document(BEES)
    await library.forget_listener(ADA.listener.id)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("emptied_postgres_url"))
    return migrated_url(tmp_path)


Said = list[tuple[str, Any]]


@pytest.fixture
def said() -> Said:
    return []


def write_down(engine: sa.Engine, said: Said) -> None:
    @sa.event.listens_for(engine, "before_cursor_execute")
    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if re.match(r"SELECT|UPDATE|DELETE", statement):
            said.append((statement, parameters))


def scans(connection: sa.Connection, said: Said) -> Iterator[str]:
    """Which tables are read from end to end, and in what statement."""
    is_postgres = connection.dialect.name == "postgresql"
    if is_postgres:  # empty tables are read whole where that is not forbidden
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    for statement, parameters in dict(zip((s for s, _ in said), said, strict=True)).values():
        how = "EXPLAIN (FORMAT JSON)" if is_postgres else "EXPLAIN QUERY PLAN"
        rows = connection.exec_driver_sql(f"{how} {statement}", parameters).all()
        found = _scanned_by_postgres(rows[0][0]) if is_postgres else _scanned_by_sqlite(rows)
        yield from (f"{name}: {statement}" for name in found if name in TABLES)


def _scanned_by_sqlite(rows: Any) -> Iterator[str]:
    for row in rows:
        if match := re.match(r"SCAN (\w+?)(_\d+)?( |$)", row[3]):
            yield match[1]


def _scanned_by_postgres(plan: Any) -> Iterator[str]:
    nodes = json.loads(plan) if isinstance(plan, str) else plan
    pending = [each["Plan"] for each in nodes]
    while pending:
        node = pending.pop()
        pending += node.get("Plans", [])
        is_read = node["Node Type"] in ("Seq Scan", "Index Scan", "Index Only Scan")
        is_of_few = re.search(r"_pending$|_in_flight", node.get("Index Name", ""))
        if is_read and "Index Cond" not in node and not is_of_few:
            yield node["Relation Name"]


async def test_nothing_that_a_listener_does_reads_a_table_from_end_to_end(
    url: str, said: Said
) -> None:
    async with open_library(url) as library:
        write_down(library.engine.sync_engine, said)
        noted = Noted(library)
        await led(noted)
        assert _methods(Library, Ledger) - noted.called == SELDOM
        assert await planned(library, said) == []


async def test_a_statement_that_does_would_be_found(url: str) -> None:
    async with open_library(url) as library:
        said: Said = []
        write_down(library.engine.sync_engine, said)
        await library.statistics()
        assert len(await planned(library, said)) >= 1


async def planned(library: DatabaseLibrary, said: Said) -> list[str]:
    before = list(said)
    async with library.engine.connect() as connection:
        return await connection.run_sync(lambda c: list(scans(c, before)))


def _methods(*ports: type) -> set[str]:
    """What can be awaited of them."""
    return {
        name
        for port in ports
        for name, found in inspect.getmembers(port, inspect.iscoroutinefunction)
        if not name.startswith("_")
    }


def test_whatever_hangs_on_a_document_is_found_when_it_is_deleted() -> None:
    """The planner is not asked about that: the database looks by itself."""
    for table in schema.metadata.sorted_tables:
        for key in table.foreign_keys:
            leading = {next(iter(index.columns)).name for index in table.indexes}
            assert key.parent.name in leading | {next(iter(table.primary_key.columns)).name}


async def test_jobs_are_found_among_however_many_that_are_done(machine: Machine) -> None:
    said: Said = []
    engine, _ = private._workflows()
    write_down(engine, said)
    jobs = [f"chapter:{BEES}:{ENGLISH.key}:", f"document:{BEES}:"]
    await machine.jobs.hurry(BEES, 1, ENGLISH)
    private.open_workflows(jobs)
    private.move_to_front(f"chapter:{BEES}:{ENGLISH.key}:1:x")
    private.backlog("chapters", ADA.listener.id)
    private.left_behind("x")
    private.other_executors("x")
    of_jobs = [(how, what) for how, what in said if re.search(OURS, how)]  # DBOS asks as well
    assert len(of_jobs) >= 6
    with engine.connect() as connection:
        assert list(scans(connection, of_jobs)) == []
