"""The whole program at work behind the loopback's Slack: a real PDF is read, spoken and sent."""

from __future__ import annotations

import asyncio
import contextlib
import io
from pathlib import Path

from mutagen.mp3 import MP3

from adapters.slack import open_slack
from bot.app import opened_program
from bot.settings import Settings
from tests.loopback.slack import LoopbackSlack
from tests.loopback.slack_member import Member
from tests.slack_stage import access_to


async def test_a_paper_is_shared_and_a_chapter_of_it_is_heard(paper: Path, home: Path) -> None:
    settings = Settings(listendock_home=home, workers=1)
    spool = home / "incoming"
    async with LoopbackSlack().served() as slack, opened_program(settings) as program:
        spool.mkdir()
        access = access_to(slack)
        async with open_slack(access, inbox=program.inbox, folder=spool) as chat:
            program.platforms["slack"] = chat
            publishing = asyncio.create_task(program.publisher.run())
            ada = Member(slack, "U0ADA")
            await ada.shares(ada.direct, paper.read_bytes())
            title = "How Bees Find Their Way Home"
            card = await ada.awaits_words(ada.direct, title, "6 chapters", patience_s=60)
            await ada.taps(card, "▶")
            await ada.awaits_words(ada.direct, "1 of 6", patience_s=60)
            (file,) = ada.audio_in(ada.direct)
            audio = MP3(io.BytesIO(file.data))
            assert audio.info.length > 3
            assert audio.tags is not None
            assert str(audio.tags["TALB"]) == title
            await ada.awaits_words(ada.direct, title, "6 ready", patience_s=60)
            assert slack.refusals == []
            publishing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await publishing
