"""What the text alone tells of a document, before the layout model has seen it.

The tasks of reading children run in this process: how children start is tested elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline import read
from pipeline.domain import Document
from pipeline.errors import ChildDied
from pipeline.process.sandbox import Given, Sandbox, Wanted
from pipeline.producer import Producer
from tests import tone
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


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks, as they are asked for. The model has nothing to add."""
    tasks: list[str] = []

    async def run(_: Sandbox, task: str, request: Any, **how: Any) -> Any:
        tasks.append(task)
        if task == "read.layout":
            return {"labels": {}}
        if task == "read.survey" and request["draft"] is not None and "break" in tasks:
            raise ChildDied(reason="a draft")
        return read.TASKS[task](_here(request), lambda _done, _total: None)

    monkeypatch.setattr(Sandbox, "run", run)
    monkeypatch.setattr(read, "allow_cpu", lambda _seconds: None)
    return tasks


def _here(value: Any) -> Any:
    match value:
        case Given(path) | Wanted(path):
            return str(path)
        case dict():
            return {key: _here(each) for key, each in value.items()}
        case list():
            return [_here(each) for each in value]
    return value


def a_producer() -> Producer:
    return Producer(voices=[tone.card()], default_voice=tone.card().id, workers=1)


async def test_a_draft_comes_before_the_pages_are_laid_out(
    asked: list[str], doubtful: Path
) -> None:
    drafts: list[Document] = []

    async def on_draft(draft: Document) -> None:
        assert "read.layout" not in asked
        drafts.append(draft)

    document = await a_producer().read(doubtful, max_pages=10, on_draft=on_draft)
    assert "read.layout" in asked
    [draft] = drafts
    assert (draft.title, draft.pages) == (document.title, document.pages)
    assert draft.summary
    assert all(chapter.seconds for chapter in draft.chapters)
    first, *others = draft.chapters
    assert first.passages == document.chapters[0].passages  # it may be spoken meanwhile
    assert not any(chapter.passages for chapter in others)
    assert all(chapter.passages for chapter in document.chapters)
    assert len(draft.chapters) == len(document.chapters) == 2


async def test_where_the_model_has_nothing_to_add_there_is_no_draft(
    asked: list[str], paper: Path
) -> None:
    async def on_draft(draft: Document) -> None:
        raise AssertionError(draft)

    assert (await a_producer().read(paper, max_pages=10, on_draft=on_draft)).chapters
    assert "read.layout" not in asked


async def test_what_a_draft_breaks_is_read_without_one(asked: list[str], doubtful: Path) -> None:
    async def on_draft(draft: Document) -> None:
        raise AssertionError(draft)

    asked.append("break")
    document = await a_producer().read(doubtful, max_pages=10, on_draft=on_draft)
    assert asked.count("read.survey") == 2
    assert document.chapters
