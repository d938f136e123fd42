"""Where others reach the page, nobody is let in: not on the word of a socket, of a header or of a
cookie. They are told what this is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.views import Action, Verb
from bot.words import messages, words_in
from tests.integration.page_stage import PDF, Stage, opened_stage

PUBLIC = {"Host": "listen.example.org", "Origin": "https://listen.example.org"}
ROUTES = [
    ("GET", "/"),
    ("HEAD", "/"),
    ("GET", "/api/events"),
    ("GET", "/api/refusal?size=9"),
    ("POST", "/api/documents"),
    ("POST", "/api/tap"),
    ("POST", "/api/say"),
    ("DELETE", "/api/messages/1"),
    ("GET", "/audio/{document}/1/01-one.mp3"),
    ("GET", "/covers/{document}"),
    ("GET", "/static/main.js"),
    ("GET", "/static/icon.svg"),
    ("GET", "/nowhere"),
]
REACHED = [
    {"public_url": "https://listen.example.org"},
    {"public_url": "listen.example.org"},
    {"host": "0.0.0.0"},
    {"host": "0.0.0.0", "public_url": "https://listen.example.org"},
]


@pytest.fixture(params=REACHED, ids=str)
async def closed(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """With a document that was sent when the page was its owner's alone, chapter spoken."""
    async with opened_stage(tmp_path) as before:
        document = await before.has_read("One")
        await before.has_spoken(document, 1)
    async with opened_stage(tmp_path, **request.param) as found:
        yield found


async def the_document(stage: Stage) -> str:
    (held,) = await stage.library.shelf("web:local")
    return held.holding.id


@pytest.mark.parametrize("headers", [{}, PUBLIC, {"Cookie": f"listener={'a' * 32}"}], ids=str)
async def test_nobody_sees_or_does_anything(closed: Stage, headers: dict[str, str]) -> None:
    document = await the_document(closed)
    delete = Action(verb=Verb.DELETE, document=document[:16]).encoded()
    bodies: dict[str, dict[str, object]] = {
        "/api/documents": {"content": PDF + b"another"},
        "/api/tap": {"json": {"data": delete, "message": ""}},
        "/api/say": {"json": {"text": "/delete"}},
    }
    for method, route in ROUTES:
        path = route.format(document=document)
        answer = await closed.client.request(
            method,
            path,
            headers=headers,
            **bodies.get(path, {}),  # type: ignore[arg-type] - as httpx has them
        )
        assert answer.status_code == 403, path
        assert "set-cookie" not in answer.headers
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert method == "HEAD" or messages.PAGE_CLOSED in answer.text, path
    assert await the_document(closed) == document
    assert closed.jobs.reads == []
    assert closed.spooled() == 0


async def test_the_page_says_what_this_is_and_how_to_go_on(closed: Stage) -> None:
    for language in ("en", "de"):
        words = words_in(language)
        answer = await closed.client.get("/", headers={"Accept-Language": f"{language}-AT,en"})
        assert f'<html lang="{language}">' in answer.text
        for sentence in (
            messages.PAGE_WHAT,
            messages.PAGE_CLOSED,
            messages.PAGE_USE_THE_BOT,
            messages.PAGE_OF_WHOEVER_RUNS_IT,
        ):
            assert words(sentence) in answer.text
        assert "src=" not in answer.text
        assert "href=" not in answer.text


@pytest.mark.parametrize(
    "header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"]
)
async def test_what_a_proxy_passes_on_is_nobodys_though_it_comes_from_this_machine(
    tmp_path: Path, header: str
) -> None:
    """As when somebody puts one before the page and forgets PUBLIC_URL."""
    async with opened_stage(tmp_path) as stage:
        document = await stage.has_read("One")
        await stage.has_spoken(document, 1)
        audio = f"/audio/{document}/1/01-one.mp3"
        assert (await stage.client.get(audio)).status_code == 200
        for path in (audio, "/", "/api/events", "/static/main.js"):
            answer = await stage.client.get(path, headers={header: "203.0.113.7"})
            assert (answer.status_code, messages.PAGE_CLOSED in answer.text) == (403, True)


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"public_url": "https://listen.example.org"}, "PUBLIC_URL is set"),
        ({"host": "0.0.0.0"}, "others reach the address of --host"),
        ({}, None),
    ],
)
async def test_the_log_says_that_it_is_closed_and_why(
    tmp_path: Path, about: dict[str, str], why: str | None
) -> None:
    with capture_logs() as told:
        async with opened_stage(tmp_path, **about):
            pass
    because = [line["because"] for line in told if line["event"].startswith("the page is closed")]
    assert because == ([why] if why else [])
