"""A document's pages read by several children at once.

A page may crash the child that reads it, and a child may be killed from outside: what it had read
is kept, a fresh one goes on from there, and a page at which two children broke off stays empty.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import structlog

from pipeline.errors import ChildDied, ReadingTookTooMuchMemory
from pipeline.process.sandbox import Sandbox, Wanted

log = structlog.get_logger()
Json = dict[str, Any]
T = TypeVar("T")
PAGES_A_CHILD = 30  # fewer are not worth another child: each opens the file anew
MOST_DEATHS = 6  # of children over one share, before the document is given up


async def extract_pages(
    readers: Sandbox, request: Json, *, pages: int, folder: Path, timeout_s: float
) -> list[Path]:
    """The files in `folder` with the text of all pages, as far as they were read. `request`: what
    each child is told beside its share. Raises what a child says of the file, and `ChildDied` where
    too many die."""
    hands = max(1, min(readers.size, pages // PAGES_A_CHILD))
    borders = [pages * hand // hands for hand in range(hands + 1)]
    shares = [
        _Stint(readers, request, range(start, end), folder, timeout_s)
        for start, end in pairwise(borders)
    ]
    files = await all_or_none([share.read() for share in shares])
    return [file for found in files for file in found if file.is_file()]


async def all_or_none(work: Sequence[Awaitable[T]]) -> list[T]:
    """Everything side by side; at the first failure the others are ended before it is raised."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Stint:
    """Some pages in a row, read by one child, or by its heirs."""

    def __init__(
        self, readers: Sandbox, request: Json, pages: range, folder: Path, timeout_s: float
    ) -> None:
        self._readers = readers
        self._request = request
        self._pages = pages
        self._folder = folder
        self._timeout_s = timeout_s
        self._files: list[Path] = []
        self._next = pages.start
        self._lost: set[int] = set()
        self._broke_off: list[int] = []  # at which page, one for each death

    async def read(self) -> list[Path]:
        while self._next < self._pages.stop:
            try:
                await self._go_on()
            except (ChildDied, ReadingTookTooMuchMemory) as err:
                self._survive(err)
        return self._files

    async def _go_on(self) -> None:
        out = self._folder / f"{self._pages.start}-{len(self._files)}.pages"
        self._files.append(out)
        start = self._next

        def on_page(done: int, _total: int) -> None:
            self._next = min(max(start, start + done), self._pages.stop)

        share = {"start": start, "stop": self._pages.stop, "out": Wanted(out, in_part=True)}
        await self._readers.run(
            "read.pages", self._request | share, timeout_s=self._timeout_s, on_progress=on_page
        )
        self._next = self._pages.stop

    def _survive(self, err: ChildDied | ReadingTookTooMuchMemory) -> None:
        """Go on from where a child broke off, without the page at which the one before did too.
        Raises its error if that happens too often, or nothing would be left."""
        page = self._next
        if page in self._broke_off:
            self._lost.add(page)
            self._next += 1
        self._broke_off.append(page)
        log.warning("reading broke off", page=page + 1, lost=page in self._lost, error=err.kind)
        if len(self._broke_off) > MOST_DEATHS or len(self._lost) == len(self._pages):
            raise err
