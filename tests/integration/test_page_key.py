"""Where others reach the page it opens to its key. Two strangers, a guest of former days and the
owner try every address that the page has."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from starlette.routing import Mount, Route

from adapters.memory import MemoryKeys
from adapters.web import WEB, lock, site
from adapters.web.access import WebSettings
from adapters.web.guesses import AN_ADDRESS
from adapters.web.lobby import SCRIPT
from bot.domain import Listener
from bot.handlers.operating import Admission
from bot.ports import LibraryAway, cover_key
from bot.views import Action, Verb
from bot.words import messages, words_in
from pipeline.errors import ConfigurationError
from tests.integration.page_stage import PDF, Stage, a_browser, opened_stage
from tests.producing import JPEG
from tests.samples import ENGLISH
from tests.waiting import wait_for

PUBLIC = "https://listen.example.org"
REACHED: list[dict[str, str]] = [
    {"public_url": PUBLIC},
    {"public_url": "listen.example.org"},
    {"host": "0.0.0.0"},  # as in a container: its neighbours come from anywhere, loopback included
    {"host": "0.0.0.0", "public_url": PUBLIC},
]
FORMER_TOKEN = "f" * 32
FORMER = f"web:{hashlib.sha256(FORMER_TOKEN.encode()).hexdigest()[:24]}"
A_STRANGER, ANOTHER = "", f"listener={'a' * 32}; owner={'a' * 64}"
FORGED = ("owner={hash}", "listener=local; owner=local", f"listener={'a' * 5000}; owner=../..")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    method: str
    path: str
    body: Any = None  # bytes, or JSON

    async def of(self, client: httpx.AsyncClient, **headers: str) -> tuple[int, str, httpx.Headers]:
        """Status, the text of a refusal, headers. A stream is left where it begins."""
        what = {"content": self.body} if isinstance(self.body, bytes) else {"json": self.body}
        request = client.build_request(
            self.method, self.path, headers=headers, **(what if self.body is not None else {})
        )
        answer = await client.send(request, stream=True)
        try:
            text = (await answer.aread()).decode() if answer.status_code >= 400 else ""
            return answer.status_code, text, answer.headers
        finally:
            await answer.aclose()


def every_address(document: str) -> Iterator[Ask]:
    """From the router, so that none is forgotten: a new one needs its parts and its body here."""
    parts = {"document": document, "chapter": "1", "filename": "01-one.mp3", "message": "1"}
    parts |= {"page": "1?x=1&y=1"}
    delete = Action(verb=Verb.DELETE, document=document[:16]).encoded()
    bodies: dict[str, Any] = {
        "/api/documents": PDF + b"another",
        "/api/tap": {"data": delete, "message": ""},
        "/api/say": {"text": "/progress"},
        "/api/place": {"document": document, "number": 1, "seconds": 1.0},
    }
    nothing: Any = None
    routes = site.Site(
        chat=nothing, inbox=nothing, files=nothing, folder=Path(), visitors=nothing, max_pdf_mb=1
    ).app.routes
    for route in routes:
        if isinstance(route, Mount):
            for name in ("index.html", "main.js", "key.js"):
                yield Ask(method="GET", path=f"{route.path}/{name}")
            continue
        assert isinstance(route, Route), f"what is {route}?"
        path = route.path.replace(":int", "").format(**parts)
        for method in sorted(route.methods or ()):
            body = bodies[path] if method == "POST" else None
            yield Ask(method=method, path=path, body=body)


@asynccontextmanager
async def reached(folder: Path, **about: Any) -> AsyncIterator[Stage]:
    """A page with a key, a document of its owner's, and one of a listener of former days."""
    async with opened_stage(folder) as before:
        document = await before.has_read("One")
        await before.has_spoken(document, 1)
        tracks = dict(before.files.files)
        await before.library.shelve(Listener(platform="web", account=FORMER[4:]), document, ENGLISH)
    async with opened_stage(folder, **about) as found:
        found.files.files |= tracks | {cover_key(document): JPEG}
        yield found


