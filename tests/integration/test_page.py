"""What a person does at the local page: send, see, tap, hear, find it all again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.database import DatabaseLibrary
from adapters.memory import MemoryFiles, MemoryKeys
from adapters.web.opening import open_web
from adapters.web.uploads import PREFIX
from bot.domain import Listener, ListeningState
from bot.own_folders import sweep
from bot.ports import LibraryAway, cover_key
from bot.views import Action, NoticeView, Verb
from bot.words import messages
from pipeline.errors import ConfigurationError
from tests import sayings
from tests.integration.page_stage import HERE, PDF, SOUND, Stage, opened_stage
from tests.producing import JPEG
from tests.samples import REFERENCES, a_document, a_track, with_left_out
from tests.waiting import until, wait_for


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with opened_stage(tmp_path) as found:
        yield found


# --- sending --------------------------------------------------------------------------------------


async def test_a_file_is_kept_and_its_card_comes_to_the_page(stage: Stage) -> None:
    async with stage.tab() as tab:
        assert (await tab.next("state"))["cards"] == []
        assert (await stage.sends()).status_code == 204
        card = await tab.next("card")
    assert (card["title"], card["status"]) == ("bees ü.pdf", messages.STATUS_WAITING)
    assert card["is_fresh"]
    assert card["document"] == stage.jobs.reads[0]
    assert PDF in stage.files.files.values()
    assert list(stage.folder.iterdir()) == []


@pytest.mark.parametrize("has_length", [True, False])
async def test_a_file_over_the_limit_is_refused_while_it_comes(
    stage: Stage, has_length: bool
) -> None:
    spooled = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal spooled
        for _ in range(200):
            yield b"x" * 65536
            spooled = max(spooled, stage.spooled())

    answer = await stage.sends(b"x" * 40 * 65536 if has_length else body())
    assert answer.status_code == 413
    assert "the limit here is 1 MB" in answer.json()["text"]
    assert spooled <= 1024 * 1024
    assert stage.files.files == {}
    assert list(stage.folder.iterdir()) == []


async def test_the_page_can_ask_before_it_sends_what_would_be_refused(stage: Stage) -> None:
    fine = await stage.client.get("/api/refusal", params={"size": 1000})
    large = await stage.client.get("/api/refusal", params={"size": 3_000_000})
    assert fine.json() == {"text": ""}
    assert "3 MB" in large.json()["text"]
    for nonsense in ("", "-1", "x", "9" * 30, "²"):
        answer = await stage.client.get("/api/refusal", params={"size": nonsense})
        assert answer.json() == {"text": ""}


async def test_a_file_that_breaks_off_leaves_nothing(stage: Stage) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b"%PDF-1.7"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await stage.sends(body())
    await until(lambda: not list(stage.folder.iterdir()))
    assert stage.jobs.reads == []


async def test_what_a_killed_program_left_behind_is_swept_and_nothing_that_comes_in_just_now(
    tmp_path: Path,
) -> None:
    left, is_told = tmp_path / "incoming" / f"{PREFIX}left", asyncio.Event()
    left.mkdir(parents=True)

    async def body() -> AsyncIterator[bytes]:
        yield PDF
        await is_told.wait()

    async with opened_stage(tmp_path) as stage:
        assert not left.exists()
        sending = asyncio.create_task(stage.sends(body()))
        await until(lambda: list(stage.folder.iterdir()))
        sweep(stage.folder, PREFIX)  # as another program does that begins
        is_told.set()
        assert (await sending).status_code == 204
        assert len(stage.jobs.reads) == 1


# --- seeing ---------------------------------------------------------------------------------------


async def test_reloading_shows_everything_as_it_was(stage: Stage) -> None:
    document = await stage.has_read("One", "Two")
    await stage.has_spoken(document, 1)
    await stage.taps(Verb.HEARD, document, 1)
    await stage.says("/progress")
    async with stage.tab() as tab:
        state = await tab.next("state")
    (card,), (message,) = state["cards"], state["messages"]
    assert [line["mark"] for line in card["chapters"]] == ["✓", "○"]
    assert [line["ready"] for line in card["chapters"]] == [True, False]
    assert card["facts"] == "2 min · 2 chapters · 1 ready · Original · 50 % heard"
    assert message["lines"][0]["text"] == "1 of 2 heard (1 of 2 min)"


async def test_a_change_reaches_every_open_tab(stage: Stage) -> None:
    document = await stage.has_read("One", "Two")
    async with stage.tab() as one, stage.tab() as two:
        for tab in (one, two):
            await tab.next("state")
        await stage.taps(Verb.HEARD, document, 1)
        for tab in (one, two):
            await tab.marks("✓", "○")
        await stage.taps(Verb.UNHEARD, document, 1)
        for tab in (one, two):
            await tab.marks("○", "○")


async def test_a_tab_that_falls_behind_gets_the_latest_state_only(stage: Stage) -> None:
    with stage.page.opened_tab(HERE) as tab:
        message = await stage.page.show(HERE, NoticeView(text="0"))
        await tab.news(1)
        for number in range(1, 1001):
            await stage.page.show(HERE, NoticeView(text=str(number)), message=message)
        (event,) = await tab.news(1)
    assert event.body["text"] == "1000"


async def test_messages_do_not_pile_up(stage: Stage) -> None:
    for number in range(100):
        await stage.page.show(HERE, NoticeView(text=f"sentence {number}"))
        await stage.page.show(HERE, NoticeView(text="the same again"))
    texts = [message["text"] for message in stage.page.messages(HERE)]
    assert len(texts) == 20
    assert texts[-1] == "the same again"
    assert texts.count("the same again") == 1


async def test_a_message_that_was_put_away_is_gone_in_every_tab(stage: Stage) -> None:
    async with stage.tab() as one, stage.tab() as two:
        await stage.says("/help")
        message = (await one.next("message"))["id"]
        answer = await stage.client.delete(f"/api/messages/{message}")
        assert answer.status_code == 204
        assert (await two.next("gone"))["id"] == message
    assert stage.page.messages(HERE) == []


async def test_a_card_cannot_be_put_away_so(stage: Stage) -> None:
    document = await stage.has_read("One")
    await stage.client.delete(f"/api/messages/{document}")
    async with stage.tab() as tab:
        await tab.next("state")
        await stage.taps(Verb.HEARD, document, 1)
        await tab.marks("✓")


async def test_the_cover_is_shown_to_whom_the_document_is_shown(stage: Stage) -> None:
    document = await stage.has_read("One")
    picture = JPEG[:2] + b"another" + JPEG[-2:]
    stage.files.files[cover_key(document)] = picture
    answer = await stage.client.get(f"/covers/{document}")
    assert (answer.content, answer.headers["content-type"]) == (picture, "image/jpeg")
    del stage.files.files[cover_key(document)]  # it is drawn again from the PDF
    assert (await stage.client.get(f"/covers/{document}")).content == JPEG
    stage.files.files[cover_key("0" * 64)] = b"somebody else's"
    assert (await stage.client.get(f"/covers/{'0' * 64}")).status_code == 404


# --- tapping --------------------------------------------------------------------------------------


async def test_a_wished_chapter_jumps_the_queue_and_is_announced_when_it_is_spoken(
    stage: Stage,
) -> None:
    document = await stage.has_read("One", "Two")
    async with stage.tab() as tab:
        await stage.taps(Verb.PLAY, document, 2)
        assert stage.jobs.hurried == [(document, 2)]
        await stage.has_spoken(document, 2)
        note = await tab.next("note")
    assert (note["document"], note["number"], note["position"]) == (document, 2, "2 of 2")
    assert note["filename"] == "02-two.mp3"


async def test_what_is_left_out_stands_on_the_card_and_is_played_when_it_is_wanted(
    stage: Stage,
) -> None:
    await stage.sends()
    document = stage.jobs.reads[-1]
    await stage.library.save_reading(with_left_out(a_document(document)))
    async with stage.tab() as tab:
        (card,) = (await tab.next("state"))["cards"]
        references = card["left_out"][0]
        assert (references["title"], references["text"]) == ("References", "9, pages 8–9")
        assert [line["number"] for line in references["extras"]] == [REFERENCES]
        assert not references["extras"][0]["ready"]
        await stage.taps(Verb.PLAY, document, REFERENCES)
        assert stage.jobs.hurried == [(document, REFERENCES)]
        await stage.has_spoken(document, REFERENCES)
        note = await tab.next("note")
        assert (note["number"], note["position"]) == (REFERENCES, messages.OUT_OF_THE_TEXT)
    sound = await stage.client.get(f"/audio/{document}/{REFERENCES}/references.mp3")
    assert (sound.status_code, sound.content) == (200, SOUND[: len(sound.content)])
    place = {"document": document, "number": REFERENCES, "seconds": 9.0}
    assert (await stage.client.post("/api/place", json=place)).status_code == 204
    await stage.taps(Verb.STARTED, document, REFERENCES)
    await stage.taps(Verb.NEXT, document, REFERENCES)  # it came to its end
    assert await stage.states(document) == {REFERENCES: ListeningState.HEARD}


async def test_a_chapter_is_started_when_the_page_says_so_and_not_before(stage: Stage) -> None:
    document = await stage.has_read("One")
    await stage.has_spoken(document, 1)
    async with stage.tab() as tab:
        await stage.taps(Verb.PLAY, document, 1)
        await tab.next("note")
        assert (await stage.states(document)).get(1, ListeningState.NEW) is ListeningState.NEW
        await stage.taps(Verb.STARTED, document, 1)
        await tab.marks("▶")
    assert (await stage.library.due_wishes(["web"])) == []


async def test_a_page_that_is_closed_is_owed_nothing(stage: Stage) -> None:
    document = await stage.has_read("One")
    await stage.has_spoken(document, 1)
    await stage.taps(Verb.PLAY, document, 1)

    async def owed_nothing() -> bool:
        return not await stage.library.due_wishes(["web"])

    await until(owed_nothing)
    assert (await stage.states(document)).get(1, ListeningState.NEW) is ListeningState.NEW


async def test_continue_tells_the_page_which_chapter_it_plays(stage: Stage) -> None:
    document = await stage.has_read("One", "Two")
    await stage.taps(Verb.HEARD, document, 1)
    async with stage.tab() as tab:
        (card,) = (await tab.next("state"))["cards"]
    (button,) = [b for row in card["buttons"] for b in row if b["verb"] == "continue"]
    assert button["number"] == 2


async def test_a_deleted_document_leaves_every_tab(stage: Stage) -> None:
    document = await stage.has_read("One")
    async with stage.tab() as one, stage.tab() as two:
        await two.next("state")
        await one.next("state")
        await stage.taps(Verb.ASK_DELETE, document, message=document)
        question = await one.next("message")
        assert [b["verb"] for row in question["buttons"] for b in row] == ["delete", "keep"]
        await stage.taps(Verb.DELETE, document, message=question["id"])
        for tab in (one, two):
            state = await tab.next("state")
            assert state["cards"] == []
            assert "is gone" in state["messages"][-1]["text"]
    assert stage.files.files == {}


async def test_commands_and_plain_text_are_answered(stage: Stage) -> None:
    async with stage.tab() as tab:
        for said, answer in (
            ("/progress", messages.NOTHING_YET),
            ("/nonsense", sayings.UNKNOWN_COMMAND),
            ("hello", sayings.HELP),
        ):
            await stage.says(said)
            assert (await tab.next("message"))["text"] == answer


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"text"', b'{"data": 7}', b"{}"])
async def test_nonsense_is_refused(stage: Stage, body: bytes) -> None:
    for path in ("/api/tap", "/api/say"):
        assert (await stage.client.post(path, content=body)).status_code == 422


async def test_a_form_that_does_not_end_is_refused(stage: Stage) -> None:
    answer = await stage.client.post("/api/say", content=b" " * 70_000)
    assert answer.status_code == 413


async def test_a_button_that_we_never_made_is_answered_with_a_sentence(stage: Stage) -> None:
    async with stage.tab() as tab:
        await stage.client.post("/api/tap", json={"data": "forged", "message": "7"})
        assert (await tab.next("message"))["text"] == messages.OLD_BUTTON


# --- hearing --------------------------------------------------------------------------------------


async def test_sound_comes_whole_and_in_parts(stage: Stage) -> None:
    document = await stage.has_read("One")
    await stage.has_spoken(document, 1)
    size, address = a_track(document, 1).size, f"/audio/{document}/1/01-one.mp3"
    whole = await stage.client.get(address)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/mpeg")
    assert whole.content == SOUND[:size]
    assert whole.headers["accept-ranges"] == "bytes"
    for asked, found in (
        ("bytes=100-199", (100, 200)),
        ("bytes=-50", (size - 50, size)),
        ("bytes=0-", (0, size)),
    ):
        part = await stage.client.get(address, headers={"Range": asked})
        start, end = found
        assert (part.status_code, part.content) == (206, SOUND[start:end])
        assert part.headers["content-length"] == str(end - start)
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
    beyond = await stage.client.get(address, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    head = await stage.client.head(address)
    assert (head.headers["content-length"], head.content) == (str(size), b"")


async def test_sound_that_the_browser_has_is_not_sent_again(stage: Stage) -> None:
    document = await stage.has_read("One")
    await stage.has_spoken(document, 1)
    address = f"/audio/{document}/1/01-one.mp3"
    tag = (await stage.client.get(address)).headers["etag"]
    again = await stage.client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    same = {"Range": "bytes=0-9", "If-Range": tag}
    assert (await stage.client.get(address, headers=same)).status_code == 206
    other = {"Range": "bytes=0-9", "If-Range": '"other"'}
    assert (await stage.client.get(address, headers=other)).status_code == 200


async def test_a_chapter_is_downloaded_under_its_own_name(stage: Stage) -> None:
    document = await stage.has_read("Blütenstaub")
    await stage.has_spoken(document, 1)
    async with stage.tab() as tab:
        (card,) = (await tab.next("state"))["cards"]
    name = card["chapters"][0]["filename"]
    answer = await stage.client.get(f"/audio/{document}/1/{name}?keep")
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"01-bl-tenstaub.mp3\"; filename*=UTF-8''01-bl%C3%BCtenstaub.mp3"
    )


async def test_sound_of_what_is_not_on_the_shelf_is_not_there(stage: Stage) -> None:
    document = await stage.has_read("One", "Two")
    await stage.has_spoken(document, 1)
    stage.files.files.clear()  # a store that lost it
    for place in (
        f"{document}/1",
        f"{document}/2",
        f"{document}/{10**30}",
        f"{'0' * 64}/1",
        "..%2f/1",
        "%25/1",
    ):
        assert (await stage.client.get(f"/audio/{place}/x.mp3")).status_code == 404


# --- coming and going -----------------------------------------------------------------------------


async def test_an_open_page_does_not_hold_the_program_up(tmp_path: Path) -> None:
    async def live() -> None:
        async with opened_stage(tmp_path) as stage:
            other = httpx.AsyncClient(base_url=stage.page.url, timeout=None, verify=False)
            stream = await other.send(other.build_request("GET", "/api/events"), stream=True)
            lines = stream.aiter_lines()
            await anext(lines)
        # the program has stopped, and the page was told so
        async for _ in lines:
            pass
        await other.aclose()

    await wait_for(live(), "the end of the program")


async def test_a_taken_port_is_said_with_the_way_out(stage: Stage, tmp_path: Path) -> None:
    port = int(stage.page.url.rpartition(":")[2])
    with pytest.raises(ConfigurationError, match="--port 0"):
        await _opened_at("127.0.0.1", port, tmp_path)


async def test_a_host_that_is_not_this_machine_is_said_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"--host 0\.0\.0\.0"):
        await _opened_at("192.0.2.1", 0, tmp_path)


async def _opened_at(host: str, port: int, folder: Path) -> None:
    inbox: Any = None
    async with open_web(
        inbox=inbox, files=MemoryFiles(), keys=MemoryKeys(), host=host, port=port, folder=folder,
        max_pdf_mb=1,
    ):  # fmt: skip
        raise AssertionError("it listens")


async def test_a_question_that_somebody_else_was_asked_erases_nothing_here(stage: Stage) -> None:
    document = await stage.has_read("One")
    asked = Listener(platform="web", account="another")
    async with stage.tab() as tab:
        await tab.next("state")
        data = Action(verb=Verb.ERASE, asked=asked.mark).encoded()
        await stage.client.post("/api/tap", json={"data": data, "message": ""})
        told = await tab.next("message")
        assert messages.ASKED_OF_ANOTHER in str(told)
    assert await stage.library.progress("web:local", document) is not None


# --- while the library is away --------------------------------------------------------------------


async def test_the_page_says_that_it_waits_and_who_acts_is_told_what_to_do(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise LibraryAway

    monkeypatch.setattr("adapters.web.site.LOOK_AGAIN_S", 0.02)
    with monkeypatch.context() as cut:
        for name in ("shelf", "progress", "preferences"):
            cut.setattr(DatabaseLibrary, name, away)
        cut.setattr(DatabaseLibrary, "is_away", True)
        async with stage.tab() as tab:
            assert (await tab.next("message"))["text"] == messages.LIBRARY_AWAY_PAGE
            assert (await stage.client.get(f"/audio/{'be' * 32}/1/x.mp3")).status_code == 503
            assert (await stage.client.get("/")).status_code == 200
            await stage.says("/progress")
            cut.undo()
            state = await tab.next("state")
            assert [said["text"] for said in state["messages"]] == [messages.LIBRARY_AWAY]


async def test_a_chapter_whose_file_is_gone_is_not_played_but_made_again(stage: Stage) -> None:
    document = await stage.has_read()
    await stage.has_spoken(document, 1)
    address = f"/audio/{document}/1/x.mp3"
    assert (await stage.client.get(address)).status_code == 200
    stage.files.files[a_track(document, 1).key] = SOUND[:5]
    assert (await stage.client.get(address)).status_code == 404
    assert stage.jobs.hurried == [(document, 1)]
    assert await stage.library.ready_tracks(document) == []
