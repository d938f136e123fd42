"""What a track says and when, for whoever reads along: WebVTT, Readium's guided navigation, and the
lines that go into an MP3's own tag. And what of a child's times is believed."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from pipeline.domain import PassageKind, Telling
from pipeline.times import NUMBERS_A_CUE, Cue, Times

MOST_CUES = 50_000  # a day of speech, sentence by sentence
LATEST_MS = 100  # that a last cue may end after its track: both are rounded
# Scripts that put no space between words have a boundary everywhere.
_LETTER = r"[^\W_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff]"
_WORD_BEFORE = re.compile(rf"{_LETTER}*\Z")
_INSIDE = re.compile(rf"{_LETTER}{{2}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionLine:
    """A cue with its words, as they are written."""

    cue: Cue
    text: str


def believed(numbers: object, told: Telling, track_ms: int) -> Times | None:
    """A child's answer as times of this telling, if it can be true: cues in order, within the
    track, of signs that there are. None for anything else."""
    if not isinstance(numbers, list) or not all(type(number) is int for number in numbers):
        return None
    if len(numbers) % NUMBERS_A_CUE or not 0 < len(numbers) <= MOST_CUES * NUMBERS_A_CUE:
        return None
    times = Times(told=told.mark, sources=told.sources, numbers=tuple(numbers))
    cues = times.cues
    are_true = all(_is_of(cue, told) for cue in cues)
    are_in_order = all(_follows(later, earlier) for earlier, later in pairwise(cues))
    is_within = cues[0].start_ms >= 0 and cues[-1].end_ms <= track_ms + LATEST_MS
    return times if are_true and are_in_order and is_within else None


def _is_of(cue: Cue, told: Telling) -> bool:
    span = cue.said
    if not 0 <= span.passage < len(told.passages):
        return False
    signs = len(told.passages[span.passage].text)
    return 0 <= span.start < span.end <= signs and cue.start_ms <= cue.end_ms


def _follows(later: Cue, earlier: Cue) -> bool:
    places = [(cue.said.passage, cue.said.start) for cue in (earlier, later)]
    return later.start_ms >= earlier.end_ms and places[0] <= places[1]


def with_whole_words(cues: Iterable[Cue], told: Telling) -> list[Cue]:
    """Where a cue begins inside a word, because the halves of a sentence were cut by proportion, it
    begins with the word, and the one before ends there."""
    found: list[Cue] = []
    for cue in cues:
        span = cue.said
        last = found[-1] if found else None
        if last is not None and _meet_in_a_word(last, cue, told):
            text = told.passages[span.passage].text
            begun = _WORD_BEFORE.search(text[last.said.start + 1 : span.start])
            start = span.start - len(begun.group() if begun is not None else "")
            found[-1] = replace(last, said=replace(last.said, end=start))
            cue = replace(cue, said=replace(span, start=start))
        found.append(cue)
    return found


def _meet_in_a_word(last: Cue, cue: Cue, told: Telling) -> bool:
    if (last.said.passage, last.said.end) != (cue.said.passage, cue.said.start):
        return False
    text = told.passages[cue.said.passage].text
    return bool(_INSIDE.fullmatch(text[cue.said.start - 1 : cue.said.start + 1]))


def lines_of(times: Times, told: Telling) -> list[CaptionLine]:
    """Nothing where the times are those of other words."""
    if times.told != told.mark:
        return []
    return lines_in(times.cues, told)


def lines_in(cues: Iterable[Cue], told: Telling) -> list[CaptionLine]:
    lines = (
        CaptionLine(
            cue=cue, text=told.passages[cue.said.passage].text[cue.said.start : cue.said.end]
        )
        for cue in cues
    )
    return [replace(line, text=" ".join(line.text.split())) for line in lines]


# --- WebVTT ---------------------------------------------------------------------------------------


def vtt_of(lines: Sequence[CaptionLine], *, title: str, language: str) -> str:
    """https://www.w3.org/TR/webvtt1. Where a cue is estimated, a note before it says so."""
    return "\n\n".join(_blocks(lines, title=title, language=language)) + "\n"


def _blocks(lines: Sequence[CaptionLine], *, title: str, language: str) -> Iterator[str]:
    yield f"WEBVTT {' '.join(title.split())}".replace("-->", "→").rstrip()
    yield f"NOTE language: {language}"
    for number, line in enumerate(lines, start=1):
        if line.cue.is_estimated:
            yield "NOTE the next one's time is estimated"
        span = f"{_clock(line.cue.start_ms)} --> {_clock(line.cue.end_ms)}"
        yield f"{number}\n{span}\n{html.escape(line.text, quote=False)}"


def _clock(ms: int) -> str:
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"


# --- Readium's guided navigation ------------------------------------------------------------------


def guided_of(lines: Sequence[CaptionLine], told: Telling, *, audio: str) -> str:
    """https://readium.org/guided-navigation: an object for each passage, with one for each cue of
    it; `estimated` is a word of our own. `audio`: where the track lies, as seen from here."""
    passages: dict[int, list[CaptionLine]] = {}
    for line in lines:
        passages.setdefault(line.cue.said.passage, []).append(line)
    guided = [
        {
            "role": [_role(told, number)],
            "audioref": _part(audio, said[0].cue.start_ms, said[-1].cue.end_ms),
            "text": told.passages[number].text,
            "children": [_object(line, audio) for line in said],
        }
        for number, said in passages.items()
    ]
    links = [{"rel": "alternate", "href": audio, "type": "audio/mpeg"}]
    return json.dumps({"links": links, "guided": guided}, ensure_ascii=False)


def _role(told: Telling, number: int) -> str:
    is_heading = told.passages[number].kind is PassageKind.HEADING
    return f"heading{1 if number == 0 else 2}" if is_heading else "paragraph"


def _object(line: CaptionLine, audio: str) -> dict[str, Any]:
    cue = line.cue
    found = {"audioref": _part(audio, cue.start_ms, cue.end_ms), "text": line.text}
    return found | ({"estimated": True} if cue.is_estimated else {})


def _part(audio: str, start_ms: int, end_ms: int) -> str:
    """A media fragment: https://www.w3.org/TR/media-frags."""
    return f"{audio}#t={start_ms / 1000:.3f},{end_ms / 1000:.3f}"