@pytest.fixture(params=REACHED, ids=str)
async def stage(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with reached(tmp_path, **request.param) as found:
        yield found


@pytest.fixture
async def public(tmp_path: Path) -> AsyncIterator[Stage]:
    async with reached(tmp_path, public_url=PUBLIC) as found:
        yield found


async def the_document(stage: Stage, listener: str = "web:local") -> str:
    (held,) = await stage.library.shelf(listener)
    return held.holding.id


@asynccontextmanager
async def a_person(stage: Stage, cookie: str = "") -> AsyncIterator[httpx.AsyncClient]:
    async with a_browser(stage.page.url) as client:
        if cookie:
            client.headers["Cookie"] = cookie
        yield client


async def the_pass(stage: Stage, key: str = "", **headers: str) -> str:
    """The cookie that showing the key brings."""
    async with a_browser(stage.page.url) as client:
        answer = await client.post("/key", json={"key": key or stage.key}, headers=headers)
    assert answer.status_code == 204
    return answer.headers["set-cookie"].partition(";")[0]


# --- who may do what ------------------------------------------------------------------------------


async def test_two_strangers_see_and_do_nothing_at_any_address(stage: Stage) -> None:
    document = await the_document(stage)
    async with a_person(stage, A_STRANGER) as one, a_person(stage, ANOTHER) as other:
        for ask in (*every_address(document), Ask(method="GET", path="/nowhere")):
            for person in (one, other):
                status, text, headers = await ask.of(person)
                is_script = ask.path == SCRIPT  # it shows the key
                assert status == (200 if is_script else 403), ask
                assert "set-cookie" not in headers
                assert "default-src 'none'" in headers["content-security-policy"]
                assert is_script or ask.method == "HEAD" or messages.PAGE_CLOSED in text, ask
    assert await the_document(stage) == document
    assert stage.jobs.reads == []
    assert stage.spooled() == 0


@pytest.mark.parametrize("cookie", FORGED)
async def test_no_cookie_of_ones_own_making_opens_anything(public: Stage, cookie: str) -> None:
    kept = await public.page_keys.key_hash(lock.DOOR)
    async with a_person(public, cookie.format(hash=kept)) as person:
        for path in ("/", "/api/events", "/static/main.js"):
            assert (await person.get(path)).status_code == 403


async def test_the_owner_gets_in_by_the_link_and_finds_everything(stage: Stage) -> None:
    document = await the_document(stage)
    asks = sorted(every_address(document), key=lambda ask: ask.path == "/api/tap")
    async with a_person(stage, await the_pass(stage)) as owner:
        async with owner.stream("GET", "/api/events") as stream:
            lines = stream.aiter_lines()
            await wait_for(_until_line(lines, document), "the owner's card")
        for ask in asks:
            status, text, _ = await ask.of(owner)
            assert status < 300, (ask, text)
    assert len(await stage.library.shelf("web:local")) == 1  # one deleted, one sent
    assert len(stage.jobs.reads) == 1


async def _until_line(lines: AsyncIterator[str], words: str) -> None:
    async for line in lines:
        if words in line:
            return
    raise AssertionError("the stream ended")


async def test_who_has_something_from_former_days_keeps_it_and_brings_nothing(
    public: Stage,
) -> None:
    document = await the_document(public, FORMER)
    async with a_person(public, f"listener={FORMER_TOKEN}") as guest:
        async with guest.stream("GET", "/api/events") as stream:
            await wait_for(_until_line(stream.aiter_lines(), document), "the guest's card")
        for ask in every_address(document):
            if ask.path == "/api/tap":
                continue
            status, text, _ = await ask.of(guest)
            if ask.path in ("/api/documents", "/api/say"):
                assert (status, messages.BRING_NOTHING in text) == (403, True), ask
            else:
                assert status < 300, (ask, text)
        assert public.jobs.reads == []
        delete = Action(verb=Verb.DELETE, document=document[:16]).encoded()
        await guest.post("/api/tap", json={"data": delete, "message": ""})
        assert (await guest.get("/")).status_code == 403  # nothing is left: now it is nobody
    assert await public.library.shelf(FORMER) == []
    assert await the_document(public) == document


async def test_who_is_allowed_in_is_asked_of_former_listeners_and_not_of_the_owner(
    tmp_path: Path,
) -> None:
    admission = Admission(allowed=frozenset({"telegram:1"}), owners=frozenset({"web:local"}))
    async with reached(tmp_path, public_url=PUBLIC, admission=admission) as stage:
        async with a_person(stage, f"listener={FORMER_TOKEN}") as guest:
            assert (await guest.get("/")).status_code == 403
        async with a_person(stage, await the_pass(stage)) as owner:
            document = await the_document(stage)
            assert (await owner.get(f"/audio/{document}/1/x.mp3")).status_code == 200


# --- the key --------------------------------------------------------------------------------------


async def test_the_link_is_told_once_and_the_key_stands_nowhere(tmp_path: Path) -> None:
    keys = MemoryKeys()
    async with opened_stage(tmp_path, public_url=f"{PUBLIC}/", keys=keys) as stage:
        key = stage.key
        assert stage.told[0].endswith(f" {PUBLIC}/#key={key}")
        assert len(key) == 32
        cookie = await the_pass(stage)
    for secret in (key, cookie.partition("=")[2]):
        assert secret not in str(keys.hashes)
    async with opened_stage(tmp_path, public_url=PUBLIC, keys=keys) as stage:
        assert stage.told == []
        assert cookie == await the_pass(stage, key)


async def test_another_host_over_the_same_database_knows_the_key(tmp_path: Path) -> None:
    keys = MemoryKeys()
    async with opened_stage(tmp_path, public_url=PUBLIC, keys=keys) as one:
        cookie = await the_pass(one)
        async with opened_stage(tmp_path, public_url=PUBLIC, keys=keys) as other:
            assert other.told == []
            async with a_person(other, cookie) as owner:
                assert (await owner.get("/")).status_code == 200


async def test_a_new_key_ends_the_former_and_what_it_has_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "KNOWN_S", 0.0)
    monkeypatch.setattr(site, "HEARTBEAT_S", 0.05)
    keys = MemoryKeys()
    async with opened_stage(tmp_path, public_url=PUBLIC, keys=keys) as one:
        cookie = await the_pass(one)
        async with a_person(one, cookie) as owner, owner.stream("GET", "/api/events") as stream:
            lines = stream.aiter_lines()
            await anext(lines)
            async with opened_stage(tmp_path, public_url=PUBLIC, keys=keys, is_new_key=True) as new:
                await wait_for(_to_the_end(lines), "the end of the stream")
                assert (await owner.get("/")).status_code == 403
                assert (await new.opens_with(one.key)).status_code == 403
                assert await the_pass(new) != cookie


