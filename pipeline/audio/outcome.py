"""What a child says of a chapter that it spoke, as far as it can be true."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog

from pipeline.audio.captions import believed
from pipeline.domain import Chapter, Mode, Narration, Telling
from pipeline.errors import ChildDied
from pipeline.process.frames import Json
from pipeline.times import Times

log = structlog.get_logger()
# What is wrong with a sound.
FAULTS = frozenset(
    {
        *("empty", "clipped", "silent", "with a hole", "short", "long"),
        *("of other words", "strange", "unsaid", "not fetched"),
    }
)


def check_track(answer: Json, out: Path) -> None:
    """Whether a child's answer of a track can be. Raises `ChildDied`."""
    are_counts = all(_is_count(answer.get(n)) for n in ("splits", "helped", "doubtful"))
    has_sound = all(_is_count(answer.get(n)) and answer[n] > 0 for n in ("samples", "rate"))
    share = answer.get("helped_share")
    is_share = isinstance(share, int | float) and not isinstance(share, bool) and share >= 0
    if not (are_counts and has_sound and is_share and out.is_file()):
        raise ChildDied(reason="no track")


def log_faults(voice: str, answer: Json) -> None:
    faults = _counts(answer.get("faults"))
    if faults or answer["splits"] or answer["helped"] or answer["doubtful"]:
        log.warning(
            "voice failed on some words",
            voice=voice,
            said_in_halves=answer["splits"],
            said_by_another_voice=answer["helped"],
            of_a_strange_length=answer["doubtful"],
            **faults,
        )


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _counts(faults: object) -> Json:
    """Of what was said again, as far as a child's answer is one of these."""
    told = faults if isinstance(faults, dict) else {}
    return {
        f"was_{name.replace(' ', '_')}": count
        for name, count in told.items()
        if name in FAULTS and _is_count(count)
    }


async def believed_times(
    answer: Json, telling: Telling | None, chapter: Chapter, narration: Narration
) -> Times:
    """What a child says of when it said what, if that can be. A track is good without."""
    if telling is None:  # the best sentences of a long chapter take a while to be found
        telling = await asyncio.to_thread(_own_telling, chapter, narration.mode)
    track_ms = round(answer["samples"] * 1000 / answer["rate"])
    times = believed(answer.get("times"), telling, track_ms)
    if times is None:
        log.error("times not believed", chapter=chapter.number, voice=narration.voice)
    return times or Times()


def _own_telling(chapter: Chapter, mode: Mode) -> Telling:
    from pipeline.takeaways.tellings import telling_of  # with numpy, which a start needs not

    return telling_of(chapter, mode)
