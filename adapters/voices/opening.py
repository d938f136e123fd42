"""A voice behind a server, open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.compatible import open_client
from adapters.voices import openai_speech
from pipeline.audio.voices import VoiceCard
from pipeline.ports import Purse, Tell


@asynccontextmanager
async def open_speech(
    *,
    base_url: str,
    key: str,
    model: str,
    speaker: str,
    folder: Path,
    per_minute: int,
    purse: Purse,
    tell: Tell,
) -> AsyncIterator[VoiceCard]:
    """`folder`: for what was fetched already. `tell`: for what only whoever runs the program can
    mend."""
    openai_speech.forget_old(folder)
    async with open_client(base_url, key, most_bytes=openai_speech.MOST_BYTES) as client:
        yield openai_speech.card(
            openai_speech.OpenAiSpeech(
                client=client,
                model=model,
                speaker=speaker,
                folder=folder,
                purse=purse,
                tell=tell,
                bucket=openai_speech.Bucket(per_minute=per_minute),
            )
        )
