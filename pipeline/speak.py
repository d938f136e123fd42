"""A chapter → one tagged MP3. Runs in a child process: nothing here may be called elsewhere.

A voice is loaded once; a speaking child never loads PyMuPDF.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.audio.mp3 import RATE
from pipeline.audio.narrate import OpenVoice, narrated
from pipeline.audio.tags import Tags
from pipeline.domain import (
    Chapter,
    Document,
    Narration,
    Script,
    Telling,
    from_json,
    is_extra,
    to_json,
)
from pipeline.ports import Voice
from pipeline.spoken.script import in_longer_pieces, script_from
from pipeline.takeaways.tellings import telling_of
from pipeline.times import Times

Json = dict[str, Any]


def _opened(factory: str, speaker: str) -> Voice:
    """`module:callable` called with the speaker: the pipeline knows no adapter by name."""
    module, name = factory.split(":")
    voice: Voice = getattr(importlib.import_module(module), name)(speaker)
    return voice


_voice = lru_cache(maxsize=4)(_opened)


def _opener(place: Json) -> OpenVoice:
    """Voices are loaded once a process; what was fetched for one chapter is not kept."""
    if place.get("is_fetched"):
        return lru_cache(maxsize=1)(lambda: _opened(place["factory"], place["speaker"]))
    return lambda: _voice(place["factory"], place["speaker"])


def _speak_task(request: Json, progress: Callable[[int, int], None]) -> Json:
    chapter = from_json(Chapter, request["chapter"])
    head = from_json(Document, request["head"])  # without chapters
    narration = from_json(Narration, request["narration"])
    out = Path(request["out"])
    script = from_json(Script, request["script"]) if "script" in request else _script(request)
    voices = [_opener(place) for place in request["voices"]]
    guests = {name: _opener(place) for name, place in request.get("foreign_voices", {}).items()}
    if request["voices"][0].get("is_fetched"):  # the server was asked for the quotations too
        guests = dict.fromkeys(request["foreign"], voices[0])
    done = narrated(
        voices,
        script,
        narration,
        out,
        tags=_tags(chapter, head, narration, request),
        told=_telling(request),
        foreign_voices=guests,
    )
    return {
        "samples": done.samples,
        "rate": RATE,
        "speech_cpu_s": done.speech_cpu_s,
        "splits": done.splits,
        "helped": done.helped,
        "doubtful": done.doubtful,
        "helped_share": done.helped_signs / max(1, len(script.text)),
        "faults": dict(done.faults),
        "times": list(Times.of(done.cues).numbers),
    }


def _script_task(request: Json, progress: Callable[[int, int], None]) -> Json:
    """What is to be said, for a voice that does not live here."""
    script = in_longer_pieces(_script(request), int(request["longest"]))
    return {"script": to_json(script).decode()}


def _script(request: Json) -> Script:
    """Of what a model made of the chapter, else of its own words."""
    language = from_json(Narration, request["narration"]).language
    return script_from(_telling(request), language, request.get("words"))


def _telling(request: Json) -> Telling:
    if request.get("telling"):
        return from_json(Telling, request["telling"])
    mode = from_json(Narration, request["narration"]).mode
    return telling_of(from_json(Chapter, request["chapter"]), mode)


def _tags(chapter: Chapter, head: Document, narration: Narration, request: Json) -> Tags:
    return Tags(
        title=chapter.full_title,
        album=head.title,
        artist=", ".join(head.authors) or "ListenDock",
        number=0 if is_extra(chapter.number) else chapter.number,
        total=int(request["total"]),
        language=narration.language,
        lyrics=from_json(Telling, request["telling"]).text
        if request.get("telling")
        else chapter.text,
        comment=f"{head.title}, page {chapter.page} of {head.pages}",
        cover=Path(request["cover"]) if request.get("cover") else None,
    )


def _warm_up_task(request: Json, progress: Callable[[int, int], None]) -> Json:
    """Load the voice and say a word, so that the first chapter starts at once."""
    for place in request.get("voices", [])[:1]:
        _opener(place)().speak("Ready.", speed=1.0, language="en")
    return {}


TASKS: dict[str, Callable[[Json, Callable[[int, int], None]], Json]] = {
    "speak": _speak_task,
    "speak.script": _script_task,
    "speak.warm_up": _warm_up_task,
}
