"""Makes the pictures of the local page that README and documentation show.

`python docs/screenshots/make.py` starts the program on a home of its own, gives it an essay drawn
here, and photographs what a person sees. It needs the development requirements and Chromium.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))  # run as a script: the tests' own tools are used

from playwright.sync_api import Locator, Page, expect  # noqa: E402

from tests.drawing import BOLD, Sheet  # noqa: E402
from tests.e2e.browser import a_page, until  # noqa: E402
from tests.e2e.serving import serving  # noqa: E402

PATIENCE_MS = 120_000
DESKTOP: dict[str, Any] = {"viewport": {"width": 1180, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
TITLE = "How the Hours Became Equal"
AUTHORS = "Nora Lind, Samuel Okoye"
PARTS = (
    (
        "Abstract",
        "For most of history an hour was a twelfth of the day, long in summer and short in winter "
        "[1]. We follow how bells, springs and railways made all hours the same length. We find "
        "that clocks spread less because they were exact than because people wanted to meet.",
    ),
    (
        "1 Introduction",
        "Ask a farmer of the year 1200 what time it is, and the answer is a place in the sky. "
        "Nobody missed minutes, because nothing depended on them [2]. The question of this essay "
        "is who needed equal hours first, and what they gave up to have them.",
    ),
    (
        "2 Shadows and water",
        "A sundial divides the light there is into twelve parts, so its hours breathe with the "
        "seasons. Water clocks ran day and night, and their keepers changed the outflow every few "
        "weeks to keep up with the sun. Both tell when, but neither tells how long.",
    ),
    (
        "2.1 The breathing hour",
        "In northern towns a summer hour lasted more than twice as long as one in winter. Wages "
        "were paid by the day, so nobody was cheated by it. Only astronomers complained.",
    ),
    (
        "3 Bells",
        "The first mechanical clocks had no face: they pulled a rope. A falling weight knows "
        "nothing of the seasons, so its hours came out equal whether one wanted them or not. "
        "Within two generations every town with a market had such a bell [3].",
    ),
    (
        "3.1 Work by the bell",
        "Weavers were the first to be paid by the hour and the first to break the bell. The "
        "quarrel was never about time alone, but about who holds the rope.",
    ),
    (
        "4 Springs and pendulums",
        "A spring made the clock small enough to be carried, and a pendulum made it good enough "
        "to be trusted. The error of a day fell from a quarter of an hour to ten seconds [4]. "
        "For the first time a minute was worth a hand of its own.",
    ),
    (
        "5 Railways",
        "Two trains on one track must agree on the time, and two towns did not. Railway companies "
        "sent a watch down the line each morning, later a telegraph signal. In 1884 the world was "
        "cut into zones, and local noon became a curiosity.",
    ),
    (
        "6 Discussion",
        "Each step traded a time that fits the place for a time that fits the others. The gain is "
        "a world in which strangers can meet at nine. The loss is a noon that nobody sees any "
        "more.",
    ),
)
SOURCES = ("Hours before clocks", "The patient sundial", "Bells of the market", "On pendulums")


def an_essay(path: Path) -> Path:
    """Chapters on two levels, citations, running heads, references: what a real paper brings."""
    sheet = Sheet(header="Essays on Measurement 4 (2026)", has_page_numbers=True)
    sheet.line(TITLE, size=20, font=BOLD)
    sheet.space(8)
    sheet.line(AUTHORS, size=11)
    sheet.space(10)
    for heading, text in PARTS:
        sheet.heading(heading, size=12.0 if heading[1:2] == "." else 14.0)
        sheet.paragraph(text)
    sheet.heading("References")
    for number, source in enumerate(SOURCES, start=1):
        sheet.paragraph(f"[{number}] N. Lind. {source}. Harbour Press, {1980 + 7 * number}.")
    return sheet.save(path)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        essay = an_essay(Path(folder) / "hours.pdf")
        with serving(Path(folder) / "home") as program:
            with a_page(**DESKTOP) as page:
                photograph_desktop(page, program.url, essay)
            with a_page(**PHONE) as page:
                photograph_phone(page, program.url)
            with a_page(**PHONE, color_scheme="dark") as page:
                photograph_progress(page, program.url)


def photograph_desktop(page: Page, url: str, essay: Path) -> None:
    page.goto(url)
    expect(page.locator("body.is-here")).to_be_attached()
    take(page, "page-empty")
    page.set_input_files("#files", essay)
    lines = page.locator(".chapter")
    expect(lines).to_have_count(len(PARTS), timeout=PATIENCE_MS)
    expect(page.locator(".chapter:not(.waiting)").nth(2)).to_be_visible(timeout=PATIENCE_MS)
    take(page, "page-working")
    expect(page.locator(".work")).to_be_hidden(timeout=PATIENCE_MS)
    for number in range(3):
        lines.nth(number).locator(".mark").click()
    play(page, lines.nth(3), seconds=6)
    page.evaluate("scrollTo(0, 0)")
    take(page, "page")


def photograph_phone(page: Page, url: str) -> None:
    page.goto(url)
    lines = page.locator(".chapter")
    expect(lines).to_have_count(len(PARTS))
    play(page, lines.nth(3), seconds=8)
    page.evaluate("scrollTo(0, 0)")
    take(page, "page-phone")


def photograph_progress(page: Page, url: str) -> None:
    page.goto(url)
    play(page, page.locator(".chapter").nth(3), seconds=8)
    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("button", name="Progress").click()
    expect(page.locator(".message")).to_be_visible()
    take(page, "page-phone-dark")


def play(page: Page, line: Locator, *, seconds: float) -> None:
    line.locator(".play").click()
    expect(line).to_have_attribute("data-playback", "playing", timeout=PATIENCE_MS)
    until(page, "document.querySelector('audio').currentTime > 0.2")
    page.evaluate(f"document.querySelector('audio').currentTime = {seconds}")
    page.evaluate("document.activeElement.blur()")


def take(page: Page, name: str) -> None:
    page.mouse.move(2, 2)
    page.wait_for_timeout(900)  # what slides in has arrived, what was flashed has faded
    page.screenshot(path=HERE / f"{name}.png")


if __name__ == "__main__":
    main()
