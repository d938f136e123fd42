"""Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
from playwright.async_api import Page as AsyncPage
from playwright.async_api import async_playwright
from playwright.sync_api import Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
    "--autoplay-policy=user-gesture-required",
)


@asynccontextmanager
async def a_page_to_await(**options: Any) -> AsyncIterator[AsyncPage]:
    """As `a_page`, for tests that await."""
    errors: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            page = await (await browser.new_context(**options)).new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            yield page
        finally:
            await browser.close()
    assert errors == []


@contextmanager
def a_page(**options: Any) -> Iterator[Page]:
    """A fresh browser's page; an error in a script of ours fails the test."""
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            page = browser.new_context(**options).new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            yield page
        finally:
            browser.close()
    assert errors == []


def until(page: Page, script: str, patience_s: float = 60.0) -> None:
    """Wait until an expression is true. (Playwright's own way needs `eval`, which we forbid.)"""
    end = time.monotonic() + patience_s
    while not page.evaluate(script):
        assert time.monotonic() < end, script
        page.wait_for_timeout(50)
