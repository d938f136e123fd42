"""The part of the composition that needs no database and no chat: PDFs in, tracks out. A command
line that only narrates starts a second sooner without the rest."""

from __future__ import annotations

from adapters.voices import available_voices
from bot.settings import Settings
from pipeline.producer import Producer, recognition_is_installed
from pipeline.spoken import operators_words


def opened_producer(settings: Settings) -> Producer:
    """The pipeline with the voices that this installation has."""
    return Producer(
        voices=available_voices(),
        default_voice=settings.voice,
        workers=settings.workers,
        can_recognise=settings.recognise and recognition_is_installed(),
        words=operators_words(settings.lexicon) if settings.lexicon else {},
    )
