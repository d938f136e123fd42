"""The voices that there are, and who of them says what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.domain import Mode, Narration
from pipeline.errors import ConfigurationError, NoVoice, SpeechFailed
from pipeline.ports import RemoteVoice
from pipeline.process.frames import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCard:
    """A voice that can be had: where a child finds it, and what it speaks."""

    id: str  # "engine:speaker"
    factory: str  # "module:callable", called with the speaker
    languages: frozenset[str]
    is_simple: bool = False  # robotic: the listener is told
    remote: RemoteVoice | None = None  # behind a network: the program fetches what it says
    environment: frozenset[str] = frozenset()  # names of what its engine reads there
    files: frozenset[Path] = frozenset()  # of its own, outside of its engine's package

    @property
    def name(self) -> str:
        """As a listener reads it: "Heart", "Espeak (simple)"."""
        engine, _, speaker = self.id.partition(":")
        if self.is_simple:
            return f"{engine.capitalize()} (simple)"
        return re.sub(r"[_-]+", " ", speaker).capitalize()

    @property
    def package(self) -> str:
        """Of ours, that a child must be able to load."""
        return self.factory.partition(":")[0].partition(".")[0]

    @property
    def place(self) -> Json:
        """Where a child finds it."""
        return {"factory": self.factory, "speaker": self.id.partition(":")[2]}


class Voices:
    """`cards`: best first; `default`: who speaks where nothing else is wanted, given by its id."""

    def __init__(self, cards: Sequence[VoiceCard], default: str) -> None:
        """Raises `ConfigurationError` where the default is none of them."""
        self.cards = tuple(cards)
        self._named = {card.id: card for card in cards}
        if default not in self._named:
            known = ", ".join(self._named) or "none"
            raise ConfigurationError(problem=f"VOICE={default}: there is {known}.")
        self.default = self._named[default]

    def named(self, voice: str) -> VoiceCard | None:
        return self._named.get(voice)

    def best_for(self, language: str, wanted: str = "") -> VoiceCard:
        """The wanted voice, else the default, else the best that speaks it. Raises `NoVoice`."""
        order = [self._named.get(wanted), self.default, *self.cards]
        for card in order:
            if card is not None and language in card.languages:
                return card
        raise NoVoice(language=language)

    def narration_for(self, language: str, wanted: Narration) -> Narration:
        """The wanted narration of a document in this language, or translated, with a voice that
        speaks it. A translation into a language that no voice speaks, or the document's own, is
        none. Raises `NoVoice`."""
        mode = wanted.mode
        if mode is Mode.TRANSLATION:
            if wanted.language != language and self._speak(wanted.language):
                language = wanted.language
            else:
                mode = Mode.ORIGINAL
        voice = self.best_for(language, wanted.voice)
        return replace(wanted, voice=voice.id, language=language, mode=mode)

    def _speak(self, language: str) -> bool:
        return any(language in card.languages for card in self.cards)

    def own(self, language: str) -> list[VoiceCard]:
        """Those on this machine that speak it."""
        return [card for card in self.cards if card.remote is None and language in card.languages]

    def own_for(self, language: str) -> VoiceCard:
        """The best on this machine. Raises `SpeechFailed` if none speaks the language."""
        if not (cards := self.own(language)):
            raise SpeechFailed
        return cards[0]

    def with_helpers(self, voice: VoiceCard, language: str) -> list[VoiceCard]:
        """A voice, then those that help out where it fails: simple ones can say anything."""
        helpers = (card for card in self.cards if card.is_simple and card != voice)
        return [voice, *(card for card in helpers if language in card.languages)]

    def guests_of(self, voice: VoiceCard, languages: Sequence[str]) -> Mapping[str, Json]:
        """Places of those who say what stands in other languages: a good voice of theirs, where
        there is one and the chapter's own is none."""
        guests: dict[str, Json] = {}
        for language in languages:
            good = next((card for card in self.own(language) if not card.is_simple), None)
            if good is not None and (voice.is_simple or language not in voice.languages):
                guests[language] = good.place
        return guests
