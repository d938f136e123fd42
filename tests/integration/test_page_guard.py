"""Who may come in at the local page: other sites' pages cannot, and each browser is its own."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.web import opening
from adapters.web.guard import Doors, doors_of
from adapters.web.site import STATIC
from bot.views import Verb
from tests.integration.page_stage import Stage, a_browser, opened_stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with opened_stage(tmp_path) as found:
        yield found


@pytest.fixture
async def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    """A page that others reach too, and that lets them in: each browser as itself."""

    def opened(host: str, *, is_loopback: bool, is_open: bool, public: str) -> Doors:
        return doors_of(host, is_loopback=is_loopback, is_open=True, public=public)

    monkeypatch.setattr(opening, "doors_of", opened)
    async with opened_stage(
        tmp_path, host="0.0.0.0", public_url="https://listen.example.org"
    ) as found:
        yield found


async def test_answers_carry_headers_that_keep_the_page_alone(stage: Stage) -> None:
    for path in ("/", "/static/main.js", "/nowhere", "/api/refusal"):
        headers = (await stage.client.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"


async def test_every_part_of_the_page_is_served_and_asks_nobody_else(stage: Stage) -> None:
    page = (await stage.client.get("/")).text
    named = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page))
    imported = {name for file in STATIC.glob("*.js") for name in _imports(file)}
    assert named | imported == {file.name for file in STATIC.iterdir()} - {"index.html"}
    for name in named | imported:
        answer = await stage.client.get(f"/static/{name}")
        assert answer.status_code == 200
        assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)", answer.text)


def _imports(file: Path) -> list[str]:
    return re.findall(r'from "\./([^"]+)"', file.read_text(encoding="utf-8"))


def test_no_script_of_the_page_makes_markup_of_text() -> None:
    for file in STATIC.glob("*.js"):
        text = file.read_text(encoding="utf-8")
        for risky in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert risky not in text, file.name


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "192.168.0.7", "[", ""]
)
async def test_a_foreign_name_for_us_is_turned_away(stage: Stage, host: str) -> None:
    for path in ("/", "/api/events", "/static/main.js"):
        answer = await stage.client.get(path, headers={"Host": host})
        assert answer.status_code == 403


async def test_this_machines_own_names_are_known(stage: Stage) -> None:
    port = stage.page.url.rpartition(":")[2]
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}", "LOCALHOST:9000"):
        assert (await stage.client.get("/", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "cross-site", "Origin": ""},
        {"Origin": "", "Sec-Fetch-Site": "same-site"},  # another port of this machine
        {"Origin": "", "Sec-Fetch-Site": ""},  # who says nothing is no page of ours
    ],
)
async def test_another_sites_page_can_do_nothing(stage: Stage, headers: dict[str, str]) -> None:
    for method, path in (
        ("POST", "/api/documents"),
        ("POST", "/api/tap"),
        ("POST", "/api/say"),
        ("DELETE", "/api/messages/1"),
    ):
        answer = await stage.client.request(method, path, content=b"{}", headers=headers)
        assert answer.status_code == 403
    assert stage.jobs.reads == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_sites_page_can_embed_nothing_but_may_link_here(
    stage: Stage, site: str
) -> None:
    headers = {"Sec-Fetch-Site": site}
    for path in ("/api/events", "/audio/0/1/x.mp3", "/covers/0", "/static/main.js"):
        assert (await stage.client.get(path, headers=headers)).status_code == 403
    assert (await stage.client.get("/", headers=headers)).status_code == 200


async def test_behind_a_proxy_the_public_address_is_ours(shared: Stage) -> None:
    public = {"Host": "listen.example.org", "Origin": "https://listen.example.org"}
    local = {"Origin": "https://listen.example.org"}  # the proxy names us its own way
    await shared.client.get("/api/refusal")
    async with shared.tab() as tab:
        await tab.next("state")
    for headers in (public, local):
        answer = await shared.client.post("/api/say", json={"text": "/help"}, headers=headers)
        assert answer.status_code == 204
    evil = {"Origin": "https://evil.example.org"}
    answer = await shared.client.post("/api/say", json={"text": "/help"}, headers=evil)
    assert answer.status_code == 403


async def test_over_a_network_addresses_are_known_and_foreign_names_are_not(shared: Stage) -> None:
    for host, status in (("192.168.0.7:80", 200), ("evil.example", 403)):
        assert (await shared.client.get("/", headers={"Host": host})).status_code == status


async def test_over_a_network_each_browser_is_a_listener_of_its_own(shared: Stage) -> None:
    assert (await shared.sends()).status_code == 403  # it has not opened the page
    async with shared.tab() as tab:
        await tab.next("state")
    document = await shared.has_read("One")
    await shared.has_spoken(document, 1)
    address = f"/audio/{document}/1/01-one.mp3"
    assert (await shared.client.get(address)).status_code == 200
    async with a_browser(shared.page.url) as other:
        assert (await other.get(address)).status_code == 403
        async with other.stream("GET", "/api/events") as stream:
            cookie = stream.headers["set-cookie"].lower()
        assert (await other.get(address)).status_code == 404
        assert (await other.get(f"/covers/{document}")).status_code == 404
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


async def test_a_browser_that_has_its_cookie_keeps_it(shared: Stage) -> None:
    """A link on another site brings no cookie along; the page must not hand out a new one then."""
    async with shared.tab() as tab:
        await tab.next("state")
    before = dict(shared.client.cookies)
    assert before
    async with a_browser(shared.page.url) as linked:
        answer = await linked.get("/", headers={"Sec-Fetch-Site": "cross-site"})
        assert "set-cookie" not in answer.headers
    async with shared.client.stream("GET", "/api/events") as stream:
        assert "set-cookie" not in stream.headers


async def test_a_made_up_cookie_opens_nothing(shared: Stage) -> None:
    for cookie in ("local", "x", "../..", "a" * 5000):
        async with a_browser(shared.page.url) as other:
            answer = await other.get("/covers/0", headers={"Cookie": f"listener={cookie}"})
            assert answer.status_code == 403


async def test_a_secure_address_gets_a_secure_cookie(shared: Stage) -> None:
    async with a_browser(shared.page.url) as other:
        headers = {"X-Forwarded-Proto": "https"}
        async with other.stream("GET", "/api/events", headers=headers) as stream:
            assert "secure" in stream.headers["set-cookie"].lower()


async def test_what_one_listener_does_no_other_sees(shared: Stage) -> None:
    async with shared.tab() as mine:
        await mine.next("state")
        document = await shared.has_read("One")
        async with a_browser(shared.page.url) as other:
            async with other.stream("GET", "/api/events"):
                pass
            tap = {"data": f"{Verb.HEARD}.{document[:16]}.1", "message": document}
            await other.post("/api/tap", json=tap)
            await other.post("/api/tap", json=tap | {"data": f"{Verb.DELETE}.{document[:16]}.0"})
        await shared.taps(Verb.STARTED, document, 1)
        await mine.marks("▶")
