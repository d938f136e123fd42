"""A model on a server: how it is asked, what is done about servers that differ, fail or cost."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest

from adapters.memory.ledger import MemoryLedger
from adapters.summarizers.dialect import Rung
from bot.logs import configure_logs
from pipeline.domain import Document, Passage
from pipeline.ports import Usage
from pipeline.takeaways.digest import with_digest
from tests.loopback.openai import KEY, Behaviour, OpenAiServer, Trouble, first_sentence, running
from tests.summaries import BEES, MODEL, PRICES, a_desk, a_document

REFUSALS = [Trouble.UNAUTHORIZED, Trouble.FORBIDDEN, Trouble.NO_QUOTA]


def sources(document: Document) -> set[str]:
    return {chapter.takeaway.source for chapter in document.chapters}


@pytest.mark.parametrize("behaviour", Behaviour)
async def test_a_model_writes_every_takeaway_on_every_kind_of_server(behaviour: Behaviour) -> None:
    document = a_document(chapters=5)
    async with running(OpenAiServer(behaviour=behaviour)) as server, a_desk(server) as desk:
        digest = await desk.summarizer.digest(document)
    assert sorted(digest.takeaways) == [1, 2, 3, 4, 5]
    assert {takeaway.source for takeaway in digest.takeaways.values()} == {"model"}


@pytest.mark.parametrize(
    ("behaviour", "rung", "limit_name"),
    [
        (Behaviour.STRICT, Rung.SCHEMA, "max_completion_tokens"),
        (Behaviour.OBJECT_ONLY, Rung.OBJECT, "max_tokens"),
        (Behaviour.PLAIN, Rung.TEXT, "max_completion_tokens"),
        (Behaviour.PICKY, Rung.TEXT, "max_tokens"),
    ],
)
async def test_what_a_server_takes_is_found_once_and_remembered(
    behaviour: Behaviour, rung: Rung, limit_name: str
) -> None:
    async with running(OpenAiServer(behaviour=behaviour)) as server, a_desk(server) as desk:
        await desk.summarizer.digest(a_document(chapters=3))
        assert (desk.dialect.rung, desk.dialect.limit_name) == (rung, limit_name)
        server.calls.clear()
        await desk.summarizer.digest(a_document(chapters=4))
    assert len(server.calls) == 2  # the new chapter, and the whole


async def test_seventeen_chapters_of_nine_pages_take_three_calls() -> None:
    async with running(OpenAiServer()) as server, a_desk(server) as desk:
        digest = await desk.summarizer.digest(a_document(chapters=17))
    assert len(digest.takeaways) == 17
    assert len(server.calls) == 3


async def test_no_temperature_no_tools_and_no_key_are_in_what_is_sent() -> None:
    async with running(OpenAiServer()) as server, a_desk(server) as desk:
        await desk.summarizer.digest(a_document())
    for call in server.calls:
        asked = {"model", "messages", "max_completion_tokens", "response_format"}
        assert set(call.body) - {"stream"} == asked
        assert KEY not in json.dumps(call.body)
        assert call.authorization == f"Bearer {KEY}"


async def test_only_titles_that_say_little_get_another_beside_them() -> None:
    document = a_document(titles=["Results", "Honey bees and their archives"])
    async with running(OpenAiServer()) as server, a_desk(server) as desk:
        digest = await desk.summarizer.digest(document)
    assert list(digest.titles) == [1]
    improved = with_digest(document, digest)
    assert improved.chapters[0].title == "Results"
    assert improved.chapters[0].shown_title == f"Results – {digest.titles[1]}"
    assert improved.chapters[1].shown_title == "Honey bees and their archives"


@pytest.mark.parametrize("trouble", REFUSALS, ids=str)
async def test_a_server_that_refuses_is_asked_once_a_document_and_the_operator_told(
    trouble: Trouble,
) -> None:
    document = a_document(chapters=17)
    async with running(OpenAiServer(is_always=trouble)) as server, a_desk(server) as desk:
        digest = await desk.summarizer.digest(document)
    assert sources(with_digest(document, digest)) == {"extract"}
    assert not digest.is_partial
    assert len(server.calls) == 1
    assert len(desk.told) == 1
    assert MODEL in desk.told[0]


@pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.BROKEN], ids=str)
async def test_a_passing_trouble_is_waited_for(trouble: Trouble) -> None:
    async with (
        running(OpenAiServer(troubles=[trouble, trouble])) as server,
        a_desk(server) as desk,
    ):
        digest = await desk.summarizer.digest(a_document())
    assert len(digest.takeaways) == 5
    assert not desk.told


@pytest.mark.parametrize("trouble", [Trouble.BROKEN, Trouble.HTML, Trouble.EMPTY], ids=str)
async def test_a_server_that_stays_broken_leaves_the_extracts_and_says_that_more_may_come(
    trouble: Trouble,
) -> None:
    async with running(OpenAiServer(is_always=trouble)) as server, a_desk(server) as desk:
        digest = await desk.summarizer.digest(a_document())
    assert not digest.takeaways
    assert digest.is_partial
    assert not desk.told


@pytest.mark.parametrize("trouble", [Trouble.LENGTH, Trouble.CONTEXT], ids=str)
async def test_what_does_not_fit_is_halved(trouble: Trouble) -> None:
    async with running(OpenAiServer(troubles=[trouble])) as server, a_desk(server) as desk:
        digest = await desk.summarizer.digest(a_document(chapters=6))
    assert len(digest.takeaways) == 6
    assert len(server.calls) == 1 + 2 + 1


async def test_text_that_a_server_cuts_in_silence_is_sent_in_smaller_pieces() -> None:
    document = a_document(chapters=12, pages=2)
    server = OpenAiServer(behaviour=Behaviour.CUTTING)
    async with running(server), a_desk(server) as desk:
        digest = await desk.summarizer.digest(document)
        first = len(server.calls)
        assert first > 4
        await desk.summarizer.digest(replace(document, id="a7" * 32, title="Other changes"))
    assert len(digest.takeaways) == 12
    assert len(server.calls) - first == 1  # chapters are known by their text, not their document


async def test_a_model_that_hangs_costs_the_deadline_and_no_chapter() -> None:
    document = a_document()
    server = OpenAiServer(is_always=Trouble.HANG, hangs_s=31.0)
    async with running(server), a_desk(server, deadline_s=30.0) as desk:
        digest = await desk.summarizer.digest(document)
    assert digest.is_partial
    assert sources(with_digest(document, digest)) == {"extract"}


async def test_what_came_before_the_deadline_stands() -> None:
    document = a_document(chapters=17)
    server = OpenAiServer(hangs_s=31.0)
    async with running(server), a_desk(server, deadline_s=30.0) as desk:
        await desk.summarizer.digest(a_document(chapters=1))
        server.is_always = Trouble.HANG
        digest = await desk.summarizer.digest(document)
    assert list(digest.takeaways) == [1]


@pytest.mark.parametrize("trouble", [Trouble.PROSE, Trouble.EMPTY], ids=str)
async def test_one_useless_answer_is_not_the_end(trouble: Trouble) -> None:
    async with running(OpenAiServer(troubles=[trouble])) as server, a_desk(server) as desk:
        digest = await desk.summarizer.digest(a_document())
    assert bool(digest.takeaways) is (trouble is Trouble.PROSE)


async def test_a_sentence_about_another_chapter_leaves_that_chapter_its_extract() -> None:
    document = a_document(chapters=6)
    foreign = first_sentence(document.chapters[5].text)

    def write(text: str) -> str:
        return foreign if "honey bees" in text else first_sentence(text)

    async with running(OpenAiServer(write=write)) as server, a_desk(server) as desk:
        digest = await desk.summarizer.digest(document)
    assert sorted(digest.takeaways) == [2, 3, 4, 5, 6]


async def test_a_sentence_given_to_all_chapters_stays_with_the_one_it_is_about() -> None:
    document = a_document(chapters=6)
    sentence = first_sentence(document.chapters[2].text)
    async with running(OpenAiServer(write=lambda _: sentence)) as server, a_desk(server) as desk:
        digest = await desk.summarizer.digest(document)
    assert list(digest.takeaways) == [3]


# --- memory and money ---------------------------------------------------------------------------


async def test_nothing_is_paid_twice() -> None:
    ledger = MemoryLedger()
    async with running(OpenAiServer()) as server:
        async with a_desk(server, ledger=ledger) as desk:
            first = await desk.summarizer.digest(a_document())
        count = len(server.calls)
        async with a_desk(server, ledger=ledger) as desk:  # as after a restart
            assert await desk.summarizer.digest(a_document()) == first
        assert len(server.calls) == count
    assert len(ledger.costs) == 1


async def test_a_chapter_whose_text_changed_is_asked_for_again() -> None:
    document = a_document()
    changed = replace(
        document.chapters[2], passages=(Passage(text="Steam engines are loud and hot.", page=3),)
    )
    chapters = tuple(changed if c.number == 3 else c for c in document.chapters)
    async with running(OpenAiServer()) as server, a_desk(server) as desk:
        await desk.summarizer.digest(document)
        server.calls.clear()
        await desk.summarizer.digest(replace(document, chapters=chapters))
        asked = server.calls[0].text
    assert "Steam engines are loud" in asked
    assert "honey bees" not in asked


async def test_tokens_and_their_price_are_put_down() -> None:
    async with running(OpenAiServer()) as server, a_desk(server) as desk:
        await desk.summarizer.digest(a_document())
    (cost,) = desk.ledger.costs
    assert (cost.usage.document, cost.usage.model) == (BEES, MODEL)
    assert cost.usage.tokens_in > 1000
    assert cost.usage.tokens_out > 100
    expected = 0.4 * cost.usage.tokens_in + 1.6 * cost.usage.tokens_out
    assert cost.micro_usd == round(expected)


async def test_useless_calls_are_put_down_too() -> None:
    server = OpenAiServer(is_always=Trouble.PROSE)
    async with running(server), a_desk(server) as desk:
        await desk.summarizer.digest(a_document())
    (cost,) = desk.ledger.costs
    assert cost.usage.tokens_in > 0


async def test_over_the_months_ceiling_nothing_is_asked_and_the_operator_is_told() -> None:
    document = a_document()
    async with running(OpenAiServer()) as server, a_desk(server, ceiling_usd=0.000001) as desk:
        digest = await desk.summarizer.digest(document)
    assert not server.calls
    assert sources(with_digest(document, digest)) == {"extract"}
    assert "budget" in desk.told[0]


async def test_under_a_ceiling_a_model_without_a_price_is_not_used() -> None:
    server = OpenAiServer()
    async with running(server), a_desk(server, ceiling_usd=5.0, prices={}) as desk:
        await desk.summarizer.digest(a_document())
    assert not server.calls
    assert "PRICES" in desk.told[0]


async def test_a_model_that_is_free_is_used_under_any_ceiling() -> None:
    free = {MODEL: replace(PRICES[MODEL], tokens_in=0.0, tokens_out=0.0)}
    server = OpenAiServer()
    async with running(server), a_desk(server, ceiling_usd=0.000001, prices=free) as desk:
        await desk.summarizer.digest(a_document())
    assert server.calls


# --- secrets ------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", [None, *REFUSALS, Trouble.HTML, Trouble.PROSE], ids=str)
async def test_neither_key_nor_text_reach_a_log_not_even_at_debug(trouble: Trouble | None) -> None:
    written = io.StringIO()
    configure_logs(level="debug", style="json", stream=written)  # nothing is redacted here
    try:
        async with running(OpenAiServer(is_always=trouble)) as server, a_desk(server) as desk:
            await desk.summarizer.digest(a_document())
    finally:
        configure_logs(level="info", style="console")
    assert KEY not in written.getvalue()
    assert KEY[3:] not in written.getvalue()
    assert "honey bees" not in written.getvalue().lower()
    assert not any(KEY in text for text in desk.told)


async def test_text_is_not_sent_on_to_where_a_server_points() -> None:
    async with running(OpenAiServer(is_always=Trouble.REDIRECT)) as server, a_desk(server) as desk:
        digest = await desk.summarizer.digest(a_document())
    assert not digest.takeaways
    assert {call.path for call in server.calls} == {"/v1/chat/completions"}


async def test_a_server_that_is_not_there_is_no_error() -> None:
    server = OpenAiServer(url="http://127.0.0.1:9/v1")
    async with a_desk(server) as desk:
        digest = await desk.summarizer.digest(a_document())
    assert digest.is_partial


async def test_an_estimate_within_the_ceiling_is_allowed_and_one_over_it_is_not() -> None:
    async with running(OpenAiServer()) as server, a_desk(server, ceiling_usd=1.0) as desk:
        purse = desk.summarizer._purse
        assert await purse.allows(Usage(document=BEES, model=MODEL, tokens_in=2_000_000))
        assert not await purse.allows(Usage(document=BEES, model=MODEL, tokens_in=3_000_000))


async def test_a_model_that_thinks_aloud_gets_more_room_and_keeps_it() -> None:
    server = OpenAiServer(troubles=[Trouble.THINKING])
    async with running(server), a_desk(server) as desk:
        digest = await desk.summarizer.digest(a_document())
    rooms = [call.body["max_completion_tokens"] for call in server.calls]
    assert len(digest.takeaways) == 5
    assert rooms[1] == 4 * rooms[0]
    assert desk.dialect.token_factor == 4
