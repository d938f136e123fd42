"""Voices behind `POST /v1/audio/speech`, the protocol of OpenAI that many servers speak.

Runs in the program: the key never reaches a child. What was said is left in a folder, from which
`adapters.voices.fetched` plays it in a child that checks, joins and encodes it like any voice.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import openai
import structlog

from adapters.compatible import (
    FIRST_PAUSE_S,
    NotLikeThis,
    ServerRefused,
    ServerUnreachable,
    patiently,
)
from adapters.voices.fetched import MANIFEST, container, piece_name
from pipeline.audio.voices import VoiceCard
from pipeline.domain import Narration, Script
from pipeline.errors import SpeechFailed
from pipeline.ports import Purse, Tell, Usage, remote_voice_id

log = structlog.get_logger()
FORMS = ("wav", "pcm", "mp3")  # wav first: it says its own sample rate
LONGEST_PIECE = 1200  # under 2000 tokens in any script, and short enough to find a cut
MOST_BYTES = 32 * 1024 * 1024  # of one, spoken: two minutes in 48 kHz stereo are 23 MB
AT_ONCE = 4
OFF_AFTER_REFUSAL_S, OFF_AFTER_FAILURE_S = 600.0, 60.0
KEPT_S = 7 * 24 * 3600.0  # what was paid for and not used yet
LANGUAGES = frozenset(
    """af ar az be bg bs ca cs cy da de el en es et fa fi fr gl he hi hr hu hy id is it ja kk kn ko
    lt lv mi mk mr ms ne nl no nb pl pt ro ru sk sl sr sv sw ta th tl tr uk ur vi zh""".split()
)


@dataclass(slots=True)
class Bucket:
    """Calls a minute, with a few at once."""

    per_minute: float
    _next_at: float = 0.0

    def wait_s(self, now: float) -> float:
        """How long the next call must wait; it is counted as made."""
        gap_s = 60.0 / self.per_minute
        self._next_at = max(self._next_at, now - gap_s * AT_ONCE) + gap_s
        return max(0.0, self._next_at - now)


@dataclass(slots=True, kw_only=True)
class OpenAiSpeech:
    """`pipeline.ports.RemoteVoice`: one speaker of one model on one server."""

    client: openai.AsyncOpenAI
    model: str
    speaker: str
    folder: Path
    purse: Purse
    tell: Tell
    bucket: Bucket = field(default_factory=lambda: Bucket(per_minute=300))
    first_pause_s: float = FIRST_PAUSE_S
    longest_piece: int = LONGEST_PIECE
    form: str = FORMS[0]  # the first that the server has
    off_until: float = 0.0  # on the monotonic clock: it is not asked before

    @property
    def id(self) -> str:
        return remote_voice_id(self.speaker)

    @asynccontextmanager
    async def fetch(
        self, script: Script, narration: Narration, *, document: str
    ) -> AsyncIterator[Path]:
        texts = sorted({u.text for u in script.utterances if any(map(str.isalnum, u.text))})
        folder = self.folder / self._name(texts, narration)
        await self._fetch(texts, folder, document)
        manifest = {
            "voice": self.id,
            "language": narration.language,
            "speed": narration.speed,
            "texts": texts,
        }
        (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        try:
            yield folder
        except SpeechFailed:  # bad audio: the next try shall not find it
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            raise
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    def _name(self, texts: Sequence[str], narration: Narration) -> str:
        whole = json.dumps([self.model, self.speaker, narration.key, *texts])
        return sha256(whole.encode()).hexdigest()

    async def _fetch(self, texts: Sequence[str], folder: Path, document: str) -> None:
        """Raises `SpeechFailed`. What came stays, so that a repetition pays only for the rest."""
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        missing = [text for text in texts if not (folder / piece_name(text)).exists()]
        usage = Usage(document=document, model=self.model, characters=sum(map(len, missing)))
        if time.monotonic() < self.off_until or not await self.purse.allows(usage):
            raise SpeechFailed
        try:
            await self._fetch_all(missing, folder)
        except ServerRefused as err:
            self.off_until = time.monotonic() + OFF_AFTER_REFUSAL_S
            log.error("speech server refused", model=self.model, reason=str(err))
            await self.tell(f"The voice {self.id} ({self.model}) does not work for us: {err}.")
            raise SpeechFailed from err
        except (ServerUnreachable, NotLikeThis) as err:
            self.off_until = time.monotonic() + OFF_AFTER_FAILURE_S
            log.warning("speech server out of reach", model=self.model, reason=str(err))
            raise SpeechFailed from err
        finally:
            paid = [text for text in missing if (folder / piece_name(text)).exists()]
            await asyncio.shield(self._pay(paid, document))

    async def _fetch_all(self, texts: Sequence[str], folder: Path) -> None:
        slots = asyncio.Semaphore(AT_ONCE)

        async def fetch(text: str) -> None:
            async with slots:
                audio = await self._speak(text)
            half = folder / f"{piece_name(text)}.part"
            await asyncio.to_thread(half.write_bytes, audio)
            half.rename(folder / piece_name(text))

        if texts:
            await fetch(texts[0])  # alone: it learns which form the server has
        tasks = [asyncio.create_task(fetch(text)) for text in texts[1:]]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _speak(self, text: str) -> bytes:
        """Raises `ServerRefused`, `ServerUnreachable`, `NotLikeThis`."""
        for form in FORMS[FORMS.index(self.form) :]:
            try:
                audio = await patiently(
                    lambda form=form: self._call(text, form),  # type: ignore[misc]
                    first_pause_s=self.first_pause_s,
                )
            except NotLikeThis:
                if form == FORMS[-1]:
                    raise
                continue
            if not is_audio(audio, form):
                raise ServerUnreachable("no audio")
            self.form = form
            return audio
        raise AssertionError("the last form either answers or raises")

    async def _call(self, text: str, form: Any) -> bytes:
        await asyncio.sleep(self.bucket.wait_s(time.monotonic()))
        response = await self.client.audio.speech.create(
            input=text, model=self.model, voice=self.speaker, response_format=form
        )
        return response.content

    async def _pay(self, texts: Sequence[str], document: str) -> None:
        if texts:
            characters = sum(map(len, texts))
            await self.purse.pay(Usage(document=document, model=self.model, characters=characters))


def is_audio(data: bytes, form: str) -> bool:
    """Whether it begins like audio; a page of HTML or an error in JSON is none."""
    kind = container(data[:16])
    if kind == "pcm":
        return form == "pcm" and len(data) > 1 and data.lstrip()[:1] not in (b"<", b"{")
    return True


def card(speech: OpenAiSpeech) -> VoiceCard:
    return VoiceCard(
        id=speech.id,
        factory="adapters.voices.fetched:open_fetched",
        languages=LANGUAGES,
        remote=speech,
    )


def forget_old(folder: Path) -> None:
    """Remove what was fetched and never used."""
    for found in folder.iterdir() if folder.is_dir() else ():
        if time.time() - found.stat().st_mtime > KEPT_S:
            shutil.rmtree(found, ignore_errors=True)
