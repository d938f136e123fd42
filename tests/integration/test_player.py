"""The page's player in a browser, without a program behind it: from where a chapter goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

import adapters.web
from tests.e2e.browser import a_browser, a_page, needs_browser, until

STATIC = Path(adapters.web.__file__).parent / "static"
ADDRESS = "http://player.test"
# A sound of 100 s that never loads: a test says when it did, and sees where the player went.
ARRANGED = """async () => {
  const { Player } = await import("/static/player.js");
  const { memory } = await import("/static/memory.js");
  localStorage.clear();
  const chapters = new Map();
  const no = () => {};
  const on = { find: (_, number) => chapters.get(number) ?? null, started: no, heard: no,
    unheard: no, next: no, wanted: no, changed: no, say: no };
  const player = new Player(document.body.appendChild(document.createElement("footer")), on);
  let at = 0;
  Object.defineProperty(player.audio, "duration", { get: () => 100 });
  Object.defineProperty(player.audio, "currentTime", { get: () => at, set: (s) => (at = s) });
  Object.defineProperty(player.audio, "play", { value: async () => {} });
  const has = (number, resumes = null) =>
    chapters.set(number, { document: "d", number, title: "t", ready: true, resumes }).get(number);
  const loads = () => player.audio.dispatchEvent(new Event("loadedmetadata"));
  const sounds = (seconds) => {
    player.audio.dispatchEvent(new Event("playing"));
    at = seconds;
    player.audio.dispatchEvent(new Event("pause"));
  };
  window.stage = { player, memory, has, loads, sounds, at: () => at, leaves: () => (at = 0) };
}"""


def _served(route: Route) -> None:
    path = route.request.url.removeprefix(ADDRESS)
    if path.startswith("/static/"):
        route.fulfill(path=STATIC / path.removeprefix("/static/"), content_type="text/javascript")
    else:
        route.fulfill(body="<!DOCTYPE html><title>x</title><body>", content_type="text/html")


@pytest.fixture(scope="module")
def opened() -> Iterator[Page]:
    with a_browser() as browser, a_page(browser) as page:
        page.route("**/*", _served)
        yield page


@pytest.fixture
def page(opened: Page) -> Page:
    opened.goto(ADDRESS)
    opened.evaluate(ARRANGED)
    return opened


@needs_browser
def test_a_place_in_a_chapter_that_was_left_moves_no_other(page: Page) -> None:
    script = """() => {
      const { player, memory, has, loads, at } = stage;
      memory.keepPlace(has(1), 40);
      has(2);
      player.play("d", 1);
      player.play("d", 2);  // before the first was there
      loads();
      return at();
    }"""
    assert page.evaluate(script) == 0


@needs_browser
@pytest.mark.parametrize(
    ("resumes", "goes_on_at"),
    [
        (None, 95),
        ({"seconds": 5, "until": 90.5}, 95),  # told from here, in a passage that takes long
        ({"seconds": 5, "until": 90}, 5),  # another device went back to there
        ({"seconds": 96, "until": 97}, 96),  # or went on to there
    ],
)
def test_what_another_device_tells_counts_and_what_was_told_from_here_is_known_better(
    page: Page, resumes: dict[str, float] | None, goes_on_at: int
) -> None:
    script = """(resumes) => {
      const { player, memory, has, loads, sounds, at, leaves } = stage;
      has(1);
      player.play("d", 1);
      loads();
      sounds(90);  // which is told
      memory.keepPlace(has(1, resumes), 95);  // and kept since, at twice the speed
      player.drop("d");
      leaves();
      player.play("d", 1);
      loads();
      return at();
    }"""
    assert page.evaluate(script, resumes) == goes_on_at


@needs_browser
def test_what_the_program_did_not_hear_is_not_taken_for_told(page: Page) -> None:
    page.route("**/api/place", lambda route: route.abort(), times=1)
    script = """() => {
      const { player, memory, has, loads, sounds } = stage;
      player.play("d", has(1).number);
      loads();
      sounds(90);
      return memory.toldIn(has(1));
    }"""
    assert page.evaluate(script) == [90]
    until(page, "!stage.memory.toldIn(stage.has(1)).length")
