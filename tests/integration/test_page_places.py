"""The page tells where its player is, shows where it was, and hands out what a track says when."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain import Bookmark, ListeningState
from bot.views import Action, Verb
from pipeline.domain import Spot, Stretch
from tests.integration.page_stage import Stage, a_browser, opened_stage
from tests.samples import a_document, a_timed_track

TEXT = "Introduction is what this chapter tells about."


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with opened_stage(tmp_path) as stage:
        yield stage


async def spoken(stage: Stage) -> str:
    """A document whose second chapter can be heard."""
    document = await stage.has_read("Abstract", "Introduction", "Discussion")
    track = a_timed_track(document, 2)
    stage.files.files[track.key] = b"x" * track.size
    await stage.library.save_track(track)
    return document


async def place(stage: Stage, **form: object) -> int:
    return (await stage.client.post("/api/place", json=form)).status_code


async def test_what_one_device_tells_another_goes_on_from(stage: Stage) -> None:
    document = await spoken(stage)
    assert await place(stage, document=document, number=2, seconds=224.9) == 204
    progress = await stage.library.progress("web:local", document)
    assert progress is not None
    assert progress.bookmark == Bookmark(chapter=2, passage=1, sign=0)
    async with stage.tab() as tab:
        (card,) = (await tab.next("state"))["cards"]
        assert card["resumes"] == {"number": 2, "seconds": 220.0, "until": 230.0}
        (onward,) = [b for row in card["buttons"] for b in row if b["verb"] == "continue"]
        assert (onward["label"], onward["number"]) == ("▶ Continue from 3:40", 2)


async def test_progress_tells_where_it_goes_on(stage: Stage) -> None:
    document = await spoken(stage)
    await place(stage, document=document, number=2, seconds=224.9)
    async with stage.tab() as tab:
        await tab.next("state")
        await stage.client.post("/api/say", json={"text": "/progress"})
        (line,) = (await tab.next("message"))["lines"]
        assert line["text"].endswith("; goes on in chapter 2 from 3:40")
        assert line["buttons"][0]["label"] == "▶ Continue from 3:40"


async def test_a_chapter_that_was_heard_is_not_gone_on_with(stage: Stage) -> None:
    document = await spoken(stage)
    await place(stage, document=document, number=2, seconds=224.9)
    heard = Action(verb=Verb.HEARD, document=document, number=2).encoded()
    await stage.client.post("/api/tap", json={"data": heard})
    assert await stage.states(document) == {2: ListeningState.HEARD}
    async with stage.tab() as tab:
        (card,) = (await tab.next("state"))["cards"]
        assert card["resumes"] == {"number": 0, "seconds": 0.0, "until": 0.0}


async def test_a_place_that_cannot_be_is_none(stage: Stage) -> None:
    document = await spoken(stage)
    for wrong in (
        {"document": document, "number": 2, "seconds": -1},
        {"document": document, "number": 2, "seconds": 1e9},
        {"document": document, "number": 0, "seconds": 1},
        {"document": "../../etc", "number": 2, "seconds": 1},
        {"document": document, "number": 2},
    ):
        assert await place(stage, **wrong) == 422
    assert await place(stage, document="ab" * 32, number=2, seconds=1) == 204  # not on the shelf
    assert await place(stage, document=document, number=3, seconds=1) == 204  # not spoken
    progress = await stage.library.progress("web:local", document)
    assert progress is not None
    assert progress.bookmark is None


async def test_captions_are_had_where_the_track_is(stage: Stage) -> None:
    document = await spoken(stage)
    vtt = await stage.client.get(f"/audio/{document}/2/02-introduction.vtt")
    assert vtt.headers["content-type"] == "text/vtt; charset=utf-8"
    assert f"00:03:40.000 --> 00:03:50.000\n{TEXT}\n" in vtt.text
    guided = await stage.client.get(f"/audio/{document}/2/02-introduction.json")
    assert guided.headers["content-type"].startswith("application/guided-navigation+json")
    (_, passage) = json.loads(guided.text)["guided"]
    assert passage["children"] == [
        {"audioref": "02-introduction.mp3#t=220.000,230.000", "text": TEXT}
    ]


async def test_whoever_may_not_hear_a_track_may_not_read_it(stage: Stage) -> None:
    document = await spoken(stage)
    for address in (
        f"/audio/{document}/1/x.vtt",  # not spoken
        f"/audio/{'ab' * 32}/2/x.vtt",  # not on the shelf
        f"/audio/{document}/1000000/x.json",
    ):
        assert (await stage.client.get(address)).status_code == 404
    stranger = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    async with a_browser(str(stage.client.base_url)) as client:
        answer = await client.get(f"/audio/{document}/2/x.vtt", headers=stranger)
        track = await client.get(f"/audio/{document}/2/x.mp3", headers=stranger)
    assert answer.status_code == track.status_code == 403


async def test_captions_of_other_words_than_were_spoken_are_not_handed_out(stage: Stage) -> None:
    """The chapter was read anew, and reads otherwise."""
    document = await stage.has_read("Abstract", "Preface", "Discussion")
    track = a_timed_track(document, 2)  # spoken when it was called Introduction
    stage.files.files[track.key] = b"x" * track.size
    await stage.library.save_track(track)
    assert (await stage.client.get(f"/audio/{document}/2/x.mp3")).status_code == 200
    assert (await stage.client.get(f"/audio/{document}/2/x.vtt")).status_code == 404


async def test_a_spot_of_a_page_tells_what_is_read_there_and_when(stage: Stage) -> None:
    await stage.sends()
    document = stage.jobs.reads[-1]
    made = a_document(document)
    where = Spot(page=2, x=1000, y=2000, w=8000, h=150)
    passage = replace(made.chapters[1].passages[0], stretches=(Stretch(start=0, place=where),))
    second = replace(made.chapters[1], passages=(passage,))
    chapters = (made.chapters[0], second, made.chapters[2])
    await stage.library.save_reading(replace(made, chapters=chapters))
    await stage.library.save_track(a_timed_track(document, 2))
    answer = await stage.client.get(f"/api/at/{document}/2?x=1100&y=2050")
    assert answer.json() == {"chapter": 2, "passage": 1, "sign": 0, "second": 220.0}
    for spot in (f"{document}/2?x=1100&y=9000", f"{'ab' * 32}/2?x=1100&y=2050"):
        answer = await stage.client.get(f"/api/at/{spot}")  # nothing there, not on the shelf
        assert (answer.status_code, answer.json()) == (200, None)
    for wrong in (f"{document}/2?x=1100&y=10001", f"{document}/2?x=1100", f"{document}/0?x=1&y=1"):
        assert (await stage.client.get(f"/api/at/{wrong}")).status_code == 422