async def _to_the_end(lines: AsyncIterator[str]) -> None:
    async for _ in lines:
        pass


class AwayKeys(MemoryKeys):
    is_away = False

    async def key_hash(self, door: str) -> str:
        if self.is_away:
            raise LibraryAway
        return await super().key_hash(door)


async def test_while_the_database_is_away_the_owner_stays_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "KNOWN_S", 0.0)
    keys = AwayKeys()
    async with (
        opened_stage(tmp_path, public_url=PUBLIC, keys=keys) as stage,
        a_person(stage, await the_pass(stage)) as owner,
        a_person(stage) as stranger,
    ):
        keys.is_away = True
        assert (await owner.get("/")).status_code == 200
        assert (await stranger.get("/")).status_code == 403


async def test_a_key_of_ones_own_is_taken_and_told_nobody(tmp_path: Path) -> None:
    keys = MemoryKeys()
    named = "correct horse battery"
    async with opened_stage(tmp_path, public_url=PUBLIC, keys=keys, web_key=named) as stage:
        assert stage.told == []
        assert keys.hashes == {}
        assert await the_pass(stage, named)


async def test_a_key_that_was_named_is_asked_for_at_this_machine_too(tmp_path: Path) -> None:
    """A proxy that says nothing of itself may stand before it."""
    named = "correct horse battery"
    async with opened_stage(tmp_path, web_key=named) as stage, a_person(stage) as stranger:
        assert (await stranger.get("/")).status_code == 403
        assert await the_pass(stage, named)


