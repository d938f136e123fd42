"""A voice that writes down what it is asked to say: "noted:NAME".

It lives in a child that can write nowhere but in its own folder, which is cleared after each job:
`keep_notes` takes the notes out before.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from pipeline.audio.voices import VoiceCard
from pipeline.ports import Pcm
from pipeline.process.workplace import Workplace
from tests.tone import ToneVoice

SUFFIX = ".noted"


class NotedVoice(ToneVoice):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._file = Path(tempfile.gettempdir(), name + SUFFIX)

    def speak(self, text: str, *, speed: float, language: str) -> Pcm:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{language}: {text}\n")
        return super().speak(text, speed=speed, language=language)


def open_voice(speaker: str) -> NotedVoice:
    return NotedVoice(speaker)


def open_at_home(speaker: str) -> NotedVoice:
    """Its name lies where the environment says, as a real engine's weights may."""
    return NotedVoice(Path(os.environ["NOTED_HOME"], speaker).read_text(encoding="ascii"))


def noted(name: str, *languages: str, is_simple: bool = False) -> VoiceCard:
    return VoiceCard(
        id=f"noted:{name}",
        factory="tests.noting:open_voice",
        languages=frozenset(languages),
        is_simple=is_simple,
    )


def keep_notes(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """From now on a job's notes come into the folder, under the names of their voices."""
    clear = Workplace.clear

    def cleared(self: Workplace) -> None:
        for file in self.outlay.glob(f"*{SUFFIX}"):
            shutil.copyfile(file, folder / file.stem)
        clear(self)

    monkeypatch.setattr(Workplace, "clear", cleared)
