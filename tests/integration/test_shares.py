"""A long document is read by several children; when one breaks off, no work is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.chapters.left_out import with_left_out
from pipeline.errors import ChildDied, DamagedPdf
from pipeline.pdf.page_files import in_order, pages_in
from pipeline.process import sharding
from pipeline.process.sandbox import Limits, Sandbox
from pipeline.process.sharding import MOST_DEATHS, PAGES_A_CHILD, extract_pages
from pipeline.producer import Producer
from tests.drawing import BEES, DANCE, HONEY, WINTER, Sheet
from tests.reading import read_pdf

PAGES = 2 * PAGES_A_CHILD
FEW_PAGES = 2  # enough for a child of their own, in the one test that really reads them


@pytest.fixture
async def readers() -> AsyncIterator[Sandbox]:
    limits = Limits(memory_mb=600, cpu_s=0)
    async with Sandbox(
        module="tests.reading_tasks", size=2, limits=limits, blames_input=True
    ) as opened:
        yield opened


async def files_of(readers: Sandbox, folder: Path, pages: int = PAGES, **how: Any) -> list[Path]:
    request = {"path": "any.pdf"} | how
    return await extract_pages(readers, request, pages=pages, folder=folder, timeout_s=3600)


async def numbers_of(readers: Sandbox, folder: Path, pages: int = PAGES, **how: Any) -> list[int]:
    return [page.number for page in pages_in(await files_of(readers, folder, pages, **how))]


@pytest.mark.parametrize("slow", [0, PAGES_A_CHILD])
async def test_pages_come_in_order_whichever_child_is_slower(
    readers: Sandbox, tmp_path: Path, slow: int
) -> None:
    files = await files_of(readers, tmp_path, slow=[slow])
    assert len(files) == 2
    assert [page.number for page in in_order(pages_in(files), PAGES)] == list(range(PAGES))


async def test_a_short_document_is_read_by_one_child(readers: Sandbox, tmp_path: Path) -> None:
    assert len(await files_of(readers, tmp_path, PAGES - 1)) == 1


async def test_a_child_that_is_killed_is_followed_by_another_that_goes_on(
    readers: Sandbox, tmp_path: Path
) -> None:
    files = await files_of(readers, tmp_path, killed=[PAGES_A_CHILD + 7])
    assert len(files) == 3
    numbers = [page.number for page in pages_in(files)]
    assert sorted(numbers) == list(range(PAGES))  # none is lost, none is read twice


async def test_a_page_that_crashes_every_child_is_lost_alone(
    readers: Sandbox, tmp_path: Path
) -> None:
    numbers = await numbers_of(readers, tmp_path, crash=[5, PAGES - 1])
    assert sorted(numbers) == sorted(set(range(PAGES)) - {5, PAGES - 1})


async def test_where_too_many_pages_crash_the_error_says_so(
    readers: Sandbox, tmp_path: Path
) -> None:
    with pytest.raises(ChildDied):
        await files_of(readers, tmp_path, crash=list(range(MOST_DEATHS)))


async def test_a_document_whose_only_page_crashes_is_not_called_damaged(
    readers: Sandbox, tmp_path: Path
) -> None:
    with pytest.raises(ChildDied):
        await files_of(readers, tmp_path, 1, crash=[0])


async def test_what_one_child_says_of_the_file_ends_the_others(
    readers: Sandbox, tmp_path: Path
) -> None:
    with pytest.raises(DamagedPdf):
        await files_of(readers, tmp_path, damaged=[3], slow=list(range(PAGES_A_CHILD, PAGES)))
    assert await numbers_of(readers, tmp_path, 3) == [0, 1, 2]  # there is room for the next


def a_book(path: Path) -> Path:
    sheet = Sheet(header="The book of bees", has_page_numbers=True)
    while sheet.pdf.page_count <= 2 * FEW_PAGES:
        number = sheet.pdf.page_count // 2 + 1
        sheet.heading(f"{number} Chapter of hive {number}", level=1)
        for text in (BEES, DANCE, HONEY, WINTER) * 3:
            sheet.paragraph(f"{text} {BEES}")
    return sheet.save(path)


async def test_a_book_read_by_several_children_is_the_same_as_by_one(
    warm_producer: Producer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharding, "PAGES_A_CHILD", FEW_PAGES)
    book = a_book(tmp_path / "book.pdf")
    by_one = with_left_out(read_pdf(book, max_pages=1000))
    assert await warm_producer.read(book, max_pages=1000) == by_one
