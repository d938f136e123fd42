"""A person at the local page: drop a PDF, see the card fill, listen, find it all again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.words import messages, words_in
from tests import drawing
from tests.e2e.browser import a_browser, a_page, needs_browser, until
from tests.e2e.serving import QUICK_VOICE, Serving, serving

TITLE = "How Bees Find Their Way Home"
AUDIO = "document.querySelector('audio')"
SOUNDS = f"{AUDIO}.currentTime > 0.5 && !{AUDIO}.paused"
TO_THE_END = f"{AUDIO}.currentTime = {AUDIO}.duration - 0.5"
FIRST_SOUND = (
    f"{AUDIO}.addEventListener('playing', () => window.soundsFrom ??= {AUDIO}.currentTime)"
)
DROPPING = """([name, bytes]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], name));
  for (const type of ["dragenter", "dragover", "drop"])
    document.body.dispatchEvent(
      new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


def drops(page: Page, pdf: Path) -> None:
    page.evaluate(DROPPING, [pdf.name, list(pdf.read_bytes())])


def card(page: Page, title: str = TITLE) -> Locator:
    found = page.get_by_role("article", name=title, exact=True)
    found = found.and_(page.locator(":not(.upload)"))  # which may still tell that it is sent
    expect(found).to_be_visible()
    return found


def plays(line: Locator) -> None:
    expect(line).to_have_attribute("data-playback", "playing")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as found:
        yield found


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory, lender: str) -> Iterator[Serving]:
    """One for all that need none of their own; each test sends a paper with a title of its own."""
    home = tmp_path_factory.mktemp("home")
    with serving(home, lender=lender, MAX_PDF_MB="1", **QUICK_VOICE) as found:
        yield found


@needs_browser
def test_drop_a_paper_listen_and_come_back(
    browser: Browser, lender: str, paper: Path, tmp_path: Path
) -> None:
    with serving(tmp_path / "home", lender=lender) as program, a_page(browser) as page:
        page.goto(program.url)
        expect(page.get_by_role("heading", name="Hear your PDFs")).to_be_visible()
        drops(page, paper)
        chapters = card(page).get_by_role("listitem")
        expect(chapters).to_have_count(6)
        player = page.get_by_role("contentinfo", name="Player")

        # one that is certainly not spoken yet: it jumps the queue and plays by itself
        chapters.nth(5).locator(".play").click()
        plays(chapters.nth(5))
        until(page, SOUNDS)
        expect(player).to_contain_text(f"6 of 6 · {TITLE}")
        expect(chapters.nth(5).locator(".mark")).to_have_text("▶\ufe0e")

        # heard to its end, the next one plays on
        chapters.nth(0).locator(".play").click()
        plays(chapters.nth(0))
        until(page, SOUNDS)
        page.evaluate(TO_THE_END)
        expect(chapters.nth(0).locator(".mark")).to_have_text("✓")
        plays(chapters.nth(1))

        # left before its end, it is not heard
        until(page, SOUNDS)
        player.get_by_role("button", name="Next").click()
        plays(chapters.nth(2))
        expect(chapters.nth(1).locator(".mark")).to_have_text("▶\ufe0e")

        # taken back, and said by hand
        chapters.nth(0).get_by_role("button", name="Chapter 1 heard").click()
        expect(chapters.nth(0).locator(".mark")).to_have_text("○")
        player.get_by_role("button", name="✓ Heard").click()
        expect(chapters.nth(2).locator(".mark")).to_have_text("✓")

        # a reload keeps the marks, the chapter and the place in it
        until(page, f"{AUDIO}.currentTime > 2")
        page.reload()
        expect(chapters.nth(2).locator(".mark")).to_have_text("✓")
        expect(chapters.nth(2)).to_have_attribute("data-playback", "paused")
        expect(player).to_contain_text("3 of 6")
        until(page, f"{AUDIO}.currentTime > 1.5 && {AUDIO}.paused")
        assert program.stop() == 0
        expect(page.get_by_text("Not connected.")).to_be_visible()


