"""What a summarizer promises on every kind of server, and on one that fails: with the extracts
that a reading leaves, a document is told from end to end."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pipeline.domain import Document
from pipeline.language.sentences import sentences_of, word_count
from pipeline.ports import Summarizer
from pipeline.takeaways.claims import has_only_numbers_of, plain
from pipeline.takeaways.digest import with_digest
from tests.loopback.openai import Behaviour, OpenAiServer, Trouble, running
from tests.summaries import a_desk, a_document

SERVERS = [*Behaviour, Trouble.UNAUTHORIZED, Trouble.HTML, Trouble.PROSE, Trouble.BROKEN]


@pytest.fixture(params=SERVERS, ids=str)
async def summarizer(request: pytest.FixtureRequest) -> AsyncIterator[Summarizer]:
    server = OpenAiServer()
    if isinstance(request.param, Behaviour):
        server.behaviour = request.param
    else:
        server.is_always = request.param
    async with running(server), a_desk(server) as desk:
        yield desk.summarizer


async def improved(summarizer: Summarizer, document: Document) -> Document:
    return with_digest(document, await summarizer.digest(document))


async def test_every_chapter_comes_down_to_one_plain_sentence(summarizer: Summarizer) -> None:
    document = await improved(summarizer, a_document(chapters=5))
    for chapter in document.chapters:
        takeaway = chapter.takeaway.text
        assert len(sentences_of(takeaway)) == 1
        assert 8 <= word_count(takeaway) <= 45
        assert plain(takeaway) == takeaway
        assert has_only_numbers_of(takeaway, chapter.text)


async def test_the_document_comes_down_to_one_sentence(summarizer: Summarizer) -> None:
    document = await improved(summarizer, a_document(chapters=5))
    assert len(sentences_of(document.summary)) == 1
    assert document.title == "Slow changes"


async def test_chapters_keep_number_title_text_and_order(summarizer: Summarizer) -> None:
    before = a_document(chapters=5, titles=["Results", "Discussion"])
    after = await improved(summarizer, before)
    assert [(c.number, c.title, c.text) for c in after.chapters] == [
        (c.number, c.title, c.text) for c in before.chapters
    ]


async def test_a_takeaway_tells_who_wrote_it_and_where_it_stands(summarizer: Summarizer) -> None:
    document = await improved(summarizer, a_document(chapters=3, pages=2))
    for chapter in document.chapters:
        assert chapter.takeaway.source in ("extract", "model")
        if chapter.takeaway.source == "model":
            assert chapter.takeaway.page == chapter.page


async def test_a_document_without_chapters_is_no_error(summarizer: Summarizer) -> None:
    digest = await summarizer.digest(a_document(chapters=0))
    assert dict(digest.takeaways) == {}


async def test_the_same_document_gives_the_same_digest(summarizer: Summarizer) -> None:
    document = a_document(chapters=4)
    assert await summarizer.digest(document) == await summarizer.digest(document)
