"""A voice that writes down what it is asked to say, wherever it lives: "noted:FILE"."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.ports import Pcm
from pipeline.producer import VoiceCard
from tests.tone import ToneVoice


class NotedVoice(ToneVoice):
    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def speak(self, text: str, *, speed: float, language: str) -> Pcm:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{language}: {text}\n")
        return super().speak(text, speed=speed, language=language)


def open_voice(speaker: str) -> NotedVoice:
    return NotedVoice(Path(speaker))


def open_at_home(speaker: str) -> NotedVoice:
    """Its file lies where the environment says, as a real engine's weights may."""
    return NotedVoice(Path(os.environ["NOTED_HOME"], speaker))


def noted(file: Path, *languages: str, is_simple: bool = False) -> VoiceCard:
    return VoiceCard(
        id=f"noted:{file}",
        factory="tests.noting:open_voice",
        languages=frozenset(languages),
        is_simple=is_simple,
    )
