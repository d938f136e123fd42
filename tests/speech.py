"""A voice behind a server on this machine."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapters.compatible import open_client
from adapters.memory.ledger import MemoryLedger
from adapters.voices.fetched import FetchedVoice
from adapters.voices.openai_speech import LANGUAGES, MOST_BYTES, OpenAiSpeech
from bot.spending import MonthlyPurse, prices_from
from pipeline.audio.mp3 import RATE
from pipeline.domain import Narration, Script, Utterance
from pipeline.ports import Pcm, VoiceFacts
from tests.loopback.openai import KEY, OpenAiServer, running

MODEL, SPEAKER = "loopback-tts", "alloy"


@dataclass(slots=True)
class Studio:
    """A remote voice with all that it uses. `told`: what whoever runs the program was told."""

    speech: OpenAiSpeech
    ledger: MemoryLedger
    told: list[str] = field(default_factory=list)


@asynccontextmanager
async def a_studio(
    server: OpenAiServer, folder: Path, *, ceiling_usd: float = 0.0
) -> AsyncIterator[Studio]:
    told: list[str] = []

    async def tell(text: str) -> None:
        told.append(text)

    ledger = MemoryLedger()
    prices = prices_from(f"{MODEL}=15")
    purse = MonthlyPurse(ledger, prices=prices, ceiling_usd=ceiling_usd, tell=tell)
    async with open_client(server.url, KEY, most_bytes=MOST_BYTES) as client:
        speech = OpenAiSpeech(
            client=client,
            model=MODEL,
            speaker=SPEAKER,
            folder=folder,
            purse=purse,
            tell=tell,
            first_pause_s=0.01,
        )
        yield Studio(speech=speech, ledger=ledger, told=told)


class AskedVoice:
    """`pipeline.ports.Voice`, as a child hears it: fetched by the program, played from a folder."""

    facts = VoiceFacts(
        id=f"openai:{SPEAKER}",
        sample_rate=RATE,
        languages=LANGUAGES,
        speeds=(0.5, 2.0),
    )

    def speak(self, text: str, *, speed: float, language: str) -> Pcm:
        return asyncio.run(self._asked(text, speed, language))

    async def _asked(self, text: str, speed: float, language: str) -> Pcm:
        script = Script(utterances=(Utterance(text=text, pause_s=0.0),))
        narration = Narration(voice=self.facts.id, speed=speed, language=language)
        with tempfile.TemporaryDirectory() as folder:
            async with (
                running(OpenAiServer()) as server,
                a_studio(server, Path(folder)) as studio,
                studio.speech.fetch(script, narration, document="be" * 32) as said,
            ):
                voice = FetchedVoice(said, said)
                return voice.speak(text, speed=speed, language=language)
