"""Other sites' pages can do nothing at ours, whoever has them open."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.web.site import STATIC
from tests.integration.page_stage import Stage, opened_stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with opened_stage(tmp_path) as found:
        yield found


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncIterator[Stage]:
    """A page that others reach too, and the browser of its owner."""
    async with opened_stage(
        tmp_path, host="0.0.0.0", public_url="https://listen.example.org"
    ) as found:
        assert (await found.opens_with(found.key)).status_code == 204
        insecure(found)
        yield found


def insecure(stage: Stage) -> None:
    """httpx would keep a cookie of an https origin from the http of loopback."""
    for cookie in stage.client.cookies.jar:
        cookie.secure = False


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
    return re.findall(r'(?:from|import) "\./([^"]+)"', file.read_text(encoding="utf-8"))


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
        ("POST", "/api/place"),
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
    tracks = ("/audio/0/1/x.mp3", "/audio/0/1/x.vtt", "/audio/0/1/x.json")
    for path in ("/api/events", *tracks, "/covers/0", "/static/main.js"):
        assert (await stage.client.get(path, headers=headers)).status_code == 403
    assert (await stage.client.get("/", headers=headers)).status_code == 200


async def test_behind_a_proxy_the_public_address_is_ours(shared: Stage) -> None:
    public = {"Host": "listen.example.org", "Origin": "https://listen.example.org"}
    local = {"Origin": "https://listen.example.org"}  # the proxy names us its own way
    for headers in (public, local):
        answer = await shared.client.post("/api/say", json={"text": "/help"}, headers=headers)
        assert answer.status_code == 204
    evil = {"Origin": "https://evil.example.org"}
    answer = await shared.client.post("/api/say", json={"text": "/help"}, headers=evil)
    assert answer.status_code == 403


async def test_over_a_network_addresses_are_known_and_foreign_names_are_not(shared: Stage) -> None:
    for host, status in (("192.168.0.7:80", 200), ("evil.example", 403)):
        assert (await shared.client.get("/", headers={"Host": host})).status_code == status


async def test_the_same_host_by_another_scheme_is_another_site(stage: Stage, shared: Stage) -> None:
    """Whoever is between may speak plain http in the name of a page that others reach by https."""
    plain = {"Host": "listen.example.org", "Origin": "http://listen.example.org"}
    answer = await shared.client.post("/api/say", json={"text": "/help"}, headers=plain)
    assert answer.status_code == 403
    secure = {"Origin": stage.page.url.replace("http://", "https://")}
    answer = await stage.client.post("/api/say", json={"text": "/help"}, headers=secure)
    assert answer.status_code == 403


async def test_the_port_that_goes_without_saying_need_not_be_said(tmp_path: Path) -> None:
    address = "https://Listen.example.org:443"
    async with opened_stage(tmp_path, public_url=address) as stage:
        public = {"Host": "listen.example.org", "Origin": "https://listen.example.org"}
        answer = await stage.client.post("/key", json={"key": stage.key}, headers=public)
        assert answer.status_code == 204
