"""The voices that this installation can speak with, one module an engine."""

from adapters.voices import espeak, hibari
from pipeline.audio.voices import VoiceCard


def available_voices() -> list[VoiceCard]:
    """Best first for each language. Nothing is loaded or downloaded by asking."""
    return [*hibari.available(), *espeak.available()]