@pytest.mark.parametrize(
    ("about", "problem"),
    [
        ({"public_url": PUBLIC, "web_key": "too short"}, "WEB_KEY needs at least 16"),
        ({"public_url": PUBLIC, "web_key": "x" * 16, "is_new_key": True}, "change WEB_KEY"),
        ({"is_new_key": True}, "needs no key"),
    ],
)
async def test_a_key_that_cannot_be_is_told(
    tmp_path: Path, about: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        async with opened_stage(tmp_path, **about):
            raise AssertionError("it opened")


async def test_the_doctor_names_a_key_that_is_too_short() -> None:
    settings = WebSettings(web_key=SecretStr("x" * 15))
    with pytest.raises(ConfigurationError, match="WEB_KEY"):
        await WEB.check(settings)
    key = SecretStr("x" * 16)
    assert "key alone" in await WEB.check(WebSettings(public_url=PUBLIC, web_key=key))
    assert "key alone" in await WEB.check(WebSettings(web_key=key))


@pytest.mark.parametrize(
    ("origin", "is_secure"), [(PUBLIC, True), ("http://127.0.0.1:{port}", False)]
)
async def test_the_pass_is_kept_from_scripts_from_other_sites_and_from_the_open_wire(
    public: Stage, origin: str, is_secure: bool
) -> None:
    port = public.page.url.rpartition(":")[2]
    answer = await public.client.post(
        "/key", json={"key": public.key}, headers={"Origin": origin.format(port=port)}
    )
    (cookie,) = SimpleCookie(answer.headers["set-cookie"]).values()
    assert (cookie["httponly"], cookie["samesite"]) == (True, "lax")
    assert bool(cookie["secure"]) is is_secure
    assert cookie["path"] == "/"
    assert public.key not in cookie.value
    assert public.key not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "", "Sec-Fetch-Site": ""},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
    ids=str,
)
async def test_another_sites_page_can_show_no_key(public: Stage, headers: dict[str, str]) -> None:
    answer = await public.client.post("/key", json={"key": public.key}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_guesses_run_out(public: Stage) -> None:
    statuses = [(await public.opens_with(f"guess {n}")).status_code for n in range(AN_ADDRESS + 2)]
    assert statuses == [403] * AN_ADDRESS + [429] * 2
    assert (await public.opens_with(public.key)).status_code == 429
    cookie = f"owner={lock.pass_of(public.key)}"  # who is in already is not kept out by others
    async with a_person(public, cookie) as owner:
        assert (await owner.get("/")).status_code == 200


async def test_the_right_key_costs_no_guess(public: Stage) -> None:
    for _ in range(AN_ADDRESS + 2):
        assert (await public.opens_with(public.key)).status_code == 204


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"key": 7}', b'{"key": ""}', b" " * 9999])
async def test_nonsense_is_no_key(public: Stage, body: bytes) -> None:
    assert (await public.client.post("/key", content=body)).status_code == 403


# --- what a stranger is told ----------------------------------------------------------------------


async def test_the_page_says_what_this_is_and_how_to_go_on(public: Stage) -> None:
    for language in ("en", "de"):
        words = words_in(language)
        answer = await public.client.get("/", headers={"Accept-Language": f"{language}-AT,en"})
        assert f'<html lang="{language}">' in answer.text
        for sentence in (
            messages.PAGE_WHAT,
            messages.PAGE_CLOSED,
            messages.PAGE_USE_THE_BOT,
            messages.PAGE_OF_WHOEVER_RUNS_IT,
        ):
            assert words(sentence) in answer.text
        assert answer.text.count("src=") == 1
        assert "href=" not in answer.text


async def test_what_a_proxy_passes_on_is_nobodys_though_it_comes_from_this_machine(
    tmp_path: Path,
) -> None:
    """As when somebody puts one before the page and forgets PUBLIC_URL: there is no key either."""
    async with opened_stage(tmp_path) as stage:
        assert stage.told == []
        document = await stage.has_read("One")
        for ask in (*every_address(document), Ask(method="POST", path="/key", body={"key": "x"})):
            status, text, _ = await ask.of(stage.client, **{"X-Forwarded-For": "203.0.113.7"})
            assert status == 403, ask
            assert ask.method == "HEAD" or messages.PAGE_CLOSED in text
        assert await the_document(stage) == document
        for header in ("Forwarded", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Real-IP", "Via"):
            answer = await stage.client.get("/", headers={header: "203.0.113.7"})
            assert answer.status_code == 403, header
        assert messages.PAGE_BEHIND_A_PROXY in answer.text
        assert "<form" not in answer.text


async def test_a_forged_word_of_a_proxy_makes_nobody_the_owner(public: Stage) -> None:
    claims = {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "::1", "Host": "localhost"}
    assert (await public.client.get("/", headers=claims)).status_code == 403


@pytest.mark.parametrize(
    ("public_url", "proxies", "is_believed"),
    [
        ("https://listen.example.org", [], True),  # the proxy is at this machine
        ("https://listen.example.org", ["10.9.9.9"], False),  # it is elsewhere
        ("", [], False),  # there is none
        ("", ["127.0.0.1"], True),
    ],
)
async def test_whom_somebody_speaks_for_is_believed_of_a_proxy_that_was_named(
    tmp_path: Path, public_url: str, proxies: list[str], is_believed: bool
) -> None:
    """Else whoever guesses would be somebody else at each try."""
    about = {"public_url": public_url, "proxies": proxies, "host": "0.0.0.0"}
    async with opened_stage(tmp_path, **about) as stage:
        statuses = []
        for n in range(AN_ADDRESS + 1):
            claim = {"X-Forwarded-For": f"203.0.113.{n}"}
            wrong = {"key": f"guess {n}"}
            answer = await stage.client.post("/key", json=wrong, headers=claim)
            statuses.append(answer.status_code)
        assert statuses == [403] * AN_ADDRESS + [403 if is_believed else 429]