@needs_browser
def test_another_device_goes_on_where_this_one_stopped(
    browser: Browser, program: Serving, tmp_path: Path
) -> None:
    title = "How Bees Carry On"
    pdf = drawing.a_paper(tmp_path / "on.pdf", title=title, is_short=True)
    with a_page(browser) as phone, a_page(browser) as desk:
        phone.goto(program.url)
        phone.set_input_files("#files", pdf)
        line = card(phone, title).get_by_role("listitem").nth(1)
        line.locator(".play").click()
        plays(line)
        until(phone, SOUNDS)
        phone.evaluate(f"{AUDIO}.currentTime = 9")
        until(phone, f"{AUDIO}.currentTime > 9.2")
        phone.get_by_role("button", name="Pause", exact=True).click()
        desk.goto(program.url)
        onward = card(desk, title).get_by_role("button", name=re.compile("Continue from 0:0"))
        desk.evaluate(FIRST_SOUND)
        onward.click()
        until(desk, "window.soundsFrom !== undefined")
        assert 1.5 < desk.evaluate("window.soundsFrom") <= 9.5


@needs_browser
def test_two_tabs_stay_in_step_and_the_page_comes_back_after_a_restart(
    browser: Browser, lender: str, paper: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with serving(home, lender=lender, **QUICK_VOICE) as program, a_page(browser) as one:
        two = one.context.new_page()
        for tab in (one, two):
            tab.goto(program.url)
        one.set_input_files("#files", paper)
        for tab in (one, two):
            expect(card(tab).locator(".chapter")).to_have_count(6)
        card(one).get_by_role("button", name="Chapter 2 heard").click()
        expect(card(two).locator(".mark").nth(1)).to_have_text("✓")
        expect(card(two).locator(".facts")).to_contain_text("6 ready")
        assert program.stop() == 0
        with serving(home, port=program.port, lender=lender, **QUICK_VOICE):
            expect(two.get_by_text("Not connected.")).to_be_hidden()
            card(two).get_by_role("button", name="Chapter 2 heard").click()
            expect(card(one).locator(".mark").nth(1)).to_have_text("○")


@needs_browser
def test_by_keyboard_alone_with_a_file_that_cannot_be_read(
    browser: Browser, program: Serving, tmp_path: Path
) -> None:
    locked = drawing.a_locked(tmp_path / "locked.pdf")
    paper = drawing.a_paper(tmp_path / "paper.pdf", title="Keys", is_short=True)
    with a_page(browser) as page:
        page.goto(program.url)
        page.set_input_files("#files", [locked, paper])
        bad = card(page, "locked.pdf")
        expect(bad.locator(".status")).to_contain_text("locked with a password")
        expect(bad.locator(".chapter")).to_have_count(0)
        good = card(page, "Keys")
        expect(good.locator(".chapter:not(.waiting)")).to_have_count(6)

        good.get_by_role("button", name="Start listening").focus()
        for _ in range(5):  # past the choices and what folds the list, to the first chapter
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        plays(good.locator(".chapter").first)
        until(page, SOUNDS)
        focused = page.locator(":focus")  # kept, though the card changed under it
        expect(focused).to_have_accessible_name(re.compile("Chapter 1, Abstract, .*, playing"))
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(good.locator(".mark").first).to_have_text("✓")
        expect(focused).to_have_attribute("aria-pressed", "true")

        bad.get_by_role("button", name="Delete “locked.pdf”").press("Enter")
        expect(focused).to_have_attribute(
            "aria-label", "Delete “locked.pdf” with its audio and your progress?"
        )
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(bad).to_have_count(0)
        expect(focused).to_contain_text("is gone")
        page.keyboard.press("Escape")
        expect(page.get_by_role("region", name="Messages")).to_be_hidden()


@needs_browser
def test_a_german_browser_is_spoken_to_in_german(
    browser: Browser, program: Serving, tmp_path: Path
) -> None:
    german = words_in("de")
    paper = drawing.a_paper(tmp_path / "paper.pdf", title="Bienen", is_short=True)
    with a_page(browser, locale="de-DE") as page:
        page.goto(program.url)
        expect(page.get_by_role("heading", name="Hör deine PDFs")).to_be_visible()
        page.set_input_files("#files", paper)
        made = card(page, "Bienen")
        expect(made.get_by_role("heading", name="Bienen")).to_have_attribute("lang", "en")
        expect(made).to_contain_text(german(messages.FACT_HEARD, percent=0))
        made.get_by_role("button", name="Kapitel 1 gehört").click()
        expect(made.locator(".mark").first).to_have_text("✓")
        made.locator(".chapter .play").nth(1).click()
        plays(made.locator(".chapter").nth(1))
        player = page.get_by_role("contentinfo", name="Wiedergabe")
        expect(player.get_by_role("button", name="Anhalten")).to_be_visible()
        expect(player.get_by_role("button", name="Nächstes")).to_be_visible()


@needs_browser
def test_what_is_too_large_is_said_before_it_is_sent(
    browser: Browser, program: Serving, tmp_path: Path
) -> None:
    large = tmp_path / "large.pdf"
    large.write_bytes(b"%PDF-1.7" + b"0" * 2 * 1024 * 1024)
    sent: list[str] = []
    with a_page(browser) as page:
        page.on("request", lambda request: sent.append(request.url))
        page.goto(program.url)
        page.set_input_files("#files", large)
        expect(page.locator(".upload .status")).to_contain_text("the limit here is 1 MB")
        assert not any(url.endswith("/api/documents") for url in sent)
        page.get_by_role("button", name="Close").click()
        expect(page.locator(".upload")).to_have_count(0)


@needs_browser
def test_text_that_looks_like_markup_stays_text(
    browser: Browser, program: Serving, tmp_path: Path
) -> None:
    title = "<img src=x onerror=alert(1)>"
    pdf = drawing.a_paper(tmp_path / "<b>paper<b>.pdf", title=title, is_short=True)
    with pymupdf.open(pdf) as drawn:
        drawn.set_metadata({"title": title})
        drawn.saveIncr()
    with a_page(browser) as page:
        page.goto(program.url)
        page.set_input_files("#files", pdf)
        made = card(page, title)
        expect(made.locator(".chapter")).to_have_count(6)
        assert made.locator("img:not(.cover), b").count() == 0
        page.get_by_role("button", name="Library").click()
        library = page.get_by_role("article", name="Your documents")
        expect(library).to_contain_text(title)
        assert library.locator("img").count() == 0


LOCALES = ("en-US", "de-DE", "es-ES", "fr-FR", "pt-BR", "ru-RU")


@needs_browser
def test_no_language_is_wider_than_a_phone(
    browser: Browser, program: Serving, tmp_path: Path
) -> None:
    paper = drawing.a_paper(tmp_path / "paper.pdf", title="Narrow", is_short=True)
    for locale in LOCALES:
        with a_page(browser, locale=locale, viewport={"width": 320, "height": 640}) as page:
            page.goto(program.url)
            if locale == LOCALES[0]:
                page.set_input_files("#files", paper)
            line = card(page, "Narrow").locator(".chapter").first
            line.locator(".play").click()
            plays(line)
            assert page.evaluate("document.documentElement.scrollWidth") == 320, locale
            assert page.evaluate(TOO_WIDE) == [], locale
            assert page.evaluate(SMALL_BUTTONS) == [], locale


TOO_WIDE = """[...document.querySelectorAll("nav *, footer *")]
  .filter((node) => node.offsetParent && node.getBoundingClientRect().right > 320.5)
  .map((node) => node.outerHTML)"""


@needs_browser
def test_on_a_phone_nothing_is_wider_than_the_screen(
    browser: Browser, program: Serving, tmp_path: Path
) -> None:
    paper = drawing.a_paper(tmp_path / "paper.pdf", title="Bees " + "w" * 24, is_short=True)
    phone = {"width": 320, "height": 640}  # the narrowest that WCAG asks for
    with a_page(browser, viewport=phone) as page:
        page.goto(program.url)
        page.set_input_files("#files", paper)
        first = card(page, "Bees " + "w" * 24).locator(".chapter").first
        first.locator(".play").click()
        plays(first)
        page.get_by_role("button", name="Progress").click()
        expect(page.get_by_role("article", name="Your progress")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        small = page.evaluate(SMALL_BUTTONS)
        assert small == []


SMALL_BUTTONS = """[...document.querySelectorAll("button, select, a.keep")]
  .filter((node) => node.offsetParent && getComputedStyle(node).visibility === "visible")
  .filter((node) => node.offsetWidth < 24 || node.offsetHeight < 24)
  .map((node) => node.outerHTML)"""
