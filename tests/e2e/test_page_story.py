"""A person at the local page: drop a PDF, see the card fill, listen, find it all again."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests import drawing
from tests.e2e.browser import a_page, needs_browser, until
from tests.e2e.serving import serving

PLAYED = "document.getElementById('audio').currentTime > 0.5"


@needs_browser
def test_drop_a_paper_listen_and_come_back(paper: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with serving(home) as program, a_page() as page:
        page.goto(program.url)
        expect(page.get_by_text("Drop a PDF here")).to_be_visible()
        page.set_input_files("#file", paper)
        card = page.get_by_role("article", name="How Bees Find Their Way Home")
        expect(card).to_be_visible(timeout=60_000)
        chapters = card.get_by_role("listitem")
        expect(chapters).to_have_count(6)
        # one that is certainly not spoken yet: it jumps the queue and plays by itself
        chapters.nth(5).locator(".play").click()
        until(page, PLAYED)
        expect(page.locator("#player-title")).to_have_text("Discussion")
        expect(page.locator("#player-place")).to_have_text("6 of 6")
        expect(chapters.nth(5).locator(".mark")).to_have_text("▶")
        page.locator("#player-toggle").click()
        # heard, and taken back
        mark = chapters.nth(0).get_by_role("button", name="Mark as heard: Abstract")
        mark.click()
        expect(chapters.nth(0).locator(".mark")).to_have_text("✓")
        chapters.nth(1).locator(".mark").click()
        expect(chapters.nth(1).locator(".mark")).to_have_text("✓")
        chapters.nth(1).locator(".mark").click()
        expect(chapters.nth(1).locator(".mark")).to_have_text("○")
        expect(card.locator(".facts")).to_contain_text("6 ready", timeout=60_000)
        page.reload()
        expect(page.get_by_role("listitem").nth(0).locator(".mark")).to_have_text("✓")
        expect(page.get_by_role("listitem").nth(5).locator(".mark")).to_have_text("▶")
        page.get_by_role("button", name="Progress").click()
        expect(page.get_by_role("dialog")).to_contain_text("1 of 6 heard")
        assert program.stop() == 0
    with serving(home) as program, a_page() as page:  # another life, another browser
        page.goto(program.url)
        expect(page.get_by_role("listitem").nth(0).locator(".mark")).to_have_text("✓")
        assert program.stop() == 0


@needs_browser
def test_a_bad_file_says_why_and_a_chapter_is_played_by_keyboard(
    paper: Path, tmp_path: Path
) -> None:
    locked = drawing.a_locked(tmp_path / "locked.pdf")
    with serving(tmp_path / "home") as program, a_page() as page:
        page.goto(program.url)
        page.set_input_files("#file", [locked, paper])
        bad = page.get_by_role("article", name="locked.pdf")
        expect(bad.get_by_role("status")).to_contain_text("locked with a password", timeout=60_000)
        expect(bad.get_by_role("listitem")).to_have_count(0)
        good = page.get_by_role("article", name="How Bees Find Their Way Home")
        expect(good.locator(".is-ready").first).to_be_visible(timeout=60_000)
        good.locator(".play").first.focus()
        page.keyboard.press("Enter")
        until(page, PLAYED)
        page.get_by_role("button", name="Library").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Delete").last.click()
        dialog.get_by_role("button", name="Delete").click()
        expect(dialog).to_contain_text("is gone")
        page.keyboard.press("Escape")
        expect(page.get_by_role("article")).to_have_count(1)


@needs_browser
def test_a_title_that_looks_like_markup_stays_text(tmp_path: Path) -> None:
    title = "<img src=x onerror=alert(1)>"
    pdf = drawing.a_paper(tmp_path / "paper.pdf", title=title)
    with serving(tmp_path / "home") as program, a_page() as page:
        page.goto(program.url)
        page.set_input_files("#file", pdf)
        expect(page.get_by_role("heading", level=2)).to_have_text(title, timeout=60_000)
        assert page.locator(".card img").count() == 0
