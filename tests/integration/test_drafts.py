"""What the text alone tells of a document, before the layout model has seen it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.domain import Document
from pipeline.errors import ChildDied
from pipeline.process.sandbox import Sandbox
from pipeline.producer import Producer
from tests.drawing import BEES, HONEY, Sheet


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    """A paper with a table: the model is asked where it ends."""
    sheet = Sheet()
    sheet.line("How Bees Count", size=20)
    for number, heading in enumerate(("Introduction", "Results"), start=1):
        sheet.heading(f"{number} {heading}")
        sheet.paragraph(BEES)
        sheet.paragraph("Table 1: Bees by hive.")
        sheet.paragraph(HONEY)
    return sheet.save(tmp_path / "doubtful.pdf")


async def test_a_draft_comes_before_the_pages_are_laid_out(
    warm_producer: Producer, doubtful: Path
) -> None:
    laid_out: list[int] = []
    drafts: list[Document] = []

    async def on_draft(draft: Document) -> None:
        assert laid_out == []
        drafts.append(draft)

    def on_progress(done: int, _total: int) -> None:
        laid_out.append(done)

    document = await warm_producer.read(
        doubtful, max_pages=10, on_progress=on_progress, on_draft=on_draft
    )
    assert laid_out
    [draft] = drafts
    assert (draft.title, draft.pages) == (document.title, document.pages)
    assert draft.summary
    assert all(chapter.seconds and not chapter.passages for chapter in draft.chapters)
    assert len(draft.chapters) == len(document.chapters)


async def test_what_a_draft_breaks_is_read_without_one(
    warm_producer: Producer, doubtful: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Sandbox.run

    async def breaking(self: Sandbox, task: str, request: Any, **how: Any) -> Any:
        if request.get("draft") is not None:
            raise ChildDied(reason="a draft")
        return await run(self, task, request, **how)

    async def on_draft(draft: Document) -> None:
        raise AssertionError(draft)

    monkeypatch.setattr(Sandbox, "run", breaking)
    document = await warm_producer.read(doubtful, max_pages=10, on_draft=on_draft)
    assert document.chapters
