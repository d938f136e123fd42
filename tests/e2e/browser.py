"""Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
from playwright.async_api import Page as AsyncPage
from playwright.async_api import async_playwright
from playwright.async_api import expect as expect_async
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.waiting import Patience

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")  # the first costs a quarter
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")
PATIENCE_MS = 600_000.0  # only for what never comes: a busy machine may take minutes
for _expecting in (expect, expect_async):
    _expecting.set_options(timeout=PATIENCE_MS)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
    "--autoplay-policy=user-gesture-required",
)
STILL: dict[str, Any] = {"reduced_motion": "reduce"}  # what nobody watches is not drawn


@asynccontextmanager
async def a_page_to_await(**options: Any) -> AsyncIterator[AsyncPage]:
    """As `a_page`, for tests that await."""
    errors: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            context = await browser.new_context(**STILL | options)
            context.set_default_timeout(PATIENCE_MS)
            page = await context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            yield page
        finally:
            await browser.close()
    assert errors == []


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Not for tests that await: while it is open, no other loop runs in this thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def a_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page of somebody who was never here; an error in a script of ours fails the test."""
    errors: list[str] = []
    context = browser.new_context(**STILL | options)
    try:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
    finally:
        context.close()
    assert errors == []


def until(page: Page, script: str) -> None:
    """Wait until an expression is true. (Playwright's own way needs `eval`, which we forbid.)"""
    patience = Patience()
    while not page.evaluate(script):
        assert not patience.is_over(), script
        page.wait_for_timeout(50)
