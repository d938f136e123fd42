"""The program itself behind the loopback's Slack: a real PDF is read, spoken and sent."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

from mutagen.mp3 import MP3

from tests.e2e.serving import QUICK_VOICE, serving
from tests.loopback.slack import APP_TOKEN, BOT_TOKEN, Fault, LoopbackSlack
from tests.loopback.slack_member import Member

TITLE = "How Bees Find Their Way Home"


async def test_a_paper_survives_a_kill_right_after_it_was_acknowledged_and_is_heard(
    paper: Path, home: Path, lender: str
) -> None:
    async with LoopbackSlack().served() as slack:
        environment = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": f"{slack.url}/api/",
            **QUICK_VOICE,
        }
        ada = Member(slack, "U0ADA")
        with serving(home, lender=lender, **environment) as program:
            slack.faults.append(Fault("GET file", "held"))
            await ada.shares(ada.direct, paper.read_bytes())
            program.process.kill()
        assert ada.sees(ada.direct) == []
        slack.faults.clear()  # if it had not come as far as to ask for the file
        with serving(home, lender=lender, **environment) as program:
            card = await ada.awaits_words(ada.direct, TITLE, "6 chapters")
            await ada.taps(card, "▶")
            await ada.awaits_words(ada.direct, f"1 of 6 · {TITLE}")
            (file,) = ada.audio_in(ada.direct)
            audio = MP3(io.BytesIO(file.data))
            assert audio.info.length > 3
            assert audio.tags is not None
            assert str(audio.tags["TALB"]) == TITLE
            await ada.awaits_words(ada.direct, TITLE, "6 ready")
            assert len([m for m in ada.sees(ada.direct) if "6 chapters" in m.words]) == 1
            assert await asyncio.to_thread(program.stop) == 0
        assert slack.refusals == []
