"""The owner of a page that others reach, at a browser: by the link, and by typing the key."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import expect

from bot.words import messages
from tests.e2e.browser import a_page_to_await, needs_browser
from tests.integration.page_stage import opened_stage

CHOOSE = "Choose PDF"


@needs_browser
async def test_a_link_opens_the_page_and_its_key_leaves_the_address_bar(tmp_path: Path) -> None:
    async with opened_stage(tmp_path, host="0.0.0.0") as stage, a_page_to_await() as page:
        await page.goto(f"{stage.page.url}/")
        await expect(page.get_by_text(messages.PAGE_CLOSED)).to_be_visible()
        await page.get_by_label(messages.PAGE_KEY).fill("not this one")
        await page.get_by_role("button", name=messages.PAGE_OPEN).click()
        await expect(page.get_by_text(messages.PAGE_WRONG_KEY)).to_be_visible()

        link = stage.told[0].rpartition(" ")[2]
        await page.goto(link)
        await expect(page.get_by_role("button", name=CHOOSE)).to_be_visible()
        assert page.url == f"{stage.page.url}/"
        assert stage.key not in await page.evaluate("JSON.stringify(localStorage)")
        assert await page.evaluate("document.cookie") == ""

        await page.goto(link)  # once more, by who is in already
        await expect(page.get_by_role("button", name=CHOOSE)).to_be_visible()
        await expect(page).to_have_url(f"{stage.page.url}/")


@needs_browser
async def test_a_key_that_is_typed_opens_the_page_too(tmp_path: Path) -> None:
    async with opened_stage(tmp_path, host="0.0.0.0") as stage, a_page_to_await() as page:
        await page.goto(f"{stage.page.url}/")
        await page.get_by_label(messages.PAGE_KEY).fill(f" {stage.key} ")
        await page.get_by_role("button", name=messages.PAGE_OPEN).click()
        await expect(page.get_by_role("button", name=CHOOSE)).to_be_visible()
        document = await stage.library.shelf("web:local")
        assert document == []
