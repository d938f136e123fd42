"""What a chapter or an extra is called, and its line in a list of them."""

from __future__ import annotations

import re
import unicodedata

from bot.domain import ListeningState, Progress, TrackStage
from bot.presenters.buttons import action_on
from bot.views import ChapterLine, Verb
from bot.words import composed
from pipeline.domain import Chapter, is_extra

MARKS = {ListeningState.NEW: "○", ListeningState.STARTED: "▶", ListeningState.HEARD: "✓"}


def chapter_line(progress: Progress, chapter: Chapter) -> ChapterLine:
    state = progress.state_of(chapter)
    stage = progress.stage_of(chapter.number)
    seconds = progress.seconds_of(chapter)
    return ChapterLine(
        number=chapter.number,
        title=chapter.shown_title,
        level=chapter.level,
        seconds=seconds,
        length=composed.length(seconds),
        state=state,
        mark=MARKS[state],
        is_ready=stage is TrackStage.READY,
        has_failed=stage is TrackStage.FAILED,
        takeaway=chapter.takeaway.text,
        action=action_on(progress, Verb.PLAY, chapter.number),
        filename=filename(chapter),
    )


def filename(chapter: Chapter) -> str:
    """What its MP3 is called where it is kept."""
    number = "" if is_extra(chapter.number) else f"{chapter.number:02d}-"
    return f"{number}{slug(chapter.title)}.mp3"


def slug(title: str) -> str:
    """A title as a file name: letters and digits of any script, at most 60 characters."""
    plain = unicodedata.normalize("NFC", title).lower()
    return re.sub(r"[\W_]+", "-", plain).strip("-")[:60].strip("-") or "chapter"
