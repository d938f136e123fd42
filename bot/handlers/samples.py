"""A sentence of the listener's own document in each voice, so that a voice is chosen by ear."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import structlog

from bot.domain import Progress, Sender
from bot.ports import ChatError, ChatPlatform
from bot.presenters.buttons import button
from bot.presenters.lines import slug
from bot.views import NoteView, Verb
from bot.words import Words, messages, words_in
from pipeline.audio.voices import VoiceCard
from pipeline.domain import Chapter, Document, Mode, Narration, Passage, Track
from pipeline.errors import ListenDockError

log = structlog.get_logger()
MOST_SAMPLES = 6
SAMPLE_CHARACTERS = 240


class ChapterSpeaker(Protocol):
    """What speaks a chapter (`pipeline.producer.Producer`)."""

    async def speak(
        self,
        document: Document,
        chapter: Chapter,
        narration: Narration,
        out: Path,
        cover: Path | None,
    ) -> Track: ...


class SampleHandler:
    """Spoken beside the conversation, one after the other; nobody is owed one, so that a program
    that stops in between leaves nothing behind."""

    def __init__(self, *, speaking: ChapterSpeaker, platforms: Mapping[str, ChatPlatform]) -> None:
        self._speaking = speaking
        self._platforms = platforms
        self._playing: dict[str, asyncio.Task[None]] = {}  # by listener: the newest asked for

    def play(
        self, sender: Sender, progress: Progress, voices: Sequence[tuple[int, VoiceCard]]
    ) -> None:
        """Returns at once. A listener who asks again hears the new ones only. Voices behind a
        server are not tried unasked: they cost, and the sentence would leave this machine."""
        platform = self._platforms[sender.conversation.platform]
        free = [(place, voice) for place, voice in voices if voice.remote is None]
        if not platform.carries_files or len(free) < 2 or progress.holding.document is None:
            return
        if progress.narration.mode is Mode.TRANSLATION:
            return  # no sentence of it is there in that language
        former = self._playing.get(sender.listener.id)
        if former is not None:
            former.cancel()
        task = asyncio.create_task(self._play(sender, progress, free[:MOST_SAMPLES]))
        self._playing[sender.listener.id] = task
        task.add_done_callback(lambda done: self._forget(sender.listener.id, done))

    def _forget(self, listener: str, done: asyncio.Task[None]) -> None:
        if self._playing.get(listener) is done:
            del self._playing[listener]

    async def close(self) -> None:
        playing = list(self._playing.values())
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)

    async def _play(
        self, sender: Sender, progress: Progress, voices: Sequence[tuple[int, VoiceCard]]
    ) -> None:
        for place, voice in voices:
            try:
                await self._send(sender, progress, place, voice)
            except (ListenDockError, ChatError) as err:
                log.info("no sample", voice=voice.id, reason=type(err).__name__)

    async def _send(self, sender: Sender, progress: Progress, place: int, voice: VoiceCard) -> None:
        document = progress.holding.document
        assert document is not None  # looked at before it was promised
        sentence = sample_of(document)
        chapter = Chapter(
            number=1, title=voice.name, level=1, page=1, passages=(Passage(text=sentence, page=1),)
        )
        narration = replace(progress.narration, voice=voice.id)
        platform = self._platforms[sender.conversation.platform]
        with tempfile.TemporaryDirectory(prefix="listendock-") as folder:
            audio = Path(folder) / "sample.mp3"
            track = await self._speaking.speak(document, chapter, narration, audio, None)
            words = words_in(sender.listener.language)
            note = _note(words, progress, place, voice, sentence, track)
            await platform.send_track(sender.conversation, note, audio, ())


def sample_of(document: Document) -> str:
    """The document's summary, or the first takeaway: a sentence that it says itself."""
    found = (document.summary, *(chapter.takeaway.text for chapter in document.chapters))
    sentence = next((text for text in found if text), document.title)
    if len(sentence) <= SAMPLE_CHARACTERS:
        return sentence
    return sentence[:SAMPLE_CHARACTERS].rsplit(" ", 1)[0] + " …"


def _note(
    words: Words, progress: Progress, place: int, voice: VoiceCard, sentence: str, track: Track
) -> NoteView:
    choose = button(words, Verb.SAMPLED_VOICE, progress, place)
    return NoteView(
        document=progress.holding.id,
        chapter=0,
        title=voice.name,
        album=progress.title,
        performer=voice.name,
        takeaway=sentence,
        position=words(messages.SAMPLE),
        seconds=track.seconds,
        size=track.size,
        filename=f"voice-{slug(voice.name)}.mp3",
        buttons=((choose,),),
    )
